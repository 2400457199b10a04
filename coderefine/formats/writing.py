"""Writes a record as the folder of a problem, so that `load_problem` reads the same problem from it.

A folder that is there already is left as it is; a new one is there whole or not at all. Values that JSON and the
declared types do not carry, such as bytes, are written as code.
"""

from __future__ import annotations

import glob
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from coderefine.errors import UsageError
from coderefine.formats.reading import BUGGY
from coderefine.formats.record import Record
from coderefine.problem import typespec
from coderefine.problem.problem import Limits, Problem, TestCase
from coderefine.problem.typespec import TypeSpec
from coderefine.rendering import literal

ORACLE = "submissions/accepted/oracle.py"


def write(record: Record, directory: Path) -> bool:
    """Write a record as `directory/<slug>`; return False where that is there already. Raises UsageError."""
    target = directory / record.problem.slug
    try:
        if target.exists():
            return False
        directory.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=directory, prefix=".importing-"))
        try:
            for path, data in _files(record):
                file = temporary / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
            temporary.chmod(0o755)
            temporary.rename(target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror}") from None
    return True


def _files(record: Record) -> Iterator[tuple[str, bytes]]:
    problem = record.problem
    texts = {
        "problem.toml": _toml(problem),
        "statement.md": problem.statement,
        "starter.py": problem.starter,
        "prelude.py": problem.prelude,
        "checker.py": problem.compare.checker,
        BUGGY: record.buggy,
        ORACLE: record.oracle,
    }
    if problem.kind.name == "pytest":
        texts |= {case.name: case.code for case in problem.visible + problem.hidden}
        yield from ((file.path, file.data) for file in problem.suite.files + problem.suite.hidden_files)
    else:
        texts["tests/visible.json"] = _tests(problem, problem.visible)
        texts["tests/hidden.json"] = _tests(problem, problem.hidden) if problem.hidden else ""
    yield from ((path, text.encode()) for path, text in texts.items() if text.strip() or path == "statement.md")


def _toml(problem: Problem) -> str:
    fields: dict[str, str] = {"title": _quoted(problem.title)}
    if problem.difficulty:
        fields["difficulty"] = _quoted(problem.difficulty)
    if problem.tags:
        fields["tags"] = f"[{', '.join(map(_quoted, problem.tags))}]"
    fields["kind"] = _quoted(problem.kind.name)
    if problem.kind.name in ("function", "class"):
        fields["entry"] = _quoted(problem.entry)
    if problem.kind.name == "function":
        params = (f"{_quoted(param.name)} = {_quoted(str(param.type))}" for param in problem.params)
        fields["params"] = f"{{ {', '.join(params)} }}"
        fields["returns"] = _quoted(str(problem.returns))
        fields["answer"] = _quoted(problem.answer)
    if problem.kind.name == "pytest":
        fields["solution"] = _quoted(problem.suite.solution)
        beside = [glob.escape(file.path) for file in problem.suite.files if not file.path.startswith("tests/")]
        fields["files"] = f"[{', '.join(map(_quoted, beside))}]"
    elif problem.compare.mode != ("tokens" if problem.kind.name == "program" else "exact"):
        suffix = {"float": f":{problem.compare.tolerance!r}", "checker": ".py"}.get(problem.compare.mode, "")
        fields["compare"] = _quoted(problem.compare.mode + suffix)
    if problem.limits != Limits():
        fields |= {"time_limit_s": repr(problem.limits.time_s), "memory_mib": str(problem.limits.memory_mib)}
    return "".join(f"{name} = {value}\n" for name, value in fields.items())


def _quoted(text: str) -> str:
    """A string of TOML: that of JSON, but for what lies beyond ASCII and DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _tests(problem: Problem, cases: Iterable[TestCase]) -> str:
    return "[\n" + ",\n".join(json.dumps(_test(problem, case)) for case in cases) + "\n]\n"


def _test(problem: Problem, case: TestCase) -> dict[str, Any]:
    name = {"name": case.name}
    if case.code:
        return name | {"code": case.code}
    if problem.kind.name == "class":
        return name | {"operations": case.args[0], "arguments": case.args[1], "expected": case.expected}
    if problem.kind.name == "program":
        return name | {"stdin": case.args[0], "expected": case.expected}
    types = [param.type for param in problem.params]
    try:
        args = [_carried(type_, it) for type_, it in zip(types, case.args, strict=False)]
        expected = _carried(problem.returns, case.expected, is_answer=True)
    except ValueError:  # TypeSpecError is one
        return name | {"code": f"assert candidate({', '.join(map(literal, case.args))}) == {literal(case.expected)}"}
    return name | {"args": args, "expected": expected}


def _carried(spec: TypeSpec, value: Any, *, is_answer: bool = False) -> Any:
    """Return JSON data from which `spec` gives `value` (a list for a tuple in an answer); raises ValueError."""
    data = json.loads(json.dumps(_listed(value, sets=True)))
    read = typespec.from_json(spec, data, "")
    if not _same(read, value) and not (is_answer and _same(_listed(read), _listed(value))):
        raise ValueError("JSON would make another value of it")
    return data


def _listed(value: Any, *, sets: bool = False) -> Any:
    """The value with lists for its tuples, and with `sets` for its sets; raises ValueError for what JSON has not."""
    if isinstance(value, list | tuple) or (sets and isinstance(value, set)):
        return [_listed(item, sets=sets) for item in value]
    if isinstance(value, dict):
        if not all(type(key) in (str, int) for key in value):
            raise ValueError("keys that JSON does not have")
        return {key: _listed(item, sets=sets) for key, item in value.items()}
    if value is None or type(value) in (bool, int, float, str, set):
        return value
    raise ValueError(f"JSON has no {type(value).__name__}")


def _same(one: Any, other: Any) -> bool:
    """Equal and of the same types throughout."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict):
        return _same(list(one), list(other)) and all(_same(item, other[key]) for key, item in one.items())
    if isinstance(one, set):
        return one == other and {*map(type, one)} == {*map(type, other)}
    return repr(one) == repr(other) if isinstance(one, float) else bool(one == other)
