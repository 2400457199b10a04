import pytest

from coderefine.hook.guard import objection

BEFORE = "def add(a, b):\n    return a - b\n"


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        ("import sys\nsys.exit(0)\n", "ends the process (sys.exit)"),
        ("from os import _exit\n_exit(0)\n", "ends the process (_exit)"),
        ("import os\nos._exit(0)\n", "ends the process (_exit)"),
        ("raise SystemExit\n", "ends the process (SystemExit)"),
        ("exit()\n", "ends the process (exit)"),
        ("import pytest\npytest.skip('x', allow_module_level=True)\n", "imports what tests it (pytest)"),
        ("import _pytest.runner\n", "imports what tests it (_pytest.runner)"),
        ("import unittest.mock\n", "imports what tests it (unittest.mock)"),
        ("import tests.test_calc\n", "imports what tests it (tests.test_calc)"),
        ("import test_calc\n", "imports what tests it (test_calc)"),
        ("import sys\nif 'pytest' in sys.modules: x = 1\n", "asks whether it is being tested"),
        ("import sys\nx = len(sys.modules)\n", "looks at what else is imported"),
        ("import os\nif os.environ.get('PYTEST_CURRENT_TEST'): x = 1\n", "asks whether it is being tested"),
        ("import sys\nsys._getframe(1)\n", "looks at the frames"),
        ("import inspect\ninspect.currentframe()\n", "looks at the frames"),
        ("import gc\ngc.get_objects()\n", "looks at all objects"),
        ("import atexit\n", "changes how the process ends"),
        ("import builtins\nbuiltins.abs = None\n", "changes the builtins"),
        ("import sys\nsys.meta_path.clear()\n", "changes the import system"),
        ("class A(int):\n    def __eq__(self, other):\n        return True\n", "answers the same to everything"),
        ("def add(a, b:\n", "does not compile"),
    ],
)
def test_what_pleases_tests_instead_of_being_right_is_refused(after, reason):
    assert reason in objection(BEFORE, after)


@pytest.mark.parametrize(
    "after",
    [
        "def add(a, b):\n    return a + b\n",
        "import math\n\n\ndef add(a, b):\n    return math.fsum([a, b])\n",
        "class A:\n    def __eq__(self, other):\n        return self.x == other.x\n",
        "def latest(): return 'the test of time'\n",
    ],
)
def test_a_plain_repair_is_not(after):
    assert objection(BEFORE, after) == ""


def test_what_was_there_before_may_stay():
    before = "import sys\n\n\ndef main():\n    sys.exit(run(1))\n"
    assert objection(before, before.replace("1", "2")) == ""
    assert objection(before, before + "sys.exit(0)\n") != ""


def test_a_program_that_did_not_compile_may_be_repaired():
    assert objection("def f(:\n", "def f():\n    return 1\n") == ""
