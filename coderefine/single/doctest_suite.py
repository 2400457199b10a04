"""Doctests as doctest itself runs them: a pytest file with a class for each docstring and a test for each example.

The examples are those of the file to be repaired, whatever a repair makes of its docstrings. The examples of a
docstring run once, in order and with the names of the module, and each test reports how its example ended.
"""

from __future__ import annotations

import doctest
import itertools
import re
from collections.abc import Sequence

from coderefine.rendering import EXAMPLE
from coderefine.single.docstrings import Docstring

_RUNNER = '''


import ast, doctest, sys

_FLAGS = {flags}
_ends = {{}}
_docstrings = {{}}


class _Runner(doctest.DocTestRunner):
    def report_start(self, out, test, example):
        pass

    def report_success(self, out, test, example, got):
        pass

    def report_failure(self, out, test, example, got):
        self.ends[test.examples.index(example)] = (example, got)

    def report_unexpected_exception(self, out, test, example, exc_info):
        self.ends[test.examples.index(example)] = exc_info


def _is_hidden(text):
    """Whether doctest does not come to a docstring that is still in the file, as of a function that is defined anew."""
    if not _docstrings:
        seen = doctest.DocTestFinder().find(_file, _file.__name__, module=False)
        with open(_path, encoding="utf-8") as file:
            nodes = ast.walk(ast.parse(file.read()))
        kinds = ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef
        there = [ast.get_docstring(node, clean=False) or "" for node in nodes if isinstance(node, kinds)]
        _docstrings.update(seen={{_plain(it.docstring) for it in seen}}, there=set(map(_plain, there)))
    return _plain(text) in _docstrings["there"] - _docstrings["seen"]


def _plain(text):
    return " ".join(text.split())


def _shown(owner, number):
    """Return what an example shows; what it is to show, where that is the same for doctest."""
    example = owner.examples[number]
    if owner not in _ends:
        runner = _Runner(verbose=False, optionflags=_FLAGS)
        runner.ends = _ends[owner] = {{}}
        if not _is_hidden(owner.docstring):
            names = dict(vars(_file))
            test = doctest.DocTest(owner.examples, names, owner.described, _path, 0, owner.docstring)
            runner.run(test, out=lambda text: None)
    end = _ends[owner].get(number)
    if end is None:
        return example.want
    if len(end) == 3:
        raise end[1].with_traceback(end[2])
    return end[1] if end[1] != example.want else end[1] + "(and no error)"
'''
_CLASS = """

class {name}:
    described = {described!r}
    docstring = {text!r}
    examples = doctest.DocTestParser().get_examples(docstring)
"""
_TEST = """
    def test_{number}(self):
{example}
        assert _shown(type(self), {index}) == {want!r}
"""


def classes(documented: Sequence[Docstring], options: Sequence[str]) -> str:
    """Return the code for docstrings; it follows the names of a file, and `_file`, the file as a module."""
    flags = 0
    for name in options:
        flags |= doctest.OPTIONFLAGS_BY_NAME[name]
    parts = [_RUNNER.format(flags=flags)]
    taken: set[str] = set()
    for it in documented:
        try:
            examples = doctest.DocTestParser().get_examples(it.text)
        except ValueError:  # so that doctest, too, runs nothing of the file
            continue
        name = _class_name(it.name, taken)
        taken.add(name)
        parts.append(_CLASS.format(name=name, described=it.name, text=it.text))
        for index, example in enumerate(examples):
            if not example.options.get(doctest.SKIP):
                parts.append(
                    _TEST.format(number=index + 1, index=index, want=example.want, example=_commented(example))
                )
    return "".join(parts)


def _class_name(described: str, taken: set[str]) -> str:
    plain = "Test_" + (re.sub(r"\W", "_", described) or "module")
    names = itertools.chain([plain], (f"{plain}_{number}" for number in itertools.count(2)))
    return next(name for name in names if name not in taken)


def _commented(example: doctest.Example) -> str:
    """Return an example as comments, which show in a report what was run."""
    return "\n".join(" " * 8 + EXAMPLE + line for line in example.source.rstrip("\n").split("\n"))
