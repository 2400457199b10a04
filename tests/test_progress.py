"""Progress is told as it happens, in order, and not after the end."""

import pytest

from coderefine.budget import Meter
from coderefine.loop import refine
from coderefine.models.model import Answer, Prompt, UnusableAnswerError
from coderefine.progress import AnnouncingModel, Progress, ProgressReporter
from coderefine.refining.observers import SILENT, Observers
from coderefine.refining.options import RefineOptions
from tests.samples import CODE, DIFF, PROBLEM

ANSWER = Answer("text", 10, 2, None, 0.5)


class Scripted:
    name = "scripted"

    def __init__(self, answer=ANSWER):
        self.answer = answer

    def complete(self, prompt):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def told():
    return []


@pytest.fixture
def progress(told):
    return ProgressReporter(told.append, Meter())


def refine_with_model(judge, server, observers=SILENT):
    options = RefineOptions(api_base=server.url)
    return refine(PROBLEM, CODE, judge=judge, engines=["openai/x"], options=options, observers=observers)


def test_a_refinement_tells_what_it_does(scripted_server, any_judge, told):
    with scripted_server(["It subtracts.", DIFF]) as server:
        refine_with_model(any_judge, server, Observers(on_progress=told.append))
    doing = [(moment.iteration, moment.doing) for moment in told if not moment.call]
    steps = [step for step, before in zip(doing, [None, *doing], strict=False) if step != before]
    assert steps == [
        (0, "judging"),
        (1, "judging"),
        (1, "waiting for openai/x's criticism"),
        (1, "judging"),
        (1, "waiting for openai/x's patch"),
        (1, "judging"),
        (1, "comparing what passes on further inputs"),
    ]


def test_a_refinement_keeps_its_calls(scripted_server, any_judge):
    with scripted_server(["It subtracts.", DIFF]) as server:
        result = refine_with_model(any_judge, server)
    assert [(call.iteration, call.model, call.purpose) for call in result.log] == [
        (1, "openai/x", "criticism"),
        (1, "openai/x", "patch"),
    ]


def test_the_search_says_that_it_searches(any_judge, told):
    refine(PROBLEM, CODE, judge=any_judge, observers=Observers(on_progress=told.append))
    assert ("search", "searching") in [(moment.engine, moment.doing) for moment in told]


def test_the_meter_of_a_moment_counts_on(progress, told):
    progress.doing("judging")
    told[0].meter.add_call(1, 1, None)
    assert isinstance(told[0], Progress)
    assert told[0].meter.calls == 1


def test_calls_side_by_side_are_told_together(progress, told):
    with progress.waiting("m", "patch"), progress.waiting("m", "patch"):
        pass
    assert [moment.doing for moment in told] == [
        "waiting for m's patch",
        "waiting for 2 patches of m",
        "waiting for m's patch",
        "judging",
    ]


def test_an_unusable_answer_is_a_call_too(progress):
    with pytest.raises(UnusableAnswerError):
        AnnouncingModel(Scripted(UnusableAnswerError("no", ANSWER)), "patch", progress).complete(Prompt("", "x"))
    (call,) = progress.end()
    assert (call.usable, call.prompt_tokens) == (False, 10)


def test_nothing_is_told_after_the_end(progress, told):
    progress.end()
    AnnouncingModel(Scripted(), "patch", progress).complete(Prompt("", "x"))
    assert told == []
