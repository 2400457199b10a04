"""Repairs of programs that do not compile."""
