"""Sequences of handwritten digits in which some frames show another digit."""
