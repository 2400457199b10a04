"""The work of the hook: runs the tests of a plan, decides whether they pass, and looks for patches.

Guarantees: a pass is remembered only where it would be repeated; a failure to repair never changes the outcome of the
tests.
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path

from coderefine.accidents import Accidents
from coderefine.errors import CoderefineError
from coderefine.hook import sandbox, wording, worktree
from coderefine.hook.before import compared
from coderefine.hook.commit import ASIDE, NOTICE, RESULT, NextCommit, Note
from coderefine.hook.environment import Environment
from coderefine.hook.listener import Listener
from coderefine.hook.permission import Permission, configuration
from coderefine.hook.plan import Plan
from coderefine.hook.project import CheckOutcome, Project
from coderefine.hook.running import run, run_whole
from coderefine.judge.judge import Judge
from coderefine.judge.verdict import Verdict
from coderefine.models.names import check_name
from coderefine.rendering import count


@dataclass(frozen=True, slots=True)
class Fixing:
    """How the user wants a patch to be looked for, and where the store of runs is."""

    models: tuple[str, ...]
    """The models to ask; where there are none, those of the settings that the user allows."""
    api_base: str | None
    home: str | None
    refused: tuple[str, ...] = ()
    """Models that the repository asks for and the user does not allow."""


@dataclass(frozen=True, slots=True)
class Done:
    """The outcome of a part of the work."""

    code: int
    """0 where all tests passed, else 1."""
    notes: list[Note] = field(default_factory=list)
    """The lines to show again when the outcome is remembered."""
    is_lasting: bool = True
    """Whether the outcome would be the same another time."""


def check(
    plan: Plan, commit: NextCommit, listener: Listener, fixing: Fixing | None = None, python: str | None = None
) -> int:
    """Run the tests of a plan, and with `fixing` look for patches; return the exit code.

    `python` is an interpreter that the user names, wherever it is. Raises CoderefineError where nothing could be tested
    and the settings do not let that pass.
    """
    if fixing:
        plan, fixing = _permitted(plan, fixing)
    notes = wording.notes_on(plan)
    listener.note(notes)
    if not plan.tests and not plan.problems:
        if plan.left_out:
            listener.note([(f"no test to run: {count(plan.unaffected, 'test')} unaffected", RESULT)])
        else:  # the unaffected depend on the environment as well
            commit.remember(notes, [], ())
        return 0
    try:
        return _test(plan, commit, listener, fixing, python)
    except CoderefineError as error:
        if error.exit_code != 3 or plan.settings.on_error == "fail":
            raise
        listener.warn(f"{error}; nothing was tested")
        return 0


def _permitted(plan: Plan, fixing: Fixing) -> tuple[Plan, Fixing]:
    """Return the plan with settings that spend no more than the user allows, and the models to ask."""
    for name in fixing.models:
        check_name(name)
    permission = Permission.load()
    bounded = permission.bound(plan.settings)
    refused = () if fixing.models else tuple(permission.refused(plan.settings))
    models = fixing.models or bounded.models
    return replace(plan, settings=bounded), replace(fixing, models=models, refused=refused)


def _test(plan: Plan, commit: NextCommit, listener: Listener, fixing: Fixing | None, python: str | None) -> int:
    settings, snapshot = plan.settings, plan.snapshot
    deadline = time.monotonic() + settings.timeout
    environment = None
    done = []
    if plan.tests:
        if python:
            environment = Environment.named_by_user(python)
        elif not settings.image:
            environment = Environment.find(snapshot.repository, settings.python, snapshot.indexed)
        done.append(_run_tests(plan, environment, deadline, commit, listener, fixing))
    if plan.problems:
        done.append(_judge_problems(plan, deadline, listener))
    code = max(it.code for it in done)
    if code == 0 and all(it.is_lasting for it in done):
        again = [(f"{text}, as before", level) for it in done for text, level in it.notes]
        with Accidents(listener.warn).survive("remembering that all passed", "the next run tests again"):
            made = [str(Path(snapshot.repository.root, path)) for path in plan.generated]
            files = [*(environment.files if environment else ()), *made]
            commit.remember([*wording.notes_on(plan), *again], _image(plan), files)
    return code


def _run_tests(
    plan: Plan,
    environment: Environment | None,
    deadline: float,
    commit: NextCommit,
    listener: Listener,
    fixing: Fixing | None,
) -> Done:
    """Run the chosen tests, and look for a patch where that is wanted."""
    settings = plan.settings
    began = time.monotonic()
    with sandbox.open_sandbox(settings, environment, listener.progress) as judge:
        starting = judge.sandboxes.suites.begin(settings.memory_mib)  # while the files are read
        project = Project.read(plan, autoload=environment is None or not environment.is_ours)
        starting.join()
        listener.note([(note, ASIDE) for note in project.notes])
        project, outcome = run_whole(project, run(project, judge, deadline), judge, deadline)
        if environment and project.is_whole:
            with Accidents(listener.warn).survive("remembering what tests reach", "the next run chooses more of them"):
                _remember_reach(project, outcome, commit, environment)
        if outcome.failed and project.is_whole:
            with Accidents(listener.warn).survive("looking whether tests failed before", "they are taken for new"):
                files = environment.files if environment else ()
                outcome = compared(project, outcome, judge, commit.cache, files)
        with Accidents(listener.warn).survive("remembering how long tests took", "they are run in another order"):
            _remember_past(plan, outcome, commit)
        listener.tested(project, outcome, environment)
        if outcome.is_red and plan.snapshot.left_out:
            listener.note(
                [(f"not seen by tests (submodules, links to nowhere): {wording.some(plan.snapshot.left_out)}", ASIDE)]
            )
        told = wording.summary(outcome, time.monotonic() - began, f"{judge.backend}: {judge.note}")
        notes = [(told, NOTICE if outcome.is_empty else RESULT)]
        listener.note(notes)
        if fixing and (outcome.failed or outcome.unfinished):
            _fix(project, outcome, judge, listener, fixing)
    code = 1 if outcome.is_red or (outcome.is_late and settings.on_timeout == "fail") else 0
    if outcome.is_empty:
        code = max(code, int(settings.on_nothing == "fail"))
    is_whole = not (outcome.is_late or outcome.left or outcome.denied or outcome.before or outcome.is_empty)
    return Done(code, notes, is_whole)


def _remember_past(plan: Plan, outcome: CheckOutcome, commit: NextCommit) -> None:
    """Record how long each test file took, and which failed."""
    seconds: dict[str, float] = {}
    for case in outcome.cases:
        path = case.name.partition("::")[0]
        seconds[path] = seconds.get(path, 0.0) + case.wall_s
    plan.past.note(seconds, (case.name.partition("::")[0] for case in outcome.failed))
    plan.past.save(commit.cache)


def _remember_reach(project: Project, outcome: CheckOutcome, commit: NextCommit, environment: Environment) -> None:
    """Record what each passing test reached; `project` is what was run in the end."""
    plan, spared = project.plan, project.spared
    for problem, report in outcome.sessions:
        files: dict[str, set[str]] = {case.name: set() for case in problem.visible}
        red = {case.name.partition("[")[0] for case in report.cases if case.verdict is not Verdict.AC or case.denied}
        red.update(name.partition("[")[0] for name in report.left)
        for case in report.cases:
            base = case.name.partition("[")[0]
            if base not in red:
                files[base.partition("::")[0]].add(base)
        others = set(problem.suite.deselected) - spared  # run in another session, or not at all
        rest = {name.partition("::")[0] for name in (*red, *others)}
        if report.reach is None:
            plan.reach.forget(rest)
        else:
            plan.reach.note(report.reach, spared, files, rest)
    plan.reach.save(commit.cache, environment.files, commit.changed)


def _fix(project: Project, outcome: CheckOutcome, judge: Judge, listener: Listener, fixing: Fixing) -> None:
    """Look for patches of what failed, and apply them to the working tree."""
    from coderefine.hook.repair import FixRequest, Repair, Repairer
    from coderefine.hook.revert import Revert
    from coderefine.record.store import Store
    from coderefine.refining.observers import Observers

    if fixing.refused:
        where = f"to allow it: [hook] models in {configuration()}, or --model"
        listener.note([(f"not asked, as you do not allow it: {wording.some(fixing.refused)}; {where}", NOTICE)])
    repairs: list[Repair] = []
    undone: Revert | None = None
    # Whatever fails here, the tests have failed, and the exit code says so.
    accidents = Accidents(listener.warn)
    with (
        accidents.survive("looking for a patch", "the tests have failed all the same"),
        Store.open(fixing.home) as store,
    ):
        observers = Observers(on_iteration=listener.iterated, warn=listener.warn)
        asked = FixRequest(fixing.models, store, fixing.api_base)
        repairer = Repairer(project, judge, asked, observers, listener.repairing, listener.refused)
        repairs = repairer.repair(outcome)
        undone = None if repairs else repairer.revert(outcome)
    if not repairs:
        listener.no_patch(undone)
    root = Path(project.plan.snapshot.repository.root)
    for repair in repairs:
        with accidents.survive("showing a patch", f"to put it into its file: coderefine apply {repair.run}"):
            listener.patched(repair, worktree.apply(root, repair.module, repair.before, repair.after))


def _judge_problems(plan: Plan, deadline: float, listener: Listener) -> Done:
    """Judge the solutions of problem directories while time lasts, the first in any case."""
    from coderefine.hook.problems import judge_folder

    code, notes, late = 0, [], list(plan.problems)
    with _open_judge(listener) as judge:
        while late and (len(late) == len(plan.problems) or time.monotonic() < deadline):
            judged = judge_folder(plan.snapshot, folder := late.pop(0), judge)
            if judged is None:
                notes.append((f"{folder or '.'}: no solution is staged", ASIDE))
                listener.note(notes[-1:])
                continue
            listener.judged(judged)
            notes.append((judged.summary, RESULT))
            code = code if judged.report.accepted else 1
    if late:
        listener.note([(f"not judged, for lack of time: {', '.join(late)}", NOTICE)])
        code = 1 if plan.settings.on_timeout == "fail" else code
    return Done(code, notes, not late)


def _open_judge(listener: Listener) -> AbstractContextManager[Judge]:
    from coderefine.judge.opening import open_judge

    return open_judge(progress=listener.progress)


def _image(plan: Plan) -> list[str]:
    """Return the name and the id of the image in which tests ran; [] where they ran in none."""
    name = plan.settings.image
    return [name, sandbox.image_id(name)] if plan.tests and name else []
