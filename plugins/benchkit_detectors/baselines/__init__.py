"""Simple baselines and sanity baselines."""
