"""The embedded repair search: a loss and an optimizer that need no language model.

It generates and validates, as GenProg (Le Goues et al., ICSE 2012) and PAR (Kim et al., ICSE 2013) do: localize, edit
by template, run the tests. Candidate code is parsed here, never compiled, never run: running is the judge's work.
"""
