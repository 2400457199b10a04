"""A prompt too long for the model is asked again with less evidence, over the real litellm."""

from __future__ import annotations

import pytest

from coderefine.autograd.variable import Gradient, Variable
from coderefine.budget import Meter
from coderefine.descent.code_loss import CodeLoss
from coderefine.descent.models import open_model
from coderefine.descent.optimizer import TextualGradientDescent
from coderefine.models.fitting import complete_fitting
from coderefine.models.model import ContextWindowError, Prompt
from tests.samples import CODE, DIFF, FIXED, PROBLEM, case, report
from tests.scripted_server import serve

TOO_LONG = {
    "status": 400,
    "body": {
        "error": {
            "message": "This model's maximum context length is 8192 tokens",
            "code": "context_length_exceeded",
        }
    },
}
LONG = report(*[case(at, args=(10**500 + at, 0)) for at in range(5)])


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "dummy-key")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def opened(server, meter=None):
    return open_model("openai/scripted", api_base=server.url, meter=meter or Meter())


def rooms(*replies, wanted=1000, prompt_tokens=4000, fixed=0):
    """Return how much evidence each try had room for."""
    asked = []

    def prompt_with(room):
        asked.append(room)
        return Prompt("", "x" * 4 * fixed + "Hi.")

    with serve(replies) as server:
        answer = complete_fitting(opened(server), prompt_with, wanted, prompt_tokens)
    assert asked[0] == 0  # to know what is there in any case
    return answer.text, asked[1:]


def test_a_prompt_that_fits_is_asked_once_with_all_that_is_wanted():
    assert rooms("Yes.") == ("Yes.", [1000])


def test_evidence_gets_what_the_rest_leaves_of_the_window():
    assert rooms("Yes.", fixed=3300) == ("Yes.", [699])


def test_a_full_window_still_leaves_a_little_room_at_first():
    assert rooms("Yes.", fixed=9000) == ("Yes.", [500])


def test_a_prompt_too_long_is_asked_again_with_a_quarter_and_then_with_no_evidence():
    assert rooms(TOO_LONG, TOO_LONG, "Yes.") == ("Yes.", [1000, 250, 0])


def test_the_tries_are_bounded():
    with serve([TOO_LONG] * 9) as server, pytest.raises(ContextWindowError, match="larger context"):
        complete_fitting(opened(server), lambda room: Prompt("", "Hi."), 1000, 4000)
    assert len(server.requests) == 3


def test_a_try_that_was_refused_is_not_billed():
    meter = Meter()
    with serve([TOO_LONG, "Yes."]) as server:
        complete_fitting(opened(server, meter), lambda room: Prompt("", "Hi."), 1000, 4000)
    assert meter.calls == 1


def test_a_loss_shows_the_whole_code_and_fewer_cases_when_the_window_is_too_small():
    with serve([TOO_LONG, TOO_LONG, "Wrong."]) as server:
        loss = CodeLoss(opened(server), PROBLEM)(Variable(CODE, requires_grad=True), LONG)
    assert loss.value == "Wrong."
    assert [request.user.count("expected: 3") for request in server.requests] == [5, 3, 0]
    assert all(CODE in request.user and "0 of 5 tests passed." in request.user for request in server.requests)


def test_an_optimizer_shows_the_whole_code_and_less_of_a_case_when_the_window_is_too_small():
    code = Variable(CODE, requires_grad=True)
    code.add_gradient(Gradient("Wrong.", report(case(args=("x" * 600, "y" * 600), expected="z" * 600, got="w" * 600))))
    with serve([TOO_LONG, DIFF]) as server:
        TextualGradientDescent(code, opened(server), PROBLEM).step()
    assert code.value == FIXED
    first, second = (len(request.user) for request in server.requests)
    assert first > second
    assert all(CODE in request.user for request in server.requests)


def test_a_loss_for_a_small_window_starts_with_less_evidence():
    many = report(*[case(at, args=("x" * 590, "y" * 590), expected="z" * 590, got="w" * 590) for at in range(5)])
    shown = []
    for tokens in (4096, 1400):
        with serve(["Wrong."]) as server:
            CodeLoss(opened(server), PROBLEM, prompt_tokens=tokens)(Variable(CODE, requires_grad=True), many)
        shown.append(server.requests[0].user.count("expected:"))
    assert shown[0] > shown[1] >= 1
