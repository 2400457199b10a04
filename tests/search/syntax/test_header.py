"""The header that is lost."""

from dataclasses import replace

import pytest

from coderefine.problem.problem import TestCase
from coderefine.search.syntax import header
from tests.samples import PROBLEM
from tests.search.asking import evidence, texts


def headers(source, entry, *arguments):
    cases = (TestCase("one", arguments, None),)
    return texts(header.propose, source, evidence(problem=replace(PROBLEM, entry=entry, visible=cases)))


METHOD = "class Solution:\n{}        low = []\n        for x in nums:\n            if x < k{}\n                low.append(x)\n"
HEADER = "    def split(self, nums, k):\n"


def test_name_and_parameters_come_from_the_problem_and_the_body():
    assert headers(METHOD.format("", ":"), "Solution.split", [1], 2)[0] == METHOD.format(HEADER, ":")


def test_what_does_not_parse_is_repaired_as_well():
    assert METHOD.format(HEADER, ":") in headers(METHOD.format("", ""), "Solution.split", [1], 2)


def test_a_function_of_its_own():
    assert headers("    return a + b\n", "add", 1, 2) == ["def add(a, b):\n    return a + b\n"]


def test_the_order_of_parameters_is_the_problem_s_where_it_has_their_names():
    assert headers("    return b - a\n", "add", 1, 2) == ["def add(a, b):\n    return b - a\n"]
    assert headers("    return y - x\n", "add", 1, 2) == ["def add(y, x):\n    return y - x\n"]


def test_no_more_parameters_than_arguments():
    assert headers("    return x + y\n", "add", 1)[0].startswith("def add(x):")


@pytest.mark.parametrize("source", [METHOD.format(HEADER, ":"), METHOD.format(HEADER, ""), "x = 1\n"])
def test_a_header_that_is_there_or_a_class_that_is_not(source):
    assert headers(source, "Solution.split", [1], 2) == []
