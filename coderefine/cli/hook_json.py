"""The result of a check of the next commit as one line of JSON, for programs such as agents that edit code.

The form is stable: the fields of `version` 1 stay, and more may be added. Empty lists are left out, and long ones are
cut, so that one failure takes few tokens.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from coderefine.cli.options import warn
from coderefine.hook.commit import ASIDE
from coderefine.hook.listener import Listener
from coderefine.hook.needs import needs
from coderefine.hook.project import CheckOutcome, Project, not_run
from coderefine.hook.suspects import suspects
from coderefine.rendering import cut, printable

if TYPE_CHECKING:
    from coderefine.hook.commit import Note
    from coderefine.hook.environment import Environment
    from coderefine.hook.plan import Plan
    from coderefine.hook.problems import Judged
    from coderefine.hook.repair import Repair
    from coderefine.hook.revert import Revert

VERSION = 1
_MOST, _MOST_NOTES = 5, 5
_CHARS = 300


class HookJson(Listener):
    """Collects what is found; `printed` returns all of it."""

    def __init__(self) -> None:
        self._found: dict[str, Any] = {}
        self._notes: list[str] = []

    def printed(self, plan: Plan, code: int) -> str:
        """Return the line, given the exit code of the check."""
        why = {test: reason for chosen in plan.chosen for test, reason in chosen.tests.items()}
        tests = [{"file": printable(test), "why": printable(why[test])} for test in plan.tests]
        found = {"version": VERSION, "passed": code == 0, "chosen": len(tests), "tests": tests[:_MOST], **self._found}
        found["notes"] = self._notes[:_MOST_NOTES]
        return told(found)

    def note(self, notes: Sequence[Note]) -> None:
        """Keep the lines that matter."""
        self._notes += [_short(text) for text, level in notes if level != ASIDE]

    def warn(self, text: str) -> None:
        """Print a warning, to standard error."""
        warn(text)

    def tested(self, project: Project, outcome: CheckOutcome, environment: Environment | None) -> None:
        """Keep the failures, and what is not known."""
        waiting = not_run(outcome.unfinished)
        self._notes += needs(outcome.failed, autoload=project.autoload)
        failures = [_failure(case.name, case.reason, case.error) for case in outcome.failed]
        failures += [_failure(path, "", f"is no Python: {reason}") for path, reason in outcome.unreadable]
        stopped = [case.name for case in outcome.unfinished if case not in waiting]
        self._found |= {
            "counts": {
                "passed": len(outcome.passed),
                "failed": len(failures),
                "unaffected": outcome.spared,
                "skipped": len(outcome.skipped),
                "failed_before": len(outcome.failed_before),
                "denied": len(outcome.denied),
            },
            "failures": failures[:_MOST],
            "suspicious": [
                {"path": it.path, "line": it.line, "text": _short(it.text), "why": it.why}
                for it in suspects(project, outcome)
            ],
            "failed_before": _names(case.name for case in outcome.failed_before),
            "denied": _names(case.name for case in outcome.denied),
            "stopped": _names(stopped),
            "not_run": _names([*(case.name for case in waiting), *outcome.late, *outcome.left]),
        }

    def judged(self, judged: Judged) -> None:
        """Keep the verdict of a problem."""
        self._found.setdefault("problems", []).append(_short(judged.summary))

    def refused(self, module: str, reason: str) -> None:
        """Keep why a patch is refused."""
        self._notes.append(_short(f"the patch of {module} is refused: {reason}"))

    def no_patch(self, undone: Revert | None) -> None:
        """Keep that no patch was found, and what may be undone."""
        from coderefine.patch import make_diff

        self._notes.append("no patch was found")
        if undone:
            diff = make_diff(undone.before, undone.after, undone.module)
            self._found["revert"] = {"path": undone.module, "diff": diff}

    def patched(self, repair: Repair, applied: bool) -> None:
        """Keep a patch that was verified with all tests, and whether it is in the working tree."""
        from coderefine.patch import make_diff

        diff = make_diff(repair.before, repair.after, repair.module)
        patch = {"path": repair.module, "run": repair.run, "applied": applied, "diff": diff}
        self._found.setdefault("patches", []).append(patch)


def told(found: dict[str, Any]) -> str:
    """Return findings as a line of JSON, without empty ones."""
    kept = {key: value for key, value in found.items() if value not in ([], {}, "")}
    return json.dumps(kept, ensure_ascii=True, separators=(",", ":"))


def told_before(notes: Sequence[Note]) -> str:
    """Return the line for a check that passed before on the very same files."""
    texts = [_short(text) for text, level in notes if level != ASIDE]
    return told({"version": VERSION, "passed": True, "remembered": True, "notes": texts[:_MOST_NOTES]})


def _failure(name: str, place: str, error: object) -> dict[str, str]:
    found = {"test": _short(name), "at": _short(place), "error": _short(str(error) if error else "")}
    return {key: value for key, value in found.items() if value}


def _names(names: Iterable[str]) -> list[str]:
    return [_short(name) for name in names][:_MOST]


def _short(text: str) -> str:
    return cut(printable(text), _CHARS)
