"""Boards and tables, made from records and nothing else."""
