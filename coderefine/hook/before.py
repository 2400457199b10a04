"""Finds the failing tests that fail in the same way without the commit, so that it is not to blame for them.

Only the tests that failed are run again, on the files of the last commit. Their outcomes are remembered as long as the
last commit and the environment stay the same.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import replace

from coderefine.hook.cache import Cache
from coderefine.hook.git import FILE_MODES
from coderefine.hook.project import CheckOutcome, Project, is_denied
from coderefine.hook.running import run
from coderefine.hook.staged import Snapshot
from coderefine.judge.judge import Judge
from coderefine.judge.report import CaseResult

_VARYING = re.compile(r"0x[0-9a-fA-F]+|\d+\.\d+|\d{5,}|/(?:mnt|tmp)/[\w./-]+")
"""Parts of a failure's message that differ from run to run: addresses, times, process numbers, places."""
_MOST_CHARS = 400
_OF_OTHERS = re.compile(
    r"unraisable exception warnings|PytestUnraisableExceptionWarning|unhandled thread exception"
    r"|PytestUnhandledThreadExceptionWarning"
)


_ABSENT = "absent"


def compared(
    project: Project, outcome: CheckOutcome, judge: Judge, cache: Cache, environment: Iterable[str]
) -> CheckOutcome:
    """Return the outcome with what is known about its failing tests without the commit.

    Nothing is known where nothing differs from the last commit, or where a link is among the differences.
    """
    known = _known(project, outcome, judge, cache, environment)
    before = frozenset(case.name for case in outcome.failed if is_same(known.get(case.name, ""), sign(case)))
    excused = {case.name for case in outcome.failed if case.denied and known.get(case.name, _ABSENT) == _ABSENT}
    return replace(outcome, before=before, excused=frozenset(excused | _left_over(outcome)))


def _left_over(outcome: CheckOutcome) -> set[str]:
    """Return the tests during which objects of other tests ended that were denied something: which tests, is chance."""
    found = set()
    for _, report in outcome.sessions:
        if any(case.denied or is_denied(case) for case in report.cases):
            found |= {case.name for case in report.cases if case.error and _OF_OTHERS.search(f"{case.error}")}
    return found


def _known(
    project: Project, outcome: CheckOutcome, judge: Judge, cache: Cache, environment: Iterable[str]
) -> dict[str, str]:
    """Return how the failing tests end without the commit, by their names."""
    snapshot = project.plan.snapshot
    earlier = _last_commit(snapshot)
    failed = {case.name for case in outcome.failed}
    if not failed or earlier is None:
        return {}
    basis = [snapshot.repository.head, *(f"{path} {_stamp(path)}" for path in environment)]
    record = cache.head(snapshot.repository.root)
    known = dict(record.get("tests", {})) if record.get("basis") == basis else {}
    unknown = failed - known.keys()
    if unknown:
        known |= _run(project, earlier, outcome, unknown, judge)
        cache.set_head(snapshot.repository.root, {"basis": basis, "tests": known})
    return known


def sign(case: CaseResult) -> str:
    """Return a text for how a test ended: the same for the same failure in another run, "" where the test passed."""
    if case.verdict.name == "AC":
        return ""
    error = case.error
    told = f"{error.type}: {error.message}" if error else case.reason
    return f"{case.verdict} {_VARYING.sub('0', told[:_MOST_CHARS])}"


def is_same(one: str, other: str) -> bool:
    """Whether two signs stand for the same failure.

    A bare AssertionError counts as the same as an explained one: what else pytest imports decides whether it explains.
    """
    if one == other or not (one and other):
        return one == other
    bare = [it.removesuffix(": ") for it in (one, other)]
    return any(it.endswith(" AssertionError") for it in bare) and bare[0].split(":")[0] == bare[1].split(":")[0]


def _last_commit(snapshot: Snapshot) -> Snapshot | None:
    """Return the files of the last commit; None where they cannot be derived from what is staged."""
    changes = snapshot.changes
    if not changes or not snapshot.repository.head:
        return None
    files = dict(snapshot.files)
    for change in changes:
        if change.before.mode in FILE_MODES:
            files[change.path] = change.before
        elif int(change.before.id, 16) == 0:
            files.pop(change.path, None)
        else:
            return None
    return replace(snapshot, files=dict(sorted(files.items())), changes=())


def _run(
    project: Project, earlier: Snapshot, outcome: CheckOutcome, wanted: Iterable[str], judge: Judge
) -> dict[str, str]:
    """Run some tests on the last commit; return how each ended, _ABSENT for tests that do not exist there."""
    wanted = set(wanted)
    names = {name.partition("[")[0] for name in wanted}
    paths = {name.partition("::")[0] for name in wanted} & earlier.files.keys()
    if any(case.name in wanted and not case.wall_s for case in outcome.failed):
        # Whether a class can be collected may depend on other files, for example on their filters of warnings.
        paths |= {case.name.partition("::")[0] for case in outcome.cases} & earlier.files.keys()
    found = dict.fromkeys(wanted, _ABSENT)
    if not paths:
        return found
    plan = replace(project.plan, snapshot=earlier)
    seen = {path for path in project.files if path in earlier.files}
    seen |= {change.path for change in project.plan.snapshot.changes if change.path in earlier.files}
    files = earlier.read(sorted(seen))
    tests = {path: files[path].decode("utf-8", "replace") for path in project.tests if path in paths & files.keys()}
    before = replace(project, plan=plan, files=files, tests=tests, unreadable=())
    others = {name.partition("[")[0] for name in [*(case.name for case in outcome.cases), *outcome.left]} - names
    timeout = plan.settings.timeout
    ended = run(before, judge, time.monotonic() + timeout, others)
    for case in ended.cases:
        if case.name in found:
            found[case.name] = sign(case)
    return found


def _stamp(path: str) -> str:
    from pathlib import Path

    try:
        return str(Path(path).stat().st_mtime_ns)
    except OSError:
        return ""
