"""Tunes prompts on a set of problems: parts of the set, candidates and their scores, the loop, its record."""
