"""Finds the data files that are part of coderefine, in an installed wheel and in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _find(name: str) -> Path:
    installed = _PACKAGE / "_bundled" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def sandbox_dir() -> Path:
    """Return the folder of the programs that run inside a sandbox, with the Dockerfile and the seccomp profile."""
    return _find("sandbox")


def problems_dir() -> Path:
    """Return the folder of the bundled problem set."""
    return _find("problems")


def prompt(name: str) -> str:
    """Return the text of `prompts/<name>.txt`."""
    return (_PACKAGE / "prompts" / f"{name}.txt").read_text(encoding="utf-8")


def page(name: str) -> str:
    """Return the text of `report/page/<name>`, a part of the page that `coderefine report` writes."""
    return (_PACKAGE / "report" / "page" / name).read_text(encoding="utf-8")
