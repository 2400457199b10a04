"""Removes secrets from text before it is stored or shown: from errors, from what servers send back, and from addresses.

There are two ways, and both are needed. What is *known* to be secret is removed anywhere and however it is escaped: the
values of variables with a telling name, and the user in an address. What *looks like* a secret is removed by its place:
the user and every query value of a URL, the value of a header with a telling name, a token of a known form. A server
may send back what it was sent, in any form; a word too many that is hidden costs less than a key that is not.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

HIDDEN = "***"
_SHORTEST = 6
"""The least characters of a known secret; shorter values are more likely to be words."""
_TELLING = (
    r"(?:authori[sz]ation|(?:api|access|private|auth)[-_ ]?key|token(?!s)|secret|passw(?:or)?d|passphrase|credential"
    r"|cookie|session|signature)"
)
_VARIABLE = re.compile(r"KEY|TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|COOKIE|AUTH(?!OR)", re.IGNORECASE)
_URL = re.compile(r"(?<=://)[^\s\"'<>`]+")
_QUERY = re.compile(r"(?<=\?)[\w.%\[\]-]+=[^\s\"'<>`]*")
_VALUE = re.compile(r"(?P<name>[^=&;#]*=)?[^&;#]*")
_NAMED = rf"{_TELLING}[\w-]{{0,40}}"
_QUOTED = re.compile(
    rf"(?P<head>{_NAMED}\\*[\"']?\s*(?::|=>?|,)\s*b?(?P<quote>\\*[\"']))(?:(?!(?P=quote))[^\r\n])*", re.IGNORECASE
)
_COOKIE = re.compile(r"(?P<head>\bcookie2?\s*[:=]\s*)[^\r\n\"']+", re.IGNORECASE)
_SCHEME = re.compile(
    r"(?P<head>authori[sz]ation\s*[:=]\s*)"
    r"(?:(?:Digest|AWS4|Signature|OAuth|Hawk)[^\r\n]+|[^\s\"']+(?:[ \t]+[^\s\"']+)?)",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?P<head>{_NAMED}(?: \w{{1,20}}){{0,3}}\\*[\"']?\s*[:=]\s*)[^\s\"',;&]+", re.IGNORECASE)
_FORM = re.compile(
    r"\b(?:(?:sk|pk|rk|gsk|xai|hf|ghp|gho|ghs|glpat|xox[a-z]|r8|pplx|nvapi)[-_]|github_pat_|AIza|AKIA|ASIA|eyJ)"
    r"[\w*.~+/=-]{6,}|(?<=\bBearer )\S+|(?<=\bBasic )(?=\S*[A-Z\d=])[\w+/=-]{6,}",
    re.IGNORECASE,
)


def redact(text: str, address: str | None = None) -> str:
    """Return a text with `***` for each secret; the secrets in `address`, a server's, count as known."""
    text = hide_known(text, address)
    text = _URL.sub(lambda match: _plain(match[0]), text)
    text = _QUERY.sub(lambda match: _without_values(match[0]), text)
    for pattern in (_QUOTED, _COOKIE, _SCHEME, _BARE):
        text = pattern.sub(lambda match: match["head"] + HIDDEN, text)
    return _FORM.sub(HIDDEN, text)


def hide_known(text: str, address: str | None = None) -> str:
    """Return a text, such as a program, with `***` for each known secret and no other change."""
    known = {form for secret in _known(address) if len(secret) >= _SHORTEST for form in _forms(secret)}
    for secret in sorted(known, key=lambda it: (-len(it), it)):
        text = text.replace(secret, HIDDEN)
    return text


def public_address(address: str | None) -> str | None:
    """Return a server's address without the parts that may be secret: user, password, query and fragment."""
    if address is None:
        return None
    plain = re.split(r"[?#]", address, maxsplit=1)[0]
    scheme, mark, rest = plain.rpartition("://") if "://" in plain else ("", "", plain)
    return redact(scheme + mark + rest.rpartition("@")[2], address)


def _known(address: str | None) -> Iterator[str]:
    for variable, value in os.environ.items():
        if _VARIABLE.search(variable):
            yield value
        elif "://" in value and "@" in value:
            yield from _of_address(value)
    if address:
        yield from _of_address(address)


def _of_address(address: str) -> Iterator[str]:
    """Yield the user and the password of an address, together and one by one, and the values of its query."""
    user = address.partition("://")[2].rpartition("@")[0]
    if user:
        yield user
        yield from user.split(":", 1)
        yield base64.b64encode(unquote(user).encode()).decode()
    try:
        parts = urlsplit(address)
    except ValueError:
        return
    for query in (parts.query, parts.fragment):
        yield from (value for _, value in parse_qsl(query))


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret as it is, and as it is written within other texts."""
    yield from (secret, quote(secret), quote(secret, safe=""), quote_plus(secret), unquote(secret))
    yield from (json.dumps(secret)[1:-1], repr(secret)[1:-1])
    yield base64.b64encode(secret.encode("utf-8", "surrogateescape")).decode()


def _plain(rest: str) -> str:
    """Return the part of a URL after `://`, without its user and the values of its query."""
    _, at, place = rest.rpartition("@")
    place, mark, query = place.partition("?")
    return (f"{HIDDEN}@" if at else "") + place + mark + _without_values(query)


def _without_values(query: str) -> str:
    return _VALUE.sub(lambda match: f"{match['name'] or ''}{HIDDEN}" if match[0] else "", query)
