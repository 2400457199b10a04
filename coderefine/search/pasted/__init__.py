"""Restores a text that was copied from a page, a chat or a terminal, or written for Python 2."""
