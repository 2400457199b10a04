"""Attributes of modules and of values."""

import pytest

from coderefine.search.names import attribute
from tests.search.asking import evidence, failing, texts


def asked(source, **given):
    return texts(attribute.propose, source, evidence(**given))


@pytest.mark.parametrize(
    ("module", "wrong", "right"),
    [
        ("math", "squrt(x)", "sqrt(x)"),
        ("re", "subb('a', 'b', x)", "sub('a', 'b', x)"),
        ("random", "chioce(x)", "choice(x)"),
    ],
)
def test_what_a_module_has_is_meant_where_the_message_says_that_it_is_not_there(module, wrong, right):
    source = f"import {module}\n\n\ndef f(x):\n    return {module}.{{}}\n"
    report = failing(f"module '{module}' has no attribute '{wrong.partition('(')[0]}'")
    assert source.format(right) in asked(source.format(wrong), report=report)


def test_a_builtin_is_called_without_its_module():
    source = "import math\n\n\ndef f(x):\n    return {}abs(x)\n"
    report = failing("module 'math' has no attribute 'abs'")
    assert source.format("") in asked(source.format("math."), report=report)


ORDINARY = [
    "import unicodedata\n\n\ndef f(x):\n    return unicodedata.normalize('NFKD', x)\n",
    "import numpy as np\n\n\ndef f(x):\n    return np.zeros(x)\n",
    "import re\n\n\ndef f(x):\n    return re.sub('a', lambda m: m.group(0).upper(), x)\n",
    "import datetime\n\n\ndef f(x):\n    return x.isoformat() + datetime.date.today().isoformat()\n",
    "from pathlib import Path\n\n\ndef f(x):\n    return Path(x).suffix.encode('ascii')\n",
    "def f(x):\n    try:\n        return int(x)\n    except OSError as error:\n        return error.errno\n",
]


@pytest.mark.parametrize("source", ORDINARY)
def test_what_the_standard_library_has_and_what_is_imported_stays(source):
    assert asked(source) == []


def test_a_parameter_is_no_module_though_it_has_the_name_of_one():
    source = "def f(string):\n    return {}\n"
    assert source.format("len(string)") in asked(source.format("string.length"))


CLASS = "class Shelf:\n    def __init__(self):\n        self.books = []\n\n    def count(self):\n        return len(self.books)\n\n\n"
OF_TYPES = [
    ("str", "x.rsplt('a')", "x.rsplit('a')", ""),
    ("datetime.datetime", "x.isofromat()", "x.isoformat()", ""),
    ("Shelf", "Shelf().cuont()", "Shelf().count()", CLASS),
    ("Shelf", "len(Shelf().boks)", "len(Shelf().books)", CLASS),
]


@pytest.mark.parametrize(("kind", "wrong", "right", "before"), OF_TYPES)
@pytest.mark.parametrize("message", ["'{}' object", "type object '{}'"])
def test_what_a_type_has_is_meant_by_a_word_like_it(kind, wrong, right, before, message):
    missing = wrong.rpartition(".")[2].strip("()").partition("(")[0]
    report = failing(f"{message.format(kind)} has no attribute '{missing}'")
    source = f"{before}def f(x):\n    return {{}}\n"
    assert source.format(right) in asked(source.format(wrong), report=report)[:12]
