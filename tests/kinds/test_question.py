"""Questions: answers are read and compared, a key is shown to no model, and most of several answers decide."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coderefine.budget import Budget
from coderefine.engine import Engine, EngineOptions
from coderefine.errors import ModelError, ProblemError, UsageError
from coderefine.folder.loading import load_problem
from coderefine.formats.questions import question
from coderefine.judge.judge import Judge
from coderefine.loop import refine
from coderefine.pipeline.graph import Pipeline
from coderefine.problem.final_answer import final_answer, normal, same_answer
from coderefine.refining.options import RefineOptions
from coderefine.runs import snapshot
from tests.scripted_server import serve

CAPITAL = question("What is the capital of France?", "Paris", "choice", ["London", "Paris", "Rome"]).problem
SUM = question("What is 5 + 5?", "10", "number").problem


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "dummy-key")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def judge():
    """A judge without a sandbox: nothing of an answer runs."""
    with Judge("local", lambda _: pytest.fail("a sandbox was opened"), workers=1) as judge:
        yield judge


@pytest.mark.parametrize(
    ("text", "form", "answer"),
    [
        ("It rains.\nAnswer: C", "choice", "C"),
        ("**Answer:** (b)", "choice", "B"),
        ("The answer is B) Paris.", "choice", "B"),
        ("Answer: A\nNo.\nAnswer: B", "choice", "B"),
        ("c", "choice", "C"),
        ("Answer: a dog", "choice", None),
        ("I do not know.\nSorry.", "choice", None),
        ("4 * 3\n#### 1,250", "number", "1250"),
        ("so \\boxed{3/4} of it", "number", "0.75"),
        ("Answer: $12.50 a day", "number", "12.5"),
        ("Answer: 3 + 4 = 7.", "number", "7"),
        ("Answer: \u22125", "number", "-5"),
        ("Answer: many", "number", None),
        ("Answer: between 5 and 6", "number", None),
        ("Answer: 1e999", "number", None),
        ("Answer: 1/0", "number", None),
        ("Answer: " + "9" * 400, "number", None),
        ('Answer: "Apple  Pear".', "text", "apple pear"),
        ("Answer: {x} $y ) ]", "text", "{x} $y ) ]"),
        ("Answer:", "text", None),
        ("", "text", None),
        ("x" * 600, "text", None),
    ],
)
def test_an_answer_is_read(text, form, answer):
    assert final_answer(text, form) == answer


def test_a_choice_may_be_named_by_its_text_and_has_to_be_one():
    assert final_answer("Answer: rome", "choice", ["London", "Paris", "Rome"]) == "C"
    assert final_answer("Answer: D", "choice", ["London", "Paris", "Rome"]) is None


def test_numbers_are_the_same_within_a_millionth():
    assert same_answer(normal("1/3", "number"), normal("0.33333333", "number"), "number")
    assert not same_answer("0.33", normal("1/3", "number"), "number")
    assert not same_answer("1", "1.0", "text")


def test_a_long_text_is_read_in_no_time():
    assert final_answer("answer " * 50_000 + "is is is " * 50_000, "number") is None


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [("Answer: B", "AC AC"), ("Answer: London", "AC WA"), ("<think>Answer: B</think>\nHm.\nNo idea.", "WA WA")],
)
def test_the_judge_compares_with_the_key(judge, text, verdicts):
    report = judge.run(CAPITAL, text, "all")
    assert " ".join(case.verdict.value for case in report.cases) == verdicts


def test_the_key_is_not_in_what_is_kept_for_solvers():
    problem = question("What is it?", "secret-4711", "text").problem
    assert "secret-4711" not in str(snapshot.to_json(problem))
    assert snapshot.from_json(snapshot.to_json(problem)) == problem.without_hidden()


def answering(*texts):
    """Answer with these, draft first; criticisms cost none of them."""
    upcoming = iter(texts)

    def reply(request):
        return "Check the sum." if "You review answers" in request.system else next(upcoming)

    return [reply] * 20


def block(text):
    return f"```\n{text}\n```"


def refined(judge, replies, source=None, problem=SUM, **options):
    with serve(replies) as server:
        result = refine(
            problem,
            source,
            judge=judge,
            engines=["openai/scripted"],
            options=RefineOptions(api_base=server.url, **options),
        )
    return result, server.requests


def test_most_of_the_answers_decide(judge):
    replies = answering("Answer: 9", *map(block, ("Sum: 10\nAnswer: 10", "Answer: 8", "Again.\nAnswer: 10")))
    result, requests = refined(judge, replies)
    assert (result.source, len(requests)) == ("Again.\nAnswer: 10", 7)
    assert len(result.iterations) == 3


def test_further_drafts_are_improved_each_by_itself_and_vote(judge):
    replies = answering(
        "Answer: 9", block("So:\nAnswer: 9"), "Answer: 10", block("10.\nAnswer: 10"), "Answer: 10", block("x")
    )
    result, requests = refined(judge, replies, max_iterations=1, samples=3)
    assert (result.source, len(requests)) == ("10.\nAnswer: 10", 9) or result.source == "Answer: 10"
    assert len(result.iterations) == 3


def test_of_answers_with_as_many_votes_the_first_wins(judge):
    result, _ = refined(judge, answering("Answer: 9", block("Answer: 10"), block("Answer: 8")), max_iterations=2)
    assert result.source == "Answer: 9"


def test_an_answer_that_is_given_is_the_first(judge):
    result, requests = refined(
        judge, answering(*map(block, ("Answer: 3", "So:\nAnswer: 3"))), "Answer: 9", max_iterations=2
    )
    assert (result.original.source, result.source, len(requests)) == ("Answer: 9", "So:\nAnswer: 3", 4)


def test_no_prompt_holds_the_key(judge):
    problem = question("What is it?", "secret-4711", "text").problem
    _, requests = refined(judge, answering("Answer: x", *[block(f"Answer: y{n}") for n in range(3)]), problem=problem)
    assert len(requests) == 7
    assert not any("4711" in request.system + request.user for request in requests)


def test_an_answer_that_cannot_be_read_is_mended_first(judge):
    result, requests = refined(
        judge, answering("No\nidea.", block("Answer: 10"), block("Answer: 10\n")), max_iterations=1
    )
    assert result.source.startswith("Answer: 10")
    assert "no answer can be read" in requests[1].user


def test_where_the_budget_ends_what_was_written_votes(judge):
    replies = answering("Answer: 9", block("Answer: 10"), block("It is\nAnswer: 10"))
    result, requests = refined(judge, replies, budget=Budget(max_calls=5))
    assert (result.source, len(requests), result.exhausted.limit) == ("It is\nAnswer: 10", 5, "calls")


def test_without_a_vote_the_latest_answer_stands_and_no_text_without_one(judge):
    engine = EngineOptions(pipeline=Pipeline(off=("answers -> vote",)))
    replies = answering(*map(block, ("Answer: 8", "I do not know.")))
    result, _ = refined(judge, replies, "Answer: 9", max_iterations=2, engine=engine)
    assert (result.source, result.verdict) == ("Answer: 8", "AC")


def test_an_engine_whose_answers_cannot_be_had_is_told(judge):
    def fail(*_):
        raise ModelError("out of order")

    idle = Engine("idle", fail, lambda code: None)
    result = refine(SUM, "Answer: 9", judge=judge, engines=[idle])
    assert (result.source, result.passed_over) == ("Answer: 9", ("idle: out of order",))


def test_a_server_that_dies_leaves_the_answer(judge):
    result, _ = refined(judge, answering("Answer: 9")[:1])
    assert result.source == "Answer: 9"
    assert result.failure is not None or result.stopped


def test_the_search_answers_no_question(judge):
    with pytest.raises(UsageError, match="for a language model"):
        refine(SUM, "Answer: 9", judge=judge, engines=["search"])


@pytest.mark.parametrize(
    ("toml", "key", "told"),
    [
        ('form = "number"', '"many"', "expected the answer"),
        ('form = "number"', "[" * 2000, "expected the answer"),
        ('form = "tree"', '"1"', "expected one of choice, number, text"),
        ('form = "text"\nchoices = ["a"]', '"1"', 'form = "choice"'),
        ('form = "choice"\nchoices = [1]', '"A"', "expected a list of texts"),
    ],
)
def test_a_folder_that_makes_no_sense_is_refused(tmp_path, toml, key, told):
    (tmp_path / "tests").mkdir()
    (tmp_path / "problem.toml").write_text(f'title = "Q"\nkind = "question"\n{toml}\n')
    (tmp_path / "statement.md").write_text("What?\n")
    (tmp_path / "tests/hidden.json").write_text(key)
    with pytest.raises(ProblemError, match=told):
        load_problem(tmp_path)


def test_a_folder_without_a_key_is_a_question_all_the_same(tmp_path, judge):
    (tmp_path / "problem.toml").write_text('title = "Q"\nkind = "question"\nform = "number"\n')
    (tmp_path / "statement.md").write_text("What?\n")
    problem = load_problem(tmp_path)
    assert problem.hidden == ()
    assert judge.run(replace(problem), "Answer: 3").accepted
