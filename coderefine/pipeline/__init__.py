"""A refinement as a graph of switchable edges: which are on, read from a file and written to one."""
