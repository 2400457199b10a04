"""A problem from the text of its page, as it was copied: statement, examples, constraints, the code to begin with."""
