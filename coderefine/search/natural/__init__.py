"""How natural code looks, by a model of other people's code."""
