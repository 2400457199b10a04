"""A problem: its statement, its signature, its limits, and its visible and hidden tests. Frozen data, no files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol, Self

from coderefine.errors import UsageError
from coderefine.problem import typespec
from coderefine.problem.compare import Compare
from coderefine.problem.evaluation import Evaluation
from coderefine.problem.suite import Suite
from coderefine.problem.typespec import TypeSpec
from coderefine.rendering import MAX_VALUE_CHARS

Tests = Literal["visible", "hidden", "all"]
"""Which tests of a problem."""
TestPart = Literal["", "example", "plus"]
"""The part of a set that a test belongs to: "" for its own tests, "example" for examples of the statement that the set
does not test, "plus" for extra tests, such as EvalPlus adds to a set, which give a second figure.
"""


class Case(Protocol):
    """A test, or the result of one."""

    @property
    def name(self) -> str:
        """Its name; where pytest finds tests, their id."""

    @property
    def args(self) -> tuple[Any, ...]:
        """The arguments for a candidate."""

    @property
    def code(self) -> str:
        """The code of a test that is code; else ""."""


@dataclass(frozen=True)
class Kind(ABC):
    """What is common to all problems of one kind, such as functions that are called, or programs that read and print.

    A room of the package that asks more of a kind declares it in a class derived from this one, and gets the kind by
    `of`. The kinds themselves, in `coderefine/kinds/`, implement all of these classes. Kinds compare by class and
    fields.
    """

    name: ClassVar[str]
    """Its name in problem.toml and in records."""
    cases_are_tests: ClassVar[bool] = True
    """Whether a report has a case for each test, in their order; if not, cases are identified by their (long) names."""

    success: ClassVar[str] = "all visible tests pass"
    """What is known of a candidate that is accepted."""

    suffix: ClassVar[str] = ""
    """The end of the name of a file with a candidate; "" where the problem decides (`Problem.suffix`)."""

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """Return a problem's kind as an instance of this class; raises UsageError where it is none."""
        if not isinstance(problem.kind, cls):
            raise UsageError(f"{problem.slug} is of kind {problem.kind.name}, for which this is not possible")
        return problem.kind

    @abstractmethod
    def case_text(self, problem: Problem, case: Case, limit: int = MAX_VALUE_CHARS) -> str:
        """Return a line for a case, such as `two_sum([2, 7], 9)`; values are cut at `limit` characters."""


TIME_S, MEMORY_MIB, OUTPUT_KIB = (0.01, 60.0), (16, 4096), (1, 16384)
"""The least and the most that a problem may declare for each of its limits."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one test case; for a pytest problem, of all tests of a run together."""

    time_s: float = 2.0
    """CPU seconds for a case; on the wall clock a case may take twice as much and half a second more."""
    memory_mib: int = 256
    output_kib: int = 1024
    """How much a candidate may print."""
    program_s: float | None = None
    """CPU seconds of all cases of a program together; None for no such limit."""

    @property
    def wall_s(self) -> float:
        """Wall-clock seconds for a case: more than the CPU limit, so that a busy machine does not decide verdicts."""
        return 2 * self.time_s + 0.5


@dataclass(frozen=True, slots=True)
class Param:
    """A declared parameter of a function problem."""

    name: str
    type: TypeSpec


@dataclass(frozen=True, slots=True)
class TestCase:
    """One test: arguments and the expected value, or code.

    For a class problem `args` is (operations, arguments) and `expected` the list of results; for a program `args` is
    (standard input,) and `expected` the output. For a pytest problem it is a file of tests: `name` is its path, `code`
    its text, and a report has a case for each test that pytest finds in the file.
    """

    __test__ = False  # not a pytest class

    name: str
    args: tuple[Any, ...] = ()
    expected: Any = None
    code: str = ""
    """Python statements that call `candidate` and assert; they run apart from the candidate."""
    part: TestPart = ""
    """Examples are shown to solvers; scoring counts each part separately."""

    @property
    def counts(self) -> bool:
        """Whether a program that fails the test is wrong by the rules of the set."""
        return self.part != "example"


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem as the judge, the losses and the optimizers see it."""

    slug: str
    title: str
    statement: str
    kind: Kind
    entry: str
    """`Solution.method` or a function's name; for kind "class" a class's name; "" for a program and for pytest."""
    visible: tuple[TestCase, ...]
    hidden: tuple[TestCase, ...] = ()
    params: tuple[Param, ...] = ()
    returns: TypeSpec = typespec.ANY
    answer: str = "return"
    """What is compared: "return", a parameter's name (changed in place), or `name[:return]`."""
    compare: Compare = Compare()
    limits: Limits = Limits()
    starter: str = ""
    prelude: str = ""
    """Python code that runs before a solution and before each test's code: imports and helpers."""
    redefined: tuple[str, ...] = ()
    """Builtins that the solution redefines for the tests; in tests all others are Python's own."""
    suite: Suite = Suite()
    """Used by pytest problems and the hook only; all other kinds keep the default."""
    evaluation: Evaluation = Evaluation()
    """How an evaluator measures candidates; kinds whose tests say what is right keep the default."""
    difficulty: str = ""
    tags: tuple[str, ...] = ()
    path: Path | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.kind, Kind):
            raise TypeError(f"Problem.kind is one of coderefine.KINDS, such as KINDS['function'], not {self.kind!r}")

    @property
    def is_measured(self) -> bool:
        """Whether an evaluator measures candidates, and no answers are compared."""
        return bool(self.evaluation.metrics)

    @property
    def suffix(self) -> str:
        """The end of the name of a file with a candidate."""
        return self.kind.suffix or self.evaluation.suffix

    def cases(self, tests: Tests) -> tuple[TestCase, ...]:
        """Return the visible test cases, the hidden ones, or all."""
        return {"visible": self.visible, "hidden": self.hidden, "all": self.visible + self.hidden}[tests]

    def without_hidden(self) -> Self:
        """Return the problem without its hidden tests, as refinement sees it, so that nothing there can reach one."""
        return replace(self, hidden=(), suite=replace(self.suite, hidden_files=()))
