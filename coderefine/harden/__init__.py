"""Hardening: inputs beyond the visible tests, to choose among programs that pass those. No model, no hidden test."""
