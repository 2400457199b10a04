"""Writes a record as the folder of a problem, so that `load_problem` reads the same problem from it.

A folder that exists is left as it is; a new one is written completely or not at all.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from coderefine.errors import unwritable
from coderefine.formats.reading import BUGGY
from coderefine.formats.record import Record
from coderefine.kinds.stored import StoredKind, quoted
from coderefine.problem.problem import Limits, Problem

ORACLE = "submissions/accepted/oracle.py"


def write(record: Record, directory: Path) -> bool:
    """Write a record as `directory/<slug>`; return False where that exists already. Raises UsageError."""
    return write_folder(record, directory / record.problem.slug)


def write_folder(record: Record, target: Path) -> bool:
    """Write a record as the folder `target`; return False where that exists already. Raises UsageError."""
    try:
        if target.exists():
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=target.parent, prefix=".importing-"))
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
        raise unwritable(target, error) from None
    return True


def _files(record: Record) -> Iterator[tuple[str, bytes]]:
    problem = record.problem
    texts = {
        "problem.toml": _toml(problem),
        "statement.md": problem.statement,
        f"starter{problem.suffix}": problem.starter,
        "prelude.py": problem.prelude,
        "checker.py": problem.compare.checker,
        BUGGY: record.buggy,
        ORACLE: record.oracle,
    }
    yield from StoredKind.of(problem).files(problem).items()
    yield from ((path, text.encode()) for path, text in texts.items() if text.strip() or path == "statement.md")


def _toml(problem: Problem) -> str:
    fields: dict[str, str] = {"title": quoted(problem.title)}
    if problem.difficulty:
        fields["difficulty"] = quoted(problem.difficulty)
    if problem.tags:
        fields["tags"] = f"[{', '.join(map(quoted, problem.tags))}]"
    fields["kind"] = quoted(problem.kind.name)
    fields |= StoredKind.of(problem).toml_fields(problem)
    if problem.limits != Limits():
        fields |= {"time_limit_s": repr(problem.limits.time_s), "memory_mib": str(problem.limits.memory_mib)}
    if problem.limits.output_kib != Limits().output_kib:
        fields["output_kib"] = str(problem.limits.output_kib)
    return "".join(f"{name} = {value}\n" for name, value in fields.items())
