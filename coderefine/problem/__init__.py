"""A problem as frozen data: its tests, its declared types, and how answers are compared. No file is read or written."""
