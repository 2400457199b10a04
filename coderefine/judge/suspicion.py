"""Which lines of a program may hold the bug, by which of them failing and passing cases ran."""

from __future__ import annotations

import math
from collections import Counter

from coderefine.judge.report import TestReport
from coderefine.judge.verdict import Verdict


def ochiai(report: TestReport) -> dict[int, float]:
    """Return each line that ran in a failing case with its score in (0, 1], most suspicious first, then by number.

    The score is Ochiai's coefficient (Abreu, Zoeteweij and van Gemund, PRDC 2006): the failing cases that ran the line,
    over the root of the product of all failing cases and all cases that ran it. Cases without coverage are left out.
    The result is empty where no failing or no passing case has coverage, because then nothing tells lines apart.
    """
    failing, passing = Counter[int](), Counter[int]()
    failures = passes = 0
    for case in report.cases:
        if case.coverage:
            accepted = case.verdict is Verdict.AC
            failures += not accepted
            passes += accepted
            (passing if accepted else failing).update(set(case.coverage))
    if not failures or not passes:
        return {}
    scores = {line: ran / math.sqrt(failures * (ran + passing[line])) for line, ran in failing.items()}
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))
