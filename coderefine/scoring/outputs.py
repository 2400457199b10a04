"""Writes a scoring run for programs, piece by piece: JSON, JSON lines, JUnit's XML, CSV, annotations for GitHub.

No piece is longer than an attempt, so that memory does not grow with the run.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from coderefine.rendering import count as counted
from coderefine.scoring.problem_score import Row
from coderefine.scoring.summary import Summary

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
COLUMNS = (
    "number", "slug", "sample", "status", "difficulty", "kind", "tags", "verdict_before", "right_before",
    "plausible_before", "cases_before", "verdict_after", "right_after", "plausible_after", "cases_after", "refinement",
    "calls", "cached", "prompt_tokens", "completion_tokens", "cost_usd", "candidates", "seconds", "error",
)  # fmt: skip
"""The columns of an attempt; programs are left out, because the store has them."""
VERSION = 1
"""The version of these formats: it changes when a field is removed or changes its meaning, not when one is added."""
Writer = Callable[[str, Iterable[Row], Summary], Iterator[str]]


def _attempt(row: Row) -> dict[str, Any]:
    found = {name: row[name] for name in COLUMNS}
    flags = {name: None if found[name] is None else bool(found[name]) for name in COLUMNS if name.startswith(_FLAGS)}
    return found | flags | {"seconds": round(row["seconds"], 3)}


_FLAGS = ("right", "plausible")


def as_json(run: str, rows: Iterable[Row], summary: Summary) -> Iterator[str]:
    """Yield one document: `version`, `run`, `summary`, `attempts` (see docs/score.schema.json)."""
    yield f'{{"version": {VERSION}, "run": {json.dumps(run)},\n"summary": '
    yield json.dumps(summary.to_json(), indent=2) + ',\n"attempts": ['
    for index, row in enumerate(rows):
        yield (",\n" if index else "\n") + json.dumps(_attempt(row))
    yield "\n]}\n"


def as_jsonl(run: str, rows: Iterable[Row], summary: Summary) -> Iterator[str]:
    """Yield a line for each attempt, and one for the summary at the end."""
    for row in rows:
        yield json.dumps(_attempt(row)) + "\n"
    yield json.dumps({"version": VERSION, "run": run, "summary": summary.to_json()}) + "\n"


def as_csv(run: str, rows: Iterable[Row], summary: Summary) -> Iterator[str]:
    """Yield a header, and a line for each attempt."""
    yield _line(COLUMNS)
    for row in rows:
        found = _attempt(row)
        yield _line(" ".join(value) if isinstance(value, list) else value for value in found.values())


def _line(cells: Iterable[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def as_junit(run: str, rows: Iterable[Row], summary: Summary) -> Iterator[str]:
    """Yield a test suite in which each attempt is a test."""
    wrong = summary.attempts - sum(count for verdict, count in summary.verdicts_after.items() if verdict == "AC")
    counts = (
        f'tests="{summary.attempts + summary.missing}" failures="{wrong - summary.failed}" errors="{summary.failed}"'
    )
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuite name="coderefine score" {counts} skipped="{summary.missing}" time="{summary.seconds:.3f}">\n'
    for row in rows:
        name = quoteattr(_xml(f"{row['slug']} #{row['sample']}"))
        yield f'  <testcase classname={quoteattr(_xml(row["slug"]))} name={name} time="{row["seconds"]:.3f}">'
        yield f"{_failure(row)}</testcase>\n"
    yield "</testsuite>\n"


def _failure(row: Row) -> str:
    kind, message = _said(row)
    if kind == "right":
        return ""
    if kind == "missing":
        return "<skipped/>"
    return f"<{'error' if kind == 'failed' else 'failure'} message={quoteattr(_xml(message))}/>"


def _xml(text: str) -> str:
    """Return text without the characters that XML forbids."""
    return _NO_XML.sub("\ufffd", text)


def as_github(run: str, rows: Iterable[Row], summary: Summary) -> Iterator[str]:
    """Yield an annotation for each attempt that is not right, and one for the whole run."""
    for row in rows:
        kind, message = _said(row)
        if kind != "right":
            level = "warning" if kind in ("failed", "missing") else "error"
            title = _property(f"{row['slug']} #{row['sample']}")
            yield f"::{level} title={title}::{_data(message)}\n"
    after, problems = summary.after, counted(summary.problems, "problem")
    text = f"{after.mean:.1%} of {problems} completed (95 %: {after.low:.1%} to {after.high:.1%})"
    yield f"::notice title=coderefine score::{_data(f'{text}; run {run}')}\n"


def _said(row: Row) -> tuple[str, str]:
    """Return how an attempt ended, in one word and in a sentence."""
    if row["status"] != "done":
        return row["status"], row["error"] or "there is no solution"
    name = "after" if row["verdict_after"] else "before"
    if row[f"right_{name}"]:
        return "right", ""
    cases = row[f"cases_{name}"]
    where = "hidden tests only" if row[f"plausible_{name}"] else "tests" if "_" in cases else "visible tests"
    return "wrong", f"{row[f'verdict_{name}']}: fails {where} ({cases})"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


WRITERS: dict[str, Writer] = {
    "json": as_json,
    "jsonl": as_jsonl,
    "junit": as_junit,
    "csv": as_csv,
    "github": as_github,
}
