"""The lesson of a search that found no repair: a criticism for the next engine.

It describes the program, its visible tests and what was tried. Text that a candidate wrote is fenced and cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coderefine.judge.report import TestReport
from coderefine.patch import make_diff
from coderefine.prompting import fenced
from coderefine.rendering import cut, printable
from coderefine.search.localize import UNKNOWN, suspiciousness

if TYPE_CHECKING:
    from coderefine.search.explore import Found
    from coderefine.search.state import State
    from coderefine.search.trials import Trials

_LINES, _LINE_CHARS = 3, 100
_KINDS = 8
_DIFF_CHARS = 1200


def lesson(found: Found, trials: Trials) -> str:
    """Return the lesson of a search that found nothing plausible; "" where nothing could be tried."""
    if not found.tried:
        return ""
    before = trials.judge(found.root.source)
    if found.best:
        return _kept(found.root, before, found.best, trials)
    count = found.tried.total()
    parts = [f"{count} edits of this program were tried by template, alone or together; no result passes all tests."]
    kinds = ", ".join(f"{kind} {times}" for kind, times in found.tried.most_common(_KINDS))
    more = len(found.tried) - _KINDS
    parts.append(f"By kind: {kinds}{f', and {more} more kinds' if more > 0 else ''}.")
    parts += _suspects(found.root, trials)
    if found.nearest:
        parts.append(_nearest(found.root, before, found.nearest, trials))
    return "\n\n".join(parts)


def _suspects(root: State, trials: Trials) -> list[str]:
    """Return the lines that are more suspicious than others."""
    lines = root.source.split("\n")
    weights = suspiciousness(trials.traced(root), root.source, trials.plan.tests.suite.suspects)
    high = {line: weight for line, weight in weights.items() if weight > UNKNOWN}
    if len(set(high.values())) == 1 and len(high) > _LINES:
        return []
    ranked = sorted(high, key=lambda line: (-high[line], line))[:_LINES]
    rows = [f"{line} | {cut(printable(lines[line - 1].strip()), _LINE_CHARS)}" for line in ranked]
    return ["Most suspicious lines:\n" + fenced("\n".join(rows))] if rows else []


def _kept(root: State, before: TestReport, best: State, trials: Trials) -> str:
    passed = f"{trials.judge(best.source).passed} of {before.total} tests, and before {before.passed}"
    return f"An edit by template was kept, since with it the program passes {passed}:\n{_diff(root, best)}"


def _nearest(root: State, before: TestReport, nearest: State, trials: Trials) -> str:
    after = trials.judge(nearest.source)
    lost = len(before.passing - after.passing)
    gain = f"passes {after.passed} of {after.total} tests, and this program {before.passed}"
    gain += f", but fails {lost} that this passes" if lost else ""
    gain += "; its wrong answers are nearer to the right ones" if after.passed <= before.passed else ""
    return f"The edit that came nearest, which was not kept, {gain}:\n{_diff(root, nearest)}"


def _diff(before: State, after: State) -> str:
    diff = make_diff(before.source, after.source)
    return fenced(diff, "diff") if len(diff) <= _DIFF_CHARS else "(too long to be shown)"
