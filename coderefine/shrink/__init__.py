"""Reduces a rewrite that passes to the smallest edit that its tests need."""
