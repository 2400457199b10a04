"""What a repository may make the hook spend: the user decides, never the repository.

Anyone can write a repository, and its settings are read on the machine of everyone who commits to it. So they choose
among the models that the user allows, and can only lower the user's limits. Models that the user names on the command
line or in the environment need no permission.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Self

from coderefine.errors import UnreadableError, UsageError
from coderefine.hook.settings import Settings, limits, model_names, read_table
from coderefine.outside import MAX_TOML_BYTES, read_bytes, read_toml

FREE = "search"
"""The model that costs nothing and sends nothing."""
VARIABLE = "CODEREFINE_CONFIG"
TABLE = "hook"


@dataclass(frozen=True, slots=True)
class Permission:
    """The table `[hook]` of the user's configuration; each field is the key of that name."""

    models: tuple[str, ...] = ()
    """The models that a repository may choose, besides the search."""
    max_seconds: float | None = None
    max_calls: int | None = None
    max_tokens: int | None = None
    max_cost: float | None = None

    @classmethod
    def load(cls) -> Self:
        """Read the user's configuration, if there is one; raises UsageError."""
        path = configuration()
        try:
            table = read_toml(read_bytes(path, MAX_TOML_BYTES)).get(TABLE, {})
        except (FileNotFoundError, NotADirectoryError):
            return cls()
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}") from None
        except UnreadableError as error:
            raise UsageError(f"{path} cannot be read: {error}") from None
        if not isinstance(table, dict):
            raise UsageError(f"{path}: [{TABLE}] must be a table")
        return cls(**read_table(table, {"models": model_names, **limits()}, f"{path}: [{TABLE}]"))

    def refused(self, settings: Settings) -> list[str]:
        """Return the models that a repository's settings name and the user does not allow."""
        return [name for name in settings.models if name not in (FREE, *self.models)]

    def bound(self, settings: Settings) -> Settings:
        """Return a repository's settings with only the allowed models, and the lower of the two for each limit."""
        allowed = tuple(name for name in settings.models if name in (FREE, *self.models))
        lowest: dict[str, Any] = {}
        for field in fields(self):
            if field.name != "models":
                given = [it for it in (getattr(self, field.name), getattr(settings, field.name)) if it is not None]
                lowest[field.name] = min(given, default=None)
        return replace(settings, models=allowed or (FREE,), **lowest)


def configuration() -> Path:
    """Return the path of the user's configuration, whether or not the file exists."""
    given = os.environ.get(VARIABLE)
    if given:
        return Path(given)
    import platformdirs

    return platformdirs.user_config_path("coderefine") / "config.toml"
