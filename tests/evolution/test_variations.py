"""Variations of candidates that need no model."""

import ast
import json
import random
from dataclasses import replace

import pytest

from coderefine.evolution.variations import expressions, numbers, structure
from coderefine.evolution.variations.axes import Axes
from coderefine.evolution.variations.entry import Entry, Move, Proposal
from coderefine.evolution.variations.linear import Linear
from coderefine.evolution.variations.strategy import Strategy
from coderefine.evolution.variations.templates import Templates
from coderefine.judge.measured import Measured
from coderefine.judge.report import TestReport
from coderefine.problem.evaluation import Metric
from tests.problems_for_tests import objective_problem

REPORT = TestReport("p", "visible", (), "local")
PROGRAM = "def f(n):\n    scale = 2.5\n    return [scale * n + 1] * int(n - 3)\n"


def entry(source, number=0, move=None, improves=False):
    return Entry(number, Proposal(source, "", (), move), "", 0, REPORT, improves)


def many(vary, *parents, tries=60):
    found = [vary(*parents, random.Random(seed)) for seed in range(tries)]
    return [it for it in found if it is not None]


def test_numbers_of_a_program_stand_where_they_are():
    found = numbers.numbers_of("x = 'a 7' # 8\ny = -2.5 + x[3]\nz = True\n", is_code=True)
    assert [(it.value, it.is_whole) for it in found] == [(2.5, False), (3.0, True)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('{"a 1": [1, -2.5, 3e2], "b": "4 5"}', [1, -2.5, 300]),
        ("# 9\na = 1\nb = [2.0, -3]\nc = 'x 4'\nd = 2024-05-01\n", [1, 2, -3]),
    ],
)
def test_numbers_of_a_document_are_those_outside_of_its_texts(text, values):
    assert [it.value for it in numbers.numbers_of(text, is_code=False)] == values


def test_a_step_keeps_whole_numbers_whole_and_all_else_as_it_is():
    for proposal in many(lambda it, rng: numbers.gaussian(it, rng, is_code=True), entry(PROGRAM)):
        one, other = (numbers.numbers_of(it, is_code=True) for it in (PROGRAM, proposal.source))
        assert [it.is_whole for it in one] == [it.is_whole for it in other]
        assert ast.dump(ast.parse(proposal.source)).count("Constant") == ast.dump(ast.parse(PROGRAM)).count("Constant")


def test_a_step_that_gained_is_made_twice_as_far_and_one_that_did_not_goes_half_way_back():
    text, move = "x = 3.0\n", Move(0, 1.0, 3.0)
    rng = random.Random(0)
    assert numbers.bisection(entry(text, move=move, improves=True), rng, is_code=True).source == "x = 5.0\n"
    assert numbers.bisection(entry(text, move=move), rng, is_code=True).source == "x = 2.0\n"
    assert numbers.bisection(entry(text), rng, is_code=True) is None


def test_a_blend_has_the_numbers_of_both_or_of_between():
    one, other = entry("[1.0, 10.0]"), entry("[2.0, 20.0]", 1)
    for proposal in many(lambda a, b, rng: numbers.blend(a, b, rng, is_code=False), one, other):
        low, high = json.loads(proposal.source)
        assert 0.75 <= low <= 2.25 and 7.5 <= high <= 22.5
        assert proposal.parents == (0, 1)


def test_templates_and_expressions_make_programs_that_parse():
    templates = Templates(objective_problem())
    found = many(templates.propose, entry(PROGRAM)) + many(expressions.grow, entry(PROGRAM))
    found += many(expressions.shrink, entry(PROGRAM))
    assert len({it.source for it in found}) > 40
    for proposal in found:
        ast.parse(proposal.source)
        assert proposal.source != PROGRAM


def test_a_graft_takes_only_what_is_known_in_its_place():
    other = entry("def f(n):\n    unknown = 1\n    return unknown * 77 + n ** 9\n", 1)
    found = many(expressions.graft, entry(PROGRAM), other)
    assert any("77" in it.source for it in found) and any("n ** 9" in it.source for it in found)
    assert not any("unknown" in it.source for it in found)


def test_items_of_json_are_rearranged():
    found = many(structure.items, entry("[[0, 1], [2, 3]]"))
    assert {len(json.loads(it.source)) for it in found} >= {1, 2, 3}


def test_a_text_is_joined_with_another():
    found = many(structure.mix, entry("one two three"), entry("four five six", 1))
    assert any(it.source.startswith("one") and it.source.endswith("six") for it in found)


