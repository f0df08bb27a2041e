"""Sequences in which a conditional variational autoencoder turns one digit into another."""
