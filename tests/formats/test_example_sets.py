"""The sets that docs/examples/texts generates are read, and their keys are right."""

import re
import runpy
import sys

from coderefine.formats.reading import read
from coderefine.judge.judge import Judge
from coderefine.tuning.split import split
from tests.documents.pages import ROOT

SCRIPT = ROOT / "docs/examples/texts/generate.py"
NUMBERS = {"a": 1, "two": 2, "three": 3, "four": 4, "five": 5}


def generated(folder, monkeypatch, *more):
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), str(folder), *more])
    module = runpy.run_path(str(SCRIPT), run_name="__main__")
    return module["KINDS"], {name: list(read(folder / f"{name}.jsonl")) for name in ("counting", "sorting")}


def test_every_key_is_right(tmp_path, monkeypatch):
    kinds, sets = generated(tmp_path, monkeypatch)
    judge = Judge("none", None, workers=1)
    for record in sets["counting"]:
        asked = re.search(r"How many (\w+)", record.problem.statement)[1]
        things = re.findall(r"\b(a|two|three|four|five) (\w+)", record.problem.statement)
        total = sum(NUMBERS[number] for number, name in things if {name, name.removesuffix("s")} & {*kinds[asked]})
        assert judge.run(record.problem, f"Answer: {total}", "all").accepted
    for record in sets["sorting"]:
        words = record.problem.statement.partition(":")[2].split()
        assert judge.run(record.problem, f"Answer: {' '.join(sorted(words))}", "all").accepted


def test_a_seed_gives_the_same_sets_of_different_questions(tmp_path, monkeypatch):
    _, first = generated(tmp_path / "1", monkeypatch)
    _, again = generated(tmp_path / "2", monkeypatch)
    _, other = generated(tmp_path / "3", monkeypatch, "--seed", "2")
    assert first == again != other
    for records in first.values():
        assert len(split([it.problem for it in records], (20, 20, 30)).test) == 30
