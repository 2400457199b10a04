"""Scores sets of problems: given solutions, or a model's, before and after refinement. Start at `scoring.py`."""
