"""Translates Python 2 to Python 3. Text in, text out; strings and comments are not touched."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from coderefine.search.facts.program import Program
from coderefine.search.syntax.lines import Line, read

_STRING = r"(?:[urbURB]{0,2})(?:'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\")"
_OPAQUE = re.compile(
    rf"(?:[urbURB]{{0,2}})(?:'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\")|{_STRING}|\#[^\n]*", re.DOTALL
)
_MAX_LINE = 2000
"""The longest line that is translated, in characters."""
_RAISE = re.compile(r"^((?:.*:\s*)?raise\s+[\w.]+)\s*,\s*(.+?)(?:\s*,\s*(\w[\w.]*))?$", re.DOTALL)
_EXCEPT = re.compile(r"^(except\s+(?:\([^()]*\)|[\w.]+))\s*,\s*(\w+)\s*:")
_PRINT = re.compile(r"(^|:\s*|;\s*)print\b(?!\s*[=.\[])[ \t]*", re.DOTALL | re.MULTILINE)
_TOKENS = (
    (re.compile(r"`([^`\n]+)`"), r"repr(\1)"),
    (re.compile(r"<>"), "!="),
    (re.compile(r"(?<![\w.])0([0-7]+)(?![\w.])"), r"0o\1"),
    (re.compile(r"(?<![\w.])(\d+|0[xX][\da-fA-F]+)[lL]\b"), r"\1"),
    (re.compile(r"^exec\s+(?!\()(.+)$"), r"exec(\1)"),
)
_NAMES = {
    "xrange": "range", "raw_input": "input", "unicode": "str", "long": "int", "unichr": "chr", "basestring": "str",
}  # fmt: skip
_METHODS = re.compile(r"\.(?:iter|view)(items|keys|values)\(\)")
_HAS_KEY = re.compile(r"((?:[\w.]|\[[^\[\]]*\])+)\.has_key\(((?:[^()]|\([^()]*\))+)\)")


def translated(text: str) -> str:
    """Return a program that Python 3 reads; the same text where it contains no Python 2."""
    lines = read(text)
    prints = any(_is_print(line) for line in lines)
    errs = prints or any(isinstance(line.shape, SyntaxError) for line in lines)
    new = "\n".join(_line(line, prints) for line in lines) if errs else text
    program = Program(new)
    if program.error is None:
        return _named(new, _NAMES.keys() & program.unbound.keys())
    return _named(new, [name for name in _NAMES if re.search(rf"(?<![\w.]){name}\(", new) and not _is_own(name, new)])


def _is_own(name: str, text: str) -> bool:
    """Whether a text that does not parse seems to bind a name."""
    return bool(re.search(rf"\b(?:def|for|import|as)\s+{name}\b|\b{name}\s*=(?!=)", text))


def divided(text: str) -> str:
    """Return a program with integer divisions, as in Python 2."""
    return _outside(text, lambda code: re.sub(r"(?<!/)/(?!/)", "//", code))


def evaluated(text: str) -> str:
    """Return a Python 2 program whose `input()` returns a number in Python 3, too."""
    return _outside(text, lambda code: re.sub(r"(?<![\w.(])input\(\)(?!\s*\.)", "int(input())", code))


def is_python2(text: str) -> bool:
    """Whether a text is a whole Python 2 program, and does not only use a name from it."""
    return bool(re.search(r"\b(?:raw_input|xrange)\b", text) or any(_is_print(line) for line in read(text)))


def _is_print(line: Line) -> bool:
    if re.match(r"print\s*>>\s*[\w.]+\s*,", line.code):  # in Python 3, two shifted values
        return True
    return isinstance(line.shape, SyntaxError) and bool(re.match(r"print\b\s*[^(=\s]", line.code) or _inner(line.code))


def _inner(code: str) -> bool:
    return bool(re.search(r":\s*print\s+[^(=\s]", code))


def _line(line: Line, prints: bool) -> str:
    code = line.code
    is_bad = isinstance(line.shape, SyntaxError)
    if line.shape is not None and len(code) <= _MAX_LINE and (is_bad or (prints and code.startswith("print"))):
        code = _outside(code, lambda masked: _statement(masked, prints))
        code = re.sub(r"(?<!\w)[uU][rR](?=['\"])", "r", code)
    return line.indent + code + line.tail


def _statement(code: str, prints: bool) -> str:
    comment = ""
    if match := re.search(r"\s*\0C\d+\0$", code):
        code, comment = code[: match.start()], match[0]
    for pattern, replacement in _TOKENS:
        code = pattern.sub(replacement, code)
    code = _EXCEPT.sub(r"\1 as \2:", code)
    if match := _RAISE.match(code):
        traced = f".with_traceback({match[3]})" if match[3] else ""
        code = f"{match[1]}({match[2]}){traced}"
    if prints and (match := _PRINT.search(code)):
        code = code[: match.start()] + match[1] + _printed(code[match.end() :])
    return code + comment


def _printed(arguments: str) -> str:
    """Return the call of `print` for the text after the word."""
    rest = ""
    if ";" in arguments:
        arguments, _, rest = arguments.partition(";")
        rest = ";" + rest
    arguments = arguments.strip()
    if re.fullmatch(r"\((?:[^()]|\([^()]*\))*\)", arguments):  # already a call
        return f"print{arguments}{rest}"
    file = ""
    if match := re.match(r">>\s*([\w.]+)\s*,?\s*", arguments):
        file, arguments = match[1], arguments[match.end() :]
    end = arguments.endswith(",")
    parts = [arguments.rstrip(",").rstrip()] if arguments.rstrip(",").strip() else []
    parts += ['end=" "'] if end else []
    parts += [f"file={file}"] if file else []
    return f"print({', '.join(parts)}){rest}"


def _named(text: str, names: Collection[str]) -> str:
    """Return the text with the names and methods of Python 3."""

    def rename(code: str) -> str:
        for name in sorted(names):
            code = re.sub(rf"(?<![\w.]){name}(?!\w)", _NAMES[name], code)
        code = _METHODS.sub(r".\1()", code)
        code = re.sub(r"\bsys\.maxint\b", "sys.maxsize", code)
        return _HAS_KEY.sub(r"(\2 in \1)", code)

    return _outside(text, rename)


def _outside(text: str, change: Callable[[str], str]) -> str:
    """Change a text except for its strings and comments, which `change` sees as marks."""
    opaque = _OPAQUE.findall(text)
    numbers = iter(range(len(opaque)))
    masked = _OPAQUE.sub(lambda match: f"\0{'C' if match[0].startswith('#') else 'S'}{next(numbers)}\0", text)
    new = change(masked)
    return re.sub(r"\0[CS](\d+)\0", lambda match: opaque[int(match[1])], new)
