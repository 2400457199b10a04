"""Runs as users know them: begun, found, resumed, replayed and put in words."""
