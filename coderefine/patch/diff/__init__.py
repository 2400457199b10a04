"""Unified diffs: how they are read, placed and applied."""
