"""Replaces characters that word processors, pages and input methods insert by those of a program.

Text in, text out. Strings and comments keep theirs; quotes that delimit a string become Python's.
"""

from __future__ import annotations

import html
import re

_GONE = frozenset("\ufeff\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u202a\u202b\u202c\u202d\u202e")
_BLANKS = frozenset("\u00a0\u1680\u202f\u205f\u3000") | {chr(code) for code in range(0x2000, 0x200B)}
_SINGLE, _DOUBLE = "\u2018\u2019\u201a\u201b\u2032\uff07", "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02"
_SIGNS = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63", "-"),
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    "\u00d7": "*", "\u22c5": "*", "\u00f7": "/", "\u2215": "/", "\u2264": "<=", "\u2265": ">=", "\u2260": "!=",
    "\u2261": "==", "\u2026": "...", "\u3001": ",", "\u3002": ".", "\u3010": "[", "\u3011": "]", "\u2192": "->",
    "\u2028": "\n", "\u2029": "\n", "\u0085": "\n", "\u2228": " or ", "\u2227": " and ", "\u2208": " in ",
}  # fmt: skip
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|apos|nbsp|#\d{1,6}|#x[\da-fA-F]{1,5});")


def table() -> dict[int, str]:
    """Return the replacement of each character in prose, for `str.translate`; words of formulas stay characters."""
    quotes = {**dict.fromkeys(_SINGLE, "'"), **dict.fromkeys(_DOUBLE, '"')}
    signs = {sign: to for sign, to in _SIGNS.items() if not to.startswith(" ")}
    return str.maketrans({**dict.fromkeys(_GONE, ""), **dict.fromkeys(_BLANKS, " "), **signs, **quotes})


def plain(text: str) -> str:
    """Return a program with characters that Python knows."""
    if text.isascii():
        return text
    parts: list[str] = []
    at = 0
    while at < len(text):
        sign = text[at]
        if sign == "#":
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            parts.append(text[at:end])
            at = end
        elif sign in "'\"" or sign in _SINGLE or sign in _DOUBLE:
            at = _string(text, at, parts)
        else:
            parts.append("" if sign in _GONE else " " if sign in _BLANKS else _SIGNS.get(sign, sign))
            at += 1
    return "".join(parts)


def unescaped(text: str) -> str:
    """Return a text with entities such as `&lt;` replaced by their characters."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


def _string(text: str, start: int, parts: list[str]) -> int:
    """Add the string that begins at `start`, in quotes of any kind; return where it ends."""
    mark = text[start]
    family = "'" + _SINGLE if mark in "'" + _SINGLE else '"' + _DOUBLE
    ours = mark in "'\""
    closers = mark if ours else family
    size = 3 if all(sign in family for sign in text[start : start + 3]) and len(text) >= start + 3 else 1
    at = start + size
    while at < len(text):
        if text[at] == "\\":
            at += 2
            continue
        if size == 1 and text[at] == "\n":
            break
        if text[at] in closers and all(it in closers for it in text[at : at + size]):
            quote = family[0]
            content = text[start + size : at]
            if not ours and quote in content:  # it would end there
                content = content.replace(quote, "\\" + quote)
            parts.append(quote * size + content + quote * size)
            return at + size
        at += 1
    # It is not closed: only the quote itself is one.
    parts.append(mark if ours else family[0])
    return start + 1
