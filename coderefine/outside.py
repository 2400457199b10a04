"""Files and texts that strangers wrote, read as bytes, JSON, TOML or Python within limits.

Guarantees: every text is either read, or refused with one exception that gives the reason in a line. Python's own
parsers raise several kinds: for nesting, for integers of thousands of digits, for NUL bytes, for half a surrogate pair.
Nothing is executed.
"""

from __future__ import annotations

import ast
import codecs
import json
import os
import re
import tomllib
import warnings
from pathlib import Path
from typing import Any, Literal, overload

from coderefine.errors import UnreadableError

MAX_TEXT_BYTES = 64 << 20
"""The most bytes of a JSON text, and of any file without a smaller limit."""
MAX_TOML_BYTES = 1 << 20
"""The most bytes of settings, which people write by hand."""
MAX_NODES = 2_000_000
"""The most values in one JSON text: each takes about sixty bytes, however short its text is."""
MAX_DEPTH = 200
"""The most levels of lists and objects."""
MAX_TREE_DEPTH = 150
"""The most levels of a syntax tree.

A recursive walk takes about six frames a level, of the thousand that Python has.
"""
_CODING = re.compile(r"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.ASCII)
_COMMENT = re.compile(r"[ \t\f]*(?:#.*)?\r?$")
_ENCODINGS = re.compile(
    r"ascii|iso8859-\d+|cp\d+|koi8-[rut]|mac-\w+|gbk|gb2312|gb18030|big5(?:hkscs)?|shift_jis\w*|euc_\w+|johab|ptcp154"
)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")


def read_bytes(path: Path, most: int = MAX_TEXT_BYTES) -> bytes:
    """Return the content of a file; raises OSError, and UnreadableError where it is longer than `most` bytes."""
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise UnreadableError(f"longer than {_size(most)}")
    return data


def name_of(path: Path) -> str:
    """Return the last part of a path as text that can be stored; undecodable bytes become marks."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def decode(data: bytes) -> str:
    """Return the text of UTF-8 data; raises UnreadableError."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableError("expected UTF-8 text") from None


def python_encoding(text: str) -> str:
    """Return the encoding that a program declares in its first two lines (PEP 263); UTF-8 for none or an unknown one.

    Only encodings count that program files really have: others that Python knows may be slow, or do more than decode.
    """
    first, _, rest = text.partition("\n")
    match = _CODING.match(first) or (_CODING.match(rest.partition("\n")[0]) if _COMMENT.match(first) else None)
    if match is None:
        return "utf-8"
    try:
        name = codecs.lookup(match[1]).name
    except LookupError:
        return "utf-8"
    return name if _ENCODINGS.fullmatch(name) else "utf-8"


def encode_python(text: str) -> bytes:
    """Return a program's bytes as in a file: in the encoding that it declares, where that has all its characters."""
    try:
        return text.encode(python_encoding(text))
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def decode_python(data: bytes) -> str:
    """Return the text of a program's file, without UTF-8's byte order mark; raises UnicodeDecodeError."""
    if data.startswith(codecs.BOM_UTF8):
        return data.decode("utf-8-sig")
    head = b"\n".join(data.split(b"\n", 2)[:2])
    return data.decode(python_encoding(head.decode("latin-1")))


def read_json(
    text: str | bytes,
    *,
    surrogates: bool = False,
    constants: bool = True,
    nodes: int = MAX_NODES,
    depth: int = MAX_DEPTH,
) -> Any:
    """Return the data of a JSON text; raises UnreadableError, also for more than `nodes` values or `depth` levels.

    With `surrogates`, half a surrogate pair is accepted; without `constants`, NaN and Infinity are refused.
    """
    if len(text) > MAX_TEXT_BYTES:
        raise UnreadableError(f"longer than {_size(MAX_TEXT_BYTES)}")
    text = decode(text) if isinstance(text, bytes) else text
    if _most_nodes(text) > nodes and _most_nodes(_STRING.sub('""', text)) > nodes:
        raise UnreadableError(f"more than {nodes:,} values")
    try:
        data = json.loads(text, parse_constant=None if constants else _refuse)
    except RecursionError:
        raise UnreadableError(f"nested deeper than {depth} levels") from None
    except (ValueError, MemoryError) as error:
        raise UnreadableError(_line(error)) from None
    if text.count("[") + text.count("{") > depth:
        _bound_depth(data, depth)
    if not surrogates and _SURROGATE.search(text):
        _refuse_surrogates(data)
    return data


def read_toml(data: bytes) -> dict[str, Any]:
    """Return the data of a TOML text; raises UnreadableError."""
    if len(data) > MAX_TOML_BYTES:
        raise UnreadableError(f"longer than {_size(MAX_TOML_BYTES)}")
    try:
        table = tomllib.loads(decode(data))
    except RecursionError:
        raise UnreadableError(f"nested deeper than {MAX_DEPTH} levels") from None
    except (ValueError, MemoryError) as error:
        raise UnreadableError(_line(error)) from None
    _bound_depth(table)
    return table


@overload
def parse_python(
    text: str | bytes, mode: Literal["exec"] = "exec", *, name: str = ..., is_bounded: bool = ...
) -> ast.Module: ...
@overload
def parse_python(
    text: str | bytes, mode: Literal["eval"], *, name: str = ..., is_bounded: bool = ...
) -> ast.Expression: ...
def parse_python(
    text: str | bytes, mode: Literal["exec", "eval"] = "exec", *, name: str = "<unknown>", is_bounded: bool = True
) -> ast.Module | ast.Expression:
    """Return the tree of a Python text; raises SyntaxError and nothing else.

    `name` is the file name in messages. Without `is_bounded`, the tree may be too deep to be walked by recursion.
    """
    try:
        with warnings.catch_warnings():  # warnings about a stranger's escapes are of no use to the user
            warnings.simplefilter("ignore")
            try:
                tree = ast.parse(text, name, mode)
            except (RecursionError, SystemError):
                # Threads share the parser's level counter, so that one may be refused for another's text.
                tree = ast.parse(text, name, mode)
    except SyntaxError as error:
        error.msg = _line(error.msg)
        raise
    except (RecursionError, MemoryError, SystemError):  # which one its limits raise depends on the version
        raise SyntaxError("nested too deep") from None
    except (ValueError, OverflowError) as error:
        raise SyntaxError(_line(error)) from None
    if is_bounded and _tree_depth(tree) > MAX_TREE_DEPTH:
        raise SyntaxError(f"nested deeper than {MAX_TREE_DEPTH} levels")
    assert isinstance(tree, ast.Module | ast.Expression)
    return tree


def parses_as(text: str, minor: int) -> bool:
    """Whether a text is Python 3 of this minor version, as far as this interpreter's newer parser can tell."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text, feature_version=(3, minor))
    except (SyntaxError, ValueError, RecursionError, MemoryError, SystemError):
        return False
    return True


def _most_nodes(text: str) -> int:
    return 1 + text.count(",") + text.count("[") + text.count("{")


def _bound_depth(data: Any, depth: int = MAX_DEPTH) -> None:
    level = [it for it in [data] if isinstance(it, dict | list)]
    for _ in range(depth):
        level = [item for it in level for item in _items(it) if isinstance(item, dict | list)]
    if level:
        raise UnreadableError(f"nested deeper than {depth} levels")


def _refuse_surrogates(data: Any) -> None:
    todo = [data]
    while todo:
        item = todo.pop()
        if isinstance(item, str) and _has_surrogate(item):
            raise UnreadableError("it holds half of a surrogate pair")
        if isinstance(item, dict):
            todo += item
        if isinstance(item, dict | list):
            todo += _items(item)


def _has_surrogate(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _items(data: dict[str, Any] | list[Any]) -> list[Any]:
    return list(data.values()) if isinstance(data, dict) else data


def _tree_depth(tree: ast.AST) -> int:
    level: list[ast.AST] = [tree]
    depth = 0
    while level and depth <= MAX_TREE_DEPTH:
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        depth += 1
    return depth


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


def _line(error: BaseException | str) -> str:
    text = " ".join(str(error).split())
    return text.partition("; use sys.set_int_max_str_digits")[0]


def _size(number: int) -> str:
    return f"{number >> 20} MiB" if number >> 20 else f"{number >> 10} KiB"
