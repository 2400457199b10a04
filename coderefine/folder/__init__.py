"""A problem as a folder: read, begun from a template, and checked by its own submissions."""
