"""The code that a problem brings along is checked when it is loaded: a mistake is its author's, with file and line."""

import json

import pytest

from coderefine.errors import ProblemError
from coderefine.folder.loading import load_problem

TOML = 'title = "Made up"\nentry = "f"\nparams = { x = "int" }\n'


def folder(path, *, toml=TOML, visible=({"args": [1], "expected": 1},), **files):
    files = {"problem.toml": toml, "statement.md": "Do it.", "tests/visible.json": json.dumps(visible), **files}
    for name, text in files.items():
        file = path / name.replace("__", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return path


BROKEN = {
    "a test that is no Python": ({"visible": [{"args": [1], "expected": 1}, {"code": "x = 1\nassert candidate(1) = 1"}]},
        "visible.json: test 2, code, line 2: expected Python: "),
    "a hidden test": ({"tests/hidden__json": json.dumps([{"code": "assert ("}])}, "hidden.json: test 1, code, line 1: expected Python: "),
    "a test that returns": ({"visible": [{"code": "candidate(1)\nreturn"}]}, "test 1, code, line 2: expected Python: "),
    "a test that waits": ({"visible": [{"code": "await candidate(1)"}]}, "test 1, code, line 1: expected Python: "),
    "a test with a NUL byte": ({"visible": [{"code": "assert 1\0"}]}, "test 1, code"),
    "a prelude": ({"prelude__py": "import math\ndef g(:\n"}, "prelude.py: line 2: expected Python: "),
    "a prelude that breaks": ({"prelude__py": "break\n"}, "prelude.py: line 1: expected Python: "),
    "a checker": ({"toml": TOML + 'compare = "checker.py"\n', "checker__py": "def check(a, e, g)\n    return True\n"},
        "checker.py: line 1: expected Python: "),
    "a checker without check": ({"toml": TOML + 'compare = "checker.py"\n', "checker__py": "def chek(a, e, g): return True\n"},
        "checker.py: expected a function check(args, expected, got)"),
    "a checker in a class": ({"toml": TOML + 'compare = "checker.py"\n', "checker__py": "class A:\n    def check(a, e, g): return True\n"},
        "checker.py: expected a function check(args, expected, got)"),
    "a checker of two arguments": ({"toml": TOML + 'compare = "checker.py"\n', "checker__py": "\ndef check(e, g): return True\n"},
        "checker.py: line 2: expected check to take three arguments"),
    "a checker of four": ({"toml": TOML + 'compare = "checker.py"\n', "checker__py": "def check(a, e, g, h): return True\n"},
        "checker.py: line 1: expected check to take three arguments"),
    "a checker with a named one": ({"toml": TOML + 'compare = "checker.py"\n', "checker__py": "def check(a, e, *, g): return True\n"},
        "checker.py: line 1: expected check to take three arguments"),
    "a checker that waits": ({"toml": TOML + 'compare = "checker.py"\n', "checker__py": "async def check(a, e, g): return True\n"},
        "checker.py: "),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_what_cannot_be_run_is_refused_with_its_place(tmp_path, what):
    files, said = BROKEN[what]
    with pytest.raises(ProblemError) as refused:
        load_problem(folder(tmp_path, **files))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "checker",
    [
        "def check(args, expected, got): return got == expected",
        "def check(args, expected, got, *, strict=False): return True",
        "def check(*everything): return True",
        "def check(args, expected, got, more=None): return True",
        "check = lambda args, expected, got: True",
        "from operator import eq as check",
        "from math import *",
        "try:\n    import numpy\nexcept ImportError:\n    def check(a, e, g): return True",
        "if True:\n    def check(a, e, g): return True",
        "class Checker:\n    def __call__(self, a, e, g): return True\ncheck = Checker()",
        "class check:\n    def __new__(cls, a, e, g): return True",
    ],
)
def test_whatever_may_be_a_checker_is_one(tmp_path, checker):
    load_problem(folder(tmp_path, toml=TOML + 'compare = "checker.py"\n', checker__py=checker))
