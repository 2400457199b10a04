"""The real litellm over real HTTP, against a scripted server."""

from __future__ import annotations

import email.utils
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from coderefine.budget import Budget, Meter
from coderefine.descent.models import open_model
from coderefine.errors import BudgetExhausted, CoderefineError, ModelError, UsageError
from coderefine.models.litellm_model import LiteLLMModel
from coderefine.models.model import ContextWindowError, Prompt, TimedOutError, UnusableAnswerError
from coderefine.models.secrets import redact
from tests.scripted_server import COMPLETION_TOKENS, PROMPT_TOKENS, completion, serve

SECRET = "sk-very-secret-0123456789"
PROMPT = Prompt("You are terse.", "What is 1 + 1?")
CONTEXT = {"message": "This model's maximum context length is 8192 tokens", "code": "context_length_exceeded"}


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("OPENAI_API_BASE", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)


def ask(*replies, name="openai/scripted", **options):
    """Return the answer or the error, what the server was sent, and the pauses made."""
    pauses = []
    with serve(replies) as server:
        model = LiteLLMModel(name, api_base=server.url, sleep=pauses.append, **options)
        try:
            outcome = model.complete(PROMPT)
        except CoderefineError as error:
            outcome = error
    return outcome, server.requests, pauses


def test_an_answer_comes_with_its_text_and_token_counts():
    answer, _, _ = ask("Two.")
    assert (answer.text, answer.truncated) == ("Two.", False)
    assert (answer.prompt_tokens, answer.completion_tokens) == (PROMPT_TOKENS, COMPLETION_TOKENS)
    assert 0 < answer.seconds < 30


def test_the_request_holds_the_prompt_and_the_settings():
    _, [request], _ = ask("Two.", temperature=0.5, max_tokens=77)
    assert (request.system, request.user) == (PROMPT.system, PROMPT.user)
    assert (request.body["model"], request.body["temperature"], request.body["max_tokens"]) == ("scripted", 0.5, 77)


def test_an_unknown_price_is_none():
    assert ask("Two.")[0].cost_usd is None


def test_a_known_price_is_counted():
    answer, _, _ = ask("Two.", name="openai/gpt-4o-mini")
    assert answer.cost_usd == pytest.approx(PROMPT_TOKENS * 0.15e-6 + COMPLETION_TOKENS * 0.6e-6)


def test_a_reasoning_model_is_not_sent_a_temperature_that_it_refuses():
    answer, [request], _ = ask("Two.", name="openai/o3-mini")
    assert answer.text == "Two."
    assert "temperature" not in request.body


def test_tokens_are_estimated_where_the_server_counts_none():
    body = completion("Two.")
    del body["usage"]
    answer, _, _ = ask({"body": body})
    assert (answer.prompt_tokens, answer.completion_tokens) == (PROMPT.tokens, 1)


def test_an_answer_cut_at_the_length_limit_says_so():
    assert ask({"body": completion("Tw", finish_reason="length")})[0].truncated


def test_an_answer_far_longer_than_was_asked_for_is_cut():
    answer, _, _ = ask("x" * 10_000_000, max_tokens=100)
    assert (len(answer.text), answer.truncated) == (6400, True)


def test_half_a_surrogate_pair_does_not_get_in():
    body = json.dumps(completion("SIGN")).replace("SIGN", "\\ud800 x")
    assert ask({"body": body})[0].text == "? x"


def test_the_request_holds_a_limit_that_the_budget_set():
    with serve(["Two."]) as server:
        LiteLLMModel("openai/scripted", api_base=server.url).complete(replace(PROMPT, max_tokens=55))
    assert server.requests[0].body["max_tokens"] == 55


def test_the_ceiling_of_a_call_is_its_prompt_and_the_longest_answer_at_the_models_price():
    ceiling = LiteLLMModel("openai/gpt-4o-mini", max_tokens=1000).ceiling(Prompt("", "word " * 500))
    assert ceiling.answer_tokens == 1000
    assert 500 <= ceiling.prompt_tokens <= 1000
    assert ceiling.usd == pytest.approx(ceiling.prompt_tokens * 0.15e-6 + 1000 * 0.6e-6)


def test_the_ceiling_of_a_model_without_a_price_costs_nothing():
    assert LiteLLMModel("openai/scripted").ceiling(PROMPT).usd == 0


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 529])
def test_a_passing_failure_is_retried(status):
    answer, requests, pauses = ask({"status": status, "body": {"error": {"message": "busy"}}}, "Two.")
    assert answer.text == "Two."
    assert (len(requests), len(pauses)) == (2, 1)


