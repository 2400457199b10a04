"""Public formats of problem sets, read as records: one module a format. Start reading at `record.py` and `generic.py`.

Whatever stands in such a file is data from strangers: it is parsed with limits, never evaluated, and never unpickled.
"""
