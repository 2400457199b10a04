"""What a run writes down as it goes, and hands out again instead of doing it twice."""
