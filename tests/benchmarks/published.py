"""Scores published sets by their own references, and by mutants of these that plain Python tells apart.

    python -m tests.benchmarks.published SET... [--mutants 2] [--step 1] [--sandbox local] [--packages LIST]

For each file: rows, how many are imported, references that are right, and of the mutants that fail the set's own test
in a bare interpreter how many are refused. Whatever is otherwise is named. The bare interpreter has no protection, so
where programs do more than compute, as BigCodeBench's, it is one in a container of Docker without a network. That has
Python's own modules only: there are mutants of the rows that need no others.
"""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import click

from coderefine.errors import CoderefineError
from coderefine.formats import bigcodebench, pending
from coderefine.formats.reading import read
from coderefine.formats.record import Fault, Record
from coderefine.judge.answers import answers
from coderefine.judge.judge import Judge
from coderefine.judge.opening import open_judge
from coderefine.judge.site import requirements
from coderefine.scoring.place import Rules, judged
from tests.benchmarks.mutants import mutants

TIMEOUT_S = 20.0
FAST = Rules(fail_fast=True, examples_of_failing=False)
Row = dict[str, Any]
_LIMITED = "import resource\nresource.setrlimit(resource.RLIMIT_AS, (2 << 30,) * 2)\n"

_DIFFERENCE = """
import copy, json, math
base, mutant = {}, {}
exec(REFERENCE, base)
inputs = json.loads(INPUTS)
def run(scope, given):
    try:
        return "value", scope[ENTRY](*copy.deepcopy(given))
    except Exception as error:
        return "error", type(error).__name__
def near(a, b):
    if isinstance(a, float) and isinstance(b, (int, float)):
        return math.isclose(a, b, rel_tol=1e-4, abs_tol=1e-4) or a != a and b != b
    if isinstance(a, (list, tuple)) and type(a) is type(b):
        return len(a) == len(b) and all(map(near, a, b))
    return a == b
expected = [run(base, given) for given in inputs]
if any(kind == "error" for kind, _ in expected):
    raise SystemExit(77)  # the inputs are not what the set means
exec(PROGRAM, mutant)
for given, want in zip(inputs, expected):
    assert near(want, run(mutant, given)), given
"""


_SUITE = """
if __name__ == "__main__":
    import sys, unittest
    done = unittest.main(argv=["tests"], exit=False).result
    sys.exit(not (done.testsRun and done.wasSuccessful()))
"""
IMAGE = "coderefine-sandbox:1"
_CONTAINER = (
    "docker", "run", "--detach", "--rm", "--network=none", "--read-only", "--tmpfs=/tmp:mode=1777,size=256m",
    "--memory=2g", "--pids-limit=200", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--user=65534",
)  # fmt: skip


@contextmanager
def container() -> Iterator[str]:
    """Start a container for scripts; give its id."""
    command = [*_CONTAINER, IMAGE, "sleep", "infinity"]
    name = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    try:
        yield name
    finally:
        subprocess.run(["docker", "kill", name], capture_output=True, check=False)


def plain(row: Row, program: str) -> str:
    """Return a script that ends with 0 where a program passes the set's own tests; "" where the set has no plain ones."""
    if "plus_input" in row:
        if row["entry_point"] == "find_zero":  # any root is right
            return ""
        names = {
            "REFERENCE": row["prompt"] + row["canonical_solution"],
            "PROGRAM": program,
            "ENTRY": row["entry_point"],
            "INPUTS": json.dumps([*row["base_input"], *row["plus_input"]]),
        }
        return "".join(f"{name} = {value!r}\n" for name, value in names.items()) + _DIFFERENCE
    if "test_list" in row:
        setup = row.get("test_setup_code") or "\n".join(row.get("test_imports") or ())
        return "\n".join([program, setup, *row["test_list"]])
    if "completion" in row and "entry_point" in row:
        return "\n".join([row["prompt"], program, row["test"], f"check({row['entry_point']})"])
    if bigcodebench.fits(row):
        return "\n".join([program, row["test"], _SUITE])
    if "canonical_solution" in row and "def check(" in row.get("test", ""):
        return "\n".join([program, row["test"], f"check({row['entry_point']})"])
    return ""


def passes(script: str, inside: str = "") -> bool | None:
    """Whether a script passes in a bare interpreter, `inside` a container or here; None where that says nothing."""
    here = [sys.executable, "-I", "-"]
    folder = f"cd $(mktemp -d) && exec timeout {TIMEOUT_S:g} python3 -I -"
    command = ["docker", "exec", "-i", "-e", "HOME=/tmp", inside, "sh", "-c", folder] if inside else here
    given = (_LIMITED + script).encode()
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=TIMEOUT_S + 5, check=False)
    except subprocess.TimeoutExpired:
        return None
    return None if done.returncode in (77, 124) else done.returncode == 0


