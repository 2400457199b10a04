"""Tells which version of Python a program is written for, where the sandbox's Python does not compile it.

A program in the syntax of another version is not wrong: it is in the wrong sandbox. If this host's Python compiles what
the sandbox's does not, that is certain. If neither does, the program is rewritten without the syntax that came later
(`lowered`); if the rewritten program compiles, that syntax was the only obstacle.
"""

from __future__ import annotations

import re
import sys
import warnings

from coderefine.judge.report import TestReport
from coderefine.judge.verdict import Verdict
from coderefine.outside import parses_as

Version = tuple[int, int]
"""Such as (3, 12)."""
HERE: Version = sys.version_info[:2]
_REASON = re.compile(r"needs (Python 3\.\d+|a Python older than 3\.\d+); the sandbox has ")
_OLDEST = (3, 8)
_PREFIX = re.compile(r"(?i)(?<![\w])(t|f|tr|rt|fr|rf|br|rb|b|r|u|)('''|\"\"\"|'|\")")
_STRINGS, _PARAMETERS, _DEFAULTS, _TEMPLATES = (3, 12), (3, 12), (3, 13), (3, 14)
_GENERIC = re.compile(r"\b((?:def|class)\s+\w+)\s*(\[)")
_ALIAS = re.compile(r"(?m)((?:^|[;:])[ \t]*)type\s+(\w+)\s*(\[|=(?!=))")
# In Python 2, the last of them was a variable.
_CAUGHT = re.compile(
    r"(?m)^([ \t]*except\*?)[ \t]+([\w.]+(?:[ \t]*,[ \t]*[\w.]+)*[ \t]*,[ \t]*(?:\w+\.)*[A-Z]\w*)[ \t]*:"
)


def mismatch(source: str, sandbox: str, backend: str, remedy: str = "") -> str:
    """Return why this sandbox is the wrong one for a program that it cannot compile; "" where it is the right one.

    `sandbox` is the version of its Python, `backend` its name. `remedy` says how to get another Python; "" stands for
    the options of the command line.
    """
    major, minor = sandbox.split(".")[:2]
    version = int(major), int(minor)
    compiles_here = compiles(source)
    if compiles_here and version > HERE:
        least = f"a Python older than {version[0]}.{version[1]}"
        image = f"{HERE[0]}.{HERE[1]}"
    else:
        needed = _least(source, version) if compiles_here else _least_of_lowered(source)
        if needed is None or needed <= version:
            return ""
        image = f"{needed[0]}.{needed[1]}"
        least = f"Python {image}"
    ways = ["--sandbox local"] if compiles_here and backend != "local" else []
    ways.append(f"{'' if backend == 'docker' else '--sandbox docker '}--image python:{image}-slim")
    return f"needs {least}; the sandbox has {version[0]}.{version[1]}: {remedy or 'take ' + ', or '.join(ways)}"


def refusal(report: TestReport) -> str:
    """Return the message of `mismatch` with which a program was not judged; "" where it was judged."""
    reasons = (case.reason for case in report.cases if case.verdict is Verdict.JE)
    return next((reason for reason in reasons if _REASON.match(reason)), "")


def newer(source: str) -> str:
    """Return as " (...)" which version a text needs that this Python does not compile; "" where that is not known."""
    needed = _least_of_lowered(source)
    if needed is None or needed <= HERE:
        return ""
    return f" (it needs Python {needed[0]}.{needed[1]}, and coderefine runs on {HERE[0]}.{HERE[1]})"


