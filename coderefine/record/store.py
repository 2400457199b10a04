"""The store: one SQLite file that keeps every run, for people to query (docs/store.md) and for runs to be resumed.

What was written survives a kill -9 and a power cut: each write is one transaction, in a write-ahead log that is synced
before the write returns. Several processes and threads may write at once. Only the owner can read the file. It holds no
key and nothing from the environment.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

from coderefine import interrupts, outside
from coderefine.errors import StoreError, UnreadableError, UsageError
from coderefine.record.schema import MIGRATIONS

T = TypeVar("T")
HOME = "CODEREFINE_HOME"
"""The environment variable that names the store's directory."""
FILE = "runs.db"
PATIENCE_S = 30.0
"""Seconds that a writer waits for other processes."""
_LAST_S = 1.0
"""Seconds that it waits once Ctrl-C was pressed."""
_TRY_S = 0.1
"""Seconds between two looks at the time."""
_MOST_NODES, _MOST_LEVELS = 10 * outside.MAX_NODES, 5 * outside.MAX_DEPTH


def home(directory: str | Path | None = None) -> Path:
    """Return the store's directory: the given one, else CODEREFINE_HOME, else the platform's place for user data."""
    chosen = directory or os.environ.get(HOME)
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs

    return platformdirs.user_data_path("coderefine")


def read_column(text: Any) -> Any:
    """Return the value of a JSON column; raises StoreError.

    A store may be a stranger's. Reports are limited when they are read, so the limits on nesting and size are generous
    here.
    """
    if not isinstance(text, str | bytes):
        raise StoreError(f"what is recorded of a run cannot be read: expected text, not {type(text).__name__}")
    try:
        return outside.read_json(text, surrogates=True, nodes=_MOST_NODES, depth=_MOST_LEVELS)
    except UnreadableError as error:
        raise StoreError(f"what is recorded of a run cannot be read: {error}") from None


class Store:
    """An open store; a context manager. All methods raise StoreError where SQLite or the disk fails."""

    def __init__(self, path: Path, connection: sqlite3.Connection, patience_s: float = PATIENCE_S) -> None:
        """`patience_s` is how long to wait while another process writes."""
        self.path = path
        self.patience_s = patience_s
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open(cls, directory: str | Path | None = None, *, create: bool = True, patience_s: float = PATIENCE_S) -> Self:
        """Open the store in `home(directory)`; create it where there is none, or with `create=False` raise
        UsageError.
        """
        path = home(directory) / FILE
        with _translated(path):
            if create:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite gives its log the same mode
            elif not path.exists():
                raise UsageError(f"there are no runs yet: no {path}")
            store = cls(path, _connect(path, patience_s), patience_s)
            try:
                store._migrate()
            except BaseException:
                store.close()
                raise
            return store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, after another thread's write is complete."""
        with self._lock:  # closing a connection while a statement runs would end the process
            self._connection.close()

    def insert(
        self, table: str, row: Mapping[str, Any], *, or_ignore: bool = False, patience_s: float | None = None
    ) -> int:
        """Add a row with a column for each key; return its rowid, with `or_ignore` that of the last insertion."""
        verb = "INSERT OR IGNORE" if or_ignore else "INSERT"
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        return self.execute(f"{verb} INTO {table} ({names}) VALUES ({marks})", *row.values(), patience_s=patience_s)

    def replace_all(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows with the same columns in one transaction; they replace rows with the same unique key."""
        names, marks = ", ".join(rows[0]), ", ".join("?" * len(rows[0]))
        sql = f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})"  # noqa: S608

        def write() -> None:
            with self._transaction():
                self._connection.executemany(sql, [tuple(row.values()) for row in rows])

        self._patiently(write)

    def execute(self, sql: str, *parameters: Any, patience_s: float | None = None) -> int:
        """Run one writing statement in a transaction of its own; return the last rowid.

        `patience_s` is how long to wait for other processes, if not as long as usual.
        """
        return self._patiently(lambda: self._connection.execute(sql, parameters).lastrowid or 0, patience_s)

    def rows(self, sql: str, *parameters: Any) -> list[dict[str, Any]]:
        """Return the rows that a query selects."""
        return self._patiently(lambda: [dict(row) for row in self._connection.execute(sql, parameters)])

    def stream(self, sql: str, *parameters: Any) -> Iterator[dict[str, Any]]:
        """Yield the rows that a query selects one by one; rows written meanwhile may or may not be among them."""
        with _translated(self.path):
            for row in self._patiently(lambda: self._connection.execute(sql, parameters)):
                yield dict(row)

    def _migrate(self) -> None:
        """Bring the schema up to date; `user_version` counts the migrations that were applied."""
        if self._patiently(self._version) < len(MIGRATIONS):
            self._patiently(self._upgrade)
        if self._version() > len(MIGRATIONS):
            raise StoreError(f"{self.path} was made by a newer coderefine; upgrade, or set {HOME} to another place")

    def _upgrade(self) -> None:
        run = self._connection.execute
        with self._transaction():  # one process does it, and the others wait
            for number, script in enumerate(MIGRATIONS[self._version() :], self._version() + 1):
                for statement in script.split(";\n"):
                    run(statement)
                run(f"PRAGMA user_version = {number}")

    def _patiently(self, work: Callable[[], T], patience_s: float | None = None) -> T:
        """Do some work with the file, repeatedly while another process is writing; raises StoreError."""
        end = time.monotonic() + (self.patience_s if patience_s is None else patience_s)
        is_last = False
        while True:
            if interrupts.waits() and not is_last:
                end, is_last = min(end, time.monotonic() + _LAST_S), True
            try:
                with self._lock, _translated(self.path):
                    return work()
            except StoreError as error:
                if not _is_busy(error.__cause__) or time.monotonic() >= end:
                    raise
            time.sleep(_TRY_S / 10)  # other threads take their turn

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        """Commit everything that is written in the block, or nothing."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # not where BEGIN failed, or SQLite has rolled back by itself
                with contextlib.suppress(sqlite3.Error):  # the first failure is the cause
                    self._connection.execute("ROLLBACK")
            raise

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])


def _is_busy(error: BaseException | None) -> bool:
    """Whether SQLite gave up because another process was writing."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(code, int) and code & 0xFF == sqlite3.SQLITE_BUSY


def _connect(path: Path, patience_s: float) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_TRY_S, isolation_level=None, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        _use_log(connection, patience_s)
        # FULL syncs at each commit: a few milliseconds, while a lost answer costs seconds and money.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _use_log(connection: sqlite3.Connection, patience_s: float) -> None:
    """Switch to the write-ahead log; SQLite does not wait by itself where another process is doing the same."""
    deadline = time.monotonic() + patience_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


@contextlib.contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, UnicodeError, OverflowError) as error:
        raise StoreError(f"the store of runs {path} failed: {error}") from error
    except OSError as error:
        raise StoreError(f"the store of runs {path} failed: {error.strerror}") from error
