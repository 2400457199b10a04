"""The table of a scoring run, from its rows: what was completed before and after, at what cost, and how surely.

A mean is over problems, each with the same weight whatever the number of its attempts; an interval is for another draw
of problems. A program counts as right if it passes all tests; an attempt that failed or has no program is not right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from coderefine.judge.verdict import Verdict
from coderefine.scoring.estimates import UNCHANGED, Estimate, estimate, pass_at_k
from coderefine.scoring.outcome import ProgramOutcome
from coderefine.scoring.problem_score import ProblemScore, Row, in_the_end, problems
from coderefine.scoring.votes import Votes, votes_of

KS = (1, 2, 3, 5, 10, 20, 50, 100)


@dataclass(slots=True)
class _Totals:
    attempts: int = 0
    failed: int = 0
    missing: int = 0
    refined: bool = False
    has_plus: bool = False
    has_examples: bool = False
    knows_plausible: bool = True
    regressions: int = 0
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    spent: Counter[str] = field(default_factory=Counter)
    cost_usd: float = 0.0
    cost_known: bool = True
    seconds: float = 0.0
    verdict_seconds: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of some of the problems."""

    name: str
    problems: int
    before: Estimate
    after: Estimate
    pass_at: dict[int, Estimate]
    """As for the whole run, within the group."""
    base_pass_at: dict[int, Estimate]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        found: dict[str, Any] = {"name": self.name, "problems": self.problems}
        found |= {"before": self.before.to_json(), "after": self.after.to_json()}
        return found | {name: _by_k(getattr(self, name)) for name in ("pass_at", "base_pass_at")}


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a scoring run."""

    problems: int
    attempts: int
    failed: int
    """Attempts that ended because the judge or a model failed."""
    missing: int
    """Problems without a program."""
    refined: bool
    before: Estimate
    after: Estimate
    gain: Estimate
    """After minus before, problem by problem; exactly nothing where nothing was refined."""
    gap: Estimate | None
    """The share that passes all visible tests minus the share that passes all tests: how far solutions fit only the
    visible tests. None where programs that fail the set did not run the visible examples.
    """
    pass_at: dict[int, Estimate]
    """pass@k of the final programs, for each k up to the fewest attempts at a problem."""
    base_pass_at: dict[int, Estimate]
    """The same on the tests of the set without its extra ones; {} for a set that has none."""
    with_examples: Estimate | None
    """The share that passes the tests of the set and the examples of its statements.

    None where these are all in the set.
    """
    regressions: int
    """Attempts that were right before refinement and are not afterwards."""
    verdicts_before: dict[str, int]
    verdicts_after: dict[str, int]
    calls: int
    cached: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None
    """None where the price of a model is not known."""
    candidates: int
    votes: Votes | None
    """The votes of several answers to a question; None where solutions are programs."""
    seconds: float
    """The sum over all attempts, which run in parallel."""
    verdict_seconds: dict[str, float]
    """The same by the final verdict: for instance what time-outs cost."""
    difficulties: tuple[Group, ...]
    tags: tuple[Group, ...]
    kinds: tuple[Group, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        found: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        found |= {name: found[name].to_json() for name in ("before", "after", "gain")}
        found |= {name: [it.to_json() for it in found[name]] for name in ("difficulties", "tags", "kinds")}
        found |= {name: _by_k(found[name]) for name in ("pass_at", "base_pass_at")}
        found["verdict_seconds"] = {verdict: round(seconds, 3) for verdict, seconds in self.verdict_seconds.items()}
        for name in ("gap", "with_examples", "votes"):
            found[name] = found[name].to_json() if found[name] else None
        return found | {"seconds": round(self.seconds, 3)}


def _by_k(found: dict[int, Estimate]) -> dict[str, Any]:
    return {str(k): it.to_json() for k, it in found.items()}


def _knows_plausible(cases: str) -> bool:
    return "_" not in cases or ProgramOutcome.from_text(cases).knows_plausible


def summarise(rows: Iterable[Row]) -> Summary | None:
    """Return the summary of a run's rows, which are in the order of the set; None where there are none."""
    totals = _Totals()
    scores = list(problems(_counted(rows, totals)))
    if not scores:
        return None
    ks, has_plus = [k for k in KS if k <= min(score.attempts for score in scores)], totals.has_plus

    def groups(names: Any, order: Sequence[str] = ()) -> tuple[Group, ...]:
        found = _groups(scores, names, order)
        return tuple(_group(name, members, ks, has_plus=has_plus) for name, members in found)

    return Summary(
        problems=len(scores),
        attempts=totals.attempts,
        failed=totals.failed,
        missing=totals.missing,
        refined=totals.refined,
        before=estimate([score.before for score in scores]),
        after=estimate([score.after for score in scores]),
        gain=estimate([it.after - it.before for it in scores], least=-1.0) if totals.refined else UNCHANGED,
        gap=estimate([score.gap for score in scores]) if totals.knows_plausible else None,
        **_passes(scores, ks, has_plus=has_plus),
        with_examples=estimate([it.exemplary_after / it.attempts for it in scores]) if totals.has_examples else None,
        regressions=sum(score.regressions for score in scores),
        verdicts_before=_ordered(totals.before),
        verdicts_after=_ordered(totals.after),
        calls=totals.spent["calls"],
        cached=totals.spent["cached"],
        prompt_tokens=totals.spent["prompt_tokens"],
        completion_tokens=totals.spent["completion_tokens"],
        cost_usd=totals.cost_usd if totals.cost_known else None,
        candidates=totals.spent["candidates"],
        votes=votes_of([score.votes for score in scores], ks),
        seconds=totals.seconds,
        verdict_seconds={it.value: totals.verdict_seconds[it.value] for it in Verdict if totals.after[it.value]},
        difficulties=groups(lambda score: (score.difficulty,), ("easy", "medium", "hard")),
        tags=groups(lambda score: score.tags),
        kinds=groups(lambda score: (score.kind,)),
    )


