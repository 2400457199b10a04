"""Public formats of problem sets, read as records: one module a format. Start reading at `record.py` and `generic.py`.

The content of such a file is data from strangers: it is parsed with limits, never evaluated, and never unpickled.
"""
