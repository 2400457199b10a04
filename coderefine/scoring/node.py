"""The work of a cluster's node in a scoring run: it judges programs, and repairs them by search, in its own sandbox.

It is sent only a problem, a program and an `Order`, and answers with verdicts, or with the reason why there are none.
For a refinement it is sent the problem without its hidden tests, and the options, and answers with the run's record.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import coderefine
from coderefine.errors import CoderefineError
from coderefine.judge.answers import Answer
from coderefine.judge.answers import answers as asked
from coderefine.judge.judge import Judge
from coderefine.judge.opening import open_judge
from coderefine.problem.problem import Problem
from coderefine.scoring.outcome import ProgramOutcome
from coderefine.scoring.place import Rules, judged

if TYPE_CHECKING:
    from coderefine.record.journal import JournalRow
    from coderefine.runs.tasks import RecordedRun


@dataclass(frozen=True, slots=True)
class Order:
    """How a node has to judge."""

    sandbox: str
    image: str | None
    packages: tuple[str, ...] = ()
    """What candidates may import; each node installs it."""
    allow: tuple[str, ...] = ()
    """What the tests of pytest may do."""
    version: str = coderefine.__version__
    """The version on the asking side; another version here might judge otherwise."""


def sandbox(order: Order) -> tuple[str, str] | str:
    """Return the sandbox of this node and a remark on it, or the reason why there is none."""
    try:
        judge = _judge(order)
    except CoderefineError as error:
        return str(error)
    return judge.backend, judge.note


def judge(order: Order, problem: Problem, source: str, rules: Rules) -> ProgramOutcome | str:
    """Return the outcome of a program, or the reason why there is none."""
    try:
        return judged(_judge(order), problem, source, rules)
    except CoderefineError as error:  # as text, since not every exception can be sent
        return str(error)


def answers(order: Order, problem: Problem, source: str) -> list[Answer] | str:
    """Return the answers of a program on the visible tests, or the reason why there are none."""
    try:
        return asked(_judge(order), problem, source)
    except CoderefineError as error:
        return str(error)


def search(order: Order, task: RecordedRun) -> list[tuple[str, JournalRow]] | str:
    """Return the rows of a refinement that needs no model, or the reason why there are none."""
    from coderefine.runs.tasks import carried  # imports the engines, which judging does not need

    try:
        return carried(task, _judge(order))
    except CoderefineError as error:
        return str(error)


@cache  # the process serves one run, one program at a time, and keeps its sandbox warm
def _judge(order: Order) -> Judge:
    if order.version != coderefine.__version__:
        where, version = platform.node(), coderefine.__version__
        raise CoderefineError(f"node {where} has coderefine {version}, not {order.version}; install the same on all")
    return open_judge(order.sandbox, image_name=order.image, packages=order.packages, allow=order.allow, workers=1)
