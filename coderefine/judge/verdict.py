"""The verdict of a case and of a whole run, in the vocabulary of programming contests."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """The judge's verdict; listed from best to worst, so that a later one outranks an earlier one."""

    AC = "AC"
    WA = "WA"
    TLE = "TLE"
    MLE = "MLE"
    OLE = "OLE"
    RE = "RE"
    CE = "CE"
    JE = "JE"

    @property
    def words(self) -> str:
        """The verdict in words."""
        return _WORDS[self]

    @property
    def rank(self) -> int:
        """0 for AC, growing with severity; JE, a failure of the judge itself, outranks everything."""
        return _RANKS[self]

    @staticmethod
    def worst(verdicts: Iterable[Verdict]) -> Verdict:
        """The verdict that stands for all of them; AC where there are none."""
        return max(verdicts, key=lambda verdict: verdict.rank, default=Verdict.AC)


_WORDS = {
    Verdict.AC: "accepted",
    Verdict.WA: "wrong answer",
    Verdict.TLE: "time limit exceeded",
    Verdict.MLE: "memory limit exceeded",
    Verdict.OLE: "output limit exceeded",
    Verdict.RE: "run-time error",
    Verdict.CE: "compile error",
    Verdict.JE: "judge error",
}
_RANKS = {verdict: rank for rank, verdict in enumerate(Verdict)}
