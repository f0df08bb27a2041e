"""What every trial goes through: prepare, split, adapt, fit, score, check, threshold, measure."""
