"""The memory of an optimizer: its earlier edits, the criticisms behind them, and their results.

TextGrad's momentum (arXiv 2406.07496) shows earlier values; here these are diffs, with their results.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from coderefine.autograd.variable import Gradient
from coderefine.judge.report import TestReport
from coderefine.judge.verdict import Verdict
from coderefine.models.model import estimate_tokens
from coderefine.patch import Patch
from coderefine.prompting import fenced, render

ABANDONED = "It was taken back"


@dataclass(frozen=True, slots=True)
class EarlierEdit:
    """The edit of an earlier step."""

    patch: Patch
    criticisms: tuple[str, ...]
    """The criticisms that it was to answer."""
    result: str
    """Its test results, in words."""


class Memory:
    """The last `window` edits of one program; with 0 it remembers nothing."""

    def __init__(self, window: int = 0) -> None:
        self.edits: deque[EarlierEdit] = deque(maxlen=max(0, window))
        self._open: tuple[Sequence[Patch], tuple[str, ...]] | None = None

    def propose(self, patches: Sequence[Patch], gradients: Sequence[Gradient]) -> None:
        """Note the patches of a step; their results become known at the next step."""
        self._open = (patches, tuple(gradient.text for gradient in gradients)) if patches else None

    def learn(self, source: str, reports: Sequence[TestReport]) -> None:
        """Note the results of the last step: the program is now `source`, and `reports` are its results."""
        if self._open is None:
            return
        patches, criticisms = self._open
        followed = next((patch for patch in patches if patch.after == source), None)
        result = "Its results are not known" if not reports else ". ".join(map(_result, reports))
        self.edits.append(EarlierEdit(followed or patches[0], criticisms, result if followed else ABANDONED))
        self._open = None

    def text(self, max_tokens: int) -> str:
        """Return the section of a prompt that shows the latest edits that fit, oldest first; "" for none."""
        shown: list[str] = []
        for number, edit in reversed(list(enumerate(self.edits, 1))):
            criticisms = "\n".join(map(fenced, edit.criticisms))
            block = f"Edit {number}. {edit.result}.\n{fenced(edit.patch.diff, 'diff')}\nIt was to answer:\n{criticisms}"
            if sum(map(estimate_tokens, [*shown, block])) > max_tokens:
                break
            shown.insert(0, block)
        return render("history", edits="\n\n".join(shown)) if shown else ""


def _result(report: TestReport) -> str:
    if report.verdict is Verdict.CE:
        return "It did not compile"
    if report.measured and report.measured.values:
        return f"Then it measured {report.measured.text()}"
    return f"Then {report.passed} of {report.total} tests passed" + (
        "" if report.accepted else f", the worst being: {report.verdict.words}"
    )
