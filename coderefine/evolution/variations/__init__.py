"""Ways to vary a candidate without a model, one module each; all randomness comes from the generator that they get."""
