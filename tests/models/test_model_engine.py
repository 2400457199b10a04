from __future__ import annotations

import pytest

from coderefine.autograd.variable import Variable
from coderefine.budget import Meter
from coderefine.engine import Engine, EngineOptions, Loss, Optimizer
from coderefine.errors import ModelError
from coderefine.models.engine import draft, model_engine
from coderefine.models.factory import open_model
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
