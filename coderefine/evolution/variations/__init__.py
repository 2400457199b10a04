"""Ways to vary a candidate without a model: a module each; all chance is in the random numbers they are given."""
