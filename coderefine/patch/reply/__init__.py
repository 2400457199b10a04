"""A model's reply: what in it is thought, wrapping, placeholder, or a program."""
