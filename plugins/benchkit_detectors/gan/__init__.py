"""What the GAN detectors share: training, inversion, calibration checks, figures."""
