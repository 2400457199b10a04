"""Which names a program binds."""

import pytest

from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import PREDEFINED


@pytest.mark.parametrize(
    ("source", "unknown"),
    [
        ("def f():\n    return [i for i in range(3)] + i\n", ["i"]),
        ("class A:\n    x = 1\n    def f(self):\n        return x\n", ["x"]),
        ("def f(a, *b, c=1, **d):\n    return a, b, c, d\n", []),
        ("try:\n    pass\nexcept ValueError as e:\n    print(e)\n", []),
        ("def outer():\n    n = 1\n    def inner():\n        return n\n    return inner\n", []),
        ("import os.path as p, sys\nprint(p, sys, os)\n", ["os"]),
        ("match x:\n    case [a, *b]:\n        print(a, b)\n", ["x"]),
        ("f = lambda y: y + z\n", ["z"]),
        ("def f():\n    x += 1\n", ["x"]),
        ("x = 1\ndef f():\n    global x\n    x += 1\n", []),
        ("@decorate\ndef f(x=default):\n    pass\n", ["decorate", "default"]),
    ],
)
def test_scopes_tell_which_names_are_unknown(source, unknown):
    assert list(Program(source).unbound) == unknown


def test_the_predefined_names_are_those_of_the_documentation():
    documented = (
        "bisect random deque OrderedDict heappush bisect_left lru_cache cache reduce inf gcd List ListNode TreeNode"
    )
    assert set(documented.split()) <= PREDEFINED


def test_where_anything_may_be_imported_all_names_may_be_bound():
    assert list(Program("from helpers import *\nprint(total)\n").unbound) == []
    assert list(Program("from typing import *\nprint(total)\n").unbound) == ["total"]
