"""Edit templates: each proposes changes of a program that compiles."""
