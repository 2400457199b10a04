"""A part of the program: functions, methods or classes that replace those of the same names."""

from __future__ import annotations

import ast

from coderefine.errors import PatchError, UnchangedError
from coderefine.patch.lines.edit import split_lines
from coderefine.patch.lines.python import (
    Definition,
    bound_names,
    defined,
    first_line,
    is_stub,
    last_line,
    left_out,
    methods,
    parse,
    parses,
)
from coderefine.patch.reply.placeholders import is_placeholder
from coderefine.patch.reply.reply import WANTED, Reply
from coderefine.patch.reply.sameness import canonical
from coderefine.patch.reply.style import in_style_of, trials
from coderefine.patch.shapes.whole import after_edits

Edit = tuple[int, int, list[str]]
"""A range of line indices, and the lines that replace it."""


def read(reply: Reply) -> str | None:
    """Return the program with the definitions of all blocks in place of the old ones."""
    program = parse(reply.source)
    if program is None or not defined(program):
        return None
    trees = [(block, tree) for block in after_edits(reply) if (tree := parse(block.text))]
    parts = [(block, tree) for block, tree in trees if set(defined(tree)) & _known(program)]
    if not parts:
        return None
    if any(not block.closed for block, _ in parts) and reply.truncated:
        raise PatchError("the answer was truncated: its last block is not closed. Send all of it")
    edits: list[Edit] = []
    done: dict[str, str] = {}
    for block, _ in parts:
        text = in_style_of(reply.source, block.text)
        if any(is_placeholder(line) for line in split_lines(text) if line.strip() not in reply.source):
            return None
        if styled := parse(text):
            edits += _edits(program, split_lines(reply.source), styled, split_lines(text), done)
    edits = [edit for edit in edits if edit[2] != split_lines(reply.source)[edit[0] : edit[1]]]
    if not edits:
        raise UnchangedError("the answer changes nothing: its functions are those of the program")
    after = _spliced(reply.source, edits)
    if not parses(after):
        raise PatchError(f"the function in the answer does not fit into the program: {WANTED}")
    return after


def _known(program: ast.Module) -> set[str]:
    """Return the names of the functions, classes and methods of a program."""
    top = defined(program)
    return set(top).union(*(methods(node) for node in top.values() if isinstance(node, ast.ClassDef)))


def _edits(
    program: ast.Module, source: list[str], tree: ast.Module, lines: list[str], done: dict[str, str]
) -> list[Edit]:
    """Return the edits of a block; `done` holds the texts with which earlier blocks replaced names."""
    top = defined(program)
    if any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_method(top, node) for node in tree.body):
        return _into_class(top, source, tree, lines, done)
    edits: list[Edit] = []
    new: list[str] = []
    imports = [node for node in program.body if isinstance(node, ast.Import | ast.ImportFrom)]
    known = {alias for node in imports for alias in _aliases(node)}
    statements = {ast.dump(node) for node in program.body}
    top_of_file = _after_docstring(program)
    tries = trials(tree)
    first = min(first_line(top[name]) - 1 for name in defined(tree) if name in top)
    for node in tree.body:
        text = _lines_of(node, lines)
        if isinstance(node, Definition):
            old = top.get(node.name)
            if old is not None and is_stub(node) and not is_stub(old):
                continue
            if old is None:
                new += [*text, "\n", "\n"]
            elif (
                isinstance(old, ast.ClassDef)
                and isinstance(node, ast.ClassDef)
                and left_out(methods(old), methods(node))
            ):
                edits += _members(old, node, source, lines, done)
            elif _first_time(node.name, text, done):
                edits.append((first_line(old) - 1, last_line(old), text))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            if _aliases(node) - known:
                edits.append((top_of_file, top_of_file, text))
        elif node in tries or ast.dump(node) in statements:
            continue
        elif old_statement := _rebound(program, node):
            edits.append((first_line(old_statement) - 1, last_line(old_statement), text))
        elif not _is_text(node):
            new += text
    if new:
        edits.append((first, first, new))
    return edits


