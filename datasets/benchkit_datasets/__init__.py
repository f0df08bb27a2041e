"""The datasets that benchkit ships; they come in through the same entry point as a stranger's."""
