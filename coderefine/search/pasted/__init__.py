"""What a text was before it was copied from a page, a chat, a terminal, or Python 2."""
