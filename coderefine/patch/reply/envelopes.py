"""Unpacks code from wrappings other than fences: tags, and JSON such as the arguments of a tool call."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from coderefine.patch.lines.blocks import Block, split_fences

_TAG = re.compile(r"[ \t]*<(/?)([A-Za-z_][\w-]{1,40})(?:[ \t][^<>]{0,200})?>[ \t]*")
_BRACKETS = re.compile(r"[ \t]*\[(/?)(PYTHON|CODE|SOLUTION|ANSWER|PATCH|DIFF)\][ \t]*", re.IGNORECASE)
_OUTER_ENDS = re.compile(r"\s*(?:</[A-Za-z_][\w-]{1,40}>\s*)*")
_OLD = ("search", "old", "old_str", "old_string", "old_text", "old_code", "before", "find", "original_text")
_NEW = ("replace", "new", "new_str", "new_string", "new_text", "new_code", "after", "replacement", "new_content")
_DEPTH = 8
_LEAVES = 200


def tagged_blocks(lines: list[str]) -> list[Block]:
    """Return the texts between tags such as `<code>` that begin and end lines.

    Of nested tags the inner one counts. A last tag may lack its end.
    """
    blocks: list[Block] = []
    name, body = "", list[str]()
    for line in lines:
        rest = line
        opens = False
        while (opened := _opening(rest)) and opened[0] != name:
            name, body, rest, opens = opened[0], [], opened[1], True
        if opens and not rest.strip():
            continue
        if name and (text := _before_end(rest, name)) is not None:
            body += [text] if text.strip() else []
            blocks.append(Block(name if name in _OLD + _NEW else "", "".join(body)))
            name, body = "", []
        elif name:
            body.append(rest)
    if name and body:
        blocks.append(Block("", "".join(body), closed=False))
    return [block for block in blocks if block.text.strip()]


def tagged_pairs(blocks: list[Block]) -> list[tuple[str, str]]:
    """Return the pairs of an old and a new text, if all blocks are such pairs by their tags; else []."""
    olds, news = blocks[::2], blocks[1::2]
    paired = len(olds) == len(news) and all(block.label in _OLD for block in olds)
    if not paired or not all(block.label in _NEW for block in news):
        return []
    return [(old.text, new.text) for old, new in zip(olds, news, strict=True)]


def _opening(line: str) -> tuple[str, str] | None:
    """Return the name of the tag that a line opens with, and the rest of the line."""
    found = _TAG.match(line) or _BRACKETS.match(line)
    if not found or found[1]:
        return None
    rest = line[found.end() :]
    return found[2].lower(), rest


def _before_end(line: str, name: str) -> str | None:
    """Return the text on a line before the end of a tag; None where the tag does not end there."""
    for form in (f"</{name}>", f"[/{name}]"):
        at = line.lower().rfind(form)
        if at >= 0 and _OUTER_ENDS.fullmatch(line, at + len(form)):
            return line[:at] + ("\n" if line[:at].strip() else "")
    return None


def json_text(text: str) -> Any:
    """Return the data in a text that is JSON, or contains one JSON object; None where there is none."""
    stripped = text.strip()
    begin, end = stripped.find("{"), stripped.rfind("}")
    for attempt in (stripped, stripped[begin : end + 1] if 0 <= begin < end else ""):
        if attempt.startswith(("{", "[", '"')):
            try:
                return json.loads(attempt, strict=False)
            except (ValueError, RecursionError):
                continue
    return None


def unpacked(data: Any) -> tuple[list[Block], list[tuple[str, str]]]:
    """Return the code in JSON data as blocks, and its replacements as pairs of old and new text."""
    blocks: list[Block] = []
    pairs: list[tuple[str, str]] = []
    for key, value in _leaves(data, 0):
        if isinstance(value, tuple):
            pairs.append(value)
        elif len(blocks) + len(pairs) >= _LEAVES:
            break
        elif key != "old" and ("\n" in value or "def " in value):
            inner = split_fences(value)[1]
            blocks += inner or [Block("diff" if "diff" in key or "patch" in key else "", value.rstrip("\n") + "\n")]
    return blocks, pairs


def _leaves(data: Any, depth: int, key: str = "") -> Iterator[tuple[str, str | tuple[str, str]]]:
    """Yield the strings in data with their keys, and the pairs of an old and a new string."""
    if depth > _DEPTH:
        return
    if isinstance(data, str):
        packed = json_text(data) if data.lstrip().startswith("{") else None  # arguments of a tool are JSON in a string
        if packed is None:
            yield key, data
        else:
            yield from _leaves(packed, depth + 1, key)
    elif isinstance(data, list):
        if data and all(isinstance(item, str) for item in data) and key:  # a program as a list of its lines
            yield key, "".join(line if line.endswith("\n") else f"{line}\n" for line in data)
        else:
            for item in data:
                yield from _leaves(item, depth + 1, key)
    elif isinstance(data, dict):
        fields = {str(name).lower(): value for name, value in data.items()}
        old, new = (next((fields[name] for name in names if name in fields), None) for names in (_OLD, _NEW))
        if isinstance(old, str) and isinstance(new, str):
            yield "", (old, new)
            return
        for name, value in fields.items():
            yield from _leaves(value, depth + 1, name)
