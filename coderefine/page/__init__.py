"""A problem from the copied text of its page: statement, examples, constraints, and the code to begin with."""
