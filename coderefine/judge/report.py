"""What a run of the judge yields: frozen data, the same for both backends, which survives a JSON round trip.

Values (arguments, expected and returned ones) are exact builtin types, rebuilt on the host.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

from coderefine.judge.measured import Measured
from coderefine.judge.verdict import Verdict
from coderefine.problem import values
from coderefine.problem.problem import Tests

Assurance = Literal["isolated", "in-process", "screened"]
"""Whether tests ran out of the candidate's reach, or in its process, where it could in principle cheat them.

"screened": many candidates shared the process (see `Judge.screen`); such a report holds no verdicts.
"""


@dataclass(frozen=True, slots=True)
class CandidateError:
    """How a candidate failed to compile or to run. All text comes from the candidate: do not trust it."""

    type: str
    message: str
    line: int | None = None
    column: int | None = None
    frames: tuple[tuple[int, str], ...] = ()
    """The candidate's own frames as (line, function), outermost first."""

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return f"{where}{self.type}: {self.message}" if self.message else f"{where}{self.type}"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """The outcome of one test case."""

    index: int
    """Position in the suite that was run, from 0."""
    name: str
    verdict: Verdict
    args: tuple[Any, ...] = ()
    expected: Any = None
    got: Any = None
    """The returned value; only meaningful where `answered`."""
    answered: bool = False
    got_cut: str = ""
    """Where `got` is only the beginning of a large answer: a description of the whole answer, to tell it from others.
    """
    error: CandidateError | None = None
    reason: str = ""
    """Why this verdict, where the values do not say it."""
    output: str = ""
    """What the candidate printed, cut to a few KiB. Hostile text."""
    wall_s: float = 0.0
    cpu_s: float = 0.0
    code: str = ""
    """The test itself, for a test that is code and for a test function of pytest."""
    denied: str = ""
    """The first thing that a test of pytest asked for and the sandbox denied, in words; "" where nothing was denied."""
    coverage: tuple[int, ...] = ()
    """The candidate's lines that ran, in ascending order; only with evidence."""
    trace: tuple[tuple[int, tuple[tuple[str, str], ...]], ...] = ()
    """For each line that ran, the (name, value) pairs of its variables when it last began; only with evidence.

    Hostile text.
    """
    measures: tuple[tuple[str, float], ...] = ()
    """(metric, figure) as the evaluator measured it; finite numbers. Empty where nothing is or could be measured."""


@dataclass(frozen=True, slots=True)
class TestReport:
    """The verdicts of one candidate on one suite of tests."""

    __test__ = False  # not a pytest class

    problem: str
    tests: Tests
    cases: tuple[CaseResult, ...]
    backend: str
    """Where it ran: "docker" or "local"."""
    peak_memory_mib: float = 0.0
    complete: bool = True
    """False where the run stopped at the first failure."""
    assurance: Assurance = "isolated"
    """"in-process" for pytest, "isolated" for all other kinds of problems."""
    reach: str | None = None
    """What each test of pytest reached, where the problem asks for that, as `sandbox/reach.py` reports it.

    Hostile text. None: not known. It is not recorded.
    """
    left: tuple[str, ...] = ()
    """The tests of pytest that were not begun because the time was used up; not recorded."""
    warnings: tuple[str, ...] = ()
    """What the problem's author should look at; not recorded."""
    session_s: float = field(default=0.0, compare=False)
    """Seconds on the wall clock of a whole session of pytest; 0: not known. Not recorded."""
    measured: Measured | None = None
    """What an evaluator measured in all cases together; None for problems without an evaluator."""

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of the cases."""
        return Verdict.worst(case.verdict for case in self.cases)

    @property
    def passed(self) -> int:
        """How many cases were accepted."""
        return sum(case.verdict is Verdict.AC for case in self.cases)

    @property
    def total(self) -> int:
        """How many cases were run."""
        return len(self.cases)

    @property
    def accepted(self) -> bool:
        """Whether every case was run and accepted."""
        return self.complete and self.verdict is Verdict.AC and self.total > 0

    @property
    def failures(self) -> tuple[CaseResult, ...]:
        """The cases that were not accepted, in order."""
        return tuple(case for case in self.cases if case.verdict is not Verdict.AC)

    @property
    def passing(self) -> frozenset[int | str]:
        """The accepted cases, by what identifies them from run to run: the index, or the id of a pytest test.

        The tests that pytest finds, and so their positions, may depend on the candidate.
        """
        by_name = self.assurance == "in-process"
        return frozenset(case.name if by_name else case.index for case in self.cases if case.verdict is Verdict.AC)

    @property
    def standing(self) -> tuple[float, ...]:
        """How good the candidate is, as a key to compare it with others on the same tests; more is better."""
        return self.measured.merit if self.measured else (self.passed, -self.verdict.rank)

    @property
    def cpu_s(self) -> float:
        """CPU seconds of all cases together."""
        return sum(case.cpu_s for case in self.cases)

    def summary(self) -> str:
        """One line, such as `WA 2/3 passed (1 WA)`."""
        counts = Counter(case.verdict for case in self.failures)
        parts = ", ".join(f"{n} {verdict}" for verdict, n in sorted(counts.items(), key=lambda it: it[0].rank))
        figures = f" · {self.measured.text()}" if self.measured and self.measured.values else ""
        return f"{self.verdict} {self.passed}/{self.total} passed" + (f" ({parts})" if parts else "") + figures

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict; the inverse of `from_json`."""
        return {
            "problem": self.problem,
            "tests": self.tests,
            "verdict": self.verdict.value,
            "passed": self.passed,
            "total": self.total,
            "backend": self.backend,
            "peak_memory_mib": self.peak_memory_mib,
            "complete": self.complete,
            "assurance": self.assurance,
            "cases": [_case_to_json(case) for case in self.cases],
            **({"measured": self.measured.to_json()} if self.measured else {}),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Rebuild a report from `to_json`; derived fields are computed again."""
        return cls(
            problem=data["problem"],
            tests=data["tests"],
            cases=tuple(_case_from_json(case) for case in data["cases"]),
            backend=data["backend"],
            peak_memory_mib=data["peak_memory_mib"],
            complete=data["complete"],
            assurance=data["assurance"],
            measured=Measured.from_json(data["measured"]) if "measured" in data else None,
        )


def _case_to_json(case: CaseResult) -> dict[str, Any]:
    data = {name: getattr(case, name) for name in CaseResult.__slots__}
    data["verdict"] = case.verdict.value
    data["args"] = values.to_jsonable(list(case.args))
    data["expected"] = values.to_jsonable(case.expected)
    data["got"] = values.to_jsonable(case.got)
    data["error"] = asdict(case.error) if case.error else None
    if not case.measures:
        del data["measures"]  # as most records have none
    return data


def _case_from_json(data: dict[str, Any]) -> CaseResult:
    error = data["error"]
    fields = dict(data)
    fields["verdict"] = Verdict(data["verdict"])
    fields["args"] = tuple(values.from_jsonable(data["args"]))
    fields["expected"] = values.from_jsonable(data["expected"])
    fields["got"] = values.from_jsonable(data["got"])
    fields["coverage"] = tuple(data["coverage"])
    fields["measures"] = tuple((name, value) for name, value in data.get("measures", ()))
    fields["trace"] = tuple(
        (line, tuple((name, value) for name, value in variables)) for line, variables in data["trace"]
    )
    fields["error"] = (
        CandidateError(**{**error, "frames": tuple((line, name) for line, name in error["frames"])}) if error else None
    )
    return CaseResult(**fields)
