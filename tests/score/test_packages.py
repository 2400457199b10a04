"""Packages for candidates: named, installed into a folder of their own, imported in the sandbox, and asked for."""

import json
from dataclasses import replace

import pytest

from coderefine.errors import SandboxUnavailable, UsageError
from coderefine.formats.reading import read
from coderefine.judge import site
from coderefine.judge.answers import answers
from coderefine.judge.opening import open_judge
from coderefine.kinds.function import FUNCTION
from coderefine.problem.problem import Problem, TestCase
from coderefine.scoring.modules import Modules
from coderefine.scoring.place import here
from coderefine.scoring.tally import Tally
from tests.formats.test_public_formats import FIXTURES


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("numpy", ("numpy",)),
        ("pandas, numpy==2.1.0", ("numpy==2.1.0", "pandas")),
        ("a[b]>=1,<2", ("<2", "a[b]>=1")),
        ("--index-url=x", ()),
        ("../evil", ()),
        ("git+https://x", ()),
        (",", ()),
    ],
)
def test_packages_are_names_and_nothing_else(text, names):
    if not names or "<2" in names:
        with pytest.raises(UsageError, match="--packages"):
            site.requirements(text)
    else:
        assert site.requirements(text) == names


def test_a_file_of_requirements_may_have_remarks(tmp_path):
    (tmp_path / "needs.txt").write_text("numpy >= 2  # arrays\n\nrich; python_version > '3'\n")
    assert site.requirements(str(tmp_path / "needs.txt")) == ("numpy>=2", "rich")


def test_what_was_installed_is_imported_in_the_sandbox_and_installed_once(tmp_path, monkeypatch):
    installed = []

    def install(packages, version, target):
        installed.append(packages)
        (target / "abacus.py").write_text("BEADS = 7\n")

    monkeypatch.setattr(site, "_install", install)
    monkeypatch.setattr(site, "_caches", lambda: tmp_path)
    problem = Problem("p", "p", "", FUNCTION, "f", visible=(TestCase("a"),))
    for _ in range(2):
        try:
            with open_judge("local", workers=1, packages=("abacus",)) as judge:
                (found,) = answers(judge, problem, "import abacus\ndef f():\n    return abacus.BEADS\n")
                (written,) = answers(judge, problem, "import abacus\ndef f():\n    open(abacus.__file__, 'w')\n")
        except SandboxUnavailable as error:
            pytest.skip(str(error))
        assert found.value == 7
        assert not written.answered
    assert installed == [("abacus",)]
    assert (next(tmp_path.iterdir()) / "abacus.py").read_text() == "BEADS = 7\n"


def test_what_cannot_be_installed_is_said(tmp_path, monkeypatch):
    def install(packages, version, target):
        raise SandboxUnavailable("no such package")

    monkeypatch.setattr(site, "_install", install)
    monkeypatch.setattr(site, "_caches", lambda: tmp_path)
    with pytest.raises(SandboxUnavailable, match="no such package"):
        site.folder(("nothing",), "3.11.7", print)
    assert list(tmp_path.iterdir()) == []


def test_modules_that_a_row_needs_are_looked_for_in_its_sandbox(any_judge):
    modules = Modules(here(any_judge))
    record = next(read(FIXTURES / "leetcode.jsonl"))
    assert modules.missing(replace(record, needs=("abacus_of_nobody", "json"))) == ["abacus_of_nobody"]
    suite = next(read(FIXTURES / "bigcodebench.jsonl"))
    assert modules.missing(replace(suite, needs=("abacus_of_nobody", "json"))) == ["abacus_of_nobody"]


def test_what_rows_lack_is_said_once():
    tally, told = Tally(), []
    tally.lacking(["sklearn", "yaml"], "a/1")
    for number in range(2, 900):
        tally.lacking(["yaml"], f"a/{number}")
    tally.tell(told.append)
    assert told == [
        "a/1 and 898 more need modules that the sandbox does not have: yaml (899), sklearn (1); "
        "try: --packages pyyaml,scikit-learn"
    ]
    assert tally.faults == 899


def test_needs_are_read_from_the_rows(tmp_path):
    rows = [json.loads(line) for line in (FIXTURES / "bigcodebench.jsonl").read_text().splitlines()]
    assert [it.needs for it in read(FIXTURES / "bigcodebench.jsonl")] == [(), ("numpy",)]
    rows[0]["test"] = (
        rows[0]["test"]
        .replace("import unittest", "from pyfakefs.x import TestCase")
        .replace("unittest.TestCase", "TestCase")
    )
    (tmp_path / "set.jsonl").write_text(json.dumps(rows[0]))
    assert [it.needs for it in read(tmp_path / "set.jsonl")] == [("pyfakefs",)]


def test_a_row_of_no_format_is_told_what_was_looked_for(tmp_path):
    (tmp_path / "set.jsonl").write_text('{"text": "?", "answer": 3}\n')
    faults = []
    assert not list(read(tmp_path / "set.jsonl", faults.append))
    assert "fields text, answer" in faults[0].reason
    assert "mbpp: test_list" in faults[0].reason
