import base64
import json
import string
import time
from unittest import mock
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coderefine.models.litellm_errors import brief
from coderefine.models.secrets import hide_known, public_address, redact

SECRETS = st.text(string.ascii_letters + string.digits, min_size=8, max_size=40).map(lambda it: f"Q7{it}")
ODD = st.text(string.ascii_letters + string.digits + "!$%&+,;=@:/?#[]\"'\\ äß", min_size=6, max_size=30).map(
    lambda it: f"Q7{it}Z9"
)
HEADERS = [
    "Authorization",
    "authorization",
    "Proxy-Authorization",
    "x-api-key",
    "api-key",
    "X-Goog-Api-Key",
    "X-Auth-Token",
    "X-Amz-Security-Token",
    "Cookie",
    "Set-Cookie",
    "OpenAI-Secret",
    "X-Password",
    "x-session-id",
    "X-Signature",
]
FORMS = [
    "{name}: {value}",
    "{name}={value}",
    "{name} : {value} was sent",
    "'{name}': '{value}'",
    '{{"{name}": "{value}"}}',
    '{{\\"{name}\\":\\"{value}\\"}}',
    "(b'{name}', b'{value}')",
    "[('{name}', '{value}')]",
    "{name} => '{value}'",
    "-H '{name}: {value}'",
    "GET / HTTP/1.1\r\n{name}: {value}\r\nHost: h",
]


@pytest.mark.parametrize("header", HEADERS)
@given(secret=SECRETS)
def test_no_header_with_a_telling_name_is_shown(header, secret):
    for form in FORMS:
        assert secret not in redact("sent " + form.format(name=header, value=secret) + " ok"), form


@pytest.mark.parametrize(
    "scheme", ["Bearer", "Basic", "Token", "Digest username=a, response=", "AWS4-HMAC-SHA256 Credential=", "Custom"]
)
@given(secret=SECRETS)
def test_no_scheme_of_authorization_is_shown(scheme, secret):
    value = scheme + secret if scheme.endswith("=") else f"{scheme} {secret}"
    for form in FORMS:
        assert secret not in redact(form.format(name="Authorization", value=value)), form


@given(user=SECRETS, password=ODD, first=SECRETS, second=SECRETS, third=SECRETS)
def test_of_an_address_neither_the_user_nor_any_value_of_the_query_is_shown(user, password, first, second, third):
    address = f"http://{user}:{quote(password, safe='')}@host:8000/v1?key={first}&token={second}&{third}"
    for shown in (
        redact(f"cannot reach {address} now"),
        public_address(address),
        brief(f"POST {address} failed", address),
    ):
        assert not any(it in shown for it in (user, password, quote(password, safe=""), first, second, third))
        assert "host:8000/v1" in shown


@pytest.mark.parametrize(
    "address",
    [
        "http://u:p/w@d@host/v1?key=A&token=B",
        "http://u:p@host/v1?key=A;token=B#B",
        "u:p@host/v1?token=B",
        "http://u:p@[host/v1?token=B",
    ],
)
def test_short_values_and_odd_addresses_are_hidden_too(address):
    for shown in (public_address(address), redact(f"at {address}") if "://" in address else ""):
        assert "=B" not in shown and "=A" not in shown and "u:p" not in shown


@given(secret=ODD)
def test_what_an_address_holds_is_known_wherever_it_comes_back(secret):
    quoted = quote(secret, safe="")
    for address in (f"http://me:{quoted}@host/v1", f"http://host/v1?x={quoted}"):
        basic = base64.b64encode(f"me:{secret}".encode()).decode()
        for said in (
            secret,
            quoted,
            json.dumps({"got": secret}),
            repr(secret),
            f"Basic {basic}" if "me:" in address else "",
        ):
            shown = redact(f"no such user {said} here", address)
            assert secret not in shown and quoted not in shown and basic not in shown


@pytest.mark.parametrize(
    "variable", ["OPENAI_API_KEY", "HF_TOKEN", "AWS_SECRET_ACCESS_KEY", "DB_PASSWORD", "MY_CREDENTIALS", "X_AUTH"]
)
@given(secret=ODD)
def test_the_value_of_a_telling_variable_is_shown_nowhere(variable, secret):
    with mock.patch.dict("os.environ", {variable: secret}):
        for said in (
            secret,
            quote(secret),
            quote(secret, safe=""),
            json.dumps(secret),
            base64.b64encode(secret.encode()).decode(),
        ):
            assert said.strip('"') not in hide_known(f"x = '{said}'")
            assert said.strip('"') not in brief(f"wrong: {said}")


@given(secret=SECRETS)
def test_the_password_of_a_proxy_is_known(secret):
    with mock.patch.dict("os.environ", {"HTTPS_PROXY": f"http://me:{secret}@proxy:3128"}):
        assert secret not in redact(f"407 {secret}")


@pytest.mark.parametrize(
    "text",
    [
        "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.",
        "Rate limit reached for gpt-4o in organization org on tokens per min: Limit 30000, Used 29000.",
        "model not found; who are you?",
        "max_tokens: 4096 is too large; prompt_tokens=12",
        "POST http://host:8000/v1/chat/completions failed with status 500",
    ],
)
def test_what_is_no_secret_is_shown(text):
    assert redact(text) == text


def test_a_program_keeps_what_only_looks_like_a_secret():
    program = "token: str = 'abcdefgh'\nurl = f'http://h/?q={query}'\n"
    assert hide_known(program) == program


@pytest.mark.parametrize(
    "text",
    ["token" * 4000, "://" * 8000, "?a=" * 8000, "authorization: " * 2000, "a" * 20_000, "cookie:" + " " * 20_000],
)
def test_a_message_that_is_made_to_take_long_does_not(text):
    before = time.process_time()
    brief(text)
    assert time.process_time() - before < 5
