"""A simulated plant modelled on the Secure Water Treatment testbed."""

SIZES = ("laptop", "full")
"""14 hours of training and of test data each, or 138 and 125 hours as in the real recording."""

STARTUP = {"laptop": 7_200, "full": 21_600}
"""Rows at the beginning of the training part until tanks and chemistry have settled."""
