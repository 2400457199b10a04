"""Problems whose examples call a function, or a class and its methods: the values in the examples become tests."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from coderefine.errors import UnreadableError, UsageError
from coderefine.formats import operations
from coderefine.formats.brackets import arrays
from coderefine.formats.literals import NotLiteral
from coderefine.kinds.class_ import CLASS
from coderefine.kinds.function import FUNCTION
from coderefine.page import values
from coderefine.page.blocks import Example
from coderefine.page.signature import Signature, classes
from coderefine.page.text import Note, joined, shown
from coderefine.problem.problem import Param, Problem, TestCase
from coderefine.problem.typespec import ANY, TypeSpec


@dataclass(slots=True)
class Reading:
    """The tests found so far, and notes for the user."""

    tests: list[TestCase] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def tell(self, line: int, text: str) -> None:
        """Add a note."""
        self.notes.append(Note(line, text))

    def skip(self, line: int, why: str) -> None:
        """Add a note that an example gives no test."""
        self.tell(line, f"this example is left out: {why}")


def is_class(code: str, examples: Sequence[Example]) -> bool:
    """Whether the examples call several methods of one object: `["LRUCache", "put"]` and `[[2], [1, 1]]`."""
    found = _operations(examples[0]) if examples else None
    if found is None:
        return False
    name = found[0][0]
    return name in classes(code) or (not classes(code) and name[:1].isupper() and found[1][:1] != [])


def class_problem(code: str, examples: Sequence[Example], fields: dict[str, Any], reading: Reading) -> Problem:
    """Return the problem of a class; examples without operations are noted."""
    entry = ""
    for number, example in enumerate(examples, 1):
        found = _operations(example)
        if found is None:
            reading.skip(example.line, "expected two lists: of methods, and of their arguments")
            continue
        names, arguments = found
        entry = entry or names[0]
        answer = arrays(joined(example.answer))
        try:
            expected = operations.listed(answer[0]) if answer else None
        except UnreadableError as error:
            expected = None
            reading.tell(example.line, f"the output is no list: {error}")
        if expected is None or len(expected) != len(names) or names[0] != entry:
            reading.skip(example.line, f"expected a list of {len(names)} results, that of the constructor first")
        else:
            reading.tests.append(TestCase(f"example {number}", (names, arguments), expected))
    _tell_nodes(code, entry, reading)
    return Problem(kind=CLASS, entry=entry, visible=tuple(reading.tests), **fields)


def _tell_nodes(code: str, entry: str, reading: Reading) -> None:
    owner = classes(code).get(entry)
    arguments = [it for it in ast.walk(owner) if isinstance(it, ast.arg) and it.annotation] if owner else []
    if any("Node" in ast.unparse(it) for it in arguments):
        reading.tell(0, f"{entry} takes nodes, but lists of their values are given to it: edit its tests")


def _operations(example: Example) -> tuple[list[str], list[list[Any]]] | None:
    return operations.called(joined(example.given))


def shown_names(examples: Sequence[Example]) -> list[str]:
    """Return the names of the arguments in the first example."""
    return list(values.named(joined(examples[0].given))) if examples else []


def function_problem(
    found: Signature, examples: Sequence[Example], fields: dict[str, Any], reading: Reading
) -> Problem:
    """Return the problem of a function; examples that give no test are noted."""
    if found.others:
        others = " or ".join(found.others[:3])
        reading.tell(0, f"{found.entry} is tested; if {others} is meant: coderefine fix FILE NAME --from TEXT")
    for type_ in found.unknown:
        if "Node" in type_:
            raise UsageError(
                f"{found.entry}: nodes of type {shown(type_)} cannot be built from lists; those of ListNode "
                "and TreeNode can, and of Node with children, random or neighbors"
            )
        reading.tell(0, f"the type {shown(type_)} is not known; any value is taken there")
    for param in found.params:
        if "Node" in str(param.type) and not param.type.nodes:
            reading.tell(0, f"{param.name}: nodes within {param.type} are not built; edit the tests")
    place = _changed(found, examples)
    problem = Problem(
        kind=FUNCTION, entry=found.entry, visible=(), params=found.params, returns=found.returns, answer=place, **fields
    )
    if place != "return":
        changed = place.partition("[")[0]
        spec = next(param.type for param in found.params if param.name == changed)
        problem = replace(problem, returns=spec)
        reading.tell(examples[0].line, f"what is compared is `{place}` after the call, which is changed in place")
    for number, example in enumerate(examples, 1):
        try:
            args = _arguments(found.params, example)
            expected = _expected(problem.returns, place, example)
        except NotLiteral as error:
            reading.skip(example.line, str(error))
        else:
            reading.tests.append(TestCase(f"example {number}", args, expected))
    return replace(problem, visible=tuple(reading.tests))


def _changed(found: Signature, examples: Sequence[Example]) -> str:
    """Return what is compared, in the form of `Problem.answer`."""
    names = [param.name for param in found.params]
    shown_first = list(values.named(_tail(examples[0]))) if examples else []
    after = [name for name in shown_first if name in names]
    if after and not found.returns_nothing:  # Output: 2, nums = [1,2,_]
        return f"{after[0]}[:return]"
    if after:
        return after[0]
    if not found.returns_nothing or not names:
        return "return"
    if found.in_place in names:
        return found.in_place
    return next((param.name for param in found.params if _is_changeable(param)), names[0])


def _is_changeable(param: Param) -> bool:
    return param.type.nodes != "" or param.type.name in ("list", "dict", "set", "Any")


def _tail(example: Example) -> str:
    """Return an output from its first name on: of `2, nums = [1,2,_]` the text after the 2."""
    parts = values.top_level(joined(example.answer))
    at = next((at for at, part in enumerate(parts) if values.named(part)), len(parts))
    return ", ".join(parts[at:])


def _arguments(params: Sequence[Param], example: Example) -> tuple[Any, ...]:
    text = joined(line for line in example.given if not line.is_blank)
    by_name = values.named(text)
    names = [param.name for param in params]
    if by_name and {*by_name} == {*names}:
        texts = [by_name[name] for name in names]
    elif by_name and {*by_name} & {*names} and len(by_name) > len(names):
        more = ", ".join(name for name in by_name if name not in names)
        raise NotLiteral(f"{more} is no parameter of it")
    else:  # other names, or none: in their order
        texts = list(by_name.values()) or values.listed(text, len(params))
    if len(texts) != len(params):
        raise NotLiteral(f"expected {len(params)} values ({', '.join(names)}), found {len(texts)} in {shown(text)!r}")
    return tuple(_value(text_, param.type, param.name) for text_, param in zip(texts, params, strict=True))


def _expected(returns: TypeSpec, place: str, example: Example) -> Any:
    text = joined(example.answer)
    if place != "return" and (tail := values.named(_tail(example))):
        changed, is_prefix = place.partition("[")[0], "[" in place
        shown_value = tail.get(changed) or next(iter(tail.values()))
        return _value(_without_blanks(shown_value) if is_prefix else shown_value, returns, "the output")
    short = text.split("\n\n")[0]
    for found in (text, short, short.split("\n")[0]):
        plain = next(iter(values.named(found).values()), found.strip().strip("`"))
        with suppress(NotLiteral):
            return values.value(plain, returns)
    return _value(short, returns, "the output")


def _without_blanks(text: str) -> str:
    """Return a list without the places that do not matter, which pages mark with `_`."""
    kept = [part for part in values.top_level(text.strip().removeprefix("[").removesuffix("]")) if part != "_"]
    return f"[{', '.join(kept)}]"


def _value(text: str, spec: TypeSpec, name: str) -> Any:
    try:
        return values.value(text, spec)
    except NotLiteral as error:
        why = (str(error).partition(": ")[2] or str(error)).partition(" (<unknown>")[0]
        raise NotLiteral(f"{name}: {shown(text)!r} is no {spec if spec != ANY else 'value'} ({shown(why)})") from None
