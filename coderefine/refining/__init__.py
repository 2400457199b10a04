"""A refinement from within: what it works with, its state, its books, and its stages."""
