"""What an examination of this machine found: frozen data with a JSON form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

DENIAL_TEST = "denial test"
State = Literal["ok", "missing", "weaker"]
""""ok": as it should be. "missing": needed, and not there. "weaker": not there, or not examined, but the sandbox holds
without it.
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one thing that the judge needs."""

    name: str
    state: State
    detail: str
    """What was found, in words."""
    remedy: str = ""
    """The next command to type; "" where nothing is missing."""

    def to_json(self) -> dict[str, str]:
        """Return it as JSON-ready data."""
        return {"name": self.name, "state": self.state, "detail": self.detail, "remedy": self.remedy}


@dataclass(frozen=True, slots=True)
class Backend:
    """What was found about one backend."""

    name: str
    """ "docker" or "local"."""
    checks: tuple[Finding, ...]

    @property
    def usable(self) -> bool:
        """Whether its sandbox starts and passes the denial test."""
        return any(check.name == DENIAL_TEST and check.state == "ok" for check in self.checks)

    @property
    def reason(self) -> str:
        """Why it is not usable; empty where it is."""
        if self.usable:
            return ""
        missing = [check.detail for check in self.checks if check.state == "missing"]
        return missing[-1] if missing else "not examined"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """This machine, as the judge sees it."""

    host: tuple[Finding, ...]
    backends: tuple[Backend, ...]
    """In the order in which "auto" tries them."""

    @property
    def chosen(self) -> str | None:
        """The backend that "auto" takes; None where none is usable."""
        return next((backend.name for backend in self.backends if backend.usable), None)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return {
            "chosen": self.chosen,
            "host": [check.to_json() for check in self.host],
            "backends": {
                backend.name: {
                    "usable": backend.usable,
                    "reason": backend.reason,
                    "checks": [check.to_json() for check in backend.checks],
                }
                for backend in self.backends
            },
        }
