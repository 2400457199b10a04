"""Hardening copes with every type that a problem can declare, whatever its parameters have in common."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coderefine.budget import Meter
from coderefine.harden.growth import enlarged
from coderefine.harden.hardening import harden
from coderefine.harden.inputs import Space, generate, smallest
from coderefine.harden.vote import vote
from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.problem.typespec import NODES, SCALARS, TypeSpec, parse
from tests.problems_for_tests import function_problem
from tests.soak import examples

LINES = (
    "1 <= p0.length <= 5",
    "0 <= p0[i] <= 9",
    "0 <= p0[i][j] <= 9",
    "0 <= p1 <= p0.length",
    "p1.length == p0.length",
    "1 <= p1 <= 10^5",
    "p0 is a permutation of p1",
    "p1 exists in p0",
    "p0 is sorted in ascending order",
    "All values of p0 are distinct",
    "p0 consists of lowercase English letters",
    "p0[i] is either 1 or 2",
    "p1 has no leading zeros",
    "The number of nodes is in the range [0, 6]",
    "p0 represents a valid graph",
)
SMALL = {
    "int": st.integers(-3, 9) | st.sampled_from([10**400, -(10**4000)]),
    "float": st.floats(-3, 9).map(lambda number: round(number, 1))
    | st.sampled_from([1e308, float("inf"), float("nan")]),
    "str": st.text("abc", max_size=4),
    "bool": st.booleans(),
    "None": st.none(),
}
HASHABLE = st.sampled_from(["int", "str", "float", "bool", "tuple[int, ...]", "tuple[int, str]", "int | None"])
TYPES = st.recursive(
    st.sampled_from([*SCALARS, *NODES, "Any", "list", "set", "dict", "tuple"]),
    lambda inner: st.one_of(
        inner.map("list[{}]".format),
        inner.map("tuple[{}, ...]".format),
        HASHABLE.map("set[{}]".format),
        st.tuples(inner, inner).map(lambda pair: "tuple[{}, {}]".format(*pair)),
        st.tuples(st.sampled_from(["str", "int"]), inner).map(lambda pair: "dict[{}, {}]".format(*pair)),
        inner.map("{} | None".format),
    ),
    max_leaves=3,
)


def values(spec):
    """Values of a type, as they are read from a file."""
    match spec.name:
        case "Any":
            return st.recursive(st.one_of(*SMALL.values()), lambda inner: st.lists(inner, max_size=3), max_leaves=3)
        case "union":
            return st.one_of(*map(values, spec.args))
        case "ListNode":
            return st.lists(SMALL["int"], max_size=4)
        case "TreeNode":
            return st.sampled_from([[], [1], [2, 1, 3], [1, None, 2], [5, 4, None, 3]])
        case "NaryNode":
            return st.sampled_from([[], [1], [1, None, 2, 3], [1, None, 2, 3, None, 4]])
        case "RandomNode":
            return st.sampled_from([[], [[1, None]], [[7, 1], [8, 0]]])
        case "GraphNode":
            return st.sampled_from([[], [[]], [[2], [1]], [[2, 3], [1], [1]]])
        case "list":
            return st.lists(values((spec.args or (TypeSpec("int"),))[0]), max_size=4)
        case "set":
            return st.sets(values((spec.args or (TypeSpec("int"),))[0]), max_size=4)
        case "tuple*":
            return st.lists(values(spec.args[0]), max_size=4).map(tuple)
        case "tuple":
            return st.tuples(*map(values, spec.args or (TypeSpec("int"), TypeSpec("str"))))
        case "dict":
            key, item = spec.args or (TypeSpec("str"), TypeSpec("int"))
            return st.dictionaries(values(key), values(item), max_size=4)
    return SMALL[spec.name]


def has_type(spec, value):
    match spec.name:
        case "Any":
            return True
        case "union":
            return any(has_type(arg, value) for arg in spec.args)
        case "ListNode" | "TreeNode" | "NaryNode" | "RandomNode" | "GraphNode":
            return type(value) is list
        case "list" | "set" | "tuple*":
            kind = {"list": list, "set": set, "tuple*": tuple}[spec.name]
            return type(value) is kind and all(has_type(arg, item) for item in value for arg in spec.args)
        case "tuple":
            fits = type(value) is tuple and len(value) == len(spec.args or value)
            return fits and all(map(has_type, spec.args, value))
        case "dict":
            return type(value) is dict and (
                not spec.args or all(has_type(spec.args[0], k) and has_type(spec.args[1], v) for k, v in value.items())
            )
    return type(value) is SCALARS[spec.name]


def related(draw, way, value):
    """Another argument that has something in common with a value."""
    items = list(value) if isinstance(value, list | set | tuple | dict | str) else []
    match way:
        case "occurs in" if items:
            return draw(st.sampled_from(items))
        case "the length":
            return len(items)
        case "rearranges" if isinstance(value, dict):
            return dict(draw(st.permutations(list(value.items()))))
        case "rearranges" if items:
            shuffled = draw(st.permutations(items))
            return "".join(shuffled) if isinstance(value, str) else type(value)(shuffled)
        case "of equal length" if items:
            return "".join("x" for _ in items)
    return value


@st.composite
def problems(draw, ways=("occurs in", "the length", "rearranges", "of equal length", "itself")):
    """Two parameters, the second free or related to the first, either order, under some stated constraints."""
    first, second = draw(TYPES), draw(st.one_of(TYPES, st.none()))
    way, swapped = draw(st.sampled_from(ways)), draw(st.booleans())
    cases = []
    for value in draw(st.lists(values(parse(first)), min_size=1, max_size=3)):
        other = related(draw, way, value) if second is None else draw(values(parse(second)))
        cases.append((other, value) if swapped else (value, other))
    types = (first, second or "Any")
    made = function_problem([(args, None) for args in cases], params=types[::-1] if swapped else types)
    lines = draw(st.lists(st.sampled_from(LINES), max_size=3))
    return dataclasses.replace(made, statement="Do it.\n## Constraints\n" + "\n".join(lines)) if lines else made


SLOWLY = settings(deadline=None, max_examples=examples(100), suppress_health_check=list(HealthCheck))


@SLOWLY
@given(problems())
def test_inputs_are_of_the_declared_types_whatever_those_are(problem):
    for args in generate(problem, 12):
        for param, value in zip(problem.params, args, strict=True):
            assert has_type(param.type, value), (str(param.type), value)


@SLOWLY
@given(problems(), st.sampled_from([8, 64]))
def test_an_input_of_any_type_is_enlarged_or_left(problem, size):
    large = enlarged(Space(problem), size)
    assert large is None or all(map(has_type, [param.type for param in problem.params], large.args))


@SLOWLY
@given(problems(), st.data())
def test_programs_that_answer_anything_are_ranked(problem, data):
    answers = values(TypeSpec("Any")) | TYPES.flatmap(lambda text: values(parse(text)))

    def report():
        cases = [CaseResult(index, "", Verdict.WA, answered=True, got=data.draw(answers)) for index in range(2)] + [
            CaseResult(2, "", Verdict.RE)
        ]
        return TestReport("made-up", "visible", tuple(cases), "local")

    ranked = vote(problem, "", ["a = 1", "a = 2"], [report(), report()], independent=True)
    assert sorted(ballot.program for ballot in ranked.ballots) == [0, 1]


@settings(SLOWLY, max_examples=examples(15))
@given(problem=problems())
def test_programs_for_a_problem_of_any_type_are_hardened(any_judge, problem):
    found = harden(
        problem, any_judge, Meter(), "", ["def f(a, b): return a", "def f(a, b): return b"], independent=True
    )
    # A busy machine may leave no time for the second.
    assert len(found.ballots) in ((1, 2) if found.inputs or smallest(problem) else (0,))


RELATED = {
    "a key of a dict": (("dict[str, int]", "str"), [({"a": 1, "b": 2}, "a"), ({"c": 3}, "c")]),
    "an item of a set": (("set[int]", "int"), [({1, 2}, 1), ({3, 9}, 9)]),
    "a value in a dict of lists": (("int", "dict[int, list[int]]"), [(1, {1: [2], 3: [4]}), (3, {3: []})]),
    "two dicts with the same keys": (("dict[str, int]",) * 2, [({"a": 1}, {"a": 2}), ({"b": 1, "c": 2},) * 2]),
    "two equal sets": (("set[str]", "set[str]"), [({"a", "b"}, {"b", "a"}), ({"c"}, {"c"})]),
    "the length of a set": (("set[int]", "int"), [({1, 2}, 2), (set(), 0)]),
    "lists of dicts": (("list[dict[str, int]]", "int"), [([{"a": 1}, {"b": 2}], 1), ([{"c": 1}], 0)]),
    "rows with holes": (("list[list[int | None]]", "int"), [([[1, None], [None, 2]], 1), ([[None, 3]], 0)]),
    "no row at all": (("list[set[int]]", "int"), [([], 1), ([], 2)]),
}


@pytest.mark.parametrize(("types", "cases"), RELATED.values(), ids=RELATED)
def test_parameters_that_have_something_in_common_get_inputs_of_their_types(types, cases):
    problem = function_problem([(args, None) for args in cases], params=types)
    for args in generate(problem):
        assert all(map(has_type, [param.type for param in problem.params], args))


WHOLES = {
    "dict[str, int]": [({"a": 1, "b": 2}, "a"), ({"b": 3, "c": 1}, "b")],
    "set[str]": [({"a", "b"}, "a"), ({"b", "c"}, "b")],
    "tuple[str, ...]": [(("a", "b"), "a"), (("b", "c"), "b")],
}


@pytest.mark.parametrize("whole", WHOLES)
def test_what_occurs_in_another_argument_is_varied_within_it(whole):
    problem = function_problem([(args, None) for args in WHOLES[whole]], params=(whole, "str"))
    inputs = generate(problem)
    assert inputs
    assert all(item in whole for whole, item in inputs)
