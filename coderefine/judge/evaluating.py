"""Has a problem's evaluator measure a candidate's outputs, in a sandbox in which no candidate ever ran.

Only the output counts that reaches this host: it is rebuilt here as exact builtin types, sent to a fresh process of
another sandbox, and finite numbers come back. So no figure is taken from the candidate's own process, whatever the
candidate patches, prints or leaves behind there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from coderefine.errors import ProblemError, UnreadableError
from coderefine.judge import authors, calling, interpret, messages
from coderefine.judge.keeping import beginning
from coderefine.judge.kind import Ran, RunPlan, Sandboxes
from coderefine.judge.measured import Figures, measure, violation
from coderefine.judge.pool import Pool
from coderefine.judge.report import CaseResult
from coderefine.judge.spent import Spent
from coderefine.judge.verdict import Verdict
from coderefine.judge.worker import Event, SandboxProgram, plain_spec
from coderefine.outside import read_json, read_toml
from coderefine.problem import values
from coderefine.problem.compare import Compare
from coderefine.problem.evaluation import MAX_MAGNITUDE, Evaluation, Metric, is_figure
from coderefine.problem.problem import Problem, TestCase, Tests
from coderefine.rendering import cut, literal

EVALUATE = "evaluate"
_MEMORY_MIB = 1024
_WAITING_BYTES = 8 << 20
"""How many bytes of outputs may wait for the evaluator."""
_KEPT_BYTES = 2048
"""Up to how many bytes a report keeps an output whole: there is a report for each of thousands of candidates."""
_FEEDBACK_LINES = 12
_TARGET = "target: "

_Put = tuple[CaseResult, bytes]
"""The result of a candidate on an instance, and the message with its output."""


def plan(sandboxes: Sandboxes, problem: Problem, runner: Problem | None, tests: Tests, *, stop: bool) -> RunPlan:
    """Return the plan that measures a candidate on the instances of `tests`.

    `runner` is the problem as the sandbox calls its candidates; None where the candidate is a text.
    """
    cases = [*enumerate(problem.cases(tests))]
    evaluators = sandboxes.evaluators.pool(problem.evaluation, problem.path or problem.slug)
    if runner is not None:
        runner = replace(runner, compare=Compare("checker"))  # nothing is compared here

    def run(source: str) -> Ran:
        trial = _Trial(sandboxes.candidates, evaluators, problem)
        if runner is None:
            trial.add(_read(problem.evaluation, source, cases))
        else:
            trial.run(runner, source, cases, stop=stop)
        results = trial.measured_results()
        complete = len(results) == len(cases)
        instances = [dict(it.measures) if it.measures else None for it in results]
        instances += [None] * (len(cases) - len(results))
        found = measure(problem.evaluation, instances)
        if complete and not (stop and any(it.verdict is not Verdict.AC for it in results)):
            results += _targets(problem.evaluation, dict(found.values), len(cases))
        else:
            complete = False
        return Ran(results, complete, peak_kib=trial.peak_kib, warnings=trial.warnings, measured=found)

    return run


@dataclass(slots=True)
class _Trial:
    """One candidate, its outputs, and what the evaluator measured of them."""

    candidates: Pool
    evaluators: Pool
    problem: Problem
    results: list[CaseResult] = field(default_factory=list)
    waiting: dict[int, bytes] = field(default_factory=dict)
    """The evaluator's arguments, by the position of the result that they belong to."""
    size: int = 0
    peak_kib: int = 0
    odd: str = ""
    """The first thing that the evaluator returned and should not have."""

    def run(self, runner: Problem, source: str, cases: Sequence[tuple[int, TestCase]], *, stop: bool) -> None:
        """Run the candidate on the instances; with `stop` up to the first on which it fails."""
        program = calling.candidate_program(runner, source)
        spent, loading = Spent(), b""
        with self.candidates.lease(runner.limits.memory_mib) as worker:
            events = worker.run(program, [calling.case_payload(runner, case) for _, case in cases])
            for event in events:
                for index, case in cases[len(self.results) :]:
                    self.add(
                        [(spent.add(interpret.case_result(runner, index, case, event), runner.limits), event.message)]
                    )
                    if event.case >= 0:
                        break
                    loading = event.message
                if spent.over(runner.limits) or (stop and not self.results[-1].answered):
                    events.close()  # type: ignore[attr-defined]
                    break
            self.peak_kib = worker.peak_kib
            authors.check_prelude(worker, runner, program, loading)

    def add(self, put: Iterable[_Put]) -> None:
        """Add the results of a candidate on some instances, and have its outputs evaluated once many of them wait."""
        for done, message in put:
            result = replace(done, args=(), expected=None)  # thousands of reports would repeat them
            if done.answered:
                payload = values.encode([list(done.args), done.expected, done.got]).encode()
                self.waiting[len(self.results)] = payload
                self.size += len(payload)
                result = _kept(result, message or payload)
            self.results.append(result)
            if self.size > _WAITING_BYTES:
                self._evaluate()

    def measured_results(self) -> list[CaseResult]:
        """Return the results of all instances, with their figures."""
        self._evaluate()
        return self.results

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the evaluator's author should know."""
        where = self.problem.path or self.problem.slug
        return (f"{where}: the evaluator {self.odd}; such a candidate has no figures",) if self.odd else ()

    def _evaluate(self) -> None:
        waiting, self.waiting, self.size = self.waiting, {}, 0
        if not waiting:
            return
        limits = replace(self.problem.limits, time_s=self.problem.evaluation.limit_s, memory_mib=_MEMORY_MIB)
        evaluator = SandboxProgram(
            plain_spec(EVALUATE, 3), calling.runner_limits(limits), self.problem.evaluation.evaluator
        )
        with self.evaluators.lease(_MEMORY_MIB) as worker:
            events = worker.run(evaluator, list(waiting.values()))
            for at, event in zip(waiting, events, strict=False):
                self.results[at] = self._judged(self.results[at], event)

    def _judged(self, result: CaseResult, event: Event) -> CaseResult:
        """Return the result with its figures, or with the reason why it has none; raises ProblemError if no evaluator
        ran.
        """
        try:
            message = values.decode_answer(event.message) if event.message else ["nothing"]
        except values.Malformed:
            message = ["nonsense"]
        match message:
            case ["value", str(refusal)]:
                return _wrong(result, refusal or "the evaluator refused this output")
            case ["value", dict(returned)]:
                try:
                    figures, feedback = read_figures(self.problem.evaluation, returned)
                except ValueError as error:
                    self.odd = self.odd or f"returned {error}"
                    return _wrong(result, f"the evaluator returned {error}")
                return _with_figures(self.problem.evaluation, result, figures, feedback)
            case ["error", name, text, line, _] if event.case >= 0:
                raised = f"{name}: {text}" if text else str(name)
                return _wrong(result, f"the evaluator raised {raised} (line {line})")
            case _ if event.case >= 0 and event.status != "answer":  # an output may be made to be hard to measure
                return _wrong(result, f"with this output the evaluator {self._ended(event.status)}")
            case ["value" | "unreadable" as how, other] if event.case >= 0:
                shown = literal(other) if how == "value" else str(other)
                said = f"returned {cut(shown)} where a dict of figures is expected"
                self.odd = self.odd or said
                return _wrong(result, f"the evaluator {said}")
        where = self.problem.path / "evaluator.py" if self.problem.path else self.problem.slug
        match message:
            case ["error" | "compile", name, text, line, *_]:
                hint = (
                    "; name its package in problem.toml ([evaluator] packages), or give --packages NAME"
                    if name == "ModuleNotFoundError"
                    else ""
                )
                said = f"expected to run by itself, but it raised {name}: {text}{hint}"
                raise ProblemError(where, f"line {line}", said)
        raise ProblemError(where, "", f"expected to define evaluate, but before that it {self._ended(event.status)}")

    def _ended(self, status: str) -> str:
        """Return in words how an evaluator ended that did not answer."""
        limit_s = self.problem.evaluation.limit_s
        ways = {"timeout": f"did not end within {limit_s:g} s", "output": "printed or returned too much"}
        return ways.get(status, "used too much memory" if status == "memory" else "ended its process")


