"""Translates tokens of other languages to Python. Text in, text out; strings and comments stay as they are."""

from __future__ import annotations

import re

from coderefine.search.syntax.lines import shape

_OPAQUE = re.compile(r"'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|#[^\n]*")
"""Strings and comments on one line, which are not changed."""
_MAX_LINE = 500
"""The longest line that is translated, in characters: patterns take quadratic time at worst."""
_TYPES = "var|let|const|val|auto|int|long|float|double|bool|boolean|char|string|String|void|public|private|static|final"
_HEADERS = "if|elif|while|for|else|def|try|except|finally|class|with|match|case"

_LINES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (r"^(\s*)//+", r"\1#"),
        (r"^(\s*)<!--(.*?)(?:-->)?$", r"\1#\2"),
        (r"(?:(?<=\s)|^)/\*+(.*?)(?:\*/|$)", r"# \1"),
        (r"(?<=\S)\s+<!--(.*?)(?:-->)?$", r"  #\1"),
        (r";\s*//.*$", ""),
        (r"^(\s*)(.*\S)\s+//+\s*([A-Za-z]\w* [A-Za-z].*)$", r"\1\2  # \3"),
        (r"^(\s*)(?:var|let|const)\s+(\w+)\s*=\s*(?:function\s*)?\(([^()]*)\)?\s*(?:=>)?\s*\{$", r"\1def \2(\3) {"),
        (rf"^(\s*)(?:(?:{_TYPES})\s+)+(?=[A-Za-z_]\w*\s*(?:[-+*/]?=|,|$))", r"\1"),
        (rf"^(\s*)(?:{_TYPES})\s+(\w+)\s*;\s*(#.*)?$", r"\1\2 = None  \3"),
        (rf"^(\s*)(?:(?:{_TYPES})\s+)+(?=\w+\s*\(.*\{{$)", r"\1def "),
        (r"^(\s*)\}?\s*else\s+if\b", r"\1elif"),
        (r"^(\s*)\}?\s*(?:elseif|elsif|elif)\b", r"\1elif"),
        (r"^(\s*)\}\s*(?=else|except|finally|catch)", r"\1"),
        (r"^(\s*)(?:function|func|fn|fun|sub|define)\s+(?=\w+\s*\()", r"\1def "),
        (r"^(\s*)([\w.]+(?:\[[^\]]*\])*)\s*\+\+\s*;?\s*$", r"\1\2 += 1"),
        (r"^(\s*)([\w.]+(?:\[[^\]]*\])*)\s*--\s*;?\s*$", r"\1\2 -= 1"),
        (rf"^(\s*)for\s*\(\s*(?:(?:{_TYPES})\s+)?(\w+)\s*=\s*([^;]+?);\s*\2\s*<\s*([^;]+?);\s*(?:\2\s*\+\+|\+\+\s*\2|\2\s*\+=\s*1)\s*\)",
         r"\1for \2 in range(\3, \4)"),
        (rf"^(\s*)for\s*\(\s*(?:(?:{_TYPES})\s+)?(\w+)\s*=\s*([^;]+?);\s*\2\s*>=\s*([^;]+?);\s*(?:\2\s*--|--\s*\2|\2\s*-=\s*1)\s*\)",
         r"\1for \2 in range(\3, \4 - 1, -1)"),
        (rf"^(\s*)(?:for|foreach)\s*\(\s*(?:(?:{_TYPES})\s+)?(\w+)\s*(?::|\bof\b|\bin\b)\s*(.*)\)(\s*[:{{]?\s*)$",
         r"\1for \2 in \3\4"),
        (r"^(\s*)foreach\b", r"\1for"),
        (rf"^(\s*)({_HEADERS})\b(.*?)\s*:?\s*\{{\s*(#.*)?$", r"\1\2\3:  \4"),
        (r"^(\s*)throw\s+(?:new\s+)?", r"\1raise "),
        (r"^(\s*)catch\b.*$", r"\1except Exception:"),
        (r"^(\s*)switch\s*\((.*)\)\s*[:{]?$", r"\1match \2:"),
        (r"^(\s*)default\s*:$", r"\1case _:"),
    )
)  # fmt: skip
_WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (r"\s*&&\s*", " and "),
        (r"\s*\|\|\s*", " or "),
        (r"===", "=="),
        (r"!==", "!="),
        (r"!(?=[\w(])", "not "),
        (r"\b(?:Number\.(?:POSITIVE_INFINITY|MAX_VALUE)|Integer\.MAX_VALUE|INT_MAX)\b", 'float("inf")'),
        (r"\bMath\.(?=(?:min|max|abs|pow|round)\()", ""),
        (r"\bthis\.", "self."),
        (r"\bself->", "self."),
        (r"(?<=\w)->(?=\w)", "."),
        (r"\$(?=\w)", ""),
        (r"\b(?:null|NULL|nullptr|nil|undefined)\b", "None"),
        (r"\btrue\b", "True"),
        (r"\bfalse\b", "False"),
        (r"\bnew\s+(?=[A-Z]\w*\()", ""),
        (r"\b(List|Dict|Set|Tuple|Optional)<([\w, ]+)>", r"\1[\2]"),
        (r"(?<=[=(,\s])([\w.\[\]() <>=!]+?) \? ([^?:]+) : ([^?:;]+)(?=;?$)", r"\2 if \1 else \3"),
        (rf"(?<=[\[(,=+\-*/])(\s*)\b(?:{_TYPES})\s+(?=[a-z_]\w*)", r"\1"),
        (r"^(\s*)(?:[Cc]onsole\.(?:WriteLine|log)|System\.out\.print(?:ln)?|println|printf)(?=\()", r"\1print"),
        (r"^(\s*)\+\+([\w.]+(?:\[[^\]]*\])*)\s*(?=;?\s*$)", r"\1\2 += 1"),
        (r"^(\s*)--([\w.]+(?:\[[^\]]*\])*)\s*(?=;?\s*$)", r"\1\2 -= 1"),
        (r"\s*;\s*$", ""),
    )
)  # fmt: skip


