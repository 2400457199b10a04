"""What a kind says about a problem's folder: how it is read, written and begun."""

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
    """The files of a small problem to begin with, by path; {title}, {name} and {cls} are replaced by forms of
    its name.
    """

    def set_of(self, problem: Problem) -> Path | None:
        """Return the path of the problems on which a candidate is tried with a model.

        None where the problem has none.
        """
        return None

    @abstractmethod
    def load(self, fields: Fields) -> Problem:
        """Read the problem in `fields.folder`, taking every field; raises ProblemError."""

    @abstractmethod
    def toml_fields(self, problem: Problem) -> dict[str, str]:
        """Return the fields of problem.toml that are special to this kind, with values in TOML."""

    @abstractmethod
    def files(self, problem: Problem) -> dict[str, bytes]:
        """Return the tests and the other files of the folder, by path."""


def quoted(text: str) -> str:
    """Return a TOML string: JSON's form, except for characters beyond ASCII and DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
