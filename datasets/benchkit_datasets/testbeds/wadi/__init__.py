"""The WADI testbed: water distribution with 123 tags, simulated."""

SIZES = ("laptop", "full")
