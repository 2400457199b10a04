"""Attributes of `self`."""

import pytest

from coderefine.search.names import own_attribute
from tests.search.asking import evidence, failing, texts

CLASS = "class A{}:\n    def __init__(self):\n        self.size = 1\n\n    def f(self):\n        return self.{}\n"


def asked(source, **given):
    return texts(own_attribute.propose, source, evidence(**given))


def test_what_no_class_has_is_another_one_misspelt():
    assert CLASS.format("", "size") in asked(CLASS.format("", "sise"))


@pytest.mark.parametrize("name", ["__class__", "__dict__", "__doc__", "size", "f"])
def test_what_every_object_or_the_class_has_stays(name):
    assert asked(CLASS.format("", name)) == []


ELSEWHERE = [
    CLASS.format("(B)", "other"),
    CLASS.format("", "other") + "\n    def __getattr__(self, name):\n        return name\n",
    CLASS.format("", "other") + "\ndef g(a):\n    a.other = 2\n",
    CLASS.format("", "other") + "\ndef g(a):\n    setattr(a, 'other', 2)\n",
]


@pytest.mark.parametrize("source", ELSEWHERE)
def test_what_may_come_from_elsewhere_stays_unless_it_is_missing(source):
    assert asked(source) == []
    assert asked(source, report=failing("'A' object has no attribute 'other'"))


def test_a_module_of_a_project_may_get_attributes_from_another():
    assert asked(CLASS.format("", "other"), is_alone=False) == []