def _pass_at(ks: Sequence[int], counts: Sequence[tuple[int, int]]) -> dict[int, Estimate]:
    return {k: estimate([pass_at_k(attempts, right, k) for attempts, right in counts]) for k in ks}


def _passes(scores: Sequence[ProblemScore], ks: Sequence[int], *, has_plus: bool) -> dict[str, dict[int, Estimate]]:
    base = _pass_at(ks, [(it.attempts, it.base_after) for it in scores]) if has_plus else {}
    return {"pass_at": _pass_at(ks, [(it.attempts, it.right_after) for it in scores]), "base_pass_at": base}


def _group(name: str, scores: Sequence[ProblemScore], ks: Sequence[int], *, has_plus: bool) -> Group:
    before, after = estimate([it.before for it in scores]), estimate([it.after for it in scores])
    return Group(name, len(scores), before, after, **_passes(scores, ks, has_plus=has_plus))


def _counted(rows: Iterable[Row], totals: _Totals) -> Iterator[Row]:
    for row in rows:
        totals.attempts += row["status"] != "missing"
        totals.failed += row["status"] == "failed"
        totals.missing += row["status"] == "missing"
        totals.refined |= row["verdict_after"] is not None
        cases = row["cases_before"] or ""
        totals.has_plus |= "+" in cases
        totals.has_examples |= cases != cases.upper()
        totals.knows_plausible &= _knows_plausible(row["cases_after"] or cases)
        if row["status"] != "missing":
            totals.before[row["verdict_before"] or Verdict.JE.value] += 1
            totals.after[in_the_end(row)[0]] += 1
            totals.verdict_seconds[in_the_end(row)[0]] += row["seconds"]
        totals.spent.update({name: row[name] for name in ("calls", "cached", "prompt_tokens", "completion_tokens")})
        totals.spent["candidates"] += row["candidates"]
        totals.cost_known &= row["cost_usd"] is not None
        totals.cost_usd += row["cost_usd"] or 0.0
        totals.seconds += row["seconds"]
        yield row


def _ordered(counts: Counter[str]) -> dict[str, int]:
    return {verdict.value: counts[verdict] for verdict in Verdict if counts[verdict]}


def _groups(
    scores: Sequence[ProblemScore], names: Any, order: Sequence[str] = ()
) -> Iterator[tuple[str, list[ProblemScore]]]:
    members: dict[str, list[ProblemScore]] = {}
    for score in scores:
        for name in filter(None, names(score)):
            members.setdefault(name, []).append(score)
    known = {name: place for place, name in enumerate(order)}
    yield from sorted(members.items(), key=lambda item: (known.get(item[0], len(known)), item[0]))
