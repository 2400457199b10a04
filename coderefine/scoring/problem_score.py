"""The score of one problem, from the rows of its attempts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from coderefine.judge.verdict import Verdict
from coderefine.scoring.outcome import ProgramOutcome
from coderefine.scoring.votes import Vote

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ProblemScore:
    """One problem, with the number of its right attempts."""

    slug: str
    difficulty: str
    tags: tuple[str, ...]
    kind: str
    attempts: int
    right_before: int
    right_after: int
    """Equal to `right_before` where nothing was refined."""
    plausible_after: int
    overfit_after: int
    """Attempts that pass all visible tests, and fail others."""
    base_after: int
    """Attempts that are right on the tests of the set without its extra ones."""
    exemplary_after: int
    """Attempts that are right, and also pass the examples of the statement."""
    regressions: int
    calls: int
    cost_usd: float
    seconds: float
    votes: tuple[Vote, ...] = ()
    """The final answers, and whether each is right."""

    @property
    def before(self) -> float:
        """The share of its attempts that were right before refinement."""
        return self.right_before / self.attempts

    @property
    def after(self) -> float:
        """The share of its attempts that are right after refinement."""
        return self.right_after / self.attempts

    @property
    def gap(self) -> float:
        """The share of its attempts that pass all visible tests, but not all hidden ones."""
        return self.overfit_after / self.attempts


def problems(rows: Iterable[Row]) -> Iterator[ProblemScore]:
    """Yield the problems of a run's rows, which are in the order of the set."""
    for slug, group in groupby(rows, lambda row: str(row["slug"])):
        yield _problem(slug, list(group))


def _problem(slug: str, rows: Sequence[Row]) -> ProblemScore:
    first, after = rows[0], [in_the_end(row) for row in rows]
    return ProblemScore(
        slug=slug,
        difficulty=first["difficulty"],
        tags=tuple(first["tags"]),
        kind=first["kind"],
        attempts=len(rows),
        right_before=sum(bool(row["right_before"]) for row in rows),
        right_after=sum(right for _, _, right in after),
        plausible_after=sum(plausible for _, plausible, _ in after),
        overfit_after=sum(plausible and not right for _, plausible, right in after),
        base_after=sum(map(_base_right, rows)),
        exemplary_after=sum(plausible and right for _, plausible, right in after),
        regressions=sum(
            bool(row["right_before"]) and not right for row, (_, _, right) in zip(rows, after, strict=True)
        ),
        calls=sum(row["calls"] for row in rows),
        cost_usd=sum(row["cost_usd"] or 0.0 for row in rows),
        seconds=sum(row["seconds"] for row in rows),
        votes=tuple((row.get("answer"), right) for row, (_, _, right) in zip(rows, after, strict=True)),
    )


def in_the_end(row: Row) -> tuple[str, bool, bool]:
    """Return verdict, plausible and right of the final program: the first one where nothing was refined."""
    name = "after" if row["verdict_after"] else "before"
    verdict = row[f"verdict_{name}"] or ("" if row["status"] == "missing" else Verdict.JE.value)
    return verdict, bool(row[f"plausible_{name}"]), bool(row[f"right_{name}"])


def _base_right(row: Row) -> bool:
    """Whether the final program is right on the tests of the set without its extra ones."""
    _, _, right = in_the_end(row)
    cases = row["cases_after" if row["verdict_after"] else "cases_before"] or ""
    return right or ("+" in cases and ProgramOutcome.from_text(cases).base_right)