def read_figures(evaluation: Evaluation, returned: dict[Any, Any]) -> tuple[Figures, str]:
    """Return the figure of each metric, and the feedback, from what an evaluator returned; raises ValueError."""
    found = dict(returned)
    feedback = found.pop("feedback", "")
    if type(feedback) is not str:
        raise ValueError("a feedback that is no text")
    names = [metric.name for metric in evaluation.metrics]
    if unknown := [key for key in found if key not in names]:
        raise ValueError(f"{cut(literal(unknown[0]))}, which problem.toml does not name")
    figures = {}
    for name in names:
        if name not in found:
            raise ValueError(f"no {name}")
        if not is_figure(found[name]):
            raise ValueError(
                f"{cut(literal(found[name]))} as {name}, which is no finite number up to {MAX_MAGNITUDE:g}"
            )
        figures[name] = float(found[name])
    return figures, _bounded(feedback[: messages.MAX_TEXT])


def _bounded(feedback: str) -> str:
    """Return an evaluator's feedback, cut to the number of lines that people and models read."""
    lines = feedback.splitlines()
    if len(lines) <= _FEEDBACK_LINES:
        return feedback
    kept = _FEEDBACK_LINES - 1
    return "\n".join([*lines[:kept], f"... and {len(lines) - kept} lines more"])


