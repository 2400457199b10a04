"""`python -m coderefine`."""

from coderefine.cli import main

main()
