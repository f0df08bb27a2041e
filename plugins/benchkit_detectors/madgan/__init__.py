"""MAD-GAN for time series: Li et al. 2019, arXiv 1901.04997, corrected and made fast."""
