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
Part = Literal["", "example", "plus"]
"""What a test is to its set: one of its own; an example of the statement that the set does not test; an extra one, such
as EvalPlus adds to a set, by which it has a second figure."""


class Case(Protocol):
    """A test, or the result of one."""

    @property
    def name(self) -> str:
        """What it is called; where pytest finds tests, their id."""

    @property
    def args(self) -> tuple[Any, ...]:
        """What it gives to a candidate."""

    @property
    def code(self) -> str:
        """The test itself, where that is code."""


@dataclass(frozen=True)
class Kind(ABC):
    """What is true of all problems of one kind, such as functions that are called, or programs that read and print.

    A room of the package that asks more of a kind declares that in a class derived from this one, and gets it by `of`.
    The kinds themselves, in `coderefine/kinds/`, implement all of these classes. Kinds compare by class and fields.
    """

    name: ClassVar[str]
    """As problem.toml and records have it."""
    cases_are_tests: ClassVar[bool] = True
    """Whether a report has a case for each test, in their order; if not, cases are known by their (long) names."""

    suffix: ClassVar[str] = ""
    """How the name of a file with a candidate ends; "" where the problem says it (`Problem.suffix`)."""

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """Return a problem's kind as one of this class; raises UsageError where it is none."""
        if not isinstance(problem.kind, cls):
            raise UsageError(f"{problem.slug} is of kind {problem.kind.name}, for which this is not possible")
        return problem.kind

    @abstractmethod
    def case_text(self, problem: Problem, case: Case, limit: int = MAX_VALUE_CHARS) -> str:
        """Return what a case does in a line, such as `two_sum([2, 7], 9)`; a value is cut at `limit` characters."""


TIME_S, MEMORY_MIB, OUTPUT_KIB = (0.01, 60.0), (16, 4096), (1, 16384)
"""The least and the most that a problem may declare as its limits."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one test case may use; for a pytest problem, all tests of a run together."""

    time_s: float = 2.0
    """CPU seconds a case; the wall clock may show twice as much and half a second more."""
    memory_mib: int = 256
    output_kib: int = 1024
    """What a candidate may print."""
    program_s: float | None = None
    """CPU seconds of all cases of a program together; None for no such limit."""

    @property
    def wall_s(self) -> float:
        """Wall-clock seconds a case; more than the CPU limit, so that a busy machine does not decide verdicts."""
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
    (standard input,) and `expected` what it is to print. For a pytest problem it is a file of tests: `name` is its
    path, `code` its text, and a report has a case for each test that pytest finds in it.
    """

    __test__ = False  # not a pytest class

    name: str
    args: tuple[Any, ...] = ()
    expected: Any = None
    code: str = ""
    """Python statements that call `candidate` and assert; they run apart from it."""
    part: Part = ""
    """An example is for solvers to see; scoring counts it apart."""

    @property
    def counts(self) -> bool:
        """Whether a program that fails it is wrong, as the set has it."""
        return self.part != "example"


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem as the judge, the losses and the optimizers see it."""

    slug: str
    title: str
    statement: str
    kind: Kind
    entry: str
    """`Solution.method`, a function's name, for kind "class" a class's name; "" for a program and for pytest."""
    visible: tuple[TestCase, ...]
    hidden: tuple[TestCase, ...] = ()
    params: tuple[Param, ...] = ()
    returns: TypeSpec = typespec.ANY
    answer: str = "return"
    """What is compared: "return", a parameter's name (in place), or `name[:return]`."""
    compare: Compare = Compare()
    limits: Limits = Limits()
    starter: str = ""
    prelude: str = ""
    """Python that runs before a solution and before each test's code: imports and helpers."""
    redefined: tuple[str, ...] = ()
    """Builtins that tests mean as the solution defines them; all others are Python's, whatever a solution defines."""
    suite: Suite = Suite()
    """What only pytest and the hook need; as it is by default for all other kinds."""
    evaluation: Evaluation = Evaluation()
    """How an evaluator measures candidates; as it is by default for all kinds whose tests say what is right."""
    difficulty: str = ""
    tags: tuple[str, ...] = ()
    path: Path | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.kind, Kind):
            raise TypeError(f"Problem.kind is one of coderefine.KINDS, such as KINDS['function'], not {self.kind!r}")

    @property
    def suffix(self) -> str:
        """How the name of a file with a candidate ends."""
        return self.kind.suffix or self.evaluation.suffix

    def cases(self, tests: Tests) -> tuple[TestCase, ...]:
        """Return the visible test cases, the hidden ones, or all."""
        return {"visible": self.visible, "hidden": self.hidden, "all": self.visible + self.hidden}[tests]

    def without_hidden(self) -> Self:
        """Return the problem as refinement may see it: nothing downstream can reach a hidden test."""
        return replace(self, hidden=(), suite=replace(self.suite, hidden_files=()))
