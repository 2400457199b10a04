"""Learns a pipeline on a set of problems: its switches, its worth, the steps, their record."""
