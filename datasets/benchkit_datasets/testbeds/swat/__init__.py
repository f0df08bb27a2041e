"""A simulated plant after the Secure Water Treatment testbed."""

SIZES = ("laptop", "full")
"""14 hours of training and of test data each, or the real one's 138 and 125 hours."""

STARTUP = {"laptop": 7_200, "full": 21_600}
"""The rows at the beginning of the training part in which tanks and chemistry settle."""
