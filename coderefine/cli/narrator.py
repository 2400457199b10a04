"""Prints a refinement on standard error as it goes: the start, each iteration, the end.

Each iteration takes a few lines; with `verbose` all is printed: the criticism, every candidate with its diff, every
call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coderefine.cli import show
from coderefine.cli.live import LIVE, live
from coderefine.cli.options import warn
from coderefine.descent.kind import PromptedKind
from coderefine.errors import BudgetExhausted
from coderefine.patch import make_diff
from coderefine.refining.observers import Observers
from coderefine.rendering import cut, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.text import Text

    from coderefine.accidents import Accidents
    from coderefine.problem.problem import Problem
    from coderefine.progress import Call, Progress
    from coderefine.result import Candidate, Iteration, Result


@dataclass(slots=True)
class Narrator:
    """Prints one run on `console`."""

    console: show.SharedConsole
    problem: Problem
    accidents: Accidents
    """Collects failures of the printing itself: a run does not depend on it."""
    verbose: bool = False
    _calls: list[Call] = field(default_factory=list)
    """Calls that were not printed yet."""

    def head(self, *lines: Text) -> None:
        """Print what is going to be done."""
        with self.accidents.survive("reporting the run"):
            for line in lines:
                self.console.print(line)

    @contextmanager
    def told(self) -> Iterator[Observers]:
        """Yield the observers of the run; meanwhile a terminal shows what it is doing."""
        view: Callable[[Progress], None] = lambda _: None  # noqa: E731

        def progress(moment: Progress) -> None:
            if moment.call:
                self._calls.append(moment.call)
            view(moment)

        with ExitStack() as stack:
            with self.accidents.survive(LIVE):
                view = stack.enter_context(self.accidents.within(LIVE, live(self.console, self.accidents)))
            yield Observers(self.start, self.iteration, progress, warn)

    def start(self, candidate: Candidate) -> None:
        """Print the tested first program."""
        if self._calls:
            self.console.print(show.line(("draft", "bold"), (calls_text(self._calls), "dim")))
            self._tell_calls()
        self.console.print(show.line(("before", "bold"), show.summary(candidate.report)))
        show.print_cases(self.console, self.problem, candidate.report, indent=2)

    def iteration(self, iteration: Iteration) -> None:
        """Print a finished iteration."""
        out = self.console
        out.print()
        spent = [(calls_text(self._calls), "dim")] if self._calls else []
        show.say(out, show.line((f"iteration {iteration.number}", "bold"), (iteration.engine, "dim"), *spent))
        self._tell_calls()
        text, mark = (iteration.criticism, "") if self.verbose else show.brief(iteration.criticism, "-v shows all")
        show.say(out, show.criticism(text, mark), 2)
        shown = iteration.tested if self.verbose else iteration.tested[:1]
        for candidate in shown:
            show.say(out, show.line(("patch", "bold"), (candidate.note or "see the diff", "")), 2)
            if self.verbose:
                name = f"solution{self.problem.evaluation.suffix}"
                out.print(show.indented(show.diff(make_diff(iteration.before, candidate.source, name)), 4))
            out.print(show.indented(show.line(("after", "bold"), show.summary(candidate.report))))
            # else its figures were printed above, for every step
            if self.verbose or not self.problem.is_measured:
                show.print_cases(out, self.problem, candidate.report, indent=4)
        others = iteration.tested[len(shown) :]
        if iteration.step_report.plausible:
            for candidate in others:
                show.say(out, show.line(("or", "bold"), (candidate.note, "")), 2)
        elif others:
            out.print(show.plain(f"  {show.count(len(others), 'other candidate')} no better (-v shows all)", "dim"))
        if not iteration.tested:
            out.print(show.plain("  no patch was found", style="yellow"))
        self._tell_account(iteration)

    def _tell_account(self, iteration: Iteration) -> None:
        """Print how far the patch of a search step can be trusted, and what was tried."""
        report = iteration.step_report
        if report.plausible:
            is_right = any(candidate.report.accepted for candidate in iteration.tested)
            found = "plausible: passes all visible tests" if is_right else "it passed the tests while searching only"
            if others := report.plausible - 1:
                found += f", and so {'does' if others == 1 else 'do'} {show.count(others, 'other program')}"
            if report.plausible > len(iteration.tested):
                found += " (--candidates K shows K of them)"
            show.say(self.console, show.plain(found, "dim"), 2)
        if report.tried and (self.verbose or not report.plausible):
            kinds = ", ".join(f"{kind} {count:,}" for kind, count in report.tried.items())
            shown = f": {kinds}" if self.verbose else " (-v shows which)"
            tried = f"tried {show.count(sum(report.tried.values()), 'candidate')}{shown}"
            show.say(self.console, show.plain(tried, "dim"), 2)

    def end(self, result: Result, run: str) -> None:
        """Print the end of a run, whose result is handed out."""
        with self.accidents.survive("reporting the end"):
            self._end(result, run)

    def _end(self, result: Result, run: str) -> None:
        if self._calls:
            self.console.print()
            number, spent = self._calls[-1].iteration, calls_text(self._calls)
            head = f"iteration {number}" if number else "draft"
            show.say(self.console, show.line((head, "bold"), ("not finished", ""), (spent, "dim")))
            self._tell_calls()
        made = show.count(result.calls, "call") + (f" + {result.cached} cached" if result.cached else "")
        tokens = result.prompt_tokens + result.completion_tokens
        figures = [result.backend, show.count(result.candidates, "candidate"), made]
        figures += [show.count(tokens, "token")] if tokens else []
        figures += [show.money(result.cost_usd), f"{result.seconds:.1f} s"] + ([f"run {run}"] if run else [])
        kind = PromptedKind.of(self.problem)
        if result.accepted and kind.answers_in_words:
            said = cut(printable(kind.final_answer(self.problem, result.source) or ""), 60)
            ending = f"answer {said}: by the model's own judgement, no key was looked at"
        elif result.accepted:
            ending = f"plausible: {kind.success}"
            if result.original.report.accepted:
                ending += ", as before; mended is what failed on generated inputs"
            if not result.diff:
                ending = f"nothing to do: {kind.success} already"
        else:
            so_far = "the best so far" if result.diff else f"the {self._solution} is unchanged"
            ending = f"not accepted: {result.stopped}; {so_far}"
        self.console.print()
        show.say(self.console, show.line(show.verdict_text(result.verdict), (ending, "")))
        if run and not result.accepted and result.ended_by is not None:
            show.say(self.console, show.plain(f"to go on: coderefine resume {run}{_more(result)}", "dim"))
        for line in result.passed_over if result.accepted else ():  # else the ending says so
            show.say(self.console, show.plain(f"passed over: {line}", "dim"))
        if tried := self._hardening(result):
            show.say(self.console, show.plain(f"hardening: {tried}", style="dim"))
        show.say(self.console, show.plain(" · ".join(figures), style="dim"))

    @property
    def _solution(self) -> str:
        """Return what a solution is called: a program, an answer to a question, or a measured text."""
        if PromptedKind.of(self.problem).answers_in_words:
            return "answer"
        return "program" if self.problem.evaluation.is_code or not self.problem.evaluation.metrics else "text"

    def _hardening(self, result: Result) -> str:
        """Return what was tried with a program that passes, and what ended that."""
        tried = result.hardening.summary(self.problem) if result.hardening else ""
        ended = "interrupted" if result.interrupted else str(result.exhausted or result.failure or "")
        return " · ".join(filter(None, (tried, ended and f"ended early: {ended}"))) if result.accepted else ""

    def _tell_calls(self) -> None:
        if self.verbose:
            for call in self._calls:
                show.say(self.console, show.plain(call_text(call), "dim"), 2)
        self._calls.clear()


def _more(result: Result) -> str:
    """Return the option without which a run that has spent its time or its programs would end again at once."""
    match result.ended_by:
        case BudgetExhausted(limit="candidates"):
            return f" --programs {2 * max(1, result.candidates)}"
        case BudgetExhausted(limit="seconds"):
            return f" --max-seconds {2 * max(1, round(result.seconds))}"
    return ""


def calls_text(calls: Iterable[Call]) -> str:
    """Return the totals of some calls."""
    calls = tuple(calls)
    tokens = sum(call.prompt_tokens + call.completion_tokens for call in calls)
    known = [call.cost_usd for call in calls if call.cost_usd is not None]
    cost = show.money(sum(known) if len(known) == len(calls) else None)
    return " · ".join([show.count(len(calls), "call"), show.count(tokens, "token"), cost])


def call_text(call: Call) -> str:
    """Return all about one call."""
    parts = [f"{call.purpose} of {call.model}"]
    if not call.cached:
        parts.append(f"{show.count(call.prompt_tokens, 'token')} of prompt, {call.completion_tokens:,} of answer")
        parts += [show.money(call.cost_usd), f"{call.seconds:.1f} s"]
    return " · ".join(parts + ["cached"] * call.cached + ["unusable"] * (not call.usable))
