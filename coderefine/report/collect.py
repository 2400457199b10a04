"""Collects what a page shows of a run, from the store: JSON-ready data, a head and then the details problem by problem.

The figures are those of `coderefine score`'s table. All text of programs, models and problems is inert: control
characters are escaped, as in a terminal. Details are made one at a time, so that memory holds those of one problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from coderefine.errors import UsageError
from coderefine.harden.hardening import Hardening
from coderefine.judge.report import CaseResult
from coderefine.judge.verdict import Verdict
from coderefine.patch import make_diff
from coderefine.problem.problem import Problem
from coderefine.record.store import Store, read_column
from coderefine.rendering import cut, got_text, literal, printable
from coderefine.report.curve import MEASURES, curve
from coderefine.report.measured import measured
from coderefine.runs import listing, story
from coderefine.scoring import rows
from coderefine.scoring.problem_score import Row, in_the_end, problems
from coderefine.scoring.summary import summarise

_MOST_CHARS = 20_000
"""The most characters of a statement, a criticism or a program that are shown."""
_MESSAGE_CHARS = 600
_OVERVIEW = ("id", "status", "began_at", "version", "backend")
_PROGRAMS = ("source", "refined")


@dataclass(frozen=True, slots=True)
class Report:
    """The data of a page."""

    head: dict[str, Any]
    """The run, its figures and a line for each problem."""
    details: Iterator[dict[str, Any]]
    """The details of each problem, in the same order; read from the store as they are consumed."""


def collect(store: Store, run: str) -> Report:
    """Return the data of a run; raises UsageError for a scoring run in which nothing is scored yet."""
    overview = listing.overview(store, run)
    if overview["kind"] == "tune":
        raise UsageError(f"a run that tunes a prompt has no page; look at it by: coderefine runs show {run}")
    head = {name: overview[name] for name in _OVERVIEW}
    head |= {"slug": _shown(overview["slug"]), "models": _inert(overview["options"]["models"])}
    head |= {"words": {verdict.value: verdict.words for verdict in Verdict}}
    return _scored(store, run, head) if overview["kind"] == rows.KIND else _refined(store, run, head, overview)


def _scored(store: Store, run: str, head: dict[str, Any]) -> Report:
    attempts = [{name: row[name] for name in row if name not in _PROGRAMS} for row in rows.every(store, run)]
    summary = summarise(attempts)
    if summary is None:
        raise UsageError(f"nothing is scored yet in {run}; go on with it by: coderefine score --resume {run}")
    head |= {"summary": _inert(summary.to_json())}
    head |= {"curves": {measure: curve(attempts, measure) for measure in MEASURES}}
    head |= {"problems": list(_lines(attempts))}
    slugs = [score.slug for score in problems(attempts)]
    return Report(head, (_details(store, rows.of_problem(store, run, slug)) for slug in slugs))


def _lines(attempts: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Yield a line of the table for each problem."""
    for _, group in groupby(attempts, lambda row: row["slug"]):
        found = list(group)
        (score,) = problems(found)
        line = {name: _inert(getattr(score, name)) for name in score.__slots__}
        if any(row["cost_usd"] is None for row in found):
            line["cost_usd"] = None
        yield line | {
            "verdicts": [found[0]["verdict_before"], in_the_end(found[0])[0]] if len(found) == 1 else None,
            "plausible_before": sum(bool(row["plausible_before"]) for row in found),
            "failed": sum(row["status"] == "failed" for row in found),
            "missing": sum(row["status"] == "missing" for row in found),
        }


def _details(store: Store, attempts: Iterable[Row]) -> dict[str, Any]:
    problem: Problem | None = None
    told = []
    for row in attempts:
        kept = ("sample", "status", "calls", "cached", "prompt_tokens", "completion_tokens", "cost_usd", "candidates")
        found = {name: row[name] for name in (*kept, "seconds", "cases_before", "cases_after")}
        found |= {"verdicts": [row["verdict_before"], in_the_end(row)[0]]}
        found |= {"error": _shown(row["error"]), "source": _shown(row["source"] or "")}
        if row["refined"] is not None:
            found["diff"] = _shown(make_diff(row["source"] or "", row["refined"]))
        if row["refinement"]:
            problem = problem or listing.problem_of(store, row["refinement"])
            found["story"] = _story(store, row["refinement"], problem)
        told.append(found)
    return {**_about(problem), "attempts": told}


