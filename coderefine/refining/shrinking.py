"""The shrinking stage: removes from a rewrite that passes everything that no test needs, to the smallest tested edit.

A failure here costs a line of warning, and the rewrite stays.
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
"""A change of one line into another one has two: nothing can be left out."""


def shrink(refinement: Refinement) -> None:
    """Reduce the best program to the smallest tested edit, where an engine that rewrites programs contributed to it."""
    bench, best, original = refinement.bench, refinement.best, refinement.original
    is_program = not (refinement.answers_in_words or best.report.measured)
    asked_for = bench.options.shrink and refinement.pipeline.has("answer -> shrinking")
    wanted = is_program and asked_for and best.report.accepted and refinement.is_rewritten
    if not wanted or edited_lines(original.source, best.source) < _LEAST_LINES:
        return
    # Where a budget runs out, there is a result all the same, which was not worth more to make small.
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
    """Return the result of a patch, if it passes all that the best passes; else None."""
    smaller = refinement.bench.test(patch.after, patch)
    return smaller if smaller.report.accepted and smaller.report.passing >= refinement.best.report.passing else None
