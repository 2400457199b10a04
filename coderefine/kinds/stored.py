"""What a kind says of a problem's folder: how it is read, written and begun."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from coderefine.kinds.fields import Fields
from coderefine.problem.problem import Kind, Problem


class StoredKind(Kind):
    """A kind whose problems are folders with a problem.toml."""

    template: ClassVar[Mapping[str, str]] = {}
    """The files of a small problem to begin with, by path; {title}, {name} and {cls} stand for its name."""

    def set_of(self, problem: Problem) -> Path | None:
        """Return where the problems are that a candidate is tried on, with a model; None for a problem by itself."""
        return None

    @abstractmethod
    def load(self, fields: Fields) -> Problem:
        """Read the problem of `fields.folder`, every field of it; raises ProblemError."""

    @abstractmethod
    def toml_fields(self, problem: Problem) -> dict[str, str]:
        """Return what problem.toml says more than of any problem: values as TOML has them."""

    @abstractmethod
    def files(self, problem: Problem) -> dict[str, bytes]:
        """Return the tests, and what else there is in the folder, by path."""


def quoted(text: str) -> str:
    """Return a string of TOML: that of JSON, but for what lies beyond ASCII and DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
