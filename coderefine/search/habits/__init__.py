"""Mistakes that people make often, each recognised by its form."""
