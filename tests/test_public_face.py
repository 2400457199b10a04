"""What `import coderefine` offers: the public names and nothing else, each documented, with all that they take and give."""

import ast
import builtins
import collections.abc
import contextlib
import inspect
import itertools
import re
import typing
from pathlib import Path

import pytest

import coderefine
from tests.conftest import PROBLEMS

SOURCE = Path(coderefine.__file__).read_text(encoding="utf-8")
RAISED = re.compile(r"\b[A-Z]\w+(?:Error|Exhausted|Unavailable|Fault|Refused|Interrupt)\b|\b(?:Accident|Malformed)\b")
PAGE = (PROBLEMS.parent / "docs" / "python.md").read_text(encoding="utf-8")


def public_objects():
    return {name: getattr(coderefine, name) for name in coderefine.__all__}


def is_defined(thing):
    """Return whether a public name is a function or a class, and not a constant or an alias of a type."""
    return inspect.isroutine(thing) or inspect.isclass(thing)


def own_types(hint):
    """Yield the package's classes in a type, wherever they stand in it."""
    for part in typing.get_args(hint):
        if not isinstance(part, str):
            yield from own_types(part)
    for part in hint if isinstance(hint, list) else ():
        yield from own_types(part)
    if inspect.isclass(hint) and hint.__module__.startswith("coderefine"):
        yield hint


def hints_of(thing):
    """Yield the types of what a public function or class takes, holds and returns."""
    if not inspect.isclass(thing):
        yield from typing.get_type_hints(inspect.unwrap(thing)).values()
        return
    yield from typing.get_type_hints(thing).values()
    for function in methods_of(thing):
        yield from typing.get_type_hints(function).values()


def methods_of(thing):
    """Yield the functions of a class that a user calls."""
    ours = [base for base in thing.__mro__ if base.__module__.startswith("coderefine")]
    for name, member in itertools.chain.from_iterable(vars(base).items() for base in ours):
        function = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if inspect.isfunction(function) and (not name.startswith("_") or name in ("__call__", "__init__")):
            yield function


def test_dir_shows_the_public_names_and_nothing_else():
    assert dir(coderefine) == sorted(coderefine.__all__)


def test_nothing_else_is_an_attribute_by_accident():
    with pytest.raises(AttributeError, match="nonsense"):
        coderefine.nonsense  # noqa: B018


def test_type_checkers_see_the_same_names():
    (block,) = [node for node in ast.parse(SOURCE).body if isinstance(node, ast.If)]
    seen = {
        alias.asname: node.module.removeprefix("coderefine.")
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == coderefine._HOMES


@pytest.mark.parametrize("name", coderefine.__all__)
def test_is_documented(name):
    thing = getattr(coderefine, name)
    assert f"`{name}`" in PAGE
    assert not is_defined(thing) or inspect.getdoc(thing)


def test_what_is_documented_is_public():
    named = re.findall(r"`(\w+)`", "\n".join(re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)))
    assert named and sorted(set(named) - set(coderefine.__all__)) == []


@pytest.mark.parametrize("name", coderefine.__all__)
def test_takes_holds_and_returns_public_types(name):
    thing = getattr(coderefine, name)
    if not is_defined(thing):
        return
    public = list(public_objects().values())
    used = {used for hint in hints_of(thing) for used in own_types(hint)}
    assert [it.__qualname__ for it in used if it not in public and not it.__name__.startswith("_")] == []


@pytest.mark.parametrize("name", coderefine.__all__)
def test_the_names_in_its_annotations_are_public_or_of_the_standard_library(name):
    """Also those of aliases, which a type that is evaluated does not show."""
    thing = getattr(coderefine, name)
    parts = (
        [inspect.unwrap(thing)]
        if inspect.isroutine(thing)
        else [thing, *methods_of(thing)]
        if is_defined(thing)
        else []
    )
    texts = [str(it) for part in parts for key, it in vars(part).get("__annotations__", {}).items() if key[0] != "_"]
    named = set(re.findall(r"(?<![\w.'\"])[A-Z]\w+", " ".join(texts)))
    known = {*coderefine.__all__, *vars(builtins), *vars(typing), *vars(collections.abc), *vars(contextlib), "Path"}
    assert sorted(named - known) == []


@pytest.mark.parametrize("name", coderefine.__all__)
def test_raises_public_errors(name):
    thing = getattr(coderefine, name)
    documented = [thing, *methods_of(thing)] if inspect.isclass(thing) else [thing]
    texts = " ".join(inspect.getdoc(it) or "" for it in documented)
    known = {*coderefine.__all__, *vars(builtins)}
    assert set(RAISED.findall(" ".join(re.findall(r"aises.*", texts, re.DOTALL)))) <= known


def test_every_error_is_public():
    from coderefine import errors

    raised = {name for name, it in vars(errors).items() if inspect.isclass(it) and issubclass(it, Exception)}
    assert raised <= set(coderefine.__all__)
