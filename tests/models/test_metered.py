from __future__ import annotations

import pytest

from coderefine.budget import Budget, Meter
from coderefine.errors import BudgetExhausted, ModelError
from coderefine.models.metered import MeteredModel
from coderefine.models.model import Answer, Prompt, UnusableAnswerError, estimate_tokens

PROMPT = Prompt("s" * 40, "u" * 60)
ANSWER = Answer("text", prompt_tokens=30, completion_tokens=5, cost_usd=0.25, seconds=0.1)


class Scripted:
    """Gives its outcomes one after the other."""

    name = "scripted"

    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.calls = 0

    def complete(self, prompt):
        self.calls += 1
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def test_a_call_is_counted_after_it_was_made():
    meter = Meter()
    model = MeteredModel(Scripted(ANSWER), meter)
    assert model.complete(PROMPT) == ANSWER
    assert (meter.calls, meter.prompt_tokens, meter.completion_tokens, meter.cost_usd) == (1, 30, 5, 0.25)
    assert (model.name, meter.cost_known) == ("scripted", True)


def test_an_unknown_price_never_stops_a_run_and_is_remembered():
    free = Answer("text", 30, 5, None, 0.1)
    meter = Meter(Budget(max_cost_usd=0.01))
    model = MeteredModel(Scripted(free, free), meter)
    model.complete(PROMPT)
    model.complete(PROMPT)
    assert (meter.calls, meter.cost_known) == (2, False)


@pytest.mark.parametrize(
    ("budget", "limit"),
    [
        (Budget(max_calls=0), "calls"),
        (Budget(max_tokens=24), "tokens"),
        (Budget(max_cost_usd=0.0), "cost"),
        (Budget(max_seconds=0.0), "seconds"),
    ],
)
def test_a_budget_is_checked_before_the_call(budget, limit):
    inner = Scripted(ANSWER)
    with pytest.raises(BudgetExhausted) as caught:
        MeteredModel(inner, Meter(budget)).complete(PROMPT)
    assert (caught.value.limit, inner.calls) == (limit, 0)


def test_a_call_that_failed_counts_nothing():
    meter = Meter()
    with pytest.raises(ModelError):
        MeteredModel(Scripted(ModelError("down")), meter).complete(PROMPT)
    assert (meter.calls, meter.prompt_tokens, meter.cost_known) == (0, 0, True)


def test_an_answer_without_use_is_billed_all_the_same():
    meter = Meter()
    with pytest.raises(UnusableAnswerError, match="empty"):
        MeteredModel(Scripted(UnusableAnswerError("empty", ANSWER)), meter).complete(PROMPT)
    assert (meter.calls, meter.prompt_tokens, meter.cost_usd) == (1, 30, 0.25)


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2)])
def test_four_characters_are_about_a_token(text, tokens):
    assert estimate_tokens(text) == tokens