@pytest.mark.parametrize("source", ["", "{", "x", "nothing 1", "[]"])
def test_what_cannot_be_varied_is_left_alone(source):
    for vary in (structure.items, structure.words, expressions.grow, expressions.shrink):
        for proposal in many(vary, entry(source), tries=5):
            assert isinstance(proposal.source, str)


class Points:
    """An optimizer that is asked for points and told in populations, as one of `cmaes`."""

    population_size, generation = 3, 7

    def __init__(self):
        self.points, self.told = iter([[0.0, 0.0], [1.0, -1.0], [2.0, 0.0], [0.0, 5.0]]), []

    def ask(self):
        return next(self.points)

    def tell(self, population):
        self.told.append(population)


def test_the_strategy_tells_the_ranks_of_a_whole_population():
    document, points = '{"x": 10.0, "y": 0.0}', Points()
    strategy = Strategy(document, numbers.numbers_of(document, is_code=False), points)
    asked = [strategy.propose().source for _ in range(3)]
    assert asked == ['{"x": 10.0, "y": 0.0}', '{"x": 13.0, "y": -0.3}', '{"x": 16.0, "y": 0.0}']
    for source, figure in zip(asked, [1.0, 3.0, 2.0], strict=True):
        assert points.told == []
        strategy.learn(source, (figure,))
    assert points.told == [[([1.0, -1.0], 0.0), ([2.0, 0.0], 1.0), ([0.0, 0.0], 2.0)]]
    strategy.learn("another's", (9.0,))
    assert len(points.told) == 1


def test_a_step_along_an_axis_grows_with_gains_and_turns_back_without():
    axes, best = Axes.of('{"x": 0.0, "y": 4}'), entry('{"x": 0.0, "y": 4}')
    steps = []
    for better in (1, 0, -1, 0, 1):
        proposal = axes.propose(best)
        steps.append(proposal.source)
        axes.learn(proposal.source, tuple(it + better for it in best.standing))
    assert steps == [
        '{"x": 0.5, "y": 4}',
        '{"x": 0.0, "y": 6}',
        '{"x": 1.5, "y": 4}',
        '{"x": 0.0, "y": 3}',
        '{"x": -0.75, "y": 4}',
    ]


def measured(source, number=0, **figures):
    metrics = [Metric("a", "min", 1.0), Metric("b", "max", 9.0)]
    report = replace(entry(source, number).report, measured=Measured(tuple(figures.items()), 0, 0.0, 0.0, 0.0))
    return replace(entry(source, number), report=report), metrics


def plane(number, x, y):
    return measured(f'{{"x": {x}, "y": {y}}}', number, a=4.0 - x + 2.0 * y, b=6.0 + 2.0 * x + y)


def test_linear_models_lead_to_where_all_targets_are_met_and_need_a_measurement_for_each_number():
    points = [plane(at, *it) for at, it in enumerate([(0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.3, 0.3)])]
    entries, metrics = [it for it, _ in points], points[0][1]
    linear = Linear.of(metrics, entries[0].source)
    assert linear.propose(entries[0], entries[:2], random.Random(0)) is None
    found = json.loads(linear.propose(entries[0], entries, random.Random(0)).source)
    assert 4.0 - found["x"] + 2.0 * found["y"] <= 1.5
    assert 6.0 + 2.0 * found["x"] + found["y"] >= 8.5


def test_axes_leave_documents_alone_that_have_other_numbers():
    assert Axes.of("{}") is None
    assert Axes.of('{"x": 1.0}').propose(entry('{"x": 1.0, "y": 2.0}')) is None


def test_the_strategy_moves_towards_what_is_best():
    pytest.importorskip("cmaes")
    strategy = Strategy.of('{"x": 5.0, "y": 1.0}', 0)
    best = -9e9
    for _ in range(300):
        source = strategy.propose().source
        data = json.loads(source)
        value = -((data["x"] - 3) ** 2) - (data["y"] + 2) ** 2
        strategy.learn(source, (value,))
        best = max(best, value)
    assert best > -0.01


def test_varied_molecules_are_molecules():
    selfies = pytest.importorskip("selfies")
    from coderefine.evolution.variations import molecules

    one, other = entry("c1ccccc1CC(=O)O\n"), entry("CCN(CC)CC\n", 1)
    found = many(molecules.mutate, one) + many(molecules.cross, one, other)
    assert len({it.source for it in found}) > 40
    for proposal in found:
        assert selfies.encoder(proposal.source.strip())
    assert many(molecules.mutate, entry("no molecule (((", 2)) == []
    assert [it.source for it in many(molecules.mutate, one)] == [it.source for it in many(molecules.mutate, one)]
