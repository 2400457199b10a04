"""A recorded run as one HTML page. Start at `collect.py`, then `render.py`."""
