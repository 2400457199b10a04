"""A prompt is tuned against a model of which the best prompt is known."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace

import pytest

from coderefine.budget import Budget, Meter
from coderefine.errors import BudgetExhausted, ModelError, UsageError
from coderefine.formats.reading import read
from coderefine.judge.judge import Judge
from coderefine.models.metered import MeteredModel
from coderefine.models.model import Answer
from coderefine.scoring.estimates import UNCHANGED
from coderefine.tuning.evaluating import Evaluator
from coderefine.tuning.front import Candidate, draw, pareto_front
from coderefine.tuning.repairing import RepairEvaluator
from coderefine.tuning.split import split
from coderefine.tuning.tuning import TuneOptions, tune
from tests.problems_for_tests import function_problem
from tests.tuning.counting_task import BEST, answer, is_right, write_set


class ScriptedModel:
    """Answers in this process; a reply that is no text is a server that failed."""

    name = "openai/scripted"

    def __init__(self, reply):
        self.reply, self.prompts = reply, []

    def complete(self, prompt):
        self.prompts.append(prompt)
        text = self.reply(prompt)
        if not isinstance(text, str):
            raise ModelError("gone")
        return Answer(text, 100, 20, 0.001, 0.0)


@pytest.fixture
def parts(tmp_path):
    problems = [record.problem for record in read(write_set(tmp_path / "sums.jsonl"))]
    return split(problems)


def tuned(parts, reply=answer, *, prompt="Answer.", budget=None, judge=None, steps=None, **options):
    """Tune; return the result and the requests."""
    meter, scripted = Meter(budget or Budget()), ScriptedModel(reply)
    model = MeteredModel(scripted, meter)
    judge = judge or Judge("none", lambda _: pytest.fail("a sandbox was opened"), workers=1)
    asked = TuneOptions(**options)
    found = tune(prompt, parts, Evaluator(model, judge), model, meter, asked, on_step=steps or (lambda _: None))
    return found, scripted.prompts


def share(prompt, problems):
    return sum(is_right(prompt, int(problem.slug.partition("-")[2])) for problem in problems) / len(problems)


def test_the_known_best_prompt_is_found_and_scored_on_problems_that_nothing_was_learnt_from(parts):
    told = []
    found, requests = tuned(parts, steps=told.append)
    assert (found.prompt, found.improved, found.stopped) == (BEST, True, "every validation case is right")
    assert [step.validation for step in found.steps if step.ending in ("first", "accepted")] == pytest.approx(
        [share(prompt, parts.validation) for prompt in ("Answer.", "Answer. Please count.", BEST)]
    )
    assert found.test_before.mean == pytest.approx(share("Answer.", parts.test))
    assert (found.test_after.mean, found.test_gain.mean) == (1, pytest.approx(1 - found.test_before.mean))
    assert told == list(found.steps)
    assert [step.calls for step in told] == sorted(step.calls for step in told)
    assert told[-1].calls + 2 * len(parts.test) == len(requests)


@pytest.mark.parametrize(
    ("right", "doubt"),
    [(0, "in 100% of cases"), (2, "in 25% of cases"), (9, ""), (None, "no test part confirms it")],
)
def test_a_gain_that_may_be_luck_is_doubted(parts, right, doubt):
    lucky = {it.statement.strip() for it in (*parts.training, *parts.validation[:2], *parts.test[: right or 0])}

    def reply(request):
        if request.system.startswith("You improve a text"):
            return "```\nBanana.\n```"
        question = request.user.splitlines()[0]
        is_right = request.system == "Banana." and question in lucky
        return f"Answer: {int(question.split()[2]) + 1 if is_right else 0}"

    found, _ = tuned(replace(parts, test=()) if right is None else parts, reply)
    assert (found.prompt, doubt in found.doubt, bool(found.doubt)) == ("Banana.", True, bool(doubt))


def test_no_prompt_is_asked_a_problem_twice(parts):
    _, requests = tuned(parts)
    asked = Counter((it.system, it.user) for it in requests if "# Task" not in it.user)
    assert max(asked.values()) == 1


def test_keys_of_the_parts_that_choose_and_score_are_shown_to_nobody(parts):
    _, requests = tuned(parts)
    shown = [it.user for it in requests if "# Task" in it.user]
    assert any("The right answer is" in text for text in shown)
    for problem in (*parts.validation, *parts.test):
        assert not any(problem.statement.strip() in text for text in shown)


def test_a_worse_prompt_is_refused(parts):
    def reply(request):
        if request.system.startswith("You improve a text"):
            return "```\nGuess.\n```"
        return answer(request)

    found, requests = tuned(parts, reply, prompt="Answer. Please count.")
    assert (found.prompt, found.improved) == ("Answer. Please count.", False)
    assert found.test_gain == UNCHANGED
    assert {step.ending for step in found.steps[1:]} <= {"refused on the batch", "nothing to learn", "no new prompt"}
    on_validation = {problem.statement.strip() for problem in parts.validation}
    assert not any(it.system == "Guess." and it.user.splitlines()[0] in on_validation for it in requests)


def test_a_prompt_that_is_better_on_the_batch_alone_is_not_the_best(parts):
    learnt = {problem.statement.strip() for problem in parts.training}

    def reply(request):
        if request.system.startswith("You improve a text"):
            return "```\nBy heart.\n```"
        if request.system == "By heart.":
            question = request.user.splitlines()[0]
            number = int(question.split()[2])
            return f"Answer: {number + 1 if question in learnt else 0}"
        return answer(request)

    found, _ = tuned(parts, reply, prompt="Answer. Please count.")
    assert not found.improved
    assert "refused" in {step.ending for step in found.steps}


def test_a_field_of_a_prompt_is_kept(parts):
    def reply(request):
        if request.system.startswith("You improve a text"):
            has_lost = "Why it could not be taken" in request.user
            return (
                "```\nSolve {this}: $question Please count. Please twice.\n```" if has_lost else "```\nNo field.\n```"
            )
        return answer(request)

    found, requests = tuned(parts, reply, prompt="Solve {this}: $question")
    assert found.prompt == "Solve {this}: $question Please count. Please twice."
    assert all(not it.system for it in requests if it.user.startswith("Solve {this}: What is"))


@pytest.mark.parametrize("calls", [12, 13, 20, 25, 40, 47])
def test_a_budget_ends_it_with_the_best_so_far(parts, calls):
    found, requests = tuned(parts, budget=Budget(max_calls=calls))
    assert len(requests) <= calls
    assert found.exhausted.limit == "calls"
    assert share(found.prompt, parts.validation) == found.steps[-1].best


def test_a_budget_that_is_not_enough_for_the_first_prompt_is_said(parts):
    with pytest.raises(BudgetExhausted):
        tuned(parts, budget=Budget(max_calls=3))


def test_a_server_that_dies_is_no_wrong_answer(parts):
    def reply(request):
        return (
            {"status": 400, "body": {"error": {"message": "gone"}}} if "Please" in request.system else answer(request)
        )

    with pytest.raises(ModelError):
        tuned(parts, reply)


def test_an_empty_answer_is_a_wrong_one(parts):
    found, _ = tuned(parts, lambda request: answer(request) if "# Task" in request.user else "\n")
    assert found.steps[0].validation == 0
    assert not found.improved


def test_programs_are_judged_in_the_sandbox(judge):
    problems = [function_problem([((1,), n + 1)], params=("int",)) for n in range(4)]
    problems = [replace(problem, slug=f"p{n}", statement=f"Add {n}.") for n, problem in enumerate(problems)]

    def reply(request):
        if request.system.startswith("You improve a text"):
            return "```\nWrite functions. Be exact.\n```"
        if "you say how it should change" in " ".join(request.system.split()):
            return "Be exact."
        number = int(request.user.split("Add ")[1][0])
        right = "exact" in request.system
        return f"```python\ndef f(p0):\n    return p0 + {number if right else 9}\n```"

    found, requests = tuned(split(problems, (2, 2, 0)), reply, prompt="Write functions.", batch=2, judge=judge)
    assert (found.prompt, found.test_after) == ("Write functions. Be exact.", None)
    assert any("expected" in it.user for it in requests if "# Criticisms of the answer" in it.user)


def to_repair():
    """Return four problems, and a wrong program for each."""
    problems = [
        replace(function_problem([((1,), n + 1), ((2,), n + 2)], params=("int",)), slug=f"p{n}", statement=f"Add {n}.")
        for n in range(4)
    ]
    return problems, {problem.slug: "def f(p0):\n    return p0 - 50\n" for problem in problems}


def test_a_test_time_instruction_is_tuned_by_what_is_repaired(judge):
    problems, programs = to_repair()

    def reply(request):
        if request.system.startswith("You improve a text"):
            return "```\nLook. Be exact.\n```"
        if "you say how it should change" in " ".join(request.system.split()):
            return "Be exact."
        if request.system.startswith("You repair"):
            task = re.search(r"Add (\d)", request.user)  # which is not told again where an answer cannot be taken
            right = task and "It is exact" in request.user
            return f"```python\ndef f(p0):\n    return p0 + {task[1] if right else 60}\n```"
        return "It is exact." if "Be exact" in request.user else "It is wrong."

    meter, scripted = Meter(), ScriptedModel(reply)
    model = MeteredModel(scripted, meter)
    evaluator = RepairEvaluator(model, judge, programs=programs)
    found = tune("Look.", split(problems, (2, 1, 1)), evaluator, model, meter, TuneOptions(batch=2))
    assert (found.prompt, found.test_before.mean, found.test_after.mean) == ("Look. Be exact.", 0, 1)
    assert any("After the repair 0 of 2 visible tests pass" in it.user for it in scripted.prompts)


@pytest.mark.parametrize("tuned", ["critic", "patcher"])
def test_a_system_prompt_of_repairs_is_tuned_where_it_stands(judge, tuned):
    problems, programs = to_repair()

    def reply(request):
        if request.system.startswith("You improve a text"):
            return "```\nLook. Be exact.\n```"
        if "you say how it should change" in " ".join(request.system.split()):
            return "Be exact."
        if "# Criticism" in request.user:
            task = re.search(r"Add (\d)", request.user)
            right = task and ("It is exact" in request.user or "Be exact" in request.system)
            return f"```python\ndef f(p0):\n    return p0 + {task[1] if right else 60}\n```"
        return "It is exact." if "Be exact" in request.system else "It is wrong."

    meter, scripted = Meter(), ScriptedModel(reply)
    model = MeteredModel(scripted, meter)
    evaluator = RepairEvaluator(model, judge, programs=programs, tuned=tuned)
    found = tune("Look.", split(problems, (2, 1, 1)), evaluator, model, meter, TuneOptions(batch=2))
    assert (found.prompt, found.test_before.mean, found.test_after.mean) == ("Look. Be exact.", 0, 1)
    own = {it.system for it in scripted.prompts if ("# Criticism" in it.user) is (tuned == "patcher")}
    assert own >= {"Look.", "Look. Be exact."}


def test_parts_do_not_overlap_and_depend_on_the_seed(tmp_path):
    problems = [record.problem for record in read(write_set(tmp_path / "sums.jsonl"))]
    found = split(problems, (5, 6, 7), seed=3)
    names = [problem.slug for part in (found.training, found.validation, found.test) for problem in part]
    assert len({*names}) == len(names) == 18
    assert split(reversed(problems), (5, 6, 7), seed=3) == found != split(problems, (5, 6, 7), seed=4)
    with pytest.raises(UsageError, match="fewer than the parts need"):
        split(problems[:3], (2, 2, 0))
    with pytest.raises(UsageError, match="fewer than"):
        split(problems[:1] * 5)


def candidate(*scores):
    return Candidate(str(scores), dict(enumerate(scores)))


def test_the_front_holds_what_is_best_somewhere():
    first, second, worse, same = (
        candidate(1, 0, 1, 0),
        candidate(0, 1, 0, 0),
        candidate(0, 0, 1, 0),
        candidate(0, 1, 0, 0),
    )
    assert pareto_front([first, second, worse, same]) == {first: 3, second: 2}
    drawn = Counter(draw([first, second, worse], random.Random(seed)).text for seed in range(200))
    assert drawn.keys() == {first.text, second.text}
    assert drawn[first.text] > drawn[second.text]
