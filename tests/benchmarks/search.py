"""What the search repairs, in what time: python tests/benchmarks/search.py [SET.jsonl.gz] [--json OUT].

Without a set (format: docs/formats.md, generic): bugs planted in the accepted submissions of the bundled problems. The
search sees the visible tests; *plausible* passes all of them, *correct* the hidden ones, too. A program that passes
the visible tests as it is cannot be told to be wrong, and counts as not repaired.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click
from planting import plant

import coderefine
from coderefine import resources
from coderefine.autograd.variable import Variable
from coderefine.budget import Meter
from coderefine.errors import UsageError
from coderefine.folder.loading import load_problem
from coderefine.folder.verify import submissions
from coderefine.formats.reading import read
from coderefine.formats.record import Record
from coderefine.judge.verdict import Verdict
from coderefine.search.engine import SearchLoss, SearchOptimizer


@dataclass
class Outcome:
    """What became of one program."""

    id: str
    kind: str
    plausible: bool = False
    correct: bool = False
    patches: int = 0
    rank: int = 0
    """Where the first correct patch stands among the plausible ones, from 1; 0 where there is none."""
    seconds: float = 0.0
    candidates: int = 0
    per_second: float = 0.0
    note: str = ""
    tried: dict[str, int] = field(default_factory=dict)
    """How many candidates of each operator were tried."""


def main() -> None:
    arguments = parse()
    chosen = [it for at, it in enumerate(records(arguments)) if at % arguments.step == arguments.offset]
    with coderefine.open_judge(arguments.sandbox) as judge:
        outcomes = []
        for it in chosen:
            outcomes.append(repair(it, judge, arguments))
            if arguments.verbose:
                one = outcomes[-1]
                word = "correct" if one.correct else "plausible" if one.plausible else "not repaired"
                click.echo(f"{word:13}{one.seconds:6.2f} s {one.candidates:6} candidates  {one.id}  {one.note}")
        backend = judge.backend
    show(outcomes, backend)
    if arguments.json:
        Path(arguments.json).write_text(json.dumps([asdict(it) for it in outcomes], indent=1), encoding="utf-8")


def repair(it, judge, arguments):
    """Search for a repair of one record, from a report on it to the best patch."""
    outcome = Outcome(it.id, it.kind)
    report = judge.run(it.problem, it.buggy)
    if report.accepted:
        outcome.note = "passes the visible tests as it is"
        return outcome
    code, meter = Variable(it.buggy, requires_grad=True), Meter()
    screened, cpu_s = judge.screened, judge.screened_cpu_s
    started = time.perf_counter()
    SearchLoss(it.problem)(code, report).backward()
    limits = {"max_seconds": arguments.seconds, "max_candidates": arguments.candidates}
    optimizer = SearchOptimizer(code, problem=it.problem, judge=judge, meter=meter, keep=20, **limits)
    patches = optimizer.step()
    outcome.seconds, outcome.candidates = time.perf_counter() - started, meter.candidates
    if judge.screened > screened:
        outcome.per_second = (judge.screened - screened) / (judge.screened_cpu_s - cpu_s)
    outcome.tried = dict(optimizer.step_report.tried)
    outcome.patches, outcome.note = len(patches), patches[0].note if patches else ""
    outcome.plausible = bool(patches) and judge.run(it.problem, code.value).accepted
    outcome.correct = outcome.plausible and judge.run(it.problem, code.value, tests="all").accepted
    right = (at for at, patch in enumerate(patches, 1) if judge.run(it.problem, patch.after, tests="all").accepted)
    outcome.rank = next(right, 0) if outcome.plausible else 0
    return outcome


def show(outcomes, backend):
    """Print a line a kind, and one for all."""
    ranks = ((k, sum(0 < it.rank <= k for it in outcomes)) for k in (1, 3, 10, 20))
    kinds = defaultdict(list)
    for outcome in outcomes:
        kinds[outcome.kind].append(outcome)
        kinds["all"].append(outcome)
    click.echo(f"{platform.python_implementation()} {platform.python_version()}, {backend} sandbox")
    click.echo(f"{'kind':28}{'n':>5}{'plausible':>11}{'correct':>9}{'median s':>10}{'p90 s':>7}{'candidates/s':>14}")
    for kind, found in sorted(kinds.items(), key=lambda item: (item[0] == "all", item[0])):
        counts = Counter(plausible=sum(it.plausible for it in found), correct=sum(it.correct for it in found))
        times = sorted(it.seconds for it in found if it.plausible) or [0.0]
        rates = [it.per_second for it in found if it.per_second and it.candidates > 50] or [0.0]
        click.echo(
            f"{kind[:27]:28}{len(found):5}{counts['plausible'] / len(found):11.1%}{counts['correct'] / len(found):9.1%}"
            f"{statistics.median(times):10.2f}{times[int(0.9 * len(times))]:7.2f}{statistics.median(rates):14.0f}"
        )
    of = sum(it.plausible for it in outcomes)
    click.echo(f"of {of} plausible, a correct one " + ", ".join(f"among the first {k}: {n}" for k, n in ranks))


def records(arguments):
    """The programs to repair."""
    if arguments.set:
        yield from read(arguments.set)
        return
    for directory in sorted(path.parent for path in resources.problems_dir().glob("*/problem.toml")):
        problem = load_problem(directory)
        if problem.kind.name not in ("function", "class"):
            continue
        right = [it.source for it in submissions(problem) if it.expected is Verdict.AC]
        for at in range(arguments.planted):
            source, kinds = plant(right[at % len(right)], 1 + at % 3, at)
            kind = kinds if " + " not in kinds else f"{1 + at % 3} bugs"
            yield Record(f"{problem.slug} {at}", kind, problem, source)


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", nargs="?", help="a set in the generic format; otherwise bugs are planted")
    parser.add_argument("--planted", type=int, default=12, help="programs of each bundled problem (12)")
    parser.add_argument("--seconds", type=float, default=10.0, help="the most that one search takes (10)")
    parser.add_argument("--candidates", type=int, default=20_000, help="the most that one search tries (20000)")
    parser.add_argument("--step", type=int, default=1, help="take every so many-th program")
    parser.add_argument("--offset", type=int, default=0, help="beginning with this one, from 0")
    parser.add_argument("--sandbox", default="auto", choices=("auto", "docker", "local"))
    parser.add_argument("--json", help="write every outcome to this file")
    parser.add_argument("-v", "--verbose", action="store_true", help="a line a program")
    arguments = parser.parse_args()
    if not 0 <= arguments.offset < arguments.step:
        raise UsageError("--offset has to be less than --step")
    return arguments


if __name__ == "__main__":
    main()
