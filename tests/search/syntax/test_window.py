"""Long texts that do not parse, repaired around the error."""

import pytest

from coderefine.search.facts.tree import MAX_CHARS
from coderefine.search.syntax.repair import repaired
from coderefine.search.syntax.window import window

DOCSTRING = '    """Say what it does.\n\n' + "def is the first word here:\nclass comes second\n" * 40 + '    """\n'
TABLE = "TABLE = {\n" + "".join(f"    '{number}': {number},\n" for number in range(100)) + "}\n"


def functions(count, indent=""):
    lines = "def f{}(x):\n    if x > 1:\n        return x\n    return [x, 2]\n"
    text = "\n\n".join(lines.format(number) for number in range(count))
    return "".join(f"{indent}{line}\n" if line else "\n" for line in text.split("\n"))


MODULE = f"import math\n\n{TABLE}\n\nclass Shop:\n{DOCSTRING}\n{functions(200, '    ')}\n\n{functions(200)}"
BUGS = [
    ("        if x > 1:", "        if x > 1"),
    ("        return [x, 2]", "        return [x, 2"),
    ("    if x > 1:", "    if x > 1):"),
    ("    return [x, 2]", "   return [x, 2]"),
]


@pytest.mark.parametrize(("right", "wrong"), BUGS)
@pytest.mark.parametrize("number", [3, 150])
def test_a_bug_anywhere_in_a_long_module_is_repaired(right, wrong, number):
    assert len(MODULE) > MAX_CHARS
    indent = right[: len(right) - len(right.lstrip())]
    at = MODULE.index(f"{indent[:-4]}def f{number}(x)")
    at = MODULE.index(right, at)
    broken = MODULE[:at] + wrong + MODULE[at + len(right) :]
    texts = [it.text for it in repaired(broken)]
    assert MODULE in texts[:3]
    assert f"line {broken.count(chr(10), 0, at) + 1}:" in next(iter(repaired(broken))).note


def test_a_docstring_that_is_nearly_closed_is_closed_though_the_error_is_found_at_the_end():
    text = MODULE.replace("def f3(x):\n    if", 'def f3(x):\n    """What it does."""\n    if', 1)
    broken = text.replace('it does."""', 'it does.""', 1)
    assert text in [it.text for it in repaired(broken)][:3]


def test_a_window_is_a_whole_definition_with_the_class_around_it():
    found = window(MODULE, MODULE[: MODULE.index("    def f3(x)")].count("\n") + 2, 200)
    assert found is not None
    assert found.text.lstrip("\n").startswith("class _:\n    def f2(x):")
    assert found.whole(found.text) == MODULE
    assert found.whole("x" + found.text) is None


def test_there_is_none_where_everything_is_too_long():
    assert window("x = [" + "1, " * 1000 + "\n", 1, 100) is None
