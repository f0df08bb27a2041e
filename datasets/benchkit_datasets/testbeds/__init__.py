"""Simulators of plants, for everybody who does not have the recordings of the real ones."""
