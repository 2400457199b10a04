"""A recorded run as a story for people: where it started, what each step changed, how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from coderefine.judge.report import TestReport
from coderefine.judge.verdict import Verdict
from coderefine.patch import make_diff
from coderefine.record.journal import JournalRow
from coderefine.record.store import Store, read_column
from coderefine.runs import listing

_MANY, _TOLD = 16, 3
"""Of a step with more than _MANY programs, only the last _TOLD are shown."""


@dataclass(frozen=True, slots=True)
class Tested:
    """A program and its test results."""

    note: str
    diff: str
    """From the program that it patches."""
    verdict: Verdict
    score: str
    source: str
    report: TestReport


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """A finished model call."""

    model: str
    status: str
    """As in the store: `answered`, `unusable`, `failed` or `cached`."""
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None
    """None where the price is not known."""
    seconds: float | None


@dataclass(frozen=True, slots=True)
class RecordedStep:
    """An iteration; an unfinished one has no criticism or no program on record yet."""

    number: int
    engine: str
    criticism: str
    tested: tuple[Tested, ...]
    calls: tuple[RecordedCall, ...]


@dataclass(frozen=True, slots=True)
class RunStory:
    """The story of a run."""

    overview: JournalRow
    before: Tested | None
    drafting: tuple[RecordedCall, ...]
    """The calls for a first draft."""
    steps: tuple[RecordedStep, ...]
    ending: str
    resumable: bool

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return {
            **self.overview,
            "ending": self.ending,
            "resumable": self.resumable,
            "steps": [
                {
                    "number": step.number,
                    "engine": step.engine,
                    "criticism": step.criticism,
                    "tested": [{"note": it.note, "diff": it.diff, "verdict": it.verdict.value} for it in step.tested],
                }
                for step in self.steps
            ],
        }


def tell(store: Store, run: str) -> RunStory:
    """Return the story of a run."""
    overview = listing.overview(store, run)
    row = store.rows("SELECT ending, result FROM runs WHERE id = ?", run)[0]
    reports = store.rows(
        "SELECT reports.*, bases.source AS base_source FROM reports LEFT JOIN reports AS bases "
        "ON bases.id = reports.base WHERE reports.run = ? AND NOT reports.evidence ORDER BY reports.id",
        run,
    )
    patched = [report for report in reports if report["base_source"] is not None]
    criticisms = {step["number"]: step for step in store.rows("SELECT * FROM steps WHERE run = ?", run)}
    calls = store.rows("SELECT * FROM calls WHERE run = ? AND status <> 'begun' ORDER BY id", run)
    numbers = sorted(criticisms.keys() | {row["step"] for row in (*patched, *calls) if row["step"]})
    steps = tuple(
        RecordedStep(
            number=number,
            engine=criticisms[number]["engine"] if number in criticisms else "not finished",
            criticism=criticisms[number]["criticism"] if number in criticisms else "",
            tested=tuple(_tested(report) for report in _latest(it for it in patched if it["step"] == number)),
            calls=_asked(calls, number),
        )
        for number in numbers
    )
    before = next((_tested(report) for report in reports if report["step"] == 0), None)
    result = read_column(row["result"]) if row["result"] else None
    finished = overview["status"] == "done" and result is not None and result["exhausted"] is None
    return RunStory(
        overview=overview,
        before=before,
        drafting=_asked(calls, 0),
        steps=steps,
        ending=_ending(overview["status"], read_column(row["ending"]) if row["ending"] else None, result),
        resumable=overview["status"] != "running" and not finished,
    )


def _latest(reports: Iterable[JournalRow]) -> list[JournalRow]:
    """Return the tested programs of a step; of an evolution, with its thousands, the last one, which is the
    best again.
    """
    found = list(reports)
    return found if len(found) <= _MANY else found[-_TOLD:]


def _tested(report: JournalRow) -> Tested:
    found = TestReport.from_json(read_column(report["report"]))
    figures = f": {found.measured.text()}" if found.measured else ""
    return Tested(
        note=report["note"],
        diff="" if report["base_source"] is None else make_diff(report["base_source"], report["source"]),
        verdict=Verdict(report["verdict"]),
        score=f"{report['passed']} of {report['total']} {report['tests']} tests passed{figures}",
        source=report["source"],
        report=found,
    )


def _asked(calls: Iterable[JournalRow], step: int) -> tuple[RecordedCall, ...]:
    made = (row for row in calls if row["step"] == step)
    return tuple(RecordedCall(**{name: row[name] for name in RecordedCall.__slots__}) for row in made)


def _ending(status: str, ending: dict[str, str] | None, result: JournalRow | None) -> str:
    if result:
        return str(result["stopped"])
    if ending:
        return ending["message"]
    return "it is still going on" if status == "running" else "it ended without a word, as by kill -9 or a power cut"
