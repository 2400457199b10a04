"""A kind of problem that this file alone defines goes through the whole package."""

import io
import json
import pickle
from dataclasses import replace

import pytest
from rich.console import Console

from coderefine.cli import show
from coderefine.descent.problem_text import problem_text
from coderefine.errors import ProblemError, UsageError
from coderefine.folder.loading import load_problem
from coderefine.folder.verify import submissions
from coderefine.formats.record import Record
from coderefine.formats.writing import write
from coderefine.harden.inputs import generate
from coderefine.judge.kind import Ran
from coderefine.judge.report import CaseResult
from coderefine.judge.screening import can_screen
from coderefine.judge.verdict import Verdict
from coderefine.kinds.base import ProblemKind
from coderefine.kinds.rows import read_tests
from coderefine.kinds.table import KINDS
from coderefine.loop import refine
from coderefine.problem.problem import Problem, TestCase
from coderefine.refining.options import RefineOptions
from coderefine.runs import snapshot


class QuestionKind(ProblemKind):
    """The solution is a text with an answer on the line of each question."""

    name = "quiz"

    def load(self, fields):
        common = fields.common()
        return Problem(
            **common,
            kind=self,
            entry="",
            visible=self._tests(fields, "visible", required=True),
            hidden=self._tests(fields, "hidden", required=False),
        )

    def _tests(self, fields, which, *, required):
        return read_tests(fields.folder, f"tests/{which}.json", self._test, required=required)

    def _test(self, row):
        if not row.has("line", "answer"):
            raise row.fail("expected an object with line, answer and perhaps name")
        return TestCase(row.name, (row.data["line"],), row.data["answer"])

    def toml_fields(self, problem):
        return {}

    def files(self, problem):
        rows = [{"name": it.name, "line": it.args[0], "answer": it.expected} for it in problem.visible]
        return {"tests/visible.json": json.dumps(rows).encode()}

    def plan(self, sandboxes, problem, tests, *, stop, evidence):
        def judged(index, case, lines):
            got = dict(enumerate(lines, 1)).get(case.args[0], "").strip()
            verdict = Verdict.AC if got == case.expected else Verdict.WA
            return CaseResult(index, case.name, verdict, case.args, case.expected, got, answered=True)

        def run(source):
            return Ran([judged(index, case, source.split("\n")) for index, case in enumerate(problem.cases(tests))])

        return run

    def case_text(self, problem, case, limit=120):
        return f"line {case.args[0]}"

    def interface(self, problem):
        return "a text with one answer a line."

    def answer(self, problem):
        return "It is right if each line is."


QUESTION = QuestionKind()
WITH_QUESTIONS = {**KINDS, "quiz": QUESTION}
ROWS = [{"line": 1, "answer": "4"}, {"line": 2, "answer": "Paris"}]
RIGHT, WRONG = "4\nParis\n", "4\nRome\n"


@pytest.fixture
def folder(tmp_path):
    found = tmp_path / "two-questions"
    (found / "tests").mkdir(parents=True)
    (found / "problem.toml").write_text('title = "Two questions"\nkind = "quiz"\n')
    (found / "statement.md").write_text("1. 2 + 2? 2. The capital of France?\n")
    (found / "tests/visible.json").write_text(json.dumps(ROWS))
    return found


@pytest.fixture
def problem(folder):
    return load_problem(folder, kinds=WITH_QUESTIONS)


def test_it_is_loaded_where_it_is_known_and_refused_elsewhere(folder, problem):
    assert (problem.kind, problem.title, len(problem.visible)) == (QUESTION, "Two questions", 2)
    with pytest.raises(ProblemError, match=r"expected one of function, class, program, pytest.*, not 'quiz'"):
        load_problem(folder)


def test_what_it_finds_malformed_is_one_clear_error(folder):
    (folder / "tests/visible.json").write_text('[{"line": 1}]')
    with pytest.raises(ProblemError, match="test 1: expected an object with line, answer"):
        load_problem(folder, kinds=WITH_QUESTIONS)


def test_it_is_judged_without_a_sandbox(any_judge, problem):
    assert any_judge.run(problem, RIGHT).accepted
    report = any_judge.run(problem, WRONG)
    assert [case.verdict for case in report.cases] == ["AC", "WA"]
    assert [it.accepted for it in any_judge.run_many(problem, [WRONG, RIGHT])] == [False, True]


def test_it_is_refined_by_a_model(any_judge, problem, scripted_server):
    with scripted_server(["Line 2: the capital of France is Paris.", f"```\n{RIGHT}```"]) as server:
        options = RefineOptions(api_base=server.url)
        result = refine(problem, WRONG, judge=any_judge, engines=["openai/scripted"], options=options)
    assert (result.accepted, result.source) == (True, RIGHT)
    assert "Interface: a text with one answer a line." in server.requests[0].user
    assert "got: 'Rome'" in server.requests[0].user


def test_the_search_finds_nothing_in_what_is_no_program(any_judge, problem):
    result = refine(problem, WRONG, judge=any_judge, engines=["search"], options=RefineOptions())
    assert (result.accepted, result.source) == (False, WRONG)


def test_it_is_shown(any_judge, problem):
    written = io.StringIO()
    show.print_cases(Console(file=written, width=200), problem, any_judge.run(problem, WRONG))
    assert "line 2" in written.getvalue()
    assert "→ 'Rome'  expected 'Paris'" in written.getvalue()
    assert "It is right if each line is." in problem_text(problem)


def test_what_it_does_not_say_is_not_tried(problem):
    assert not can_screen(problem)
    assert generate(problem) == ()


def test_it_is_written_as_it_was_read(problem, tmp_path):
    assert write(Record("q", "", replace(problem, path=None), oracle=RIGHT), tmp_path / "written")
    again = load_problem(tmp_path / "written" / problem.slug, kinds=WITH_QUESTIONS)
    assert replace(again, path=None) == replace(problem, path=None)
    assert [it.source for it in submissions(again)] == [RIGHT]


def test_a_record_of_it_can_be_read_where_it_is_known(problem):
    kept = json.loads(json.dumps(snapshot.to_json(problem)))
    assert kept["kind"] == "quiz"
    assert snapshot.from_json(kept, WITH_QUESTIONS) == replace(problem, path=None)
    with pytest.raises(UsageError, match="no kind of problem is called 'quiz'; known are function"):
        snapshot.from_json(kept)


@pytest.mark.parametrize("kind", WITH_QUESTIONS.values(), ids=lambda kind: kind.name)
def test_a_kind_is_the_same_in_another_process(kind):
    assert pickle.loads(pickle.dumps(kind)) == kind
    assert {pickle.loads(pickle.dumps(kind)), kind} == {kind}
    assert [other for other in WITH_QUESTIONS.values() if other == kind] == [kind]
