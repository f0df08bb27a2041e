"""What the GAN detectors share: training, inversion, and the checks that keep them honest."""
