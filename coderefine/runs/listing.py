"""Runs in the store: begun, found again, listed and exported."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import coderefine
from coderefine.errors import StoreError, UsageError
from coderefine.problem.problem import Problem
from coderefine.record.journal import JournalRow, RowKind
from coderefine.record.store import Store, read_column
from coderefine.record.writer import now
from coderefine.runs import snapshot

LAST = "last"
FOLDER = "folder"
"""The key in a run's options for the folder in which it was begun."""
_MOST_LOOKED_AT = 500
"""The most of the newest runs that are looked at to find the last one of a folder."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz"  # none that looks like a digit
_ID_LENGTH = 6
_TRIES = 20

_OVERVIEW = """
SELECT runs.id, kind, label, slug, runs.status, began_at, ended_at, runs.verdict, options, version, backend,
    json_extract(ending, '$.limit') AS exhausted,
    CASE kind WHEN 'score' THEN runs.result END AS scored,
    (SELECT verdict FROM reports WHERE run = runs.id ORDER BY id LIMIT 1) AS verdict_before,
    (SELECT COUNT(*) FROM steps WHERE run = runs.id) AS steps,
    (SELECT COUNT(*) FROM calls WHERE run = runs.id AND status IN ('answered', 'unusable')) AS calls,
    (SELECT COUNT(*) FROM calls WHERE run = runs.id AND status = 'cached') AS cached,
    (SELECT TOTAL(cost_usd) FROM calls WHERE run = runs.id) AS cost_usd,
    (SELECT COUNT(*) FROM calls WHERE run = runs.id AND status IN ('answered', 'unusable') AND cost_usd IS NULL)
        = 0 AS cost_known
