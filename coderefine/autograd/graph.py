"""Shows a graph as lines of text, or in Graphviz's language. Both are the same in every run."""

from __future__ import annotations

from coderefine.autograd.variable import Variable
from coderefine.rendering import cut, printable

VALUE_CHARS = 60


def nodes(root: Variable) -> list[Variable]:
    """Return every variable that `root` was computed from, and `root` last; predecessors come before their
    successors.
    """
    found: list[Variable] = []
    seen: set[Variable] = set()
    stack = [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            found.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((predecessor, False) for predecessor in reversed(node.predecessors))
    return found


def to_text(root: Variable, *, limit: int = VALUE_CHARS) -> str:
    """Return a line for each variable (`#2 criticism of the code <- #1: 'Line 2 ...'`) with its criticisms below.

    A star marks variables that require a gradient; texts are cut to `limit` characters with a mark.
    """
    order = nodes(root)
    numbers = {node: number for number, node in enumerate(order, 1)}
    lines = []
    for node in order:
        sources = ", ".join(f"#{numbers[predecessor]}" for predecessor in node.predecessors)
        star = "*" if node.requires_grad else ""
        head = f"#{numbers[node]}{star} {printable(node.role) or 'text'}{f' <- {sources}' if sources else ''}"
        lines.append(f"{head}: {_quoted(node.value, limit)}")
        lines += [f"    criticism: {_quoted(gradient.text, limit)}" for gradient in node.gradients]
    return "\n".join(lines)


def to_dot(root: Variable, *, limit: int = VALUE_CHARS) -> str:
    """Return the graph for Graphviz's `dot`: a box for each variable, bold where it requires a gradient; arrows to
    results.
    """
    order = nodes(root)
    numbers = {node: number for number, node in enumerate(order, 1)}
    lines = ["digraph {", "  rankdir=LR;", "  node [shape=box];"]
    for node in order:
        parts = [printable(node.role) or "text", _quoted(node.value, limit)]
        parts += [f"criticism: {_quoted(gradient.text, limit)}" for gradient in node.gradients]
        label = "\\l".join(part.replace("\\", "\\\\").replace('"', '\\"') for part in parts) + "\\l"
        bold = ", style=bold" if node.requires_grad else ""
        lines.append(f'  n{numbers[node]} [label="{label}"{bold}];')
    lines += [
        f"  n{numbers[predecessor]} -> n{numbers[node]};"
        for node in order
        for predecessor in dict.fromkeys(node.predecessors)
    ]
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str, limit: int) -> str:
    return repr(cut(text, limit))
