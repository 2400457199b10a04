"""Converts nodes of lists, trees and graphs from and to the lists in which tests are written, as LeetCode writes them.

A binary tree and a tree with any number of children are in level order. None stands for a missing child of a binary
tree; in the other tree it follows the root and the children of each node. A list with `random` consists of pairs of a
value and the place that `random` points to, or None. A graph is the list of the neighbours of each node, by their
numbers from 1 on; its first node stands for the whole graph.
"""

from __future__ import annotations

import collections
from typing import Any, Callable, Iterable, List, Tuple

from sandbox import prelude, values

MAX_NODES = 1000000


def build(kind: str, value: Any) -> Any:
    """Return the argument of declared node type `kind` ("" for none) for a value of the test."""
    if kind in _BUILD:
        return _BUILD[kind](value or [])
    if kind.startswith("list["):
        return [build(kind[5:-1], item) for item in value]
    return value


def flatten(kind: str, value: Any, given: Iterable[Any] = ()) -> Any:
    """Return the list for an answer of declared node type `kind`; raises values.Unencodable for anything else.

    The answer may contain none of the nodes that were `given`.
    """
    if kind in _FLATTEN:
        found, items = _FLATTEN[kind](value)
        if {id(node) for node in found} & {id(node) for node in given}:
            raise values.Unencodable("nodes of the argument, where copies of them are asked for")
        return items
    if kind.startswith("list["):
        if not isinstance(value, (list, tuple)):
            raise values.Unencodable("a %s where %s is declared" % (type(value).__name__, kind))
        return [flatten(kind[5:-1], item) for item in value]
    return value


def class_called_node(spec: dict[str, Any]) -> Any:
    """Return the class that programs find as `Node`, by the types that a problem declares; None where there is none."""
    kinds = [kind.replace("list[", "").strip("]") for kind in (*spec.get("nodes", ()), spec.get("returns", ""))]
    return next((prelude.NAMED_NODE[kind] for kind in kinds if kind in prelude.NAMED_NODE), None)


def to_be_copied(spec: dict[str, Any], args: list[Any]) -> list[Any]:
    """Return the nodes of arguments that an answer of the same type must be a copy of, as all such answers on LeetCode
    are.
    """
    kind = spec["returns"]
    if kind not in ("RandomNode", "GraphNode"):
        return []
    return [node for other, arg in zip(spec["nodes"], args) if other == kind for node in _FLATTEN[kind](arg)[0]]


def _linked_list(items: list[Any]) -> prelude.ListNode | None:
    head = None
    for item in reversed(items):
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


def _nary_tree(items: list[Any]) -> prelude.NaryNode | None:
    if not items:
        return None
    root = prelude.NaryNode(items[0])
    parents = collections.deque([root])
    for item in items[2:]:
        if item is None:
            parents.popleft()
        else:
            parents.append(prelude.NaryNode(item))
            parents[0].children.append(parents[-1])
    return root


def _random_list(items: list[Any]) -> prelude.RandomNode | None:
    found = [prelude.RandomNode(item) for item, _ in items]
    for node, following, (_, other) in zip(found, [*found[1:], None], items):
        node.next = following
        node.random = None if other is None else found[other]
    return found[0] if found else None


def _graph(items: list[Any]) -> prelude.GraphNode | None:
    found = [prelude.GraphNode(number) for number in range(1, len(items) + 1)]
    for node, numbers in zip(found, items):
        node.neighbors = [found[number - 1] for number in numbers]
    return found[0] if found else None


Flat = Tuple[List[Any], List[Any]]
"""The nodes of an answer, and the list for it."""


def _along(head: Any, kind: str) -> list[Any]:
    """Return the nodes of a linked list."""
    found: list[Any] = []
    seen: set[int] = set()
    while head is not None:
        if id(head) in seen or len(found) >= MAX_NODES:
            raise values.Unencodable("a linked list that runs in a circle or has over a million nodes")
        seen.add(id(head))
        found.append(head)
        head = _field(head, "next", kind)
    return found


