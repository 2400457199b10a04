"""The vote: a question has no tests that show a right answer, so several answers are improved, and the majority
decides.

Each answer is criticised and rewritten for some steps (TextGrad, arXiv 2406.07496, section 3.2). All versions vote, as
in self-consistency (arXiv 2203.11171).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from coderefine.autograd.variable import Variable
from coderefine.descent.kind import PromptedKind
from coderefine.engine import Engine
from coderefine.refining.engines import open_engines
from coderefine.refining.refinement import Refinement
from coderefine.refining.repair import EngineFailed, ask, criticise
from coderefine.refining.workbench import Workbench
from coderefine.result import Candidate

MAX_STEPS = 3


def vote(refinement: Refinement) -> None:
    """Improve the answer with each engine, and choose the answer of the majority; whatever ends this, the vote is
    taken.
    """
    if not refinement.answers_in_words:
        return
    written = [refinement.best]
    try:
        for engine in refinement.engines:
            _chain(refinement, engine, written, refinement.best)
        for sample in range(1, refinement.bench.options.samples):
            for engine in open_engines(refinement.sources, sampling(refinement.bench, sample)):
                _chain(refinement, engine, written, None)
    finally:
        refinement.best = elected(refinement, written)


def sampling(bench: Workbench, sample: int) -> Workbench:
    """Return a workbench whose engines write the `sample`-th draft."""
    engine = replace(bench.options.engine, sample=sample)
    return replace(bench, options=replace(bench.options, engine=engine))


def _chain(refinement: Refinement, engine: Engine, written: list[Candidate], start: Candidate | None) -> None:
    """Improve an answer, or a further draft; an engine that fails ends only its own chain."""
    bench = refinement.bench
    try:
        if start is None and engine.draft:
            start = bench.test(ask(bench.meter, engine.draft))
            written.append(start)
        if start is not None:
            _improve(refinement, engine, written, start)
    except EngineFailed as failed:
        refinement.engine_failed(engine, failed.error)


def _improve(refinement: Refinement, engine: Engine, written: list[Candidate], current: Candidate) -> None:
    """Criticise and rewrite an answer; its versions are tested and put into `written`."""
    bench, notebook = refinement.bench, refinement.notebook
    answer = Variable(current.source, role=f"answer to {bench.problem.title}", requires_grad=True)
    optimizer = ask(bench.meter, engine.optimizer, answer)
    for _ in range(min(MAX_STEPS, bench.options.max_iterations)):
        notebook.begin_step(engine)
        criticism = criticise(refinement, engine, answer, current.report)
        patches = list(ask(bench.meter, optimizer.step))
        tested: list[Candidate] = []
        for patch in patches:
            tested.append(bench.test(patch.after, patch))
        written += tested
        notebook.add_step(engine, criticism, current.source, tested, optimizer.step_report)
        if not tested:
            break
        current = tested[0]
        answer.value = current.source
        answer.zero_grad()


def elected(refinement: Refinement, written: Sequence[Candidate]) -> Candidate:
    """Return the latest of the texts with the most frequent answer; of equally frequent answers, the one that came
    first.

    Without a vote in the pipeline, return the latest text with an answer. Where none has one, return the first text.
    """
    problem = refinement.bench.problem
    kind = PromptedKind.of(problem)
    answers = [(it, kind.final_answer(problem, it.source)) for it in written]
    answered = [(it, answer) for it, answer in answers if answer is not None]
    if not answered:
        return written[0]
    if not refinement.pipeline.has("answers -> vote"):
        return answered[-1][0]
    ((most, _),) = Counter(answer for _, answer in answered).most_common(1)  # keeps the order of first occurrence
    return next(it for it, answer in reversed(answered) if answer == most)
