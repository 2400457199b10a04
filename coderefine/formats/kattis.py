"""Problem packages of Kattis: problem.yaml, data/sample and data/secret, submissions, output validators.

The legacy format and that of 2023-07 are read. Outputs are compared as the default validator does, by its flags, or by
the package's own validator where that is one Python file. Interactive problems cannot be judged, nor can those with a
validator in another language.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coderefine.errors import UsageError
from coderefine.folder.loading import decode_source
from coderefine.formats import places
from coderefine.formats.kattis_output import comparison
from coderefine.formats.record import Fault, Record, RowError, slug_of
from coderefine.formats.rows import MAX_ITEMS
from coderefine.formats.yaml_lines import read_yaml
from coderefine.kinds.program import PROGRAM
from coderefine.problem.folder import Folder
from coderefine.problem.problem import MEMORY_MIB, OUTPUT_KIB, TIME_S, Limits, Problem, TestCase

LAYOUT = "kattis: folders with problem.yaml and data/"
TIME_LIMIT_S, MEMORY_LIMIT_MIB, OUTPUT_LIMIT_MIB = 10.0, 2048, 8
"""The defaults for a package without limits, whose time limit is several times what its slowest right program takes."""
MAX_BYTES = 256 << 20
"""The most bytes of all tests of a folder together."""
_STATEMENTS = ("problem_statement", "statement")
_OTHER_TYPES = ("interactive", "multi-pass", "submit-answer")
_WRONG = ("wrong_answer", "run_time_error", "runtime_error", "time_limit_exceeded")
_MOST_NUMBER = 10**9


def fits(path: Path) -> bool:
    """Whether a folder is a package, or there is one below it."""
    return next(_packages(path), None) is not None


def count(path: Path) -> int:
    """Return how many packages there are."""
    return sum(1 for _ in _packages(path))


def records(folder: Folder) -> Iterator[Record | Fault]:
    """Yield the packages in the order of their folders, or the reason why one cannot be read."""
    for place in _packages(folder.path):
        try:
            yield _record(Folder(place, folder.follows_links), place.resolve().name)
        except UsageError as error:
            yield Fault(str(place), 0, str(error))


def _packages(path: Path) -> Iterator[Path]:
    for place in places.folders(path) if path.is_dir() else ():
        if (place / "problem.yaml").is_file() and (place / "data").is_dir():
            yield place


def _record(folder: Folder, name: str) -> Record:
    settings = read_yaml(folder.text("problem.yaml"))
    said = f"{settings.get('type', '')} {settings.get('validation', '')}"
    if odd := next((it for it in _OTHER_TYPES if it in said), ""):
        raise RowError(f"a problem of type {odd}, which cannot be judged here")
    language, statement = _statement(folder)
    samples, notes = _cases(folder, "data/sample")
    secret, more = _cases(folder, "data/secret")
    if not samples and not secret:
        raise RowError("expected tests in data/sample or data/secret: NAME.in and NAME.ans")
    shown = len(samples) or min(3, (len(secret) + 1) // 2)
    cases = [*samples, *secret]
    title = settings.get("name")
    if isinstance(title, dict):
        title = title.get(language) or next(iter(title.values()), "")
    keywords = settings.get("keywords", ())
    problem = Problem(
        slug=slug_of(name),
        title=str(title or name),
        statement=statement or str(title or name),
        kind=PROGRAM,
        entry="",
        visible=tuple(cases[:shown]),
        hidden=tuple(cases[shown:]),
        compare=comparison(folder, settings),
        limits=_limits(folder, settings),
        tags=tuple(keywords.split() if isinstance(keywords, str) else map(str, keywords)),
    )
    oracle, buggy = _submission(folder, "accepted"), next(filter(None, (_submission(folder, it) for it in _WRONG)), "")
    return Record(name, "", problem, buggy, oracle, notes=tuple(dict.fromkeys([*notes, *more])))


def _statement(folder: Folder) -> tuple[str, str]:
    """Return the language of the statement, English where there is such a statement, and its text."""
    found = [
        (place.suffixes[0][1:] if len(place.suffixes) > 1 else "", place)
        for name in _STATEMENTS
        for suffix in ("md", "tex")
        for place in places.files(folder.path / name, f"problem*.{suffix}")
    ]
    if not found:
        return "en", ""
    language, place = min(found, key=lambda it: (not it[0].startswith("en"), it[0] != "", it[0]))
    return language or "en", folder.text(place.relative_to(folder.path))


def _cases(folder: Folder, where: str) -> tuple[list[TestCase], list[str]]:
    """Return the tests below a folder, in the order of their paths, and notes on incomplete tests."""
    top = folder.path / where
    found = [file for place in places.folders(top) for file in places.files(place, "*.in")] if top.is_dir() else []
    if len(found) > MAX_ITEMS:
        raise RowError(f"expected at most {MAX_ITEMS:,} tests in {where}")
    if sum(it.stat().st_size for file in found for it in (file, file.with_suffix(".ans")) if it.is_file()) > MAX_BYTES:
        raise RowError(f"expected at most {MAX_BYTES >> 20} MiB of tests in {where}")
    cases, notes = [], []
    for file in sorted(found):
        given = file.relative_to(folder.path)
        answer = given.with_suffix(".ans")
        if not folder.has(answer):
            notes.append("a test without its .ans is left out")
            continue
        test = given.relative_to("data").with_suffix("").as_posix()
        cases.append(TestCase(test, (folder.text(given),), folder.text(answer)))
    return cases, notes


def _limits(folder: Folder, settings: dict[str, Any]) -> Limits:
    limits = settings.get("limits")
    said = limits if isinstance(limits, dict) else {}
    seconds = _number(said.get("time_limit")) or _number(folder.optional(".timelimit")) or _of_domjudge(folder)
    mib, output = _number(said.get("memory")) or MEMORY_LIMIT_MIB, _number(said.get("output")) or OUTPUT_LIMIT_MIB
    return Limits(
        time_s=min(max(seconds or TIME_LIMIT_S, TIME_S[0]), TIME_S[1]),
        memory_mib=min(max(int(mib), MEMORY_MIB[0]), MEMORY_MIB[1]),
        output_kib=min(max(int(output * 1024), OUTPUT_KIB[0]), OUTPUT_KIB[1]),
    )


def _of_domjudge(folder: Folder) -> float:
    """Return the time limit that DOMjudge adds to a package."""
    lines = (line.partition("=") for line in folder.optional("domjudge-problem.ini").splitlines())
    return next((_number(value.strip().strip("'\"")) for name, _, value in lines if name.strip() == "timelimit"), 0.0)


def _number(text: object) -> float:
    try:
        found = float(str(text).strip() or 0)
    except ValueError:
        return 0.0
    return found if 0 < found <= _MOST_NUMBER else 0.0


def _submission(folder: Folder, verdict: str) -> str:
    """Return the first submission that is one Python file."""
    for file in places.files(folder.path / "submissions" / verdict, "*.py"):
        name = file.relative_to(folder.path)
        return decode_source(folder.data(name), str(name)).replace("\r\n", "\n")
    return ""