def _flat_list(head: Any) -> Flat:
    found = _along(head, "ListNode")
    return found, [_field(node, "val", "ListNode") for node in found]


def _flat_random_list(head: Any) -> Flat:
    found = _along(head, "RandomNode")
    places: dict[Any, Any] = {id(node): place for place, node in enumerate(found)}
    places[id(None)] = None
    items = []
    for node in found:
        other = _field(node, "random", "RandomNode")
        if id(other) not in places:
            raise values.Unencodable("a `random` that is no node of the same list")
        items.append([_field(node, "val", "RandomNode"), places[id(other)]])
    return found, items


def _flat_tree(root: Any) -> Flat:
    found = _below(root, "TreeNode", lambda node: [_field(node, side, "TreeNode") for side in ("left", "right")])
    items = [None if node is None else _field(node, "val", "TreeNode") for node in found]
    return _nodes(found), _without_nulls(items)


def _flat_nary_tree(root: Any) -> Flat:
    found = _below(root, "NaryNode", lambda node: [*_listed(node, "children", "NaryNode"), None])
    items = [None if node is None else _field(node, "val", "NaryNode") for node in found]
    return _nodes(found), _without_nulls([*items[:1], None, *items[1:]] if root is not None else [])


def _flat_graph(start: Any) -> Flat:
    found: dict[int, Any] = {}
    todo = [] if start is None else [start]
    while todo:
        node = todo.pop()
        if id(node) not in found:
            found[id(node)] = node
            todo += _listed(node, "neighbors", "GraphNode")
        if len(found) > MAX_NODES:
            raise values.Unencodable("a graph with over a million nodes")
    numbers = {id(node): _field(node, "val", "GraphNode") for node in found.values()}
    if not all(type(it) is int for it in numbers.values()) or sorted(numbers.values()) != [*range(1, len(found) + 1)]:
        raise values.Unencodable("a graph whose nodes are not numbered from 1 on")
    items: list[Any] = [None] * len(found)
    for key, node in found.items():
        items[numbers[key] - 1] = [numbers[id(it)] for it in node.neighbors]
    return [*found.values()], items


def _below(root: Any, kind: str, children: Callable[[Any], list[Any]]) -> list[Any]:
    """Return the nodes of a tree in level order, with None where `children` gives None."""
    found: list[Any] = []
    seen: set[int] = set()
    queue = collections.deque([root])
    while queue:
        node = queue.popleft()
        found.append(node)
        if node is None:
            continue
        if id(node) in seen or len(found) >= 2 * MAX_NODES:
            raise values.Unencodable("a tree in which a node has two parents, or with over a million nodes")
        seen.add(id(node))
        queue.extend(children(node))
    return found


def _nodes(found: list[Any]) -> list[Any]:
    return [node for node in found if node is not None]


def _without_nulls(items: list[Any]) -> list[Any]:
    while items and items[-1] is None:
        items.pop()
    return items


def _listed(node: Any, name: str, kind: str) -> list[Any]:
    found = _field(node, name, kind)
    if found is None:
        return []
    if not isinstance(found, (list, tuple)) or any(it is None for it in found):
        raise values.Unencodable("`%s` of a node is no list of nodes" % name)
    return [*found]


def _field(node: Any, name: str, kind: str) -> Any:
    try:
        return getattr(node, name)
    except AttributeError:
        raise values.Unencodable("a %s where a %s is declared" % (type(node).__name__, kind)) from None


_BUILD: dict[str, Callable[[list[Any]], Any]] = {
    "ListNode": _linked_list,
    "TreeNode": _tree,
    "NaryNode": _nary_tree,
    "RandomNode": _random_list,
    "GraphNode": _graph,
}
_FLATTEN: dict[str, Callable[[Any], Flat]] = {
    "ListNode": _flat_list,
    "TreeNode": _flat_tree,
    "NaryNode": _flat_nary_tree,
    "RandomNode": _flat_random_list,
    "GraphNode": _flat_graph,
}
