"""The common part of the kinds whose candidates a sandbox calls, once for each case."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from coderefine.judge import cases
from coderefine.judge.kind import CalledKind, RunPlan, Sandboxes
from coderefine.judge.pool import Pool
from coderefine.kinds.authors import check_python
from coderefine.kinds.base import ProblemKind
from coderefine.kinds.fields import Fields
from coderefine.kinds.rows import Row, read_tests
from coderefine.kinds.stored import quoted
from coderefine.problem.problem import Case, Param, Problem, TestCase, Tests
from coderefine.rendering import MAX_VALUE_CHARS, code_line, cut, example_of


class CalledProblemKind(ProblemKind, CalledKind):
    """A kind whose tests are calls with arguments and an expected value, or code that calls."""

    usual_compare: ClassVar[str] = "exact"
    """How answers are compared where problem.toml does not say."""
    refused_compare: ClassVar[tuple[str, ...]] = ("tokens", "lines")
    """Comparisons that suit no answers of this kind."""

    def load(self, fields: Fields) -> Problem:
        """Read the declared interface, then the tests, whose values have the declared types."""
        params = self.read_params(fields)
        blank = Problem(
            **fields.common(),
            kind=self,
            entry=self.read_entry(fields),
            visible=(),
            params=params,
            returns=fields.type("returns", "Any"),
            answer=fields.answer(params),
            compare=fields.compare(self.usual_compare),
            prelude=fields.folder.optional("prelude.py"),
        )
        check_python(fields.folder.path / "prelude.py", blank.prelude)
        if blank.compare.mode in self.refused_compare:
            raise fields.fail("compare", f"{blank.compare.mode!r} is not for kind {self.name!r}")
        read = partial(self.read_case, blank)
        visible = read_tests(fields.folder, "tests/visible.json", read, required=True)
        return replace(
            blank, visible=visible, hidden=read_tests(fields.folder, "tests/hidden.json", read, required=False)
        )

    def read_params(self, fields: Fields) -> tuple[Param, ...]:
        """Return the declared parameters."""
        return ()

    @abstractmethod
    def read_entry(self, fields: Fields) -> str:
        """Return the name of what is called (see `Problem.entry`)."""

    @abstractmethod
    def read_case(self, problem: Problem, row: Row) -> TestCase:
        """Return the test in a row of a file of tests; `problem` has no tests yet. Raises ProblemError."""

    def toml_fields(self, problem: Problem) -> dict[str, str]:
        """Return how answers are compared, where that is not the usual way."""
        if problem.compare.mode == self.usual_compare:
            return {}
        tolerance = f":{problem.compare.tolerance!r}"
        suffix = {"float": tolerance, "close": tolerance, "checker": ".py"}.get(problem.compare.mode, "")
        return {"compare": quoted(problem.compare.mode + suffix)}

    def files(self, problem: Problem) -> dict[str, bytes]:
        """Return the files of tests."""
        found = {"tests/visible.json": self._rows(problem, problem.visible)}
        if problem.hidden:
            found["tests/hidden.json"] = self._rows(problem, problem.hidden)
        return found

    def _rows(self, problem: Problem, cases: Iterable[TestCase]) -> bytes:
        rows = (
            json.dumps({"name": case.name, **self.row(problem, case), **({"part": case.part} if case.part else {})})
            for case in cases
        )
        return ("[\n" + ",\n".join(rows) + "\n]\n").encode()

    def row(self, problem: Problem, case: TestCase) -> dict[str, Any]:
        """Return a test as `read_case` reads it, without its name."""
        return {"code": case.code} if case.code else self.call_row(problem, case)

    @abstractmethod
    def call_row(self, problem: Problem, case: TestCase) -> dict[str, Any]:
        """Return a test that is a call."""

    @abstractmethod
    def call_text(self, problem: Problem, args: tuple[Any, ...], limit: int) -> str:
        """Return a call in a line, with each value cut at `limit` characters."""

    def case_text(self, problem: Problem, case: Case, limit: int = MAX_VALUE_CHARS) -> str:
        """Return the call, or on one line the code of the test, or the example that it was made from."""
        if case.code:
            return cut(code_line(example_of(case.code) or case.code), 2 * limit)
        return self.call_text(problem, case.args, limit)

    def plan(self, sandboxes: Sandboxes, problem: Problem, tests: Tests, *, stop: bool, evidence: bool) -> RunPlan:
        """Judge on the cases one by one."""
        return cases.plan(sandboxes, problem, tests, stop=stop, evidence=evidence)

    def pool(self, sandboxes: Sandboxes) -> Pool:
        """Return the sandboxes in which candidates run."""
        return sandboxes.candidates
