"""`python -m coderefine`."""

import sys

if not sys.flags.safe_path:
    del sys.path[0]  # the working directory: files in it must not be imported, and so run outside a sandbox

from coderefine.cli import main

main()
