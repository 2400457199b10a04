"""How natural code looks, by a statistical model of other people's code."""
