"""The state of a refinement under way.

`best` is only ever replaced by a program that passes every visible test that it passed itself. So whatever ends the
refinement, the best program so far is the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from coderefine.descent.kind import PromptedKind
from coderefine.engine import Engine, StepReport
from coderefine.errors import CoderefineError
from coderefine.harden.hardening import Hardening
from coderefine.patch import Patch
from coderefine.pipeline.graph import Pipeline
from coderefine.problem.problem import Problem
from coderefine.refining.engines import EngineSource, open_engines
from coderefine.refining.notebook import Notebook
from coderefine.refining.workbench import Workbench
from coderefine.result import Candidate

NO_IDEA = "no idea is left"


@dataclass(slots=True)
class Refinement:
    """The state that the stages work on; `start` is called first."""

    bench: Workbench
    notebook: Notebook
    sources: Sequence[EngineSource]
    """The sources that the engines are opened from."""
    engines: Sequence[Engine] = field(init=False)
    """The engines for the problem on the workbench, in their order."""
    original: Candidate = field(init=False)
    best: Candidate = field(init=False)
    plausible: dict[str, Candidate] = field(default_factory=dict)
    """The programs that passed all tests, in the order of the engine that found them."""
    hardening: Hardening | None = None
    """The behaviour of the best program on generated inputs; None where it is not known."""
    endings: dict[str, str] = field(default_factory=dict)
    """By the name of each engine that stopped, the reason in words."""
    failures: list[CoderefineError] = field(default_factory=list)
    """Deliberate errors that engines raised."""
    is_draft: bool = False
    """Whether an engine wrote the first program, so that the edit from it is of no interest."""
    passed_over: list[str] = field(default_factory=list)
    """A line for each engine that was skipped after an error, with the reason."""

    def __post_init__(self) -> None:
        self.engines = open_engines(self.sources, self.bench)

    @property
    def pipeline(self) -> Pipeline:
        """Which stages hand what to each other."""
        return self.bench.options.engine.pipeline

    @property
    def stopped(self) -> str:
        """Why no engine continues, in words."""
        if len(set(self.endings.values())) > 1:
            return "; ".join(ending_of(name, why) for name, why in self.endings.items())
        return next(iter(self.endings.values()), NO_IDEA)

    @property
    def answers_in_words(self) -> bool:
        """Whether solutions are texts with an answer, among which a vote decides; else they are programs."""
        return PromptedKind.of(self.bench.problem).answers_in_words

    @property
    def is_rewritten(self) -> bool:
        """Whether an engine that rewrites programs may have contributed to the best."""
        writers = {engine.name for engine in self.engines if engine.can_change_algorithm}
        steps = (step for step in self.notebook.iterations if step.engine in writers and step.tested)
        return not self.is_draft and self.best is not self.original and next(steps, None) is not None

    @property
    def gained(self) -> bool:
        """Whether there is a result that a failure must not lose."""
        return self.best is not self.original or self.original.report.accepted

    def start(self, source: str) -> None:
        """Test the first program."""
        self.bench.progress.doing("judging")
        self.original = self.best = self.bench.test(source)
        self._keep([self.best])

    def engine_failed(self, engine: Engine, error: CoderefineError) -> None:
        """Note that an engine raised a deliberate error, and is passed over."""
        self.failures.append(error)
        self.passed_over.append(ending_of(engine.name, str(error)))
        self.endings[engine.name] = str(error)

    def engine_ended(self, engine: Engine, report: StepReport) -> None:
        """Note why an engine has no idea left; a failure it overcame before is no reason."""
        self.endings.setdefault(engine.name, str(report.failure or report.ended or NO_IDEA))
        if report.failure:
            self.passed_over.append(ending_of(engine.name, str(report.failure)))

    def on(self, harder: Problem, *, briefly: bool = False) -> Refinement:
        """Return a refinement for the same problem with further tests, in the same books; it is not started.

        With `briefly`, a search takes a quarter of its usual time.
        """
        bench = self.bench.with_tests_of(harder)
        return Refinement(bench.in_brief() if briefly else bench, self.notebook.without_lessons(), self.sources)

    def test(self, patches: Iterable[Patch], tested: list[Candidate], *, independent: bool) -> None:
        """Test the patched programs and put them into `tested`, best first, and in the optimizer's order where equal.

        The first is tested even where its engine took all the time, because it would be lost. Of edits of one program,
        which are not `independent`, only the first that passes is kept: the others have no vote. The programs that were
        tested count, whatever ends the test of the rest.
        """
        self.bench.progress.doing("judging")
        try:
            for at, patch in enumerate(patches):
                if known := self.bench.measured.get(patch.after):  # an inner optimizer may take minutes
                    tested.append(replace(known, note=patch.note))
                    continue
                self.bench.meter.check_count(1)
                if at:
                    self.bench.meter.check_time()
                tested.append(self.bench.test(patch.after, patch))
        finally:
            tested.sort(key=lambda candidate: candidate.report.standing, reverse=True)
            self._keep(tested if independent else tested[:1])
            for candidate in tested:
                if candidate.better_than(self.best):
                    self.best = candidate

    def _keep(self, candidates: Iterable[Candidate]) -> None:
        for candidate in candidates:
            if candidate.report.accepted:
                self.plausible.setdefault(candidate.source, candidate)


def ending_of(name: str, why: str) -> str:
    """Return why an engine stopped, with its name."""
    return why if str(name) in why else f"{name}: {why}"
