"""Repairs of names: undefined, not imported, or misspelt."""
