"""Language models behind one method, `complete`."""
