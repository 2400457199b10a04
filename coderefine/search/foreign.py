"""Tokens of other languages, written as Python has them. Text in, text out; strings and comments stay as they are."""

from __future__ import annotations

import re

_OPAQUE = re.compile(r"'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|#[^\n]*")
"""Strings and comments on one line: not to be touched."""

_LINES: tuple[tuple[str, str], ...] = (
    (r"^(\s*)//+", r"\1#"),
    (r"^(\s*)<!--(.*?)(?:-->)?$", r"\1#\2"),
    (r"(?:(?<=\s)|^)/\*(.*?)(?:\*/|$)", r"# \1"),
    (r";\s*//.*$", ""),
    (r"^(\s*)(.*\S)\s+//\s+([A-Za-z]\w* [A-Za-z].*)$", r"\1\2  # \3"),
    (r"^(\s*)}?\s*else\s+if\b", r"\1elif"),
    (r"^(\s*)(?:elseif|elsif)\b", r"\1elif"),
    (r"^(\s*)(?:function|func|fn|sub)\s+(?=\w+\s*\()", r"\1def "),
    (r"^(\s*)(?:var|let|const|val|auto|int|float|double|boolean|String|char)\s+(?=[A-Za-z_]\w*\s*(?:=|,|;|$))", r"\1"),
    (r"^(\s*)([\w.]+(?:\[[^\]]*\])*)\s*\+\+\s*;?\s*$", r"\1\2 += 1"),
    (r"^(\s*)([\w.]+(?:\[[^\]]*\])*)\s*--\s*;?\s*$", r"\1\2 -= 1"),
    (r"^(\s*)(?:\+\+|--)([\w.]+)\s*;?\s*$", r"\1\2 += 1"),
    (r"^(\s*)(if|elif|while|for|else|def)\b(.*?)\s*:?\s*\{\s*$", r"\1\2\3:"),
    (r"^(\s*)throw\b", r"\1raise"),
    (r"^(\s*)catch\b.*$", r"\1except Exception:"),
)
_WORDS: tuple[tuple[str, str], ...] = (
    (r"\s*&&\s*", " and "),
    (r"\s*\|\|\s*", " or "),
    (r"===", "=="),
    (r"!==", "!="),
    (r"!(?=[\w(])", "not "),
    (r"\bthis\.", "self."),
    (r"\bself->", "self."),
    (r"\$(?=\w)", ""),
    (r"\b(?:null|NULL|nullptr|nil|undefined)\b", "None"),
    (r"\btrue\b", "True"),
    (r"\bfalse\b", "False"),
    (r"\bnew\s+(?=[A-Z]\w*\()", ""),
    (r"\b(List|Dict|Set|Tuple|Optional)<([\w, ]+)>", r"\1[\2]"),
    (r"(?<=[=(,\s])([\w.\[\]() <>=!]+?) \? ([^?:]+) : ([^?:]+)$", r"\2 if \1 else \3"),
)


def pythonic(source: str) -> str:
    """Replace the tokens of other languages in every line of `source`."""
    lines = source.split("\n")
    inside = False
    for number, line in enumerate(lines):
        if inside:  # the lines of a /* comment
            inside = "*/" not in line
            lines[number] = "# " + line.replace("*/", "")
            continue
        inside = line.lstrip().startswith("/*") and "*/" not in line
        lines[number] = _line(line)
    return "\n".join(lines)


def _line(line: str) -> str:
    opaque = _OPAQUE.findall(line)
    text = _OPAQUE.sub("\0", line)
    for pattern, replacement in (*_LINES, *_WORDS):
        text = re.sub(pattern, replacement, text)
    parts = text.split("\0")
    if len(parts) != len(opaque) + 1:  # a string stood in what became a comment
        return line
    return "".join(part + string for part, string in zip(parts, [*opaque, ""], strict=True))
