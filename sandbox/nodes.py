"""Linked lists and binary trees to and from the level-order lists in which tests are written."""

from __future__ import annotations

import collections
from typing import Any

from sandbox import prelude, values

MAX_NODES = 1000000


def build(kind: str, value: Any) -> Any:
    """Return the argument of declared node type `kind` ("" is none) for a value of the test."""
    if kind == "ListNode":
        return _linked_list(value)
    if kind == "TreeNode":
        return _tree(value)
    if kind.startswith("list["):
        return [build(kind[5:-1], item) for item in value]
    return value


def flatten(kind: str, value: Any) -> Any:
    """Return the list for an answer of declared node type `kind`; raises values.Unencodable for anything else."""
    if kind == "ListNode":
        return _flatten_list(value)
    if kind == "TreeNode":
        return _flatten_tree(value)
    if kind.startswith("list["):
        if not isinstance(value, (list, tuple)):
            raise values.Unencodable("a %s where %s is declared" % (type(value).__name__, kind))
        return [flatten(kind[5:-1], item) for item in value]
    return value


def _linked_list(items: list[Any]) -> prelude.ListNode | None:
    head = None
    for item in reversed(items or []):
        head = prelude.ListNode(item, head)
    return head


def _tree(items: list[Any]) -> prelude.TreeNode | None:
    if not items or items[0] is None:
        return None
    rest = iter(items)
    root = prelude.TreeNode(next(rest))
    queue = collections.deque([root])
    while queue:
        node = queue.popleft()
        for side in ("left", "right"):
            item = next(rest, None)
            if item is not None:
                child = prelude.TreeNode(item)
                setattr(node, side, child)
                queue.append(child)
    return root


def _flatten_list(head: Any) -> list[Any]:
    items: list[Any] = []
    seen: set[int] = set()
    while head is not None:
        if id(head) in seen or len(items) >= MAX_NODES:
            raise values.Unencodable("a linked list that runs in a circle or has over a million nodes")
        seen.add(id(head))
        items.append(_field(head, "val", "ListNode"))
        head = _field(head, "next", "ListNode")
    return items


def _flatten_tree(root: Any) -> list[Any]:
    items: list[Any] = []
    seen: set[int] = set()
    queue = collections.deque([root])
    while queue:
        node = queue.popleft()
        if node is None:
            items.append(None)
            continue
        if id(node) in seen or len(items) >= MAX_NODES:
            raise values.Unencodable("a tree in which a node has two parents, or with over a million nodes")
        seen.add(id(node))
        items.append(_field(node, "val", "TreeNode"))
        queue.append(_field(node, "left", "TreeNode"))
        queue.append(_field(node, "right", "TreeNode"))
    while items and items[-1] is None:
        items.pop()
    return items


def _field(node: Any, name: str, kind: str) -> Any:
    try:
        return getattr(node, name)
    except AttributeError:
        raise values.Unencodable("a %s where a %s is declared" % (type(node).__name__, kind)) from None
