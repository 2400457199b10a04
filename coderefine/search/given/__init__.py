"""What the search is given: the evidence, the plan of the trials, and what the kind of problem says."""
