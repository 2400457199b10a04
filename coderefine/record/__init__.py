"""The record of a run: written as the run goes, and read back so that no work is done twice."""
