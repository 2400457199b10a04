"""A refinement as a graph: which of its edges are on, read from a file and written to one."""
