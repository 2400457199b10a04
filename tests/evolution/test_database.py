"""The database of an evolution, and the bandit over who varies."""

import random

from coderefine.evolution.bandit import Bandit
from coderefine.evolution.database import Database
from coderefine.evolution.options import EvolutionOptions
from coderefine.evolution.variations.entry import Entry, Proposal
from coderefine.judge.measured import Measured
from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict


def report(gain, invalid=0):
    case = CaseResult(0, "one", Verdict.AC, measures=(("gain", gain),))
    return TestReport("p", "visible", (case,), "local", measured=Measured((("gain", gain),), invalid, 0.0, 0.0, gain))


def filled(gains, **options):
    database = Database(EvolutionOptions(**options))
    database.seed(Entry(0, Proposal("x", "the beginning"), "", 0, report(0.0)))
    for number, gain in enumerate(gains, 1):
        proposal = Proposal("x" * (4**number), "n", (0,))
        island = number % len(database.islands)
        database.add(Entry(number, proposal, "numbers", island, report(gain)))
    return database


def test_a_cell_keeps_its_best():
    database = Database(EvolutionOptions(islands=1))
    for number, gain in enumerate([1.0, 3.0, 2.0]):
        database.add(Entry(number, Proposal("ab"[number % 2] * 8, ""), "", 0, report(gain)))
    assert [it.number for it in database.islands[0].values()] == [1]
    assert database.best.number == 1


def test_the_one_to_begin_with_is_at_home_everywhere_and_leaders_migrate():
    database = filled([5.0], islands=3)
    assert database.cells == 4
    database.migrate()
    assert [it.number for it in database.islands[2].values()] == [0, 1]
    assert [it.number for it in database.islands[0].values()] == [0]


def test_the_worth_of_a_candidate_is_what_it_changes():
    database = filled([1.0, 2.0], islands=1)
    assert database.add(Entry(3, Proposal("y" * 4**3, ""), "", 0, report(9.0))) == 1.0
    assert database.add(Entry(4, Proposal("z" * 4**3, ""), "", 0, report(1.0))) == 0.0
    assert database.add(Entry(5, Proposal("z" * 4**7, ""), "", 0, report(0.5))) == 0.2


def test_the_best_are_parents_most_often_and_others_too():
    database = filled([1.0, 2.0, 3.0, 4.0], islands=1)
    drawn = [database.parent(0, random.Random(seed)).number for seed in range(300)]
    assert max(set(drawn), key=drawn.count) == 4
    assert len(set(drawn)) >= 4


def test_the_most_different_is_the_one_with_other_figures():
    database = filled([1.0, 1.1, 50.0], islands=1)
    assert [it.number for it in database.most_different(database.entries[2], 2)] == [0, 3]


def test_the_same_additions_give_the_same_digest_and_others_do_not():
    assert filled([1.0, 2.0]).digest() == filled([1.0, 2.0]).digest()
    assert filled([1.0, 2.0]).digest() != filled([1.0, 2.5]).digest()


def test_cells_are_made_of_the_chosen_descriptors():
    assert filled([1.0, 40.0, 900.0], islands=1, descriptors=("gain",)).cells == 4
    assert filled([1.0, 40.0], islands=1, descriptors=("operations",)).cells == 1


def test_the_bandit_prefers_gain_per_cost():
    bandit = Bandit(["dear", "cheap"])
    for _ in range(50):
        bandit.learn("dear", 0.2, 10.0)
        bandit.learn("cheap", 0.2, 1.0)
    drawn = [bandit.choose(["dear", "cheap"], random.Random(seed)) for seed in range(200)]
    assert drawn.count("cheap") > 2 * drawn.count("dear") > 0
