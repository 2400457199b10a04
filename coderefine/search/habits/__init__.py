"""Mistakes that people make time and again, each by the form that gives it away."""
