"""The modules that a set's tests and programs import and a sandbox lacks; a sandbox is asked once about each."""

from __future__ import annotations

from collections.abc import Sequence

from coderefine.formats.record import Record
from coderefine.formats.suites import suite_problem
from coderefine.kinds.function import FUNCTION
from coderefine.problem.problem import Limits, Param, Problem, TestCase
from coderefine.problem.typespec import ANY
from coderefine.scoring.place import Place, Rules

_LOOK = """\
def missing(names):
    import importlib.util
    return [name for name in names if importlib.util.find_spec(name) is None]
"""
_LIMITS = Limits(time_s=30.0, memory_mib=2048)


class Modules:
    """The modules of a place's sandboxes, as far as they were asked for."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._known: dict[tuple[bool, str], bool] = {}

    def missing(self, record: Record) -> list[str]:
        """Return the modules that a record needs and its sandbox lacks; raises JudgeError."""
        in_suite = not record.problem.kind.cases_are_tests
        unknown = [name for name in record.needs if (in_suite, name) not in self._known]
        if unknown:
            lacking = self._lacking_in_suite(unknown) if in_suite else self._lacking(unknown)
            self._known |= {(in_suite, name): name not in lacking for name in unknown}
        return [name for name in record.needs if not self._known[in_suite, name]]

    def _lacking(self, names: Sequence[str]) -> set[str]:
        problem = Problem(
            slug="modules",
            title="modules",
            statement="",
            kind=FUNCTION,
            entry="missing",
            visible=(TestCase("names", (list(names),)),),
            params=(Param("names", ANY),),
            limits=_LIMITS,
        )
        (found,) = self._place.answers(problem, _LOOK)
        return set(found.value) if found.answered and isinstance(found.value, list) else set(names)

    def _lacking_in_suite(self, names: Sequence[str]) -> set[str]:
        tests = "\n\n".join(f"def test_{number}():\n    import {name}" for number, name in enumerate(names))
        problem = suite_problem(tests, slug="modules", title="modules", statement="", limits=_LIMITS)
        verdicts = self._place.judged(problem, "", Rules()).visible
        if len(verdicts) != len(names):
            return set(names)
        return {name for name, verdict in zip(names, verdicts, strict=True) if verdict is None or verdict.value != "AC"}
