"""The defaults of options, from the user's configuration and the project's.

Anyone can write a project. So its file chooses no model, no server and no image, and can only lower the user's limits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coderefine.errors import UnreadableError, UsageError

TABLE = "refine"
COMMANDS = ("refine", "fix", "test")
"""The commands whose options are configured here."""
_NUMBER, _WHOLE, _TEXT, _TEXTS, _FLAG = "a number", "a whole number", "a text", "a list of texts", "true or false"
KEYS: Mapping[str, tuple[str, str]] = {
    "models": ("models", _TEXTS),
    "critic_model": ("critic_model", _TEXT),
    "api_base": ("api_base", _TEXT),
    "sandbox": ("sandbox", _TEXT),
    "image": ("image", _TEXT),
    "max_cost": ("max_cost", _NUMBER),
    "max_calls": ("max_calls", _WHOLE),
    "max_tokens": ("max_tokens", _WHOLE),
    "max_seconds": ("max_seconds", _NUMBER),
    "iterations": ("iterations", _WHOLE),
    "candidates": ("candidates", _WHOLE),
    "edit_format": ("edit_format", _TEXT),
    "timeout": ("timeout_s", _NUMBER),
    "answer_tokens": ("answer_tokens", _WHOLE),
    "context": ("context_tokens", _WHOLE),
    "harden": ("harden", _FLAG),
    "shrink": ("shrink", _FLAG),
}
"""The keys of the table, with the parameter of the commands and the check of the value."""
_OWN_ONLY = frozenset({"models", "critic_model", "api_base", "image"})
_LIMITS = frozenset({"max_cost", "max_calls", "max_tokens", "max_seconds"})


@dataclass(frozen=True, slots=True)
class Setting:
    """A value, and where it was set."""

    value: Any
    origin: str


def settings() -> dict[str, Setting]:
    """Return the settings by key; raises UsageError."""
    found: dict[str, Setting] = {}
    for path, is_own in _files():
        for key, value in _table(path, is_own=is_own).items():
            if key in _LIMITS and key in found and found[key].value < value:
                continue
            found[key] = Setting(value, str(path))
    return found


def default_map() -> dict[str, dict[str, Any]]:
    """Return the settings in click's form, by command and parameter; raises UsageError."""
    values = {KEYS[key][0]: setting.value for key, setting in settings().items()}
    return dict.fromkeys(COMMANDS, values)


def _files() -> Iterator[tuple[Path, bool]]:
    """Yield the user's file, then the project's, each with whether it is the user's own."""
    from coderefine.hook.permission import configuration

    yield configuration(), True
    here = Path.cwd()
    project = next((it for folder in (here, *here.parents) if (it := folder / "pyproject.toml").is_file()), None)
    if project:
        yield project, False


def _table(path: Path, *, is_own: bool) -> dict[str, Any]:
    from coderefine.outside import MAX_TOML_BYTES, read_bytes, read_toml

    try:
        found: Any = read_toml(read_bytes(path, MAX_TOML_BYTES))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnreadableError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None
    names = (TABLE,) if is_own else ("tool", "coderefine", TABLE)
    where = f"{path}: [{'.'.join(names)}]"
    for name in names:
        found = found.get(name, {}) if isinstance(found, dict) else found
    if not isinstance(found, dict):
        raise UsageError(f"{where} must be a table")
    for key, value in found.items():
        if key not in KEYS:
            raise UsageError(f"{where} has no {key!r}; it takes {', '.join(KEYS)}")
        if key in _OWN_ONLY and not is_own:
            raise UsageError(f"{where} may not set {key}: that is for your own configuration (coderefine config)")
        if not _is_a(value, KEYS[key][1]):
            raise UsageError(f"{where} {key} must be {KEYS[key][1]}, not {value!r}")
    return found


def _is_a(value: Any, what: str) -> bool:
    if what == _TEXTS:
        return isinstance(value, list) and bool(value) and all(isinstance(item, str) and item for item in value)
    if what == _FLAG:
        return isinstance(value, bool)
    kinds: tuple[type, ...] = {_NUMBER: (int, float), _WHOLE: (int,), _TEXT: (str,)}[what]
    return isinstance(value, kinds) and not isinstance(value, bool)
