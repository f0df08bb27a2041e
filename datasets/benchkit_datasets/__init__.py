"""The datasets that benchkit ships, registered through the same entry point as other plugins."""
