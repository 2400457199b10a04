"""Runs candidates on tests in a sandbox. Start reading at `judge.py`."""
