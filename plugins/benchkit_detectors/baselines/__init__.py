"""Simple detectors that an elaborate one has to beat."""
