"""A file on its own: its tests are found in it, beside it, or given on the command line."""
