"""Evolves candidates that are measured: a database of programs, variations of them, and a bandit over who varies."""
