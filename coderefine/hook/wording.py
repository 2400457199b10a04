"""What the hook tells of a plan and of its outcome, in lines for the user."""

from __future__ import annotations

from collections.abc import Sequence

from coderefine.hook.commit import ASIDE, NOTICE, Note
from coderefine.hook.plan import Plan
from coderefine.hook.project import CheckOutcome
from coderefine.rendering import count

_MANY = 5


def notes_on(plan: Plan) -> list[Note]:
    """Return the notes on a plan before anything is run."""
    notes = [(note, NOTICE) for note in plan.snapshot.notes]
    if plan.unknown:
        notes.append((f"not in the next commit: {some(plan.unknown)}", NOTICE))
    if plan.generated and plan.tests:
        notes.append((f"taken from the working tree, as they are generated: {some(plan.generated)}", ASIDE))
    if plan.untested:
        notes.append((f"no tests for {some(plan.untested)}", ASIDE))
    if plan.left_out:
        told = "unaffected, as they ran nothing of what changed when they last passed"
        notes.append((f"{told}: {some(plan.left_out)}", ASIDE))
    if plan.settings.allow and plan.tests:
        notes.append((f"allowed to tests: {', '.join(plan.settings.allow)}", NOTICE))
    return notes


def some(names: Sequence[str]) -> str:
    """Return the first few names as text, and how many more there are."""
    more = f" and {len(names) - _MANY} more" if len(names) > _MANY else ""
    return f"{', '.join(names[:_MANY])}{more}"


def summary(outcome: CheckOutcome, seconds: float, where: str) -> str:
    """Return a line such as `3 tests passed, 1 failed in 0.9 s (docker: ...)`."""
    parts = [f"{count(len(outcome.passed), 'test')} passed"]
    if outcome.is_empty:
        parts[0] = f"nothing ran: {why_empty(outcome)}"
    if outcome.is_red:
        parts.append(f"{len(outcome.failed) + len(outcome.unreadable)} failed")
    if outcome.spared:
        parts.append(f"{outcome.spared} unaffected")
    if outcome.skipped:
        parts.append(f"{len(outcome.skipped)} skipped")
    if outcome.failed_before:
        parts.append(f"{len(outcome.failed_before)} failing without your change, too")
    if outcome.denied:
        parts.append(f"{len(outcome.denied)} not counted")
    if outcome.is_late:
        parts.append(f"{len(outcome.unfinished) + len(outcome.late)} not finished")
    return f"{', '.join(parts)} in {seconds:.1f} s ({where})"


def why_empty(outcome: CheckOutcome) -> str:
    """Return why no test was run to its end."""
    if outcome.denied:
        return "all tests need what the sandbox denies"
    if outcome.skipped:
        return "all tests are skipped"
    if outcome.failed_before:
        return "all tests fail without your change, too"
    if outcome.left or outcome.late:
        return "there was no time"
    return "pytest finds no test in the files that were chosen, by the settings of the project"
