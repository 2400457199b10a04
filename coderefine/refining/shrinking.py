"""The shrinking: of a rewrite that passes, what no test needs goes, so that the user gets the smallest tested edit.

It stands beside the repair: whatever fails in it is one line, and the rewrite stands.
"""

from __future__ import annotations

from contextlib import suppress

from coderefine.autograd.variable import Variable
from coderefine.errors import BudgetExhausted
from coderefine.patch import Patch
from coderefine.refining.refinement import Refinement
from coderefine.result import Candidate
from coderefine.shrink.changes import edited_lines
from coderefine.shrink.engine import shrink_engine

_LEAST_LINES = 3
"""One line that became another one is two: there is nothing to leave out."""


def shrink(refinement: Refinement) -> None:
    """Reduce the best program to the smallest tested edit, where an engine that writes programs anew has led to it."""
    bench, best, original = refinement.bench, refinement.best, refinement.original
    is_program = not (refinement.answers_in_words or best.report.measured)
    asked_for = bench.options.shrink and refinement.pipeline.has("answer -> shrinking")
    wanted = is_program and asked_for and best.report.accepted and refinement.is_rewritten
    if not wanted or edited_lines(original.source, best.source) < _LEAST_LINES:
        return
    # Where a budget runs out, there is a result all the same; that it is small was not worth more.
    with bench.accidents.survive("shrinking the patch", "it stays as it is"), suppress(BudgetExhausted):
        _shrink(refinement)
    bench.meter.check_interrupted()


def _shrink(refinement: Refinement) -> None:
    bench, notebook, best, original = refinement.bench, refinement.notebook, refinement.best, refinement.original
    bench.meter.check_candidate()
    bench.progress.doing("shrinking the patch")
    engine = shrink_engine(bench.problem, bench.judge, bench.meter, before=original.source, failed=original.report)
    engine = bench.journal.search(engine, bench.meter)
    code = Variable(best.source, role=f"solution to {bench.problem.title}", requires_grad=True)
    criticism = engine.loss(code, best.report)
    criticism.backward()
    optimizer = engine.optimizer(code)
    for patch in optimizer.step():
        if smaller := _tested(refinement, patch):
            refinement.best = smaller
            notebook.add_step(engine, criticism.value, best.source, [smaller], optimizer.step_report)
            return


def _tested(refinement: Refinement, patch: Patch) -> Candidate | None:
    """Return what a patch leads to, if that passes what the best passes."""
    smaller = refinement.bench.test(patch.after, patch)
    return smaller if smaller.report.accepted and smaller.report.passing >= refinement.best.report.passing else None
