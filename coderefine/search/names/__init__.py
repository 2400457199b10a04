"""Repairs of names: what is not defined, not imported, or is spelt like something else."""
