"""What servers refuse, leave out or send in another way than OpenAI's, over the real litellm: at most one request more."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from functools import partial

import pytest

from coderefine.budget import Budget, Meter
from coderefine.descent.models import open_model
from coderefine.errors import CoderefineError
from coderefine.models.litellm_model import LiteLLMModel
from coderefine.models.model import ContextWindowError, Prompt, TimedOutError, UnusableAnswerError
from coderefine.models.server import Servers
from coderefine.models.turns import Turns
from coderefine.parallel import in_parallel
from tests.scripted_server import COMPLETION_TOKENS, PROMPT_TOKENS, completion, serve, stream

PROMPT = Prompt("You are terse.", "What is 1 + 1?")


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "dummy-key")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def refusal(message, status=400, **more):
    return {"status": status, "body": {"error": {"message": message, "type": "invalid_request_error", **more}}}


def asked(*replies, prompt=PROMPT, times=1, **options):
    """Return the answers or the error, and the requests."""
    with serve(replies) as server:
        model = open_model(
            "openai/scripted", api_base=server.url, meter=options.pop("meter", None) or Meter(), **options
        )
        try:
            outcome = [model.complete(prompt).text for _ in range(times)]
        except CoderefineError as error:
            outcome = error
    return outcome, server.requests


def refusing(key, message, **more):
    """A server that refuses a parameter whenever it is there."""
    return lambda request: refusal(message, **more) if key in request.body else "Two."


@pytest.mark.parametrize(
    ("key", "message", "instead"),
    [
        ("temperature", "Unsupported value: 'temperature' does not support 0.0 with this model.", {}),
        ("temperature", "temperature is not permitted", {}),
        (
            "max_tokens",
            "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead.",
            {"max_completion_tokens": 4096},
        ),
        ("max_tokens", "Unrecognized request argument supplied: max_tokens", {"max_completion_tokens": 4096}),
        ("stream_options", "extra fields not permitted: stream_options", {"stream": True}),
        ("stream", "streaming is not supported", {}),
    ],
)
def test_a_parameter_that_is_refused_is_left_out_at_once_and_from_then_on(key, message, instead):
    texts, requests = asked(*[refusing(key, message)] * 3, times=2)
    assert texts == ["Two.", "Two."]
    assert [key in request.body for request in requests] == [True, False, False]
    assert instead.items() <= requests[1].body.items()


@pytest.mark.parametrize(
    "message",
    [
        "System role not supported",
        "Conversation roles must alternate user/assistant/...",
        "Developer instruction is not enabled for this model",
        "unknown role: system",
    ],
)
def test_a_system_message_that_is_refused_goes_before_the_users(message):
    def reply(request):
        return refusal(message) if request.system else "Two."

    texts, requests = asked(*[reply] * 3, times=2)
    assert (texts, len(requests)) == (["Two.", "Two."], 3)
    assert requests[1].user == f"{PROMPT.system}\n\n{PROMPT.user}"


@pytest.mark.parametrize(
    "message",
    [
        "max_tokens must be less than or equal to 2048",
        "max_tokens: 4096 > 2048, which is the maximum allowed number of output tokens",
        "max_tokens is too large: 4096. This model supports at most 2048 completion tokens",
        "Range of max_tokens should be [1, 2048]",
    ],
)
def test_an_answer_is_no_longer_than_the_server_allows(message):
    def reply(request):
        return refusal(message) if request.body["max_tokens"] > 2048 else "Two."

    texts, requests = asked(*[reply] * 3, times=2)
    assert (texts, [request.body["max_tokens"] for request in requests]) == (["Two.", "Two."], [4096, 2048, 2048])


def windowed(window, form):
    """A server that reads so many tokens, prompt and answer together, and says so in one of the usual ways."""

    def reply(request):
        tokens = len(request.system + request.user) // 3
        answer = request.body["max_tokens"]
        if tokens + answer <= window:
            return "Two."
        return refusal(form.format(window=window, total=tokens + answer, tokens=tokens, answer=answer))

    return reply


WINDOWS = [
    "This model's maximum context length is {window} tokens. However, you requested {total} tokens ({tokens} in the "
    "messages, {answer} in the completion). Please reduce the length of the messages or completion.",
    "'max_tokens' or 'max_completion_tokens' is too large: {answer}. This model's maximum context length is {window} "
    "tokens and your request has {tokens} input tokens ({answer} > {window} - {tokens}).",
    "This model's maximum context length is {window} tokens.",
]


@pytest.mark.parametrize("form", WINDOWS, ids=["old", "new", "brief"])
@pytest.mark.parametrize("window", [1024, 2048, 4096])
def test_the_answer_shrinks_to_what_the_window_leaves_and_the_next_one_too(form, window):
    prompt = Prompt("You are terse.", "What is 1 + 1? " * 60)
    texts, requests = asked(*[windowed(window, form)] * 3, prompt=prompt, times=2)
    assert (texts, len(requests)) == (["Two.", "Two."], 3)
    assert requests[1].body["max_tokens"] > window / 2


@pytest.mark.parametrize("form", WINDOWS, ids=["old", "new", "brief"])
def test_a_prompt_that_leaves_no_room_for_an_answer_is_told_apart(form):
    error, requests = asked(*[windowed(1024, form)] * 3, prompt=Prompt("", "What is 1 + 1? " * 400))
    assert type(error) is ContextWindowError
    assert "the prompt is longer" in str(error)
    assert len(requests) == 1


def test_the_window_that_the_user_knows_is_heeded_from_the_first_request():
    _, [request] = asked("Two.", context_tokens=2048)
    assert 1900 < request.body["max_tokens"] < 2048


def test_the_answers_may_be_as_long_as_the_user_says():
    _, [request] = asked("Two.", answer_tokens=700)
    assert request.body["max_tokens"] == 700


def test_what_is_learnt_of_a_server_is_known_to_all_models_of_a_run():
    servers = Servers()
    with serve([refusing("temperature", "temperature: unsupported")] * 4) as server:
        for _ in range(2):
            known = servers.of("openai/scripted", server.url)
            open_model("openai/scripted", api_base=server.url, meter=Meter(), server=known).complete(PROMPT)
    assert len(server.requests) == 3


# ---- what is sent


def test_a_stream_is_put_together():
    with serve([stream("Tw", "o", ".")]) as server:
        answer = open_model("openai/scripted", api_base=server.url, meter=Meter()).complete(PROMPT)
    assert (answer.text, answer.truncated) == ("Two.", False)
    assert (answer.prompt_tokens, answer.completion_tokens) == (PROMPT_TOKENS, COMPLETION_TOKENS)
    assert server.requests[0].body["stream_options"] == {"include_usage": True}


def test_a_stream_that_stops_at_the_limit_is_truncated():
    with serve([stream("Tw", finish_reason="length")]) as server:
        assert open_model("openai/scripted", api_base=server.url, meter=Meter()).complete(PROMPT).truncated


def parts(*texts):
    return [{"type": "text", "text": text} for text in texts]


@pytest.mark.parametrize(
    "reply",
    [
        {"body": completion(parts("Two", "."))},
        {"body": completion("Two.", reasoning_content="1 and 1, hm")},
        {"body": completion("<think>1 and 1, hm</think>\nTwo.")},
        {"body": completion("1 and 1, hm</think>Two.")},
        {"body": {"choices": [{"message": {"content": "Two."}}]}},
        {"body": {**completion("Two."), "usage": None}},
        {"body": completion("Two.", finish_reason="eos")},
        {"body": stream("Two.", finish_reason=None)["body"], "headers": {"Content-Type": "application/json"}},
        stream("Two.", usage=False),
        stream("Two.", done=False),
        {"body": ": waiting\n\n" + stream("Two.")["body"], "headers": {"Content-Type": "text/event-stream"}},
        {"body": stream("Two.")["body"].replace("\n", "\r\n"), "headers": {"Content-Type": "text/event-stream"}},
    ],
)
def test_an_answer_is_understood_however_it_is_sent(reply):
    [text], requests = asked(reply)
    assert (text.strip(), len(requests)) == ("Two.", 1)


def test_the_arguments_of_a_tool_are_an_answer():
    function = {"name": "edit", "arguments": json.dumps({"code": "x = 1\n"})}
    [text], _ = asked({"body": completion(None, tool_calls=[{"id": "1", "type": "function", "function": function}])})
    assert json.loads(text) == {"code": "x = 1\n"}


def test_an_error_with_the_status_of_a_success_is_an_error():
    error, requests = asked({"body": {"error": {"message": "no such model", "code": 404}}})
    assert "no such model" in str(error)
    assert len(requests) == 1


def test_an_error_in_the_midst_of_a_stream_is_not_an_answer():
    broken = stream("Tw", done=False)["body"].replace('"delta": {}', '"delta": {}, "x": 1')
    body = broken.split("data: ")[1] + 'data: {"error": {"message": "out of memory", "code": 500}}\n\n'
    reply = {"body": "data: " + body, "headers": {"Content-Type": "text/event-stream"}}
    texts, requests = asked(reply, "Two.")
    assert (texts, len(requests)) == (["Two."], 2)


def test_a_page_for_people_is_no_answer_and_not_asked_for_again():
    error, requests = asked({"body": "<html>login</html>", "headers": {"Content-Type": "text/html"}})
    assert "check --api-base" in str(error)
    assert len(requests) == 1


# ---- time


def test_a_slow_stream_is_not_given_up_as_long_as_something_comes():
    reply = {**stream(*["1 "] * 12), "slow": 0.06}
    texts, _ = asked(reply, timeout_s=0.5)
    assert texts == ["1 " * 12]


def test_a_stream_that_falls_silent_is_given_up_and_what_came_of_it_is_counted():
    meter = Meter(Budget(max_tokens=100_000))
    reply = {"body": stream(*["one "] * 8)["body"], "headers": {"Content-Type": "text/event-stream"}, "drip": True}

    def silent(request):
        return reply

    error, requests = asked(silent, "Two.", timeout_s=0.4, meter=meter)
    assert type(error) is TimedOutError
    assert (len(requests), meter.calls) == (1, 1)
    assert meter.prompt_tokens == PROMPT.tokens


def test_a_request_that_waits_at_the_server_behind_another_one_is_not_given_up():
    one_at_a_time = threading.Lock()

    def reply(request):
        with one_at_a_time:
            time.sleep(0.8)
        return "Two."

    with serve([reply] * 3) as server:
        model = open_model("openai/scripted", api_base=server.url, meter=Meter(), timeout_s=1.5)
        outcomes = in_parallel([partial(model.complete, replace(PROMPT, sample=sample)) for sample in range(3)])
        assert [outcome.result().text for outcome in outcomes] == ["Two."] * 3


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_refuses_a_second_request_gets_one_after_the_other(status, monkeypatch):
    monkeypatch.setattr(LiteLLMModel, "_pause", lambda *_: pytest.fail("no pause is called for"))
    slot = threading.Lock()

    def reply(request):
        if not slot.acquire(blocking=False):
            return refusal("no slot is free", status)
        time.sleep(0.05)
        slot.release()
        return "Two."

    with serve([reply] * 40) as server:
        model = open_model("openai/scripted", api_base=server.url, meter=Meter(), timeout_s=60)
        outcomes = in_parallel([partial(model.complete, replace(PROMPT, sample=sample)) for sample in range(4)])
        assert [outcome.result().text for outcome in outcomes] == ["Two."] * 4


def test_a_refusal_that_is_read_after_the_others_have_ended_is_still_for_their_sake():
    turns = Turns()
    with turns.turn(lambda: 60.0) as first, turns.turn(lambda: 60.0) as second:
        pass
    assert turns.is_crowded(first)
    assert turns.is_crowded(second)
    assert turns.most == 1
    with turns.turn(lambda: 60.0) as alone:
        pass
    assert not turns.is_crowded(alone)


def test_a_server_that_refuses_what_is_alone_is_waited_for(monkeypatch):
    pauses = []
    monkeypatch.setattr(LiteLLMModel, "_pause", lambda *args: pauses.append(args))
    texts, _ = asked(refusal("busy", 503), "Two.")
    assert (texts, len(pauses)) == (["Two."], 1)


def test_a_request_that_is_given_up_is_ended():
    asked("Two.")
    waiting = threading.active_count()
    with serve([{"hang": True}]) as server:
        with pytest.raises(TimedOutError):
            open_model("openai/scripted", api_base=server.url, meter=Meter(), timeout_s=0.2).complete(PROMPT)
        deadline = time.monotonic() + 20
        while threading.active_count() > waiting + 2 and time.monotonic() < deadline:  # the server's two are its own
            time.sleep(0.05)
        assert threading.active_count() <= waiting + 2


# ---- a second try


def test_an_answer_that_is_reasoning_alone_is_asked_for_once_more_with_more_room():
    thinking = {"body": completion("<think>\n" + "wait, " * 9, finish_reason="length")}
    texts, requests = asked(thinking, "Two.", answer_tokens=700)
    assert texts == ["Two."]
    assert [request.body["max_tokens"] for request in requests] == [700, 1400]


@pytest.mark.parametrize("reply", [completion(None), completion(" "), completion("", reasoning_content="hm")])
def test_an_empty_answer_is_asked_for_once_more_at_a_higher_temperature(reply):
    texts, requests = asked({"body": reply}, "Two.")
    assert texts == ["Two."]
    assert [request.body["temperature"] for request in requests] == [0, 0.8]


def test_there_is_no_third_try():
    error, requests = asked(*[{"body": completion(None)}] * 5)
    assert type(error) is UnusableAnswerError
    assert len(requests) == 2


def test_a_second_try_is_reserved_and_counted_as_a_call_of_its_own():
    meter = Meter(Budget(max_calls=5, max_tokens=100_000))
    asked({"body": completion(None)}, "Two.", meter=meter)
    assert (meter.calls, meter.prompt_tokens) == (2, 2 * PROMPT_TOKENS)


def test_reasoning_never_reaches_the_answer():
    texts, _ = asked("Sure!\n<think>maybe\n```python\nx = 1\n```\n</think>\nTwo.")
    assert texts == ["\nTwo."]
