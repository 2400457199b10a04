"""LiveCodeBench: whole programs with standard input and output, or methods with arguments in JSON.

Its private tests are packed: base64, zlib, a pickle of a JSON text. The pickle is never loaded: its operations are read
one by one, and any that is not for a single text is refused.
"""

from __future__ import annotations

import base64
import binascii
import pickletools
import zlib
from typing import Any

from coderefine.errors import UnreadableError
from coderefine.formats.assertions import Assertion
from coderefine.formats.checks import call_of
from coderefine.formats.functions import function_problem
from coderefine.formats.generic import DIFFICULTIES
from coderefine.formats.record import Record, RowError, slug_of
from coderefine.formats.rows import MAX_LINE_BYTES, Row, listed, program, prose, text
from coderefine.kinds.program import PROGRAM
from coderefine.outside import read_json
from coderefine.problem.compare import Compare
from coderefine.problem.problem import Limits, Problem, TestCase

LIMITS = Limits(time_s=6.0, memory_mib=1024)
"""LiveCodeBench's own limits."""
_TEXTS = {"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE"}
_MAX_OPERATIONS = 100
"""Operations in a pickle, at most; that of a text has about five."""
_AROUND = {"PROTO", "FRAME", "MEMOIZE", "BINPUT", "LONG_BINPUT", "PUT", "STOP"}


FIELDS = "public_test_cases"
"""The fields that mark a row of this format, in words."""


def fits(row: Row) -> bool:
    """Whether a row is of this format."""
    return "public_test_cases" in row


def record(row: Row) -> Record:
    """Return the record of a row: its public tests are visible. Raises RowError."""
    name = text(row, "question_id")
    visible, hidden = _tests(row, "public_test_cases"), _tests(row, "private_test_cases")
    if not visible:
        raise RowError("expected at least one public test")
    level = text(row, "difficulty", "").lower()
    fields: dict[str, Any] = {
        "slug": slug_of(name),
        "title": text(row, "question_title", "") or name,
        "statement": prose(row, "question_content"),
        "limits": LIMITS,
        "starter": program(row, "starter_code"),
        "difficulty": level if level in DIFFICULTIES else "",
        "tags": tuple(filter(None, [text(row, "platform", "")])),
    }
    kinds = {test.get("testtype", "stdin") for test in (*visible, *hidden)}
    if kinds == {"functional"}:
        problem = _function(row, fields, visible, hidden)
    elif kinds == {"stdin"}:
        compare = Compare("lines")
        cases = [
            TestCase(f"test {number}", (text(test, "input"),), text(test, "output"))
            for number, test in enumerate((*visible, *hidden), 1)
        ]
        shown, kept = tuple(cases[: len(visible)]), tuple(cases[len(visible) :])
        problem = Problem(kind=PROGRAM, entry="", visible=shown, hidden=kept, compare=compare, **fields)
    else:
        raise RowError("expected all tests to be of testtype stdin, or all functional")
    return Record(name, text(row, "platform", ""), problem, oracle=program(row, "solution"))


def _function(row: Row, fields: dict[str, Any], visible: list[Row], hidden: list[Row]) -> Problem:
    meta = _json(text(row, "metadata")) if isinstance(row.get("metadata"), str) else row.get("metadata")
    entry = text(meta, "func_name") if isinstance(meta, dict) else ""
    if not entry.isidentifier():
        raise RowError("expected func_name in 'metadata'")
    entry = f"Solution.{entry}" if "class Solution" in fields["starter"] else entry
    read = [[_call(test) for test in tests] for tests in (visible, hidden)]
    compare = Compare("json")
    return function_problem(
        entry=entry, program=fields["starter"], visible=read[0], hidden=read[1], compare=compare, **fields
    )


def _call(test: Row) -> Assertion:
    """Return a test whose input has one argument on each line."""
    return call_of("candidate", [_json(line) for line in text(test, "input").splitlines()], _json(text(test, "output")))


def _tests(row: Row, name: str) -> list[Row]:
    found = row.get(name)
    if isinstance(found, str):
        found = _json(found if found.lstrip().startswith("[") else _unpacked(found))
    tests = listed({name: found}, name)
    if not all(isinstance(test, dict) for test in tests):
        raise RowError(f"expected a list of objects in {name!r}")
    return tests


def _unpacked(packed: str) -> str:
    try:
        stream = zlib.decompressobj()
        data = stream.decompress(base64.b64decode(packed, validate=True), MAX_LINE_BYTES)
        if stream.unconsumed_tail:
            raise RowError(f"its private tests expand to more than {MAX_LINE_BYTES >> 20} MiB")
        return _text_in(data)
    except (binascii.Error, zlib.error, ValueError, UnicodeDecodeError) as error:
        raise RowError(f"its private tests cannot be unpacked: {error}") from None


def _text_in(pickled: bytes) -> str:
    """Return the single text that a pickle holds; raises RowError at the first operation that is not for a text."""
    found: list[str] = []
    for number, (operation, argument, _) in enumerate(pickletools.genops(pickled)):
        found += [str(argument)] if operation.name in _TEXTS else []
        if operation.name not in _TEXTS | _AROUND or len(found) > 1 or number > _MAX_OPERATIONS:
            break
    else:
        if found:
            return found[0]
    raise RowError("its private tests hold more than a text")


def _json(data: str) -> Any:
    try:
        return read_json(data, constants=False)
    except UnreadableError as error:
        raise RowError(f"expected JSON in a test: {error}") from None