def test_pauses_grow_and_are_spread():
    error, requests, pauses = ask(*[{"status": 500, "body": {"error": {"message": "boom"}}}] * 9, retries=3)
    assert type(error) is ModelError
    assert "openai/scripted" in str(error)
    assert "boom" in str(error)
    assert len(requests) == 4
    assert all(2**i / 2 <= pause <= 2**i for i, pause in enumerate(pauses))
    assert len(pauses) == 3


@pytest.mark.parametrize("as_date", [False, True], ids=["seconds", "date"])
def test_a_short_retry_after_is_honoured(as_date):
    def busy(_):
        value = email.utils.formatdate(time.time() + 8, usegmt=True) if as_date else "8"
        return {"status": 429, "headers": {"Retry-After": value}, "body": {}}

    answer, _, [pause] = ask(busy, "Two.")
    assert answer.text == "Two."
    assert 5 < pause <= 8


def test_a_long_retry_after_ends_the_attempts():
    error, requests, pauses = ask({"status": 429, "headers": {"Retry-After": "3600"}, "body": {}}, "Two.")
    assert "3600 s" in str(error)
    assert (len(requests), pauses) == (1, [])


def test_an_unreadable_retry_after_is_ignored():
    answer, _, [pause] = ask({"status": 429, "headers": {"Retry-After": "soon"}, "body": {}}, "Two.")
    assert answer.text == "Two."
    assert pause <= 1


@pytest.mark.parametrize("reply", [{"hang": True}, {"drip": True}], ids=["silent", "keeps sending blank lines"])
def test_a_server_that_never_finishes_is_given_up(reply):
    started = time.monotonic()
    error, requests, _ = ask(reply, "Two.", timeout_s=0.3)
    assert type(error) is TimedOutError
    assert "in time; give it more with --timeout" in str(error)
    assert error.answer.prompt_tokens == PROMPT.tokens
    assert (len(requests), time.monotonic() - started < 60) == (1, True)


def test_a_call_that_timed_out_is_counted_and_not_repeated():
    meter = Meter(Budget(max_tokens=10_000))
    with serve([{"hang": True}, "Two."]) as server:
        model = open_model("openai/scripted", api_base=server.url, meter=meter, timeout_s=0.3)
        with pytest.raises(TimedOutError, match="about 8 tokens"):
            model.complete(PROMPT)
    assert (len(server.requests), meter.calls, meter.prompt_tokens) == (1, 1, PROMPT.tokens)


def test_an_answer_that_was_cut_on_the_way_is_asked_for_in_another_call():
    meter = Meter()
    with serve([{"body": completion("Two." * 100), "cut": True}, "Two."]) as server:
        answer = open_model("openai/scripted", api_base=server.url, meter=meter).complete(PROMPT)
    assert (answer.text, len(server.requests), meter.calls) == ("Two.", 2, 2)
    assert meter.prompt_tokens == PROMPT.tokens + PROMPT_TOKENS


def test_a_server_that_is_not_there_is_a_model_error():
    with pytest.raises(ModelError, match=r"127\.0\.0\.1:9"):
        LiteLLMModel("openai/scripted", api_base="http://127.0.0.1:9/v1", retries=0).complete(PROMPT)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({**completion("x"), "choices": []}, "without choices"),
        (completion(None), "empty answer"),
        (completion(" \n"), "empty answer"),
        (completion(None, refusal="I cannot help with that."), "refused"),
        (completion("Tw", finish_reason="content_filter"), "refused"),
        (completion(None, finish_reason="length", reasoning_content="hm"), "limit of tokens"),
    ],
)
def test_an_answer_without_use_is_an_error_that_knows_its_tokens(body, says):
    error, requests, _ = ask({"body": body})
    assert type(error) is UnusableAnswerError
    assert says in str(error)
    assert error.answer.prompt_tokens == PROMPT_TOKENS
    assert len(requests) == 1


@pytest.mark.parametrize("content_type", ["text/html", "application/json"])
def test_html_instead_of_json_is_a_model_error(content_type):
    error, _, _ = ask({"body": "<html>hello</html>", "headers": {"Content-Type": content_type}}, retries=0)
    assert type(error) is ModelError
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("status", "body", "kind", "says"),
    [
        (400, {"error": CONTEXT}, ContextWindowError, "larger context"),
        (400, {"error": {"message": "bad weather"}}, ModelError, "bad weather"),
        (401, {"error": {"message": "Incorrect API key"}}, ModelError, "OPENAI_API_KEY"),
        (403, {"error": {"message": "not your region"}}, ModelError, "not your region"),
        (404, {"error": {"message": "no such model"}}, UsageError, "no such model"),
        (422, {"error": {"message": "unprocessable"}}, ModelError, "unprocessable"),
    ],
)
def test_a_lasting_failure_is_not_retried(status, body, kind, says):
    error, requests, pauses = ask({"status": status, "body": body}, "Two.")
    assert type(error) is kind
    assert says in str(error)
    assert (len(requests), pauses) == (1, [])


