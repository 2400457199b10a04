from __future__ import annotations

import dataclasses

import pytest

from coderefine.autograd.variable import Variable
from coderefine.budget import Meter
from coderefine.descent.engine import draft, model_engine
from coderefine.descent.models import open_model
from coderefine.engine import Engine, EngineOptions, Loss, Optimizer
from coderefine.errors import ModelError
from coderefine.kinds.table import KINDS
from coderefine.problem import typespec
from coderefine.problem.problem import Param
from tests.samples import CODE, DIFF, FAILING, FIXED, PROBLEM
from tests.scripted_server import serve

WHOLE = f"Adds.\n```python\n{FIXED}```\n"


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "dummy-key")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_a_draft_is_the_program_of_the_answer():
    with serve([WHOLE]) as server:
        model = open_model("openai/scripted", api_base=server.url, meter=Meter())
        assert draft(model, PROBLEM) == FIXED
    [request] = server.requests
    assert PROBLEM.statement in request.user
    assert "`(a: int, b: int)`" in request.user
    assert PROBLEM.starter in request.user


@pytest.mark.parametrize(
    ("change", "says", "silent"),
    [
        ({}, "print nothing", "Node"),
        ({"params": (Param("a", typespec.parse("ListNode")),)}, "`ListNode` is defined already", "TreeNode"),
        ({"kind": "program", "entry": "", "params": (), "starter": ""}, "standard library", "print nothing"),
    ],
)
def test_a_draft_is_told_nothing_that_does_not_concern_its_problem(change, says, silent):
    fields = {**change, "kind": KINDS["program"]} if "kind" in change else change
    problem = dataclasses.replace(PROBLEM, **fields)
    with serve([WHOLE]) as server:
        draft(open_model("openai/scripted", api_base=server.url, meter=Meter()), problem)
    assert says in server.requests[0].user
    assert silent not in server.requests[0].user
    assert "```python block that holds the whole program" in server.requests[0].user.rpartition("\n\n")[2]


def test_a_draft_without_a_program_is_asked_for_again():
    with serve(["I would add them.", WHOLE]) as server:
        model = open_model("openai/scripted", api_base=server.url, meter=Meter())
        assert draft(model, PROBLEM) == FIXED
    assert "I would add them." in server.requests[1].user


def test_a_model_that_writes_no_program_is_an_error():
    with serve(["Hello."] * 9) as server:
        model = open_model("openai/scripted", api_base=server.url, meter=Meter())
        with pytest.raises(ModelError, match="wrote no program for add in 3 answers"):
            draft(model, PROBLEM)


def test_an_engine_drafts_criticises_and_patches_within_one_budget():
    meter = Meter()
    with serve([f"```python\n{CODE}```", "The sign is wrong.", DIFF]) as server:
        engine: Engine = model_engine("openai/scripted", PROBLEM, meter, api_base=server.url)
        loss: Loss = engine.loss
        assert engine.draft is not None
        code = Variable(engine.draft(), requires_grad=True)
        optimizer: Optimizer = engine.optimizer(code)
        loss(code, FAILING).backward()
        [patch] = optimizer.step()
    assert (engine.name, code.value, patch.after) == ("openai/scripted", FIXED, FIXED)
    assert meter.calls == 3
    for request in server.requests:
        assert "4711" not in str(request.body)
        assert "hidden-name" not in str(request.body)


def test_an_engine_takes_another_instruction():
    with serve(["Fine."]) as server:
        options = EngineOptions(instruction="Only line 2.")
        engine = model_engine("openai/scripted", PROBLEM, Meter(), api_base=server.url, options=options)
        engine.loss(Variable(CODE, requires_grad=True), FAILING)
    assert "Only line 2." in server.requests[0].user


def engine_with(server, **options):
    return model_engine("openai/scripted", PROBLEM, Meter(), api_base=server.url, options=EngineOptions(**options))


def iterate(engine):
    code = Variable(CODE, requires_grad=True)
    engine.loss(code, FAILING).backward()
    return engine.optimizer(code).step()


def test_a_critic_writes_the_criticism_and_the_model_the_patch():
    with serve(["The sign is wrong.", DIFF]) as server:
        [patch] = iterate(engine_with(server, critic="openai/critic"))
    assert patch.after == FIXED
    assert [request.body["model"] for request in server.requests] == ["critic", "scripted"]


def test_an_engine_asks_for_as_many_candidates_in_the_form_that_is_wanted():
    with serve(["The sign is wrong.", WHOLE, WHOLE, WHOLE]) as server:
        patches = iterate(engine_with(server, candidates=3, edit_format="whole", constraints=("No imports.",)))
    assert [patch.after for patch in patches] == [FIXED]
    assert len(server.requests) == 4
    assert all("the whole program" in request.user for request in server.requests[1:])
    assert all("- No imports." in request.user for request in server.requests[1:])


def test_a_faithful_engine_makes_three_calls_an_iteration():
    with serve(["Bad.", "The sign is wrong.", DIFF]) as server:
        [patch] = iterate(engine_with(server, faithful=True))
    assert (patch.after, len(server.requests)) == (FIXED, 3)
