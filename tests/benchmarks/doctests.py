"""`coderefine test FILE` beside doctest, over packages as they are published.

    python -m tests.benchmarks.doctests FOLDER... [--files 8] [--mutants 3] [--fix] [--backend local] [--each] [--json OUT]

A FOLDER holds packages or modules, such as unpacked wheels or the standard library. Of each package, up to --files modules
with doctests are taken, those with most of them first, as far as doctest passes them. The file as it is must be accepted, or refused
with a reason (JE, or a message that names what is missing). Then bugs are planted in it by tokens until --mutants of
them make doctest fail; none of those may be accepted. With --fix, bugs that do not parse are planted, too, and each is
given to the search: it is repaired where doctest then passes, exactly where the program is the one that was published.
Not a part of CI.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click

from coderefine.errors import CoderefineError
from coderefine.judge.judge import Judge
from coderefine.judge.opening import open_judge
from coderefine.judge.untested import missing_module
from coderefine.judge.verdict import Verdict
from coderefine.loop import refine
from coderefine.outside import decode
from coderefine.refining.options import RefineOptions
from coderefine.single.problem import Given, problem_of
from tests.benchmarks.planting import plant

MOST_BYTES = 200_000
DOCTEST_S = 60
PLANTINGS = 8
"""Bugs that are tried for each mutant that doctest is to fail."""
_RUN = """
import doctest, importlib, sys
failed, attempted = doctest.testmod(importlib.import_module(sys.argv[1]))
sys.exit(1 if failed else 0 if attempted else 3)
"""


@dataclass(slots=True)
class Row:
    """What became of a file."""

    file: str
    outcome: str
    """ "accepted", "refused" or "wrong", the latter for a right file that is said to fail."""
    why: str = ""
    seconds: float = 0.0
    doctest_s: float = 0.0
    caught: int = 0
    refused: int = 0
    missed: list[str] = field(default_factory=list)
    """Bugs that doctest finds, and that were accepted."""
    repaired: int = 0
    exactly: int = 0


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--files", default=8, show_default=True, help="Modules of a package.")
@click.option("--mutants", default=3, show_default=True, help="Bugs a module that doctest finds.")
@click.option("--backend", default="local", show_default=True)
@click.option("--fix", is_flag=True, help="Give the bugs to the search.")
@click.option("--each", is_flag=True, help="Print a line for each file as it is done.")
@click.option("--only", default="", help="Packages, with commas between them.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="Where the rows go.")
def main(
    folders: tuple[Path, ...],
    files: int,
    mutants: int,
    backend: str,
    fix: bool,
    each: bool,
    only: str,
    out: Path | None,
) -> None:
    """Compare the two over all packages of some folders."""
    names = set(only.split(",")) - {""}
    found: dict[str, list[Row]] = {}
    with open_judge(backend) as judge:
        for folder in folders:
            for package, modules in _packages(folder.resolve(), names):
                rows: list[Row] = []
                for module in modules:
                    if len(rows) < files and (row := _compare(judge, folder.resolve(), module, mutants, fix)):
                        rows.append(row)
                        if each:
                            click.echo(f"  {row.outcome:8} {row.caught}+{row.refused}-{len(row.missed)} {row.repaired}/{row.exactly} {row.file} "
                                  f"{row.seconds:.1f}/{row.doctest_s:.1f} s  {row.why[:150]} {row.missed}")  # fmt: skip
                if rows:
                    found.setdefault(package, []).extend(rows)
    _print(found)
    if out:
        out.write_text(json.dumps({name: list(map(asdict, rows)) for name, rows in found.items()}, indent=1), "utf-8")


def _packages(folder: Path, names: set[str]) -> Iterator[tuple[str, list[Path]]]:
    """The packages and modules of a folder with their modules that have doctests, those with most of them first."""
    for path in sorted(folder.iterdir()):
        is_module = path.suffix == ".py"
        if (names and path.stem not in names) or not (is_module or (path / "__init__.py").is_file()):
            continue
        modules = [path] if is_module else [it for it in path.rglob("*.py") if "tests" not in it.parts]
        counts = {it: _examples(it) for it in modules}
        chosen = sorted((it for it in modules if counts[it]), key=lambda it: (-counts[it], it))
        if chosen:
            yield path.stem if not is_module else folder.name, chosen


def _examples(path: Path) -> int:
    return path.read_bytes().count(b">>> ") if path.stat().st_size <= MOST_BYTES else 0


def _compare(judge: Judge, folder: Path, module: Path, mutants: int, fix: bool) -> Row | None:
    """Return what became of a module; None where doctest does not pass it, or finds nothing in it."""
    started = time.monotonic()
    if not _doctest(folder, module):
        return None
    row = Row(str(module.relative_to(folder)), "", doctest_s=time.monotonic() - started)
    source = decode(module.read_bytes())
    started = time.monotonic()
    row.outcome, row.why = _judged(judge, module, source)
    row.seconds = time.monotonic() - started
    for number in range(mutants * PLANTINGS):
        if row.caught + row.refused + len(row.missed) >= mutants:
            break
        try:
            mutant, kind = plant(source, 1, number)
            compile(mutant, "mutant", "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            if not (fix and isinstance(error, SyntaxError)):
                continue
        with _as_mutant(folder, module, mutant) as (copy, changed):
            if _doctest(copy, changed) is not False:
                continue
            outcome, _ = _judged(judge, changed, mutant)
        if outcome == "accepted":
            row.missed.append(f"{kind}, {number}")
        elif outcome == "refused":
            row.refused += 1
        else:
            row.caught += 1
            if fix:
                _repair(judge, folder, module, mutant, row)
    return row


def _repair(judge: Judge, folder: Path, module: Path, mutant: str, row: Row) -> None:
    """Count what the search makes of a mutant that is said to fail."""
    with _as_mutant(folder, module, mutant) as (copy, changed):
        try:
            problem = problem_of(changed, mutant, Given()).problem
            result = refine(problem, mutant, judge=judge, engines=["search"], options=RefineOptions(harden=False))
        except CoderefineError:
            return
        changed.write_text(result.source, encoding="utf-8")
        if result.accepted and _doctest(copy, changed):
            row.repaired += 1
            published = decode(module.read_bytes())
            row.exactly += ast.dump(ast.parse(result.source)) == ast.dump(ast.parse(published))


class _as_mutant:
    """A copy of the package, or of the module's folder, with a mutant in the module's place."""

    def __init__(self, folder: Path, module: Path, mutant: str) -> None:
        self._folder, self._module, self._mutant = folder, module, mutant

    def __enter__(self) -> tuple[Path, Path]:
        self._temporary = tempfile.TemporaryDirectory(dir="/var/tmp")
        copy = Path(self._temporary.name)
        inside = self._module.relative_to(self._folder)
        if len(inside.parts) > 1:
            package = inside.parts[0]
            shutil.copytree(
                self._folder / package, copy / package, ignore=shutil.ignore_patterns("__pycache__", "tests")
            )
        (copy / inside).write_text(self._mutant, encoding="utf-8")
        return copy, copy / inside

    def __exit__(self, *exc_info: object) -> None:
        self._temporary.cleanup()


def _doctest(folder: Path, module: Path) -> bool | None:
    """Whether doctest passes a module that has examples; None where it has none, does not end or cannot be imported."""
    inside = module.relative_to(folder).with_suffix("")
    name = ".".join(inside.parts[:-1] if inside.name == "__init__" else inside.parts)
    command = [sys.executable, "-c", _RUN, name]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(folder), "PYTHONHASHSEED": "0"}
    with tempfile.TemporaryDirectory() as empty:
        try:
            done = subprocess.run(command, cwd=empty, env=environment, capture_output=True, timeout=DOCTEST_S, check=False,
                                  stdin=subprocess.DEVNULL)  # fmt: skip
        except subprocess.TimeoutExpired:
            return None
    return None if done.returncode == 3 else not done.returncode


def _judged(judge: Judge, path: Path, source: str) -> tuple[str, str]:
    try:
        found = problem_of(path, source, Given())
        report = judge.run(found.problem, source, "visible")
    except CoderefineError as error:
        return "refused", str(error)
    if report.accepted:
        return "accepted", found.told
    if name := missing_module(report):
        return "refused", f"no module {name}"
    failed = [case for case in report.cases if case.verdict is not Verdict.AC]
    if failed and all(case.verdict is Verdict.JE for case in failed):
        return "refused", failed[0].reason
    first = failed[0]
    said = f"{first.name} {first.verdict} {first.reason} {first.error.type + ': ' + first.error.message if first.error else ''}"
    return "wrong", f"{len(failed)} of {len(report.cases)}: {said} {first.code[-300:]!r}"


def _print(found: dict[str, list[Row]]) -> None:
    click.echo(
        f"{'package':20} files  accepted refused wrong   bugs  caught refused accepted  repaired exactly     s  doctest s"
    )
    total = [row for rows in found.values() for row in rows]
    for name, rows in [*found.items(), ("all", total)]:
        counts = [sum(row.outcome == it for row in rows) for it in ("accepted", "refused", "wrong")]
        bugs = [sum(row.caught for row in rows), sum(row.refused for row in rows), sum(len(it.missed) for it in rows)]
        times = sum(row.seconds for row in rows), sum(row.doctest_s for row in rows)
        click.echo(f"{name:20} {len(rows):5}  {counts[0]:8} {counts[1]:7} {counts[2]:5}  {sum(bugs):5}  {bugs[0]:6} {bugs[1]:7} "
              f"{bugs[2]:8}  {sum(row.repaired for row in rows):8} {sum(row.exactly for row in rows):7} "
              f"{times[0]:5.0f}  {times[1]:9.0f}")  # fmt: skip


if __name__ == "__main__":
    main()
