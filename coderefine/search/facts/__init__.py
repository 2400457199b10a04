"""What a program says of itself: its parts, scopes, kinds of values and blocks."""
