"""A single file as a problem: its tests are found in it, next to it, or given on the command line."""
