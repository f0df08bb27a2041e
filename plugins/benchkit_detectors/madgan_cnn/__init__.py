"""A generative adversarial network for image sequences, after MAD-GAN."""