def _refined(store: Store, run: str, head: dict[str, Any], overview: Row) -> Report:
    problem = listing.problem_of(store, run)
    (row,) = store.rows("SELECT source, result FROM runs WHERE id = ?", run)
    result = read_column(row["result"]) if row["result"] else {}
    told = _story(store, run, problem)
    spent = rows.calls(store, run)
    found = {
        **{name: result.get(name) for name in ("candidates", "seconds")},
        **{name: spent[name] for name in ("calls", "prompt_tokens", "completion_tokens", "cost_usd")},
        "cached": overview["cached"],
        "verdicts": [overview["verdict_before"], overview["verdict"]],
        "source": told["start"]["source"] if told["start"] else _shown(row["source"] or ""),
        "diff": _shown(result["diff"]) if "diff" in result else None,
        "story": told,
    }
    if figures := measured(store, run, problem):
        head["measured"] = _inert(figures)
    head |= {"verdicts": found["verdicts"], "scores": [_score(result.get(name)) for name in ("before", "after")]}
    return Report(head, iter([{**_about(problem), "attempts": [found]}]))


def _score(report: dict[str, Any] | None) -> str:
    return f"{report['passed']} of {report['total']} visible tests passed" if report else ""


def _about(problem: Problem | None) -> dict[str, Any]:
    return {"title": _shown(problem.title), "statement": _shown(problem.statement)} if problem else {}


def _story(store: Store, run: str, problem: Problem) -> dict[str, Any]:
    told = story.tell(store, run)
    (row,) = store.rows("SELECT result FROM runs WHERE id = ?", run)
    tried = (read_column(row["result"]) if row["result"] else {}).get("hardening")
    return {
        "run": run,
        "ending": _shown(told.ending),
        "hardening": _shown(Hardening.from_json(tried).summary(problem)) if tried else "",
        "drafting": [_inert(asdict(call)) for call in told.drafting],
        "start": _tested(problem, told.before) | {"source": _shown(told.before.source)} if told.before else None,
        "steps": [
            {
                "number": step.number,
                "engine": _shown(step.engine),
                "criticism": _shown(step.criticism),
                "calls": [_inert(asdict(call)) for call in step.calls],
                "tested": [_tested(problem, it) for it in sorted(step.tested, key=_best_first)],
            }
            for step in told.steps
        ],
    }


def _best_first(tested: story.Tested) -> tuple[float, ...]:
    return tuple(-part for part in tested.report.standing)


def _tested(problem: Problem, tested: story.Tested) -> dict[str, Any]:
    return {
        "note": _shown(tested.note),
        "diff": _shown(tested.diff),
        "verdict": tested.verdict.value,
        "score": tested.score,
        "cases": [_case(problem, case) for case in tested.report.cases],
    }


def _case(problem: Problem, case: CaseResult) -> dict[str, str]:
    """Return a case, and for a failure what went wrong."""
    found = {"name": _shown(case.name), "verdict": case.verdict.value}
    if case.verdict is Verdict.AC:
        return found
    found["call"] = _shown(problem.kind.case_text(problem, case))
    if case.answered:
        found |= {"got": got_text(case), "expected": cut(literal(case.expected))}
    found |= {"error": _shown(cut(str(case.error), _MESSAGE_CHARS)) if case.error else ""}
    found |= {"reason": _shown(cut(case.reason, _MESSAGE_CHARS))}
    return {name: value for name, value in found.items() if value}


def _inert(value: Any) -> Any:
    """Return JSON-ready data whose texts are harmless when shown."""
    if isinstance(value, str):
        return _shown(value)
    if isinstance(value, dict):
        return {_inert(name): _inert(item) for name, item in value.items()}
    return [_inert(item) for item in value] if isinstance(value, list | tuple) else value


def _shown(text: str) -> str:
    text = cut(text, _MOST_CHARS)
    if text.replace("\n", "").replace("\t", "").isprintable():  # nearly all are, and to look at each character is slow
        return text
    return printable(text, keep="\n\t")
