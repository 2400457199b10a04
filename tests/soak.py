"""How much of what could go on for ever is tried: little in every run, more where CODEREFINE_SOAK says so.

CODEREFINE_SOAK=50 python -m pytest tests/record/test_kill.py tests/patch tests/harden tests/test_moods.py
CODEREFINE_SOAK=2000 python -m pytest -s tests/hostile/test_soak.py
"""

import os

_SOAK = int(os.environ.get("CODEREFINE_SOAK", "0"))


def times(usual: int) -> int:
    """How often: as the variable says."""
    return _SOAK or usual


def examples(usual: int) -> int:
    """How many examples of a property, which take far less time each."""
    return 20 * _SOAK or usual
