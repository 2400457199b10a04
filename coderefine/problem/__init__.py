"""A problem as frozen data: its tests, the types it declares, and how answers are compared. No file is touched."""