def raw(path: Path) -> Iterator[Row]:
    """Yield the rows of a file as they stand there."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    yield from (
        json.loads(text) if text.lstrip().startswith("[") else map(json.loads, filter(str.strip, text.split("\n")))
    )


@dataclass(slots=True)
class Table:
    """What became of a set, or of a row of it."""

    counts: Counter[str] = field(default_factory=Counter)
    """rows, imported, scored, right, lacking (modules); of mutants: wrong, refused, equal, accepted, by plain Python's
    word and ours; open, where plain Python says nothing: they do not end there, for one."""
    odd: list[str] = field(default_factory=list)

    def add(self, other: Table) -> None:
        """Count what became of a row."""
        self.counts += other.counts
        self.odd += other.odd

    def line(self, name: str) -> str:
        """Return it as a row of a table."""
        of = self.counts
        pairs = ("right", "scored"), ("refused", "wrong"), ("accepted", "equal")
        shares = [f"{of[some]}/{of[whole]}" for some, whole in pairs]
        return f"| {' | '.join(map(str, [name, of['rows'], of['imported'], *shares, of['lacking']]))} |"


def settled(judge: Judge, record: Record, home: Path) -> Record:
    """Return a record with its tests, which a set may have the inputs of alone."""
    return pending.settled(record, partial(answers, judge), home) if record.pending else record


def reference(judge: Judge, record: Record, home: Path) -> tuple[Table, Record | None]:
    """Score a record's own program; return the record with its tests where that is right."""
    found = Table(Counter(scored=1))
    try:
        whole = settled(judge, record, home)
        outcome = judged(judge, whole.problem, whole.oracle, FAST)
    except CoderefineError as error:
        found.odd.append(f"{record.id}: {error}")
        return found, None
    found.counts["right"] += outcome.right
    if not outcome.right:
        found.odd.append(f"{record.id}: the reference is {outcome.verdict}")
    return found, whole if outcome.right else None


def compare(judge: Judge, row: Row, record: Record, mutant: str, inside: str) -> Table:
    """Score a mutant, and ask plain Python as well."""
    said = passes(plain(row, mutant), inside)
    if said is None:
        return Table(Counter(open=1))
    ours = judged(judge, record.problem, mutant, FAST)
    counts = Counter(equal=1, accepted=int(ours.right)) if said else Counter(wrong=1, refused=int(not ours.right))
    odd = [f"{record.id}: plain Python says {said}, the verdict is {ours.verdict}\n{mutant}"]
    return Table(counts, odd if said != ours.right else [])


def measure(
    path: Path, judge: Judge, count: int, step: int, missing: Callable[[Record], bool], home: Path, suites: str
) -> Table:
    """Score a file's references, and mutants of every so manieth; `suites` is the container that runs unittest."""
    rows = list(raw(path))
    faults: Counter[str] = Counter()

    def one(record: Record) -> Table:
        if missing(record):
            return Table(Counter(imported=1, lacking=1))
        found, whole = reference(judge, record, home)
        found.counts["imported"] += 1
        row = rows[record.place - 1]
        inside = suites if bigcodebench.fits(row) else ""
        can_ask = bool(plain(row, "")) and (not bigcodebench.fits(row) or bool(suites and not record.needs))
        if whole and record.place % step == 0 and can_ask and (not inside or passes(plain(row, whole.oracle), inside)):
            for mutant in mutants(whole.oracle, count):
                found.add(compare(judge, row, whole, mutant, inside))
        return found

    def fault(it: Fault) -> None:
        faults[it.reason[:100]] += 1

    whole = Table(Counter(rows=len(rows)))
    with ThreadPoolExecutor(judge.workers) as threads:
        for made in threads.map(one, read(path, fault)):
            whole.add(made)
    whole.odd += [f"{times} rows: {reason}" for reason, times in faults.items()]
    return whole


@click.command()
@click.argument("sets", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--mutants", "count", default=2, show_default=True)
@click.option("--step", default=1, show_default=True, help="Mutants of every so manieth row only.")
@click.option("--sandbox", default="auto", show_default=True)
@click.option("--packages", default=None)
@click.option("--home", default="/tmp/published-answers", type=click.Path(path_type=Path), show_default=True)
def main(sets: tuple[Path, ...], count: int, step: int, sandbox: str, packages: str | None, home: Path) -> None:
    """Print a line for each of SETS, and below what is not as it should be."""
    wanted = requirements(packages) if packages else ()
    odd: list[str] = []
    click.echo(
        "| set | rows | imported | references right | wrong mutants refused | right mutants accepted | lacking |"
    )
    click.echo("| --- | --- | --- | --- | --- | --- | --- |")
    home.mkdir(parents=True, exist_ok=True)
    has_docker = shutil.which("docker") is not None
    with (
        open_judge(sandbox, packages=wanted, progress=click.echo) as judge,
        container() if has_docker else nullcontext("") as suites,
    ):
        for path in sets:
            found = measure(path, judge, count, step, lambda it: not set(it.needs) <= {*wanted}, home, suites)
            click.echo(found.line(path.name))
            odd += [f"{path.name} {it}" for it in found.odd]
    click.echo("\n" + "\n".join(odd))


if __name__ == "__main__":
    main()
