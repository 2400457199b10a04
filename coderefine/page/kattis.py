"""A problem's package of Kattis: samples, secret tests, limits, how output is compared, a program that is right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from coderefine.errors import ProblemError, UsageError
from coderefine.formats.record import slug_of
from coderefine.kinds.program import PROGRAM
from coderefine.page.reading import Page
from coderefine.page.text import Note, shown
from coderefine.problem.compare import Compare
from coderefine.problem.folder import Folder
from coderefine.problem.problem import MEMORY_MIB, TIME_S, Limits, Problem, TestCase

SETTINGS = "problem.yaml"
MAX_TESTS = 500
MAX_BYTES = 32 << 20
"""Of all tests together."""
_STATEMENTS = (
    "statement/problem.en.md", "statement/problem.en.tex", "problem_statement/problem.en.md",
    "problem_statement/problem.en.tex", "problem_statement/problem.tex", "problem_statement/problem.md",
)  # fmt: skip


def fits(path: Path) -> bool:
    """Whether a folder is a package."""
    return (path / SETTINGS).is_file() and (path / "data").is_dir()


def read(path: Path) -> Page:
    """Return the problem of a package; raises UsageError."""
    folder = Folder(path)
    settings = _settings(folder.text(SETTINGS))
    statement = next((folder.text(name) for name in _STATEMENTS if folder.has(name)), "")
    notes: list[Note] = []
    visible = tuple(_tests(folder, "sample", notes))
    hidden = tuple(_tests(folder, "secret", notes))
    if not visible:
        raise UsageError(f"{path}: there is no sample: expected files such as data/sample/1.in and data/sample/1.ans")
    if "custom" in settings.get("validation", "") or folder.has("output_validators"):
        notes.append(Note(0, "its own validator is not run: only outputs as in its .ans files are right"))
    problem = Problem(
        slug=re.sub(r"_+", "-", slug_of(path.resolve().name)),
        title=shown(_title(settings.get("name", ""), statement) or path.resolve().name),
        statement=statement,
        kind=PROGRAM,
        entry="",
        visible=visible,
        hidden=hidden,
        compare=_compare(settings.get("validator_flags", "")),
        limits=_limits(settings),
        path=path,
    )
    return Page(problem, notes=tuple(notes), oracle=_oracle(folder))


def _settings(text: str) -> dict[str, str]:
    """The scalars of a file of YAML, by the last part of their names: those that are read here are of one line each."""
    found: dict[str, str] = {}
    for match in re.finditer(r"^[ \t]*([\w-]+):[ \t]*([^#\n]*)", text, re.MULTILINE):
        found.setdefault(match[1], match[2].strip().strip("'\""))
    return found


def _title(name: str, statement: str) -> str:
    heading = re.search(r"\\problemname\{([^{}]*)\}", statement) or re.search(r"^#\s+(.*)", statement, re.MULTILINE)
    return name or (heading[1].strip() if heading else "")


def _tests(folder: Folder, group: str, notes: list[Note]) -> Iterator[TestCase]:
    places = sorted(path.relative_to(folder.path) for path in (folder.path / "data" / group).rglob("*.in"))
    left = MAX_BYTES
    for number, place in enumerate(places, 1):
        try:
            given, answer = folder.data(place, left), folder.data(place.with_suffix(".ans"), left)
            texts = given.decode(), answer.decode()
        except (ProblemError, UnicodeDecodeError) as error:
            notes.append(Note(0, f"{place} is left out: {shown(str(error))}"))
            continue
        left -= len(given) + len(answer)
        if number > MAX_TESTS or left < 0:
            notes.append(Note(0, f"{len(places) - number + 1} of {len(places)} tests in data/{group} are left out"))
            return
        yield TestCase(place.with_suffix("").relative_to("data").as_posix(), (texts[0],), texts[1])


def _compare(flags: str) -> Compare:
    match = re.search(r"float(?:_absolute|_relative)?_tolerance\s+([\d.eE+-]+)", flags)
    try:
        return Compare.parse(f"float:{match[1]}") if match else Compare("tokens")
    except ValueError:
        return Compare("tokens")


def _limits(settings: dict[str, str]) -> Limits:
    usual = Limits()

    def number(name: str, default: float) -> float:
        try:
            return float(settings.get(name, "") or default)
        except ValueError:
            return default

    time_s = min(max(number("time_limit", usual.time_s), TIME_S[0]), TIME_S[1])
    memory = int(min(max(number("memory", usual.memory_mib), MEMORY_MIB[0]), MEMORY_MIB[1]))
    return Limits(time_s=time_s, memory_mib=memory)


def _oracle(folder: Folder) -> str:
    accepted = sorted((folder.path / "submissions" / "accepted").glob("*.py"))
    return folder.text(accepted[0].relative_to(folder.path)) if accepted else ""
