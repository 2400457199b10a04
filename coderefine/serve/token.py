"""The secret that a request must show: where it is read, and how it is compared.

It is never an argument of the command, where other users of the machine and the shell's history would see it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from coderefine.errors import UsageError
from coderefine.outside import read_bytes

VARIABLE = "CODEREFINE_TOKEN"
MIN_CHARS = 16
_MAX_BYTES = 4096


def read_token(file: str | None) -> str | None:
    """Return the token in a file, or else in the environment; None where neither has one. Raises UsageError."""
    if file is not None:
        try:
            text = read_bytes(Path(file), _MAX_BYTES).decode("ascii")
        except OSError as error:
            raise UsageError(f"--token-file {file}: {error.strerror}") from None
        except ValueError:
            raise UsageError(f"--token-file {file}: expected one line of ASCII") from None
        return _checked(text.strip(), f"--token-file {file}")
    if VARIABLE in os.environ:
        return _checked(os.environ[VARIABLE].strip(), VARIABLE)
    return None


def new_token() -> str:
    """Return a token that cannot be guessed."""
    return secrets.token_urlsafe(32)


def is_authorized(header: bytes, token: str) -> bool:
    """Whether an `Authorization` header shows the token, as `Bearer` or as the password of `Basic`.

    A client sends `Basic` for an address `http://any:TOKEN@host`. The comparison takes equally long for any text.
    """
    scheme, _, given = header.strip().partition(b" ")
    shown = given.strip()
    if scheme.lower() == b"basic":
        try:
            shown = base64.b64decode(shown, validate=True).partition(b":")[2]
        except binascii.Error:
            shown = b""
    elif scheme.lower() != b"bearer":
        shown = b""
    # Digests have the same length, so that not even the token's length can be measured.
    return hmac.compare_digest(hashlib.sha256(shown).digest(), hashlib.sha256(token.encode()).digest())


def _checked(token: str, place: str) -> str:
    if len(token) < MIN_CHARS or not token.isascii() or not token.isprintable() or " " in token:
        raise UsageError(f"{place}: expected a token of at least {MIN_CHARS} characters of ASCII without spaces")
    return token
