"""MC-GAN: a generator simulates normal data, and thresholds come from its Monte-Carlo draws."""
