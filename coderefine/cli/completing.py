"""Names that a shell completes: bundled problems, folders with problems, files, recorded runs, models used before.

An error here completes nothing: a shell that waits for a name has no use for it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

_MOST = 50

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _guarded(find: Callable[[str], list[CompletionItem]]) -> Completer:
    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        try:
            return find(incomplete)
        except Exception:  # noqa: BLE001 - see above
            return []

    return complete


def _files(incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(incomplete, type="file")]


def _problems(incomplete: str) -> list[CompletionItem]:
    from coderefine import resources

    bundled = sorted(path.parent.name for path in resources.problems_dir().glob("*/problem.toml"))
    own = sorted(path.parent.name for path in Path().glob("*/problem.toml"))
    names = [CompletionItem(name) for name in dict.fromkeys([*own, *bundled]) if name.startswith(incomplete)]
    return names or [CompletionItem(incomplete, type="file")]


def _runs(incomplete: str) -> list[CompletionItem]:
    from coderefine.record import store
    from coderefine.runs import listing

    if not (store.home(None) / store.FILE).exists():
        return []
    opened = store.Store.open(None, create=False)
    try:
        found = listing.overviews(opened, _MOST)
    finally:
        opened.close()
    items = [CompletionItem("last", help="the last run of this folder")]
    items += [CompletionItem(row["id"], help=str(row["slug"])) for row in found]
    return [item for item in items if item.value.startswith(incomplete)]


def _models(incomplete: str) -> list[CompletionItem]:
    from coderefine.record import store

    names = ["search"]
    if (store.home(None) / store.FILE).exists():
        opened = store.Store.open(None, create=False)
        try:
            rows = opened.rows("SELECT DISTINCT model FROM calls ORDER BY id DESC LIMIT ?", _MOST)
        finally:
            opened.close()
        names += [row["model"] for row in rows if row["model"]]
    return [CompletionItem(name) for name in dict.fromkeys(names) if name.startswith(incomplete)]


files, problems, runs, models = map(_guarded, (_files, _problems, _runs, _models))
