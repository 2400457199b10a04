"""Compares the evolution with random weights at equal solves, up to 25 each, and writes results.jsonl.

    pip install coderefine
    python compare.py

Random weights are from 0.01 to 100, evenly by their logarithm. A run ends with the first plan that meets all goals. All
plans are solved in the sandbox, which takes a few minutes.
"""

import json
import random
from pathlib import Path
from typing import Any

from coderefine.budget import Budget
from coderefine.evolution.options import EvolutionOptions
from coderefine.folder.loading import load_problem
from coderefine.judge.judge import Judge
from coderefine.judge.opening import open_judge
from coderefine.judge.report import TestReport
from coderefine.loop import refine
from coderefine.problem.problem import Problem
from coderefine.refining.options import RefineOptions

SEEDS, SOLVES = (0, 1, 2), 25
HERE = Path(__file__).parent


def main() -> None:
    """Run both methods for each seed and write a line for each."""
    problem, rows = load_problem(HERE), []
    with open_judge("local", allow=("evaluator",)) as judge:
        for seed in SEEDS:
            for method, run in (("evolution", evolved), ("random weights", random_weights)):
                best, solves = run(judge, problem, seed)
                rows.append(row(method, seed, solves, *best))
    (HERE / "results.jsonl").write_text("".join(f"{json.dumps(it)}\n" for it in rows))


def evolved(judge: Judge, problem: Problem, seed: int) -> tuple[tuple[str, TestReport], int]:
    """Return the best weights of an evolution from equal weights, and how many plans were solved."""
    evolution = EvolutionOptions(seed=seed, islands=1, batch=1)
    options = RefineOptions(budget=Budget(max_candidates=SOLVES), evolution=evolution, max_iterations=SOLVES)
    result = refine(problem, problem.starter, judge=judge, engines="evolve", options=options)
    return (result.source, result.best.report), result.candidates


def random_weights(judge: Judge, problem: Problem, seed: int) -> tuple[tuple[str, TestReport], int]:
    """Return the best of random weights, and how many plans were solved."""
    rng, names = random.Random(f"random/{seed}"), json.loads(problem.starter)
    tried: list[tuple[str, TestReport]] = []
    while len(tried) < SOLVES and not (tried and tried[-1][1].accepted):
        source = json.dumps({name: rng.uniform(-2, 2) for name in names})
        tried.append((source, judge.run(problem, source)))
    return max(tried, key=lambda it: it[1].standing), len(tried)


def row(method: str, seed: int, solves: int, source: str, report: TestReport) -> dict[str, Any]:
    """Return what is written of a run."""
    figures = dict(report.cases[0].measures)
    met = sum(case.verdict == "AC" for case in report.cases[1:])
    weights = json.loads(source)
    return {"method": method, "seed": seed, "solves": solves, "met": met, "weights": weights, "figures": figures}


if __name__ == "__main__":
    main()
