"""Evolves measured candidates: a database of programs, variations of them, and a bandit that chooses who varies."""
