"""The workbench of a refinement: the problem, the judge, the meter and the journal."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from coderefine.accidents import Accidents
from coderefine.budget import Meter
from coderefine.errors import CoderefineError, SandboxUnavailable
from coderefine.judge import untested, versions
from coderefine.judge.judge import Judge
from coderefine.judge.report import TestReport
from coderefine.judge.tracing import with_evidence
from coderefine.models.server import Servers
from coderefine.patch import Patch
from coderefine.problem.problem import Problem
from coderefine.progress import ProgressReporter
from coderefine.record.journal import Journal
from coderefine.refining.options import RefineOptions
from coderefine.result import Candidate


@dataclass(frozen=True, slots=True)
class Workbench:
    """The context for opening an engine; hardening opens engines once more, for a problem with more tests."""

    problem: Problem
    """Without hidden tests."""
    judge: Judge
    meter: Meter
    """Counts what is spent."""
    journal: Journal
    """What is recorded is not done again."""
    progress: ProgressReporter
    accidents: Accidents
    options: RefineOptions
    servers: Servers = field(default_factory=Servers)
    """What the run has learnt about the servers of its models."""
    extra_tests: tuple[str, ...] = ()
    """The names of tests beyond those of the problem that the refinement began with."""
    measured: dict[str, Candidate] = field(default_factory=dict)
    """Texts that were measured, by themselves: unlike a program, a text has the same figures the next time."""

    def with_tests_of(self, harder: Problem) -> Workbench:
        """Return a workbench for the same problem with further visible tests at the end."""
        added = harder.visible[len(self.problem.visible) :]
        extra = tuple(case.code or f"{case.args!r} -> {case.expected!r}" for case in added)
        return replace(self, problem=harder, extra_tests=extra, measured={})

    def in_brief(self) -> Workbench:
        """Return a workbench on which a search takes at most a quarter of its usual time."""
        engine = self.options.engine
        brief = replace(engine, pipeline=engine.pipeline.without("long search -> longest search"))
        return replace(self, options=replace(self.options, engine=brief))

    def test(self, source: str, patch: Patch | None = None, time_s: float | None = None) -> Candidate:
        """Test a program, which `patch` led to, within `time_s` a test where the problem allows more.

        Raises JudgeError, and SandboxUnavailable where the first program is in the syntax of another Python.
        """
        self.meter.add_candidate()
        base, note = (patch.before, patch.note) if patch else ("", "")

        limits = self.problem.limits
        problem = self.problem
        if time_s is not None and time_s < limits.time_s:
            problem = replace(problem, limits=replace(limits, time_s=time_s))

        def run() -> TestReport:
            report = self.judge.run(problem, source)
            if patch is None and (reason := versions.refusal(report)):
                raise SandboxUnavailable(f"the program {reason}")
            if patch is None and not self.problem.suite.configured and (name := untested.missing_module(report)):
                raise SandboxUnavailable(untested.remedy(name))
            return report

        report = self.journal.report(source, run, self.meter, base, note, tests=self.extra_tests)
        candidate = Candidate(source, report, note)
        if problem.is_measured and not problem.evaluation.is_code:
            self.measured[source] = candidate
        return candidate

    def evidence(self, candidate: Candidate) -> TestReport:
        """Return a candidate's report with the lines that ran and the values on them, where a second run can
        show any.
        """
        self.meter.check_time()

        def run() -> TestReport:
            with self.accidents.survive("gathering evidence", but=CoderefineError):
                return with_evidence(self.judge, self.problem, candidate.source, candidate.report)
            return candidate.report

        return self.journal.report(candidate.source, run, self.meter, evidence=True, tests=self.extra_tests)