@pytest.mark.parametrize("name", ["nonsense", "bogus/model"])
def test_an_unknown_model_says_what_to_type_instead(name):
    error, requests, _ = ask("Two.", name=name)
    assert type(error) is UsageError
    assert f"openai/{name.rpartition('/')[2]} with --api-base" in str(error)
    assert requests == []


@pytest.mark.parametrize(
    ("name", "variable"), [("gpt-4o-mini", "OPENAI_API_KEY"), ("anthropic/claude-x", "ANTHROPIC_API_KEY")]
)
def test_a_missing_key_names_the_variable_to_set(name, variable, monkeypatch):
    monkeypatch.delenv(variable, raising=False)
    pauses = []
    with pytest.raises(ModelError, match=f"set {variable} in the environment"):
        LiteLLMModel(name, sleep=pauses.append).complete(PROMPT)
    assert pauses == []


def test_a_server_of_ones_own_needs_no_key(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    assert ask("Two.")[0].text == "Two."


def test_a_server_that_wants_a_key_names_the_variable_to_set(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    error, _, _ = ask({"status": 401, "body": {"error": {"message": "who are you?"}}})
    assert type(error) is ModelError
    assert "set OPENAI_API_KEY" in str(error)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_no_error_shows_the_key_even_if_the_server_repeats_it(status):
    def tell(request):
        said = f"you sent {request.headers['Authorization']} and key {SECRET}, is it sk-proj-abc***xyz?"
        return {"status": status, "body": {"error": {"message": said}}}

    error, [request], _ = ask(tell, retries=0)
    assert request.headers["Authorization"] == f"Bearer {SECRET}"
    shown = f"{error}{error!r}{error.__cause__}"
    assert "secret" not in shown
    assert "sk-" not in shown
    assert error.__suppress_context__  # a traceback would show litellm's own message


@pytest.mark.parametrize("address", ["http://me:hunter2@127.0.0.1:9/v1", "http://127.0.0.1:9/v1?key=hunter2"])
def test_a_password_in_the_address_is_not_shown(address):
    with pytest.raises(ModelError) as caught:
        LiteLLMModel("openai/scripted", api_base=address, retries=0).complete(PROMPT)
    assert "127.0.0.1:9" in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["sk-proj-abc***xyz", "Authorization: Bearer abc.def", "AIzaSyA1234567", "https://h/v1?key=abcdef&x=1", SECRET],
)
def test_what_looks_like_a_secret_is_redacted(text):
    shown = redact(f"the server said {text} to us")
    assert "***" in shown
    assert not {"abc", "1234567", "secret"} & set(re.findall(r"abc|1234567|secret", shown))
    assert shown.startswith("the server said")
    assert shown.endswith("to us")


def test_a_remote_message_is_one_short_printable_line():
    error, _, _ = ask({"status": 400, "body": {"error": {"message": "\x1b[31mred\n" + "long " * 1000}}})
    assert str(error).isprintable()
    assert "red" in str(error)
    assert len(str(error)) < 500


def test_nothing_is_printed_or_logged(capfd):
    ask("Two.")
    ask("Two.", name="nonsense")
    ask({"status": 400, "body": {"error": {"message": "no"}}})
    assert capfd.readouterr() == ("", "")


def test_the_time_budget_shortens_an_attempt_and_ends_the_retries():
    ask("Two.")  # imports the client, which takes longer than this budget lasts
    meter = Meter(Budget(max_seconds=0.5))
    with serve([{"hang": True}] * 5) as server:
        model = open_model("openai/scripted", api_base=server.url, meter=meter)
        with pytest.raises(BudgetExhausted) as caught:
            model.complete(PROMPT)
    assert caught.value.limit == "seconds"
    assert len(server.requests) == 1
    assert meter.seconds < 5


def test_litellm_is_not_imported_before_the_first_call():
    code = "import sys, coderefine.descent.engine, coderefine.descent.models as f; f.open_model('x', meter=None)"
    code += "; assert not {'litellm', 'openai', 'httpx'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_first_call_reads_no_dotenv_file_and_fetches_no_price_table():
    ask("Two.")
    assert os.environ["LITELLM_MODE"] == "PRODUCTION"
    assert os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] == "True"
