"""Compares the evolution with the same variations without selection, at equal evaluations; writes results.jsonl.

    pip install 'coderefine[molecules]'
    python compare.py 60

Both begin at the fragment and vary molecules as SELFIES. The evolution chooses parents by what was measured; the other
takes any molecule that it has tried, so that what differs is the choice alone.
"""

import json
import random
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from coderefine.autograd.variable import Gradient, Variable
from coderefine.budget import Budget, Meter
from coderefine.evolution.engine import EvolutionOptimizer
from coderefine.evolution.options import EvolutionOptions
from coderefine.evolution.variations import molecules
from coderefine.evolution.variations.entry import Entry, Proposal
from coderefine.folder.loading import load_problem
from coderefine.judge.judge import Judge
from coderefine.judge.opening import open_judge
from coderefine.judge.report import TestReport
from coderefine.patch import Patch
from coderefine.problem.problem import Problem
from coderefine.result import Candidate

TARGETS, SEEDS = ("DRD2", "PARP1", "JAK2"), (0, 1, 2)
HERE = Path(__file__).parent

Measure = Callable[[str, str], TestReport]


class Enough(Exception):
    """All evaluations are done."""


def main(count: int) -> None:
    """Run both methods for each target and seed, one after another."""
    problem = load_problem(HERE)
    out = HERE / "results.jsonl"
    out.write_text("")
    with open_judge("local", allow=("evaluator",)) as judge:
        for seed in SEEDS:
            for target in TARGETS:
                of_target = replace(problem, visible=(replace(problem.visible[0], name=target, args=(target,)),))
                for method, run in (("evolve", evolve), ("no selection", vary)):
                    row = {"method": method, "target": target, "seed": seed}
                    run(of_target, seed, recorder(judge, of_target, row, out, count))


def recorder(judge: Judge, problem: Problem, row: dict[str, Any], out: Path, count: int) -> Measure:
    """Return what measures a molecule and writes a line about it; raises Enough after so many besides the first."""
    number = 0

    def measure(source: str, note: str) -> TestReport:
        nonlocal number
        if number > count:
            raise Enough
        report = judge.run(problem, source)
        case = report.cases[0]
        told = {**row, "number": number, "smiles": source.strip(), "note": note, "figures": dict(case.measures)}
        with out.open("a") as file:
            file.write(json.dumps(told) + "\n")
        number += 1
        return report

    return measure


def evolve(problem: Problem, seed: int, measure: Measure) -> None:
    """Evolve the fragment."""
    code = Variable(problem.starter, role="candidate", requires_grad=True)
    code.add_gradient(Gradient("", evidence=measure(problem.starter, "the fragment")))

    def test(source: str, patch: Patch | None, time_s: float | None) -> Candidate:
        return Candidate(source, measure(source, patch.note if patch else ""))

    options = EvolutionOptions(seed=seed, islands=2, batch=4)
    optimizer = EvolutionOptimizer(code, problem, test, Meter(Budget()), options)
    try:
        while optimizer.step():
            pass
    except Enough:
        pass


def vary(problem: Problem, seed: int, measure: Measure) -> None:
    """Vary any molecule that was measured, whatever came of it."""
    rng = random.Random(f"random/{seed}")
    tried = [Entry(0, Proposal(problem.starter, ""), "", 0, measure(problem.starter, "the fragment"))]
    seen = {problem.starter}
    try:
        while True:
            proposal = molecules.mutate(rng.choice(tried), rng)
            if proposal is None or proposal.source in seen:
                continue
            seen.add(proposal.source)
            report = measure(proposal.source, proposal.note)
            if report.cases[0].measures:
                tried.append(Entry(len(tried), proposal, "", 0, report))
    except Enough:
        pass


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
