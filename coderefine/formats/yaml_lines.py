"""Reads the part of YAML that settings are written in: mappings, lists and texts, nested by indents or in brackets.

Every scalar stays a text. What is not understood is skipped: reading never fails, and yields only dicts, lists and
texts.
"""

from __future__ import annotations

import re
from typing import Any

MAX_LINES, MAX_NESTED = 5_000, 20
_KEY = re.compile(
    r"""(?:"([^"]*)"|'([^']*)'|([^\s:#{}\[\],"'-][^:#{}\[\],]*?|-[^\s:#]+))\s*:(?:\s+(.*)|$)""", re.DOTALL
)
_Line = tuple[int, str]
"""The indent of a line, and the rest of it."""


def read_yaml(text: str) -> dict[str, Any]:
    """Return the mapping in a text; {} where there is none."""
    lines = [(len(line) - len(line.lstrip()), line.strip()) for line in map(_bare, text.splitlines()[:MAX_LINES])]
    lines = [line for line in lines if line[1] and line[1] not in ("---", "...")]
    found, _ = _block(lines, 0, 0)
    return found if isinstance(found, dict) else {}


def _bare(line: str) -> str:
    """Return a line without its comment and with spaces for tabs."""
    quote = ""
    for place, letter in enumerate(line):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'" and (not place or line[place - 1] in " \t[{,:-"):
            quote = letter
        elif letter == "#" and (not place or line[place - 1] in " \t"):
            return line[:place].expandtabs().rstrip()
    return line.expandtabs().rstrip()


def _block(lines: list[_Line], place: int, nested: int) -> tuple[Any, int]:
    """Return the value of the lines from `place` on with the same or a deeper indent, and where it ends."""
    if place >= len(lines) or nested > MAX_NESTED:
        return "", len(lines)
    indent = lines[place][0]
    mapping: dict[str, Any] = {}
    items: list[Any] = []
    while place < len(lines) and lines[place][0] >= indent:
        text = lines[place][1]
        place += 1
        if lines[place - 1][0] > indent:
            continue
        if text == "-" or text.startswith("- "):
            items.append(_scalar(text[1:].strip(), nested))
        elif key := _KEY.fullmatch(text):
            name = next(part for part in key.groups()[:3] if part is not None)
            mapping[name], place = _value(lines, place, indent, key[4] or "", nested)
    return (items if items and not mapping else mapping), place


def _value(lines: list[_Line], place: int, indent: int, text: str, nested: int) -> tuple[Any, int]:
    end = place
    while end < len(lines) and (lines[end][0] > indent or (not text and _is_item(lines[end], indent))):
        end += 1
    if text[:1] in ("|", ">"):
        return ("\n" if text[0] == "|" else " ").join(line for _, line in lines[place:end]), end
    if text:
        return _scalar(" ".join([text, *(line for _, line in lines[place:end])]), nested), end
    return (_block(lines[place:end], 0, nested + 1)[0] if end > place else ""), end


def _is_item(line: _Line, indent: int) -> bool:
    return line[0] == indent and (line[1] == "-" or line[1].startswith("- "))


def _scalar(text: str, nested: int) -> Any:
    if nested <= MAX_NESTED and text[:1] == "[" and text[-1:] == "]":
        return [_scalar(part, nested + 1) for part in _parts(text[1:-1])]
    if nested <= MAX_NESTED and text[:1] == "{" and text[-1:] == "}":
        pairs = (_KEY.fullmatch(part) for part in _parts(text[1:-1]))
        return {pair[1] or pair[2] or pair[3]: _scalar((pair[4] or "").strip(), nested + 1) for pair in pairs if pair}
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text


def _parts(text: str) -> list[str]:
    """Return the parts that commas separate outside of brackets and quotes."""
    found, depth, quote = [""], 0, ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "[{":
            depth += 1
        elif letter in "]}":
            depth -= 1
        elif letter == "," and not depth:
            found.append("")
            continue
        found[-1] += letter
    return [part.strip() for part in found if part.strip()]
