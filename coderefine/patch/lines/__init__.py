"""Lines of text: how they are split, fenced, numbered, and told to be code."""