def pythonic(source: str) -> str:
    """Replace the tokens of other languages in every line of `source`."""
    lines = source.split("\n")
    inside = ""
    for number, line in enumerate(lines):
        if inside:  # the lines of a /* comment
            lines[number] = "# " + line.replace(inside, "")
            inside = "" if inside in line else inside
            continue
        start = line.strip()
        for opener, closer in (("/*", "*/"), ("<!--", "-->")):
            if start.startswith(opener) and closer not in line and any(closer in rest for rest in lines[number:]):
                inside = closer
        valid = not isinstance(shape(start), SyntaxError)
        lines[number] = _translated(line, _WORDS if valid else (*_LINES, *_WORDS))
        method = re.match(r"\s*def (\w+)\((?!self\b)", lines[number])
        if method and not start.startswith("def") and re.search(rf"\b(?:self|this)\.{method[1]}\(", source):
            head, tail = lines[number].split("(", 1)
            lines[number] = f"{head}(self, {tail}" if tail.lstrip()[:1] != ")" else f"{head}(self{tail}"
    return _unbraced(source, lines)


def _unbraced(source: str, lines: list[str]) -> str:
    """Return the text without the braces that end blocks whose headers lost theirs."""
    kept: list[str] = []
    blocks: list[bool] = []
    """For each brace open at the end of a line, whether it began a block."""
    for old, line in zip(source.split("\n"), lines, strict=True):
        closes, opens = old.lstrip().startswith("}"), old.rstrip().endswith("{")
        block = blocks.pop() if closes and blocks else False
        if opens:
            blocks.append(not line.rstrip().endswith("{"))
        if not (block and re.fullmatch(r"\s*\}[;\s]*", line)):
            kept.append(line)
    return "\n".join(kept)


def translated(line: str) -> str:
    """Replace the tokens of other languages in `line`, which does not parse."""
    return _translated(line, (*_LINES, *_WORDS))


def _translated(line: str, rules: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    if len(line) > _MAX_LINE:
        return line
    opaque = _OPAQUE.findall(line)
    text = _OPAQUE.sub("\0", line)
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    parts = text.rstrip().split("\0") if text != line else text.split("\0")
    if len(parts) != len(opaque) + 1:  # a string stood in what became a comment
        return line
    return "".join(part + string for part, string in zip(parts, [*opaque, ""], strict=True))
