"""A pipeline learnt on a set of problems: the switches, what one is worth, the steps, their record."""