def compiles(source: str) -> bool:
    """Whether this host's Python compiles a program; the program is not executed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "solution.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError, SystemError):
        return False
    return True


def _least(source: str, sandbox: Version) -> Version | None:
    """Return the oldest version that knows the syntax of a program which this host's Python compiles, and the sandbox's
    does not.
    """
    if sandbox >= HERE:
        return None
    _, least = lowered(source)
    for minor in range(max(sandbox, _OLDEST)[1] + 1, HERE[1] + 1):
        if (3, minor) >= least and parses_as(source, minor):
            return 3, minor
    return HERE


def _least_of_lowered(source: str) -> Version | None:
    text, least = lowered(source)
    return least if least > _OLDEST and compiles(text) else None


def lowered(source: str) -> tuple[str, Version]:
    """Return a program without its strings and without syntax later than 3.11, and the latest version of that syntax.

    The result means nothing, but compiles if the rest of the program does.
    """
    try:
        text, least = _without_strings(source)
    except (RecursionError, IndexError):  # nested too deep, or not closed
        return source, _OLDEST
    for pattern in (_GENERIC, _ALIAS):
        text, version = _without_parameters(text, pattern)
        least = max(least, version)
    text, count = _CAUGHT.subn(r"\1 (\2):", text)
    return text, max(least, _TEMPLATES if count else _OLDEST)


def _without_parameters(text: str, pattern: re.Pattern[str]) -> tuple[str, Version]:
    """Return a text without the type parameters in brackets after a name, and without the `type` before an alias."""
    parts, at, least = [], 0, _OLDEST
    while found := pattern.search(text, at):
        parts.append(text[at : found.start()])
        end = found.end()
        if text[end - 1] == "[":
            close = _closing(text, end)
            least = max(least, _DEFAULTS if re.search(r"(?<![=!<>])=(?!=)", text[end:close]) else _PARAMETERS)
            end = close + 1
        else:
            end -= 1
        least = max(least, _PARAMETERS)
        parts.append(found[1] if pattern is _GENERIC else found[1] + found[2])
        at = end
    return "".join([*parts, text[at:]]), least


def _closing(text: str, at: int) -> int:
    """Return where the bracket that opened before `at` closes; the end of the text where it does not."""
    depth = 1
    while at < len(text):
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth == 0:
            return at
        at += 1
    return len(text) - 1


def _without_strings(source: str) -> tuple[str, Version]:
    """Return the text with all strings emptied and all comments dropped, and the version that its strings with fields
    need.
    """
    parts, at, least = [], 0, _OLDEST
    while at < len(source):
        if source[at] == "#":
            at = _end_of_line(source, at)
        elif (found := _string_at(source, at)) is not None:
            at, kept, version = _string(source, found)
            parts.append(kept)
            least = max(least, version)
        else:
            parts.append(source[at])
            at += 1
    return "".join(parts), least


def _string_at(source: str, at: int) -> re.Match[str] | None:
    return _PREFIX.match(source, at) if source[at] in "'\"tTfFbBrRuU" else None


def _end_of_line(source: str, at: int) -> int:
    end = source.find("\n", at)
    return len(source) if end < 0 else end


def _string(source: str, opening: re.Match[str]) -> tuple[int, str, Version]:
    """Return where a string ends, its replacement, and the version it needs; raises IndexError."""
    prefix, quote = opening[1].lower(), opening[2]
    if "f" not in prefix and "t" not in prefix:
        return _end_of_plain(source, opening.end(), quote), 'b""' if "b" in prefix else '""', _OLDEST
    end, fields = _fields(source, opening.end(), quote, is_raw="r" in prefix)
    least = _OLDEST
    for start, stop in fields:
        text, inner = _without_strings(source[start:stop])
        expression = text.strip().removesuffix("=") if re.search(r"[^=!<>]=\s*$", text) else text
        if not compiles(f"async def _():\n (\n{expression}\n )"):
            return end, '"" "', _OLDEST  # a replacement that compiles nowhere
        least = max(least, inner, _OLDEST if _is_old(source[start:stop], quote) else _STRINGS)
    return end, '""', max(least, _TEMPLATES if "t" in prefix else _OLDEST)


def _is_old(field: str, quote: str) -> bool:
    """Whether a field may stand in a string before 3.12: it has no backslash, no comment and not the string's own
    quote.
    """
    return not (quote in field or "\\" in field or "#" in field or ("\n" in field and len(quote) == 1))


def _end_of_plain(source: str, at: int, quote: str) -> int:
    while not source.startswith(quote, at):
        if source[at] == "\n" and len(quote) == 1:
            raise IndexError
        at += 2 if source[at] == "\\" else 1
    return at + len(quote)


def _fields(source: str, at: int, quote: str, *, is_raw: bool) -> tuple[int, list[tuple[int, int]]]:
    """Return where a string with fields ends, and where the expressions in it are; raises IndexError."""
    found: list[tuple[int, int]] = []
    while not source.startswith(quote, at):
        if (source[at] == "\\" and not (is_raw and source[at + 1] in "{}")) or source.startswith("{{", at):
            at += 2
        elif source[at] == "{":
            at = _field(source, at + 1, found)
        elif source[at] == "\n" and len(quote) == 1:
            raise IndexError
        else:
            at += 1
    return at + len(quote), found


def _field(source: str, at: int, found: list[tuple[int, int]]) -> int:
    """Add the expression of a field, and those in its format, to `found`; return where the field ends."""
    start, depth = at, 0
    while True:
        character = source[at]
        if (opening := _string_at(source, at)) is not None and not source[at - 1].isalnum():
            at, _, _ = _string(source, opening)
            continue
        if character == "#":
            at = _end_of_line(source, at)
            continue
        if depth == 0 and (character in "}:" or (character == "!" and source[at + 1] != "=")):
            break
        depth += (character in "([{") - (character in ")]}")
        at += 1
    found.append((start, at))
    while source[at] != "}":  # a conversion, and a format, which may have fields of its own
        at = _field(source, at + 1, found) if source[at] == "{" else at + 1
    return at + 1
