"""Hardening: generates inputs beyond the visible tests, to choose among programs that pass those. It uses no model and
no hidden test.
"""
