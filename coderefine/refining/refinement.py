"""The state of a refinement under way.

`best` only ever changes to a program that passes every visible test that it passed itself, so that whatever ends the
refinement, the best so far is the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from coderefine.descent.kind import PromptedKind
from coderefine.engine import Engine
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
    """What the stages work on; `start` comes first."""

    bench: Workbench
    notebook: Notebook
    sources: Sequence[EngineSource]
    """What the engines are opened from."""
    engines: Sequence[Engine] = field(init=False)
    """Opened for the problem on the workbench, in turn."""
    original: Candidate = field(init=False)
    best: Candidate = field(init=False)
    plausible: dict[str, Candidate] = field(default_factory=dict)
    """The programs that passed all tests, in the order of the engine that found them."""
    hardening: Hardening | None = None
    """How the best does on generated inputs; None where that is not known."""
    endings: dict[str, str] = field(default_factory=dict)
    """Why each engine that went on no further did not, in words, by its name."""
    failures: list[CoderefineError] = field(default_factory=list)
    """What engines raised on purpose."""
    is_draft: bool = False
    """Whether the program to begin with was written by an engine, so that no edit of it is of interest."""
    passed_over: list[str] = field(default_factory=list)
    """For each of them a line: which engine, and why."""

    def __post_init__(self) -> None:
        self.engines = open_engines(self.sources, self.bench)

    @property
    def pipeline(self) -> Pipeline:
        """Which stages hand what to each other."""
        return self.bench.options.engine.pipeline

    @property
    def stopped(self) -> str:
        """Why no engine goes on, in words."""
        if len(set(self.endings.values())) > 1:
            return "; ".join(ending_of(name, why) for name, why in self.endings.items())
        return next(iter(self.endings.values()), NO_IDEA)

    @property
    def answers_in_words(self) -> bool:
        """Whether solutions are texts with an answer, among which a vote decides; else they are programs."""
        kind = self.bench.problem.kind
        return isinstance(kind, PromptedKind) and kind.answers_in_words

    @property
    def is_rewritten(self) -> bool:
        """Whether an engine that writes programs anew may have a part in the best."""
        writers = {engine.name for engine in self.engines if engine.can_change_algorithm}
        steps = (step for step in self.notebook.iterations if step.engine in writers and step.tested)
        return not self.is_draft and self.best is not self.original and next(steps, None) is not None

    @property
    def gained(self) -> bool:
        """Whether there is something that a failure must not lose."""
        return self.best is not self.original or self.original.report.accepted

    def start(self, source: str) -> None:
        """Test the program to begin with."""
        self.bench.progress.doing("judging")
        self.original = self.best = self.bench.test(source)
        self._keep([self.best])

    def on(self, harder: Problem, *, briefly: bool = False) -> Refinement:
        """Return a refinement for the same problem with further tests, in the same books; it is yet to start.

        Where it is done `briefly`, a search takes a quarter of its usual time.
        """
        bench = self.bench.with_tests_of(harder)
        return Refinement(bench.in_brief() if briefly else bench, self.notebook.without_lessons(), self.sources)

    def test(self, patches: Iterable[Patch], tested: list[Candidate], *, independent: bool) -> None:
        """Test the patched programs; put them into `tested`, best first, and in the optimizer's order where equal.

        The first is tested even where its engine took all the time there was: it would be lost. Of edits of one
        program, which are not `independent`, the first that passes is kept: the others have no vote. What was tested
        counts, whatever ends the test of the rest.
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
    """Return why an engine went on no further, with its name."""
    return why if str(name) in why else f"{name}: {why}"