FROM runs
"""


def begin(
    store: Store,
    problem: Problem,
    source: str | None,
    options: dict[str, Any],
    *,
    backend: str,
    kind: str = "refine",
    parent: str | None = None,
    label: str = "",
) -> str:
    """Add a run and its problem (without hidden tests); return the new id. `options` is JSON-ready."""
    digest = snapshot.digest(problem)
    data = json.dumps(snapshot.to_json(problem))
    store.insert("problems", {"digest": digest, "slug": problem.slug, "data": data}, or_ignore=True)
    columns = {"kind": kind, "parent": parent, "label": label, "version": coderefine.__version__, "problem": digest}
    columns |= {"slug": problem.slug, "options": json.dumps(options), "source": source, "backend": backend}
    return add(store, columns)


def add(store: Store, columns: dict[str, Any]) -> str:
    """Add a row to `runs`; return its new id."""
    for _ in range(_TRIES):
        run = _new_id()
        if not store.rows("SELECT 1 FROM runs WHERE id = ?", run):
            store.insert("runs", {"id": run, **columns, "began_at": now(), "status": "running"})
            return run
    raise StoreError(f"no free run id was found in {store.path}")


def _new_id() -> str:
    """Return a short id that is easy to type; it begins with a letter, so it looks like neither a number nor an
    option.
    """
    return "".join(secrets.choice(_LETTERS + "23456789" * bool(i)) for i in range(_ID_LENGTH))


def find(store: Store, name: str, kind: str | None = None) -> str:
    """Return the id of the run whose id is or begins with `name`; raises UsageError.

    `last` is the newest run (of a kind) that was begun in the current folder, or in an unknown one; a run of the hook
    belongs to all folders of its working tree.
    """
    if name == LAST:
        return _last(store, kind)
    rows = store.rows("SELECT id FROM runs WHERE substr(id, 1, ?) = ? ORDER BY rowid DESC", len(name), name)
    found = [row["id"] for row in rows]
    if name in found:
        return name
    if not name or not found:
        raise UsageError(f"no run {name!r}; list them with: coderefine runs list")
    if len(found) > 1:
        raise UsageError(f"{name!r} begins {len(found)} runs: {', '.join(found[:5])}; write more of the one you mean")
    return str(found[0])


def _last(store: Store, kind: str | None) -> str:
    query = "SELECT id, slug, options FROM runs WHERE parent IS NULL AND (? IS NULL OR kind = ?) ORDER BY rowid DESC"
    rows = store.rows(f"{query} LIMIT {_MOST_LOOKED_AT}", kind, kind)
    if not rows:
        raise UsageError("there are no runs yet")
    here = Path.cwd()
    for row in rows:
        if _was_here(row, here):
            return str(row["id"])
    newest = rows[0]
    where = f"{newest['id']} ({newest['slug']}) in {_folder(newest)}"
    raise UsageError(f"no run was begun in this folder; the newest of all is {where}; name the one that you mean")


def _was_here(row: JournalRow, here: Path) -> bool:
    """Whether a run was begun in a folder, or in an unknown one; a run of the hook counts in all folders of its
    root.
    """
    folder = _folder(row)
    return folder in ("", str(here)) or ("hook" in _command(row) and here.is_relative_to(folder))


def _folder(row: JournalRow) -> str:
    """Return the folder in which a run was begun, or that the hook was about; "" where it is not recorded."""
    folder = _command(row).get(FOLDER, "")
    return folder if isinstance(folder, str) else ""


def _command(row: JournalRow) -> dict[str, Any]:
    command = (read_column(row["options"]) or {}).get("command")
    return command if isinstance(command, dict) else {}


def overview(store: Store, run: str) -> JournalRow:
    """Return one run, in the form of `overviews`."""
    return _read(store, store.rows(f"{_OVERVIEW} WHERE runs.id = ?", run)[0])


def overviews(store: Store, limit: int, slug: str | None = None) -> list[JournalRow]:
    """Return the newest runs, newest first, with their figures; "killed" is a run that ended without a record of it."""
    where = "WHERE parent IS NULL AND (? IS NULL OR slug = ?) ORDER BY runs.rowid DESC LIMIT ?"
    return [_read(store, row) for row in store.rows(f"{_OVERVIEW} {where}", slug, slug, limit)]


def _read(store: Store, row: JournalRow) -> JournalRow:
    row["options"] = read_column(row["options"])
    scored = row.pop("scored")
    if not row.pop("cost_known"):
        row["cost_usd"] = None
    row["completed"] = row["pass_at"] = row["base_pass_at"] = None
    if scored:  # of a scoring run: the shares of right programs before and after, and the total cost
        found = read_column(scored)
        row["completed"] = [found["before"]["mean"], found["after"]["mean"]]
        row |= {name: _means(found.get(name)) for name in ("pass_at", "base_pass_at")}
        row |= {name: found[name] for name in ("calls", "cached", "cost_usd")}
    if row["status"] == "running" and not is_running(store, row["id"]):
        row["status"] = "killed"
    return row


def _means(found: Any) -> dict[str, float] | None:
    """Return pass@k by k without the intervals; None where there is none."""
    return {k: estimate["mean"] for k, estimate in found.items()} if found else None


def problem_of(store: Store, run: str) -> Problem:
    """Return the problem of a run as it was at that time, without hidden tests."""
    query = "SELECT data FROM problems JOIN runs ON runs.problem = problems.digest WHERE runs.id = ?"
    return snapshot.from_json(read_column(store.rows(query, run)[0]["data"]))


def recorded(store: Store, run: str) -> list[tuple[RowKind, JournalRow]]:
    """Return all finished work of a run, each kind in order."""
    queries: dict[RowKind, str] = {
        "call": "SELECT * FROM calls WHERE run = ? AND status <> 'begun' ORDER BY id",
        "report": "SELECT * FROM reports WHERE run = ? ORDER BY id",
        "search": "SELECT * FROM searches WHERE run = ? ORDER BY id",
        "check": "SELECT * FROM checks WHERE run = ? ORDER BY id",
    }
    return [(kind, row) for kind, query in queries.items() for row in store.rows(query, run)]


def find_cached(store: Store, key: str, api_base: str | None) -> JournalRow | None:
    """Return the first complete answer that any run got to the same call of the same server.

    None where there is none.
    """
    query = "SELECT * FROM calls WHERE key = ? AND api_base IS ? AND status = 'answered' AND NOT truncated ORDER BY id"
    return next(iter(store.rows(f"{query} LIMIT 1", key, api_base)), None)


def export(store: Store, run: str) -> JournalRow:
    """Return everything that is recorded of a run, as JSON-ready data."""
    row = store.rows("SELECT * FROM runs WHERE id = ?", run)[0]
    problem = store.rows("SELECT * FROM problems WHERE digest = ?", row["problem"])[0]
    exported: JournalRow = {"run": _parsed(row), "problem": _parsed(problem)}
    if row["kind"] == "score":
        exported["scores"] = store.rows("SELECT * FROM scores WHERE run = ? ORDER BY number, sample", run)
    for table, order in (("steps", "number"), ("calls", "id"), ("searches", "id"), ("checks", "id"), ("reports", "id")):
        rows = store.rows(f"SELECT * FROM {table} WHERE run = ? ORDER BY {order}", run)  # noqa: S608
        exported[table] = [_parsed(row) for row in rows]
    return exported


_JSON_COLUMNS = ("options", "ending", "result", "data", "parameters", "patches", "error", "report", "outcome")


def _parsed(row: JournalRow) -> JournalRow:
    return {name: read_column(value) if name in _JSON_COLUMNS and value else value for name, value in row.items()}


@contextmanager
def lock_run(store: Store, run: str) -> Iterator[None]:
    """Lock a run for this process; raises UsageError where another has it. A killed process holds no lock."""
    path = _lock_path(store, run)
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreError(f"cannot lock the run {run}: {error.strerror}") from None
    try:
        _lock(handle, run)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
    finally:
        os.close(handle)


def _lock(handle: int, run: str) -> None:
    for _ in range(_TRIES):
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(0.01)  # another process may only be looking, see is_running
    raise UsageError(f"the run {run} is still going on in another process")


def is_running(store: Store, run: str) -> bool:
    """Return whether a process works on a run at present."""
    try:
        handle = os.open(_lock_path(store, run), os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def _lock_path(store: Store, run: str) -> Path:
    return store.path.parent / "running" / run
