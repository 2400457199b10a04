"""The names that a solution finds without importing them, as on LeetCode, and the node classes.

Imported once by the nursery, so that every candidate starts with these modules warm.
"""

from __future__ import annotations

import bisect
import builtins
import collections
import copy
import datetime
import decimal
import fractions
import functools
import heapq
import itertools
import math
import operator
import random
import re
import site
import statistics
import string
import sys
import typing
from typing import Any

MODULES = (
    bisect, collections, copy, datetime, decimal, fractions, functools, heapq, itertools, math, operator, random, re,
    statistics, string, sys, typing,
)  # fmt: skip


class ListNode:
    """A node of a singly linked list."""

    def __init__(self, val: Any = 0, next: Any = None) -> None:
        self.val = val
        self.next = next


class TreeNode:
    """A node of a binary tree."""

    def __init__(self, val: Any = 0, left: Any = None, right: Any = None) -> None:
        self.val = val
        self.left = left
        self.right = right


class NaryNode:
    """A node of a tree with any number of children."""

    def __init__(self, val: Any = None, children: Any = None) -> None:
        self.val = val
        self.children = [] if children is None else children


class RandomNode:
    """A node of a linked list that points to any other one as well."""

    def __init__(self, x: Any = 0, next: Any = None, random: Any = None) -> None:
        self.val = x
        self.next = next
        self.random = random


class GraphNode:
    """A node of a graph."""

    def __init__(self, val: Any = 0, neighbors: Any = None) -> None:
        self.val = val
        self.neighbors = [] if neighbors is None else neighbors


NAMED_NODE = {cls.__name__: cls for cls in (NaryNode, RandomNode, GraphNode)}
"""The classes that LeetCode calls `Node`, by the node type that a problem declares."""
for _cls in NAMED_NODE.values():
    _cls.__name__ = _cls.__qualname__ = "Node"


def names() -> dict[str, Any]:
    """Return the builtins of a candidate: Python's own, and the names that a solution need not import.

    They are builtins and not globals because every child would have to copy globals: copying a dict changes the
    reference count of each value, and so makes the kernel copy the memory pages of all of them.
    """
    site.setquit(), site.setcopyright(), site.sethelper()  # Python makes these builtins at its usual start
    found: dict[str, Any] = {}
    for module in (typing, collections, heapq, bisect, itertools, functools, math):
        public = getattr(module, "__all__", None) or [name for name in vars(module) if not name.startswith("_")]
        found.update((name, getattr(module, name)) for name in public)
    # math.pow would hide the builtin, which is exact on ints; Text and the like are noise but harmless.
    found.pop("pow", None)
    found.update((module.__name__, module) for module in MODULES)
    found.update(vars(builtins))
    found.update(ListNode=ListNode, TreeNode=TreeNode, deepcopy=copy.deepcopy)
    return found
