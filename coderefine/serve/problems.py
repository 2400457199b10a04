"""The problem of a request: read from its text, and remembered by the text's digest, within limits.

Reading runs nothing on this machine. Where only a set's own program knows the answers of tests, that program runs in
the sandbox.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from coderefine import resources
from coderefine.errors import UsageError
from coderefine.folder.loading import load_problem
from coderefine.formats.pending import settled
from coderefine.formats.reading import read, record_of
from coderefine.formats.record import Record
from coderefine.judge.answers import answers
from coderefine.judge.judge import Judge
from coderefine.problem.problem import Problem
from coderefine.serve.bounds import Bounds
from coderefine.serve.messages import ProblemSource

_MAX_FILES = 1000
_MAX_PARTS, _MAX_PART_CHARS = 20, 100


class UnknownProblem(UsageError):
    """The digest is not that of a remembered problem: send the problem itself."""


@dataclass(frozen=True, slots=True)
class ServedProblem:
    """A problem, ready to be judged."""

    digest: str
    problem: Problem
    prefix: str
    """The code before a program that is a completion."""
    bytes: int
    """The size of the text that it was read from."""


class Problems:
    """The problems that were read last, by digest. May be used from any thread."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._kept: OrderedDict[str, ServedProblem] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, judge: Judge, source: ProblemSource) -> ServedProblem:
        """Return a problem; raises UsageError (UnknownProblem is one), or JudgeError."""
        text = json.dumps(source.model_dump(exclude_none=True), sort_keys=True, separators=(",", ":"))
        digest = source.digest or hashlib.sha256(text.encode()).hexdigest()
        with self._lock:
            if found := self._kept.get(digest):
                self._kept.move_to_end(digest)
                return found
        if source.digest:
            raise UnknownProblem(f"no problem {digest[:12]}... is remembered here; send the problem itself")
        record = settled(_record(source), partial(answers, judge), None)
        problem = _bounded(replace(record.problem, path=None), self._bounds)
        served = ServedProblem(digest, problem, record.prefix, len(text))
        self._keep(served)
        return served

    def _keep(self, served: ServedProblem) -> None:
        with self._lock:
            if served.digest not in self._kept:
                self._bytes += served.bytes
            self._kept[served.digest] = served
            while len(self._kept) > self._bounds.problems or self._bytes > self._bounds.problem_bytes:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= oldest.bytes


def _record(source: ProblemSource) -> Record:
    if source.row is not None:
        return record_of(source.row, source.format)
    if source.files is not None:
        return _from_files(source.files, source.format)
    assert source.name is not None
    folder = resources.problems_dir() / source.name  # its pattern makes it a plain name, which leads nowhere else
    if not folder.is_dir():
        raise UsageError(f"no bundled problem is called {source.name}")
    return Record(source.name, "", load_problem(folder))


def _from_files(files: dict[str, str], format_: str | None) -> Record:
    """Return the one problem in a temporary folder of these files."""
    if not 0 < len(files) <= _MAX_FILES:
        raise UsageError(f"expected 1 to {_MAX_FILES:,} files of a problem, not {len(files):,}")
    with tempfile.TemporaryDirectory(prefix="coderefine-") as scratch:
        folder = Path(scratch) / "problem"
        folder.mkdir()
        for name, text in files.items():
            _write(folder, name, text)
        try:
            records = list(read(folder, format_=format_))
        except UsageError as error:
            raise UsageError(str(error).replace(f"{folder}", "the problem")) from None
    if len(records) != 1:
        raise UsageError(f"expected the files of one problem, not of {len(records):,}")
    return records[0]


def _write(folder: Path, name: str, text: str) -> None:
    parts = PurePosixPath(name).parts
    is_plain = bool(parts) and not name.startswith("/") and ".." not in parts and "\0" not in name
    if not is_plain or len(parts) > _MAX_PARTS or any(len(part) > _MAX_PART_CHARS for part in parts):
        raise UsageError(f"expected the path of a file below the problem's folder, not {name[:100]!r}")
    path = folder.joinpath(*parts)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise UsageError(f"{name[:100]!r} is a file and a folder") from None


def _bounded(problem: Problem, bounds: Bounds) -> Problem:
    """Return the problem with the server's limit of a program's time; raises UsageError where it asks for too much."""
    limits = problem.limits
    if limits.memory_mib > bounds.memory_mib:
        raise UsageError(
            f"{problem.slug} lets programs use {limits.memory_mib} MiB; this server has {bounds.memory_mib} MiB for one"
        )
    program_s = min(limits.program_s or bounds.program_s, bounds.program_s)
    return replace(problem, limits=replace(limits, time_s=min(limits.time_s, program_s), program_s=program_s))
