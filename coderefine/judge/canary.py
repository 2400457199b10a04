"""Tests that always fail, which are added to every session of pytest: if one passes, the session was tampered with."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from coderefine.judge.session import PytestSession, TestRow


@dataclass(frozen=True, slots=True)
class Canary:
    """A file of tests that always fail, run after all others: if one passes, the session was tampered with."""

    path: str
    text: str
    word: str
    tests: int
    key: bytes
    """Seals the reports that the session sends as it goes, so that no other code can forge them (see
    `sandbox/suite.py`).
    """

    @classmethod
    def new(cls, root: str, *, stop: bool) -> Canary:
        """Return a canary with a new random name.

        It holds a single test where the session stops at the first failure (`stop`).
        """
        word = secrets.token_hex(6)
        # The word stands in the assertion's own message: a project may have assertion rewriting turned off.
        failing = f"def test_one():\n    assert {word!r} == '', {word!r}\n"
        texts = [failing, f"def test_two():\n    raise LookupError({word!r})\n"]
        tests = 1 if stop else 2
        path = f"{root}/test_{secrets.token_hex(6)}.py".removeprefix("/")
        return cls(path, "\n\n".join(texts[:tests]), word, tests, secrets.token_bytes(16))

    def sang(self, session: PytestSession) -> bool:
        """Whether all its tests failed, and for their own reason unless a fixture of the project failed before."""
        rows = [row for row in session.rows if row.id.startswith(self.path)]
        return len(rows) == self.tests and all(
            row.outcome in ("failed", "skipped") if row.phase == "setup" else self._is_own(row) for row in rows
        )

    def _is_own(self, row: TestRow) -> bool:
        return row.outcome == "failed" and self.word in row.message
