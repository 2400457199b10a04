"""The inside of a refinement: its workbench, its state, its books, and its stages."""
