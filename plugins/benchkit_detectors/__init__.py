"""The detectors that benchkit brings, registered like anybody's."""
