"""The hardening stage: choose among the programs that passed, and repair the chosen one where generated inputs break
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from coderefine.engine import Engine
from coderefine.errors import CoderefineError
from coderefine.harden.hardening import Hardening
from coderefine.harden.hardening import harden as compare
from coderefine.harden.oversights import only_adds
from coderefine.refining.refinement import Refinement
from coderefine.refining.repair import climb_safely


def harden(refinement: Refinement) -> None:
    """Choose among the programs that passed, and have the engines repair the failures of the chosen one.

    Failures that edits can repair at no cost, without another algorithm, come first.
    """
    wanted = refinement.bench.options.harden and refinement.pipeline.has("answer -> hardening")
    if refinement.answers_in_words or not (wanted and refinement.best.report.accepted):
        return
    sources = list(refinement.plausible)
    refinement.hardening = _compared(refinement, sources, independent=True)
    refinement.best = refinement.plausible[sources[refinement.hardening.chosen]]
    for other_algorithms in (False, True):
        harder = refinement.hardening.tests(refinement.bench.problem, large=other_algorithms)
        if harder != refinement.bench.problem:
            mending = refinement.on(harder, briefly=bool(refinement.hardening.oversights))
            engines = [engine for engine in mending.engines if engine.can_change_algorithm == other_algorithms]
            if engines:
                _repair_generated_failures(refinement, mending, engines)


def _compared(refinement: Refinement, sources: Sequence[str], *, independent: bool) -> Hardening:
    """Compare passing programs on generated inputs; an empty outcome where that fails."""
    bench = refinement.bench
    bench.progress.doing("comparing what passes on further inputs")

    def run() -> Hardening:
        with bench.accidents.survive("hardening", "the result stands as it is", but=CoderefineError):
            before = refinement.original.source
            return compare(bench.problem, bench.judge, bench.meter, before, sources, independent=independent)
        return Hardening()

    return bench.journal.check(sources, run, bench.meter)


def _repair_generated_failures(refinement: Refinement, mending: Refinement, engines: Iterable[Engine]) -> None:
    """Have each engine try once to pass the problem of `mending`, which has further tests.

    The result is taken if it fails on no generated input that the best answers. An engine that tries edits does not
    know what is right, so it may not change any answer either: it would find an edit that silences a crash. What mends
    an oversight only adds lines: the answers that were compared may be too small to show what another edit breaks.
    """
    refinement.bench.meter.check_candidate()
    mending.start(refinement.best.source)
    tried = mending.best
    for engine in engines:
        climb_safely(mending, engine, 1)
        if mending.best is tried:
            continue
        tried = mending.best
        again = _compared(refinement, [tried.source, refinement.best.source], independent=False)
        if (
            refinement.hardening
            and refinement.hardening.oversights
            and not only_adds(refinement.best.source, tried.source)
        ):
            continue
        if again.first_replaces_second(alike=not engine.can_change_algorithm):
            cases = tried.report.cases[: len(refinement.bench.problem.visible)]
            mended = replace(tried, report=replace(tried.report, cases=cases))
            if mended.report.accepted:  # the best may have been tested again with another outcome
                refinement.best, refinement.hardening = mended, again
    if mending.failures:
        raise mending.failures[0]  # it ends the hardening early, which the user has to know