def _read(evaluation: Evaluation, source: str, cases: Sequence[tuple[int, TestCase]]) -> Iterator[_Put]:
    """Yield a candidate that is a text as its own output on each instance."""
    got: Any = source
    reason = ""
    try:
        if evaluation.candidate == "json":
            got = read_json(source)
        elif evaluation.candidate == "toml":
            got = read_toml(source.encode("utf-8", "surrogatepass"))
        values.encode(got)
    except (UnreadableError, values.Unencodable) as error:
        reason = f"not {evaluation.candidate.upper()} that can be read: {error}"
    for index, case in cases:
        outcome: dict[str, Any] = {"reason": reason} if reason else {"got": got, "answered": True}
        yield CaseResult(index, case.name, Verdict.WA, case.args, case.expected, **outcome), b""


def _wrong(result: CaseResult, reason: str) -> CaseResult:
    return replace(result, verdict=Verdict.WA, reason=reason[: messages.MAX_TEXT])


def _with_figures(evaluation: Evaluation, result: CaseResult, figures: Figures, feedback: str) -> CaseResult:
    broken = [it for it in evaluation.metrics if it.direction == "constraint" and figures[it.name] > 0]
    unmet = "; ".join(f"the constraint {it.name} is not met, by {figures[it.name]:g}" for it in broken)
    shown = " · ".join(f"{name} {figure:.6g}" for name, figure in figures.items())
    verdict = Verdict.WA if violation(evaluation, figures) > 0 else Verdict.AC
    reason = "; ".join(filter(None, [unmet, shown, feedback]))
    return replace(result, verdict=verdict, measures=tuple(figures.items()), reason=reason)


def _kept(result: CaseResult, message: bytes) -> CaseResult:
    """Return the result with as much of its output as reports keep."""
    if len(message) <= _KEPT_BYTES:
        return result
    digest = hashlib.sha256(message).hexdigest()[:16]
    short = beginning(result.got)
    if len(values.encode(short)) > _KEPT_BYTES:
        short = literal(short)[:_KEPT_BYTES]
    return replace(result, got=short, got_cut=f"cut: {len(message)} bytes in all, sha256 {digest}")


def _targets(evaluation: Evaluation, figures: Figures, first: int) -> list[CaseResult]:
    """Return a result for each target, after those of `first` instances."""
    metrics = [it for it in evaluation.metrics if it.target is not None]
    return [_target(metric, figures.get(metric.name), first + at) for at, metric in enumerate(metrics)]


def _target(metric: Metric, figure: float | None, index: int) -> CaseResult:
    name = f"{_TARGET}{metric.wish()}"
    if figure is None:
        return CaseResult(index, name, Verdict.WA, reason="no instance was measured")
    missing = metric.missing(figure)
    verdict, said = (Verdict.WA, f", {missing:.6g} from it") if missing else (Verdict.AC, "")
    over = {"mean": "on average", "worst": "at worst", "sum": "in all"}[metric.over]
    return CaseResult(index, name, verdict, reason=f"{metric.name} is {figure:.6g} {over}{said}")
