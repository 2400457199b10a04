"""What kind of value a name holds."""

import pytest

from coderefine.search.facts.program import Program


@pytest.mark.parametrize(
    ("source", "name", "kind"),
    [
        ("def f(x: int): pass", "x", "number"),
        ("def f(x: List[int]): pass", "x", "sequence"),
        ("def f(x: Optional[TreeNode]): pass", "x", "node"),
        ("x = 0", "x", "number"),
        ("x, y = 0, []", "y", "sequence"),
        ("x = len(y)", "y", "sequence"),
        ("x = len(y)", "x", "number"),
        ("for x in range(y): pass", "x", "number"),
        ("for i, x in enumerate(y): pass", "i", "number"),
        ("for i, x in enumerate(y): pass", "x", None),
        ("y = x[z]", "z", "number"),
        ("while x.next: pass", "x", "node"),
        ("x = y", "x", None),
        ("x = y + [z]", "x", "sequence"),
    ],
)
def test_use_and_hints_tell_the_kind(source, name, kind):
    assert Program(source).kinds.get(name) == kind
