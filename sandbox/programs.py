"""Where the programs are that a suite may start, and what those read: the system's, and its interpreter's.

Nothing of a user's is among it: no folder of the path on which the host looks for programs, no configuration.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import os
import sys
from typing import List

_USUAL = "/usr/local/bin:/usr/bin:/bin"
_HELPERS = ("/usr/libexec", "/usr/local/lib", "/usr/local/libexec")
_READ = ("/usr/share", "/usr/local/share", "/usr/include", "/etc/ld.so.cache", "/dev/urandom", "/dev/zero")
"""Data of programs, the list of where libraries are, and what git takes for the names of temporary files."""


def search_path() -> str:
    """Return the PATH of a suite: an image's own or the usual one, with the folder of its interpreter."""
    own = os.path.dirname(os.path.abspath(sys.executable))
    others = os.environ.get("PATH", _USUAL).split(os.pathsep)
    return os.pathsep.join(others if own in others else [own, *others])


def folders() -> List[str]:
    """Return the folders whose files may be started."""
    paths = [*search_path().split(os.pathsep), os.path.dirname(os.path.realpath(sys.executable)), *_HELPERS]
    return [path for path in dict.fromkeys(paths) if os.path.isabs(path) and os.path.isdir(path)]


def readable() -> List[str]:
    """Return what else such programs read: an interpreter in a virtual environment says in a file whose it is."""
    environment = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(sys.executable))), "pyvenv.cfg")
    return [path for path in (*_READ, environment) if os.path.exists(path)]
