"""The table of the operators."""

import importlib
import pkgutil

import pytest

from coderefine.search import habits, names, syntax, templates
from coderefine.search.table import TABLE


def modules():
    for room in (habits, names, syntax, templates):
        for found in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            yield importlib.import_module(found.name)


def test_every_module_that_proposes_something_has_one_line():
    written = [it.propose for it in modules() if hasattr(it, "propose")]
    assert sorted(map(str, written)) == sorted(str(operator.propose) for operator in TABLE)


def test_names_tell_operators_apart():
    assert len({operator.name for operator in TABLE}) == len(TABLE)


@pytest.mark.parametrize("operator", TABLE, ids=lambda operator: operator.name)
def test_a_line_says_how_likely_and_why(operator):
    assert 0 < operator.prior <= 1
    assert operator.basis.source


def test_only_what_sees_a_symptom_finds_what_cannot_be_meant():
    assert all(operator.symptom for operator in TABLE if operator.cannot_be_meant)
