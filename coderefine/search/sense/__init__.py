"""Recognises patches that pass the tests but make no sense."""
