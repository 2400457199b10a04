"""Budgets while calls are under way; that they are checked before each call stands in tests/models/test_metered.py."""

from __future__ import annotations

import pytest

from coderefine.budget import Budget, Meter
from coderefine.errors import BudgetExhausted


def test_a_call_under_way_counts_against_the_budget_of_calls():
    meter = Meter(Budget(max_calls=1))
    with meter.call(10), pytest.raises(BudgetExhausted), meter.call(10):
        pass
    assert meter.calls == 0


def test_a_call_under_way_holds_its_tokens():
    meter = Meter(Budget(max_tokens=100))
    with meter.call(60):
        with pytest.raises(BudgetExhausted), meter.call(60):
            pass
        with meter.call(40):
            pass


def test_a_call_under_way_is_taken_to_cost_what_the_dearest_did():
    meter = Meter(Budget(max_cost_usd=0.5))
    meter.add_call(1, 1, 0.3)
    with meter.call(1), pytest.raises(BudgetExhausted), meter.call(1):
        pass
    meter.check_call(1)


def test_what_a_call_spent_takes_the_place_of_what_was_held_for_it():
    meter = Meter(Budget(max_tokens=100))
    with meter.call(90) as count:
        count(20, 5, 0.1)
    assert (meter.calls, meter.prompt_tokens, meter.completion_tokens, meter.cost_usd) == (1, 20, 5, 0.1)
    meter.check_call(75)


def test_a_call_that_failed_leaves_nothing_held():
    meter = Meter(Budget(max_calls=1))
    with pytest.raises(RuntimeError), meter.call(10):
        raise RuntimeError
    meter.check_call()
    assert meter.calls == 0
