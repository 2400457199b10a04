"""Restores the lost header of the function that the tests call.

Its name is the problem's. Its parameters are those that the problem declares; or, where the body uses other names, the
unbound names that it reads, in order of appearance, as many as the tests give arguments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from keyword import iskeyword

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import BUILTINS, PREDEFINED
from coderefine.search.facts.tree import parse
from coderefine.search.given.evidence import Evidence
from coderefine.search.given.kind import SearchedKind
from coderefine.search.syntax.repair import repaired

_CLASS = re.compile(r"^class\s+(\w+).*$", re.MULTILINE)
_NOT_CODE = re.compile(r"#[^\n]*|'[^'\n]*'|\"[^\"\n]*\"|\b(?:def|class|import|from)\b[^\n]*")
_READ = re.compile(r"(?<![\w.])([^\W\d]\w*)(?!\w)(?!\s*\()")
_BOUND = re.compile(r"(?<![\w.])([^\W\d]\w*)\s*(?:,\s*\w+\s*)*(?:[+\-*/|&]?=(?!=)|:=)|\bfor\s+([\w\s,()]+?)\s+in\b")


def propose(program: Program, evidence: Evidence) -> Iterator[Change]:
    """Yield the program with a header, and with what does not parse then repaired; nothing where it has one."""
    source, problem = program.text, evidence.problem
    owner, _, name = problem.entry.rpartition(".")
    if not SearchedKind.of(problem).entry_is_function or re.search(rf"\bdef\s+{re.escape(name)}\b", source):
        return
    at, indent = 0, ""
    if owner:
        match = next((match for match in _CLASS.finditer(source) if match[1] == owner), None)
        if match is None:
            return
        at, indent = min(match.end() + 1, len(source)), "    "
    names = _parameters(source[at:], {len(case.args) for case in problem.visible if not case.code})
    declared = [param.name for param in problem.params]
    if set(names) <= set(declared):
        names = declared
    parameters = ", ".join(["self", *names] if owner else names)
    header = f"{indent}def {name}({parameters}):"
    text = f"{source[:at]}{header}\n{source[at:]}"
    line = source.count("\n", 0, at) + 1
    note = f"add `{header.strip()}` in line {line}"
    if not isinstance(parse(text), SyntaxError):
        yield program.rewrite_text(text, line, note)
        return
    for it in repaired(text):
        yield program.rewrite_text(it.text, line, f"{note}; {it.note}", it.weight)


def _parameters(body: str, counts: set[int]) -> list[str]:
    """Return the names that a body reads and does not bind."""
    code = _NOT_CODE.sub(" ", body)
    bound = {word for match in _BOUND.finditer(code) for word in re.findall(r"\w+", match[0])}
    read = dict.fromkeys(match[1] for match in _READ.finditer(code))
    known = PREDEFINED | BUILTINS | {"self"}
    found = [word for word in read if word not in bound and word not in known and not iskeyword(word)]
    return found[: max(counts)] if counts else found
