"""Budgets hold, also for one long answer and for parallel workers."""

import threading

import pytest

from coderefine.budget import SHORTEST_ANSWER_TOKENS, Budget, Ceiling, Meter
from coderefine.errors import BudgetExhausted
from coderefine.models.metered import MeteredModel
from coderefine.models.model import Answer, Prompt, most_tokens

CALL = Ceiling(prompt_tokens=100, answer_tokens=1000, prompt_usd=0.01, answer_usd=0.10)
PROMPT = Prompt("s" * 40, "u" * 60)


def made(meter, call=CALL, tokens=None):
    """Reserve a call, make it, as long as it may be, and settle it."""
    granted = meter.reserve(call)
    answer = granted.answer_tokens if tokens is None else tokens
    usd = granted.prompt_usd + (granted.answer_usd * answer / granted.answer_tokens if granted.answer_tokens else 0)
    meter.add_call(granted.prompt_tokens, answer, usd)
    meter.settle(granted)
    return granted


def test_without_limits_a_call_may_come_to_all_it_can():
    assert Meter().reserve(CALL) == CALL


def test_an_answer_is_cut_at_what_is_left_of_the_tokens():
    meter = Meter(Budget(max_tokens=2000))
    assert [made(meter).answer_tokens, made(meter).answer_tokens] == [1000, 800]
    assert meter.prompt_tokens + meter.completion_tokens == 2000
    with pytest.raises(BudgetExhausted, match="2000 tokens"):
        meter.reserve(CALL)


def test_an_answer_is_cut_at_what_is_left_of_the_money():
    meter = Meter(Budget(max_cost_usd=0.19))
    assert made(meter).answer_tokens == 1000
    assert made(meter).answer_tokens == pytest.approx(700, abs=1)
    assert meter.cost_usd <= 0.19
    with pytest.raises(BudgetExhausted, match=r"\$0.19"):
        meter.reserve(CALL)


def test_a_call_whose_answer_would_be_cut_short_is_not_made():
    meter = Meter(Budget(max_tokens=100 + SHORTEST_ANSWER_TOKENS - 1))
    with pytest.raises(BudgetExhausted) as caught:
        meter.reserve(CALL)
    assert caught.value.limit == "tokens"
    assert Meter(Budget(max_tokens=100 + SHORTEST_ANSWER_TOKENS)).reserve(CALL).answer_tokens == SHORTEST_ANSWER_TOKENS


def test_a_model_of_short_answers_is_asked_to_the_end():
    assert Meter(Budget(max_tokens=150)).reserve(Ceiling(100, 50)).answer_tokens == 50


def test_a_model_without_a_price_is_limited_by_everything_else():
    meter = Meter(Budget(max_cost_usd=0.01, max_calls=1))
    granted = meter.reserve(Ceiling(100, 1000))
    meter.add_call(100, 1000, None)
    meter.settle(granted)
    with pytest.raises(BudgetExhausted, match="1 model call is"):
        meter.reserve(Ceiling(100, 1000))


@pytest.mark.parametrize(
    ("budget", "spent"),
    [
        (Budget(max_calls=7), lambda meter: (meter.calls, 7)),
        (Budget(max_tokens=5000), lambda meter: (meter.prompt_tokens + meter.completion_tokens, 5000)),
        (Budget(max_cost_usd=0.5), lambda meter: (meter.cost_usd, 0.5)),
    ],
)
def test_parallel_workers_exceed_no_limit_together(budget, spent):
    meter, ended = Meter(budget), []

    def work():
        try:
            while True:
                made(meter)
        except BudgetExhausted as error:
            ended.append(error.limit)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(ended) == 8
    value, limit = spent(meter)
    assert 0.8 * limit <= value <= limit


def test_a_worker_waits_where_it_depends_on_what_another_comes_to():
    meter, granted = Meter(Budget(max_tokens=1600)), []
    first = meter.reserve(CALL)
    waiting = threading.Thread(target=lambda: granted.append(meter.reserve(CALL)))
    waiting.start()
    waiting.join(0.2)
    assert granted == []
    meter.add_call(100, 50, 0.0)  # far less than it might have been
    meter.settle(first)
    waiting.join(30)
    assert granted[0].answer_tokens == 1000


def test_the_model_is_told_where_to_cut_its_answer():
    asked = []

    class Long:
        name = "long"

        def complete(self, prompt):
            asked.append(prompt.max_tokens)
            return Answer("text", 100, prompt.max_tokens, 0.0, 0.1)

    meter = Meter(Budget(max_tokens=2000))
    model = MeteredModel(Long(), meter, lambda prompt: CALL)
    model.complete(PROMPT)
    model.complete(PROMPT)
    with pytest.raises(BudgetExhausted):
        model.complete(PROMPT)
    assert asked == [1000, 800]


def test_a_call_that_failed_gives_its_reservation_back():
    class Down:
        name = "down"

        def complete(self, prompt):
            raise RuntimeError

    meter = Meter(Budget(max_calls=1))
    for _ in range(3):
        with pytest.raises(RuntimeError):
            MeteredModel(Down(), meter).complete(PROMPT)
    assert meter.calls == 0


def test_the_clock_goes_forward_only():
    meter = Meter(Budget(max_seconds=100))
    meter.advance(60)
    meter.advance(10)
    assert 60 <= meter.seconds < 61
    assert 39 < meter.seconds_left <= 40


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("return", 2), ("1, 2, 3", 7), ("    x", 2), ("12345", 2), ("日本", 6)]
)
def test_numbers_and_symbols_are_counted_finer_than_words(text, tokens):
    assert most_tokens(text) == tokens


def test_a_part_of_a_whole_counts_there_and_keeps_to_both_budgets():
    whole = Meter(Budget(max_calls=3))
    one, two = Meter(Budget(max_calls=2), parent=whole), Meter(parent=whole)
    made(one)
    made(one)
    with pytest.raises(BudgetExhausted, match="the budget of 2 model calls is spent") as own:
        one.reserve(CALL)
    made(two)
    with pytest.raises(BudgetExhausted, match="for all together, the budget of 3 model calls is spent") as total:
        two.reserve(CALL)
    assert (own.value.limit, total.value.limit) == ("calls", "total calls")
    assert (whole.calls, one.calls, two.calls) == (3, 2, 1)


def test_an_answer_is_cut_at_what_is_left_of_the_whole():
    whole = Meter(Budget(max_cost_usd=0.19))
    one, two = Meter(parent=whole), Meter(parent=whole)
    assert one.bounded
    made(one)
    assert made(two).answer_tokens < 1000
    assert whole.cost_usd <= 0.19


def test_parts_that_call_at_the_same_time_do_not_exceed_the_whole():
    whole = Meter(Budget(max_cost_usd=1.0))

    def spend():
        part = Meter(parent=whole)
        try:
            while True:
                made(part)
        except BudgetExhausted:
            pass

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0.9 < whole.cost_usd <= 1.0


def test_a_call_that_the_whole_refuses_is_not_left_open_in_the_part():
    whole = Meter(Budget(max_calls=0))
    part = Meter(Budget(max_calls=1), parent=whole)
    for _ in range(2):
        with pytest.raises(BudgetExhausted, match="for all together"):
            part.reserve(CALL)