def _into_class(
    top: dict[str, Definition], source: list[str], tree: ast.Module, lines: list[str], done: dict[str, str]
) -> list[Edit]:
    """Return the edits of a block of methods without a class, in the one class that has them."""
    names = set(defined(tree))
    owners = [node for node in top.values() if isinstance(node, ast.ClassDef) and names & set(methods(node))]
    if len(owners) != 1:
        raise PatchError(f"the answer has methods without their class, and {len(owners)} classes have them: {WANTED}")
    shell = ast.ClassDef(owners[0].name, [], [], [node for node in tree.body if isinstance(node, Definition)], [])
    return _members(owners[0], shell, source, lines, done)


def _is_method(top: dict[str, Definition], node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function at the top of a block is a method of the program that has lost its class."""
    return node.name not in top and any(
        isinstance(owner, ast.ClassDef) and node.name in methods(owner) for owner in top.values()
    )


def _members(
    old: ast.ClassDef, new: ast.ClassDef, source: list[str], lines: list[str], done: dict[str, str]
) -> list[Edit]:
    """Return the edits that replace the members that both classes have, and add the others after the last of these."""
    known, edits = methods(old), list[Edit]()
    at = max((last_line(known[name]) for name in methods(new) if name in known), default=last_line(old))
    added: list[str] = []
    indent = _indent(source[old.body[0].lineno - 1])
    for node in new.body:
        if not isinstance(node, Definition):
            continue
        text = _shifted(_lines_of(node, lines), indent)
        if node.name in known and is_stub(node) and not is_stub(known[node.name]):
            continue
        if node.name not in known:
            added += ["\n", *text]
        elif _first_time(f"{old.name}.{node.name}", text, done):
            edits.append((first_line(known[node.name]) - 1, last_line(known[node.name]), text))
    return [*edits, (at, at, added)] if added else edits


def _first_time(name: str, text: list[str], done: dict[str, str]) -> bool:
    """Whether no earlier block replaced that name; raises PatchError if one did by another text."""
    said = "".join(text)
    if name in done and canonical(done[name].strip()) != canonical(said.strip()):
        raise PatchError(f"the answer has two different versions of {name}: {WANTED}")
    return done.setdefault(name, said) is said


def _lines_of(node: ast.stmt, lines: list[str]) -> list[str]:
    """Return the lines of a statement with the comments directly above it, the last one with its line end."""
    begin = first_line(node) - 1
    while begin and lines[begin - 1].lstrip().startswith("#"):
        begin -= 1
    found = lines[begin : last_line(node)]
    return [line if line.endswith("\n") else f"{line}\n" for line in found]


def _shifted(text: list[str], indent: str) -> list[str]:
    """Return lines under another indent."""
    first = next(line for line in text if line.strip())
    old = _indent(first)
    return [indent + line.removeprefix(old) if line.strip() and line.startswith(old) else line for line in text]


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _aliases(node: ast.Import | ast.ImportFrom) -> set[tuple[str, str, str]]:
    """Return the names that an import binds, with their sources."""
    module = f"{'.' * node.level}{node.module or ''}" if isinstance(node, ast.ImportFrom) else ""
    return {(module, alias.name, alias.asname or "") for alias in node.names}


def _rebound(program: ast.Module, node: ast.stmt) -> ast.stmt | None:
    """Return the statement of the program that a changed one replaces; raises PatchError for several."""
    bound = bound_names(ast.Module([node], []))
    others = [each for each in program.body if bound & bound_names(ast.Module([each], []))]
    if len(others) > 1 or (others and isinstance(others[0], Definition | ast.Import | ast.ImportFrom)):
        raise PatchError(f"the answer sets {', '.join(sorted(bound))} otherwise than the program does: {WANTED}")
    return others[0] if others else None


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _after_docstring(program: ast.Module) -> int:
    """Return the index of the line before which an import can be inserted."""
    at = 0
    for node in program.body:
        is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not (_is_text(node) or is_future):
            break
        at = last_line(node)
    return at


def _spliced(source: str, edits: list[Edit]) -> str:
    lines = split_lines(source)
    result: list[str] = []
    done = 0
    for begin, end, text in sorted(edits, key=lambda edit: (edit[0], edit[1])):
        if begin < done:
            raise PatchError(f"the answer replaces the same lines twice: {WANTED}")
        result += [*lines[done:begin], *text]
        done = end
    return "".join([*result, *lines[done:]])
