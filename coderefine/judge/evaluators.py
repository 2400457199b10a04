"""The sandboxes of evaluators: the testers' sandboxes, or their own where one needs packages or a program.

Packages and programs that a problem names are only given where the user allows it, and only to sandboxes in which no
candidate ever runs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from coderefine.errors import UsageError
from coderefine.judge.pool import Pool
from coderefine.judge.worker import Worker
from coderefine.problem.evaluation import ALLOW, Evaluation

OpenEvaluator = Callable[[tuple[str, ...], str, int], Worker]
"""Starts a sandbox with these packages, perhaps a program to start, and so many MiB of memory."""


class Evaluators:
    """The pools, made when an evaluator first needs one."""

    def __init__(self, plain: Pool, open_evaluator: OpenEvaluator | None, size: int) -> None:
        """`plain` is for evaluators that need nothing; `open_evaluator` is None where the user allows nothing more."""
        self._plain, self._open, self._size = plain, open_evaluator, size
        self._pools: dict[tuple[tuple[str, ...], str], Pool] = {}
        self._making = threading.Lock()

    def pool(self, evaluation: Evaluation, where: object) -> Pool:
        """Return the sandboxes for a problem's evaluator; raises UsageError where it needs what the user does not
        allow.
        """
        packages, program = evaluation.packages, evaluation.program
        if not packages:
            return self._plain
        opener = self._open
        if opener is None:
            raise UsageError(
                f"{where}: its evaluator needs {evaluation.needs}, in its own sandbox; "
                f"look at evaluator.py and problem.toml there, and if you trust them add --allow {ALLOW}"
            )
        with self._making:
            if (packages, program) not in self._pools:
                made = Pool(lambda memory_mib: opener(packages, program, memory_mib), self._size)
                self._pools[packages, program] = made
            return self._pools[packages, program]

    def close(self) -> None:
        """End all sandboxes that were made here."""
        for pool in self._pools.values():
            pool.close()
