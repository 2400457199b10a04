"""A recorded run as one HTML page, for people who look rather than read. Start at `collect.py`, then `render.py`."""
