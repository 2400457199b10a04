"""Facts about a program from its text: its parts, scopes, kinds of values and blocks."""
