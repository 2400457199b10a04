"""Generated inputs are valid, new, and the same every time."""

import dataclasses
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import coderefine
from coderefine import resources
from coderefine.harden.constraints import read_constraints
from coderefine.harden.inputs import Space, generate
from coderefine.kinds.program import PROGRAM
from coderefine.problem.problem import Problem, TestCase
from coderefine.problem.typespec import from_json
from tests.problems_for_tests import class_problem, function_problem, suite_problem
from tests.soak import examples

BUNDLED = sorted(
    path.parent.name
    for path in resources.problems_dir().glob("*/problem.toml")
    if tomllib.loads(path.read_text()).get("kind", "function") == "function"
)


def stated(cases, types, constraints, **fields):
    problem = function_problem([(args, None) for args in cases], params=types, **fields)
    return dataclasses.replace(problem, statement=f"## Constraints\n{constraints}\n")


@st.composite
def problems(draw):
    """A list and a number with drawn bounds, and visible inputs within them."""
    low = draw(st.integers(-20, 20))
    high = draw(st.integers(low, low + 30))
    least = draw(st.integers(0, 3))
    most = draw(st.integers(max(least, 1), 12))
    numbers = st.lists(st.integers(low, high), min_size=least, max_size=most)
    cases = draw(st.lists(st.tuples(numbers, st.integers(low, high)), min_size=1, max_size=4))
    lines = f"- {least} <= p0.length <= {most}\n- {low} <= p0[i] <= {high}\n- {low} <= p1 <= {high}"
    return stated(cases, ("list[int]", "int"), lines), (low, high, least, most)


@settings(deadline=None, max_examples=examples(30))
@given(problems())
def test_generated_inputs_obey_the_constraints_and_the_types(drawn):
    problem, (low, high, least, most) = drawn
    for numbers, number in generate(problem):
        assert least <= len(numbers) <= most
        assert all(type(it) is int and low <= it <= high for it in [*numbers, number])


@settings(deadline=None, max_examples=examples(30))
@given(st.lists(st.text("abc", min_size=1, max_size=6), min_size=1, max_size=4))
def test_without_constraints_inputs_stay_within_what_is_seen(texts):
    problem = function_problem([((text,), None) for text in texts], params=("str",))
    sizes, chars = [len(text) for text in texts], set("".join(texts))
    for (text,) in generate(problem):
        assert min(sizes) <= len(text) <= max(sizes)
        assert set(text) <= chars


@pytest.mark.parametrize("slug", BUNDLED)
def test_inputs_of_a_bundled_problem_have_its_types_and_obey_its_statement(slug):
    problem = coderefine.load_problem(resources.problems_dir() / slug)
    constraints = read_constraints(problem)
    for args in generate(problem):
        assert constraints.allow(args)
        for param, value in zip(problem.params, args, strict=True):
            assert from_json(param.type, value, param.name) == value


def test_most_bundled_problems_get_inputs():
    made = [slug for slug in BUNDLED if len(generate(coderefine.load_problem(resources.problems_dir() / slug))) >= 20]
    assert len(made) >= len(BUNDLED) - 2


def test_the_same_problem_gives_the_same_inputs_and_none_twice():
    problem = stated([([3, 1, 2], 2)], ("list[int]", "int"), "1 <= p0.length <= 9\n0 <= p0[i] <= 9\n1 <= p1 <= 3")
    first, second = generate(problem), generate(problem)
    assert first == second
    assert len({repr(args) for args in first}) == len(first) == 48


def test_no_visible_input_comes_back():
    problem = stated([(1,), (2,)], ("int",), "1 <= p0 <= 4")
    assert set(generate(problem)) == {(3,), (4,)}


def test_a_parameter_of_which_something_was_not_understood_keeps_its_values():
    problem = stated(
        [([[0, 1]], 3), ([[1, 0]], 4)], ("list[list[int]]", "int"), "p0 represents a valid tree\n1 <= p1 <= 9"
    )
    inputs = generate(problem)
    assert inputs
    assert {repr(edges) for edges, _ in inputs} <= {"[[0, 1]]", "[[1, 0]]"}


def test_visible_inputs_are_left_as_they_were():
    cases = [([3, 1, 2], "ab"), ([], "b")]
    problem = function_problem([(args, None) for args in cases], params=("list[int]", "str"))
    generate(problem)
    assert [case.args for case in problem.visible] == [([3, 1, 2], "ab"), ([], "b")]


def test_operations_of_a_class_are_those_seen():
    problem = class_problem(["Box", "put", "get"], [[], [1], []], [None, None, 1])
    inputs = generate(problem)
    assert inputs
    for operations, arguments in inputs:
        assert operations[0] == "Box"
        assert len(operations) == len(arguments)
        assert set(zip(operations, map(tuple, arguments), strict=True)) <= {("Box", ()), ("put", (1,)), ("get", ())}


def test_a_program_gets_the_numbers_of_a_long_line_in_another_order():
    problem = Problem("p", "P", "", PROGRAM, "", (TestCase("one", ("3\n5 6 7\n",), ""),))
    inputs = generate(problem)
    assert inputs
    for (text,) in inputs:
        first, second, rest = text.split("\n")
        assert (first, rest) == ("3", "")
        assert set(second.split()) <= {"5", "6", "7"}


def test_a_program_without_a_long_line_gets_none():
    assert not generate(Problem("p", "P", "", PROGRAM, "", (TestCase("one", ("3 4\n",), ""),)))


def test_numbers_within_words_are_varied_too():
    problem = Problem("p", "P", "Count.", PROGRAM, "", visible=(TestCase("a", ("Q142857Z 3\n",), "Yes\n"),))
    assert generate(problem, certain=False)
    assert generate(dataclasses.replace(problem, visible=(TestCase("a", ("Q12Z\n",), ""),)), certain=False)


def test_files_of_pytest_get_none():
    assert not generate(suite_problem("def test_it(): assert True"))


def test_tests_that_are_code_are_no_visible_inputs():
    problem = function_problem([((1,), 1)], params=("int",))
    coded = dataclasses.replace(problem, visible=(*problem.visible, TestCase("code", code="candidate(10)")))
    assert generate(coded) == generate(problem)
    assert Space(coded).visible == [(1,)]


def test_trees_are_trees_in_level_order():
    problem = stated([([1, 2, None, 3],), ([5],)], ("TreeNode",), "1 <= number of nodes <= 6\n0 <= val <= 9")
    for (tree,) in generate(problem):
        places = 1
        for item in tree:
            assert places > 0
            places += 1 if item is not None else -1
        assert tree[0] is not None
        assert tree[-1] is not None


def test_large_visible_inputs_are_not_varied():
    large = [7] * 3000
    problem = stated([([1, 2],), (large,)], ("list[int]",), "0 <= p0.length <= 4000\n0 <= p0[i] <= 9")
    made = generate(problem)
    assert made
    assert max(len(nums) for (nums,) in made) <= 200
    assert not generate(dataclasses.replace(problem, visible=problem.visible[1:]))
