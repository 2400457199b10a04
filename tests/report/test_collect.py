"""What a page is given: the figures of the table, each iteration, and nothing that could do harm."""

import json

import pytest

from coderefine.errors import UsageError
from coderefine.record.store import Store
from coderefine.report.collect import collect
from coderefine.report.curve import MOST_POINTS, curve
from coderefine.runs import listing, tasks
from coderefine.scoring import rows
from coderefine.scoring.setup import Setup
from coderefine.scoring.summary import summarise
from tests.report.recorded import AC, MODEL, STEPS, WA, WRONG, Writer, problem, scoring_run, single_run


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def scored(home):
    """A run of 60 problems with 2 programs each: the report's head and details, and the rows."""
    run = scoring_run(home, 60, samples=2)
    with Store.open(home) as store:
        found = collect(store, run)
        return found.head, list(found.details), list(rows.every(store, run))


def test_the_figures_are_those_of_the_table(scored):
    head, _, attempts = scored
    assert head["summary"] == summarise(attempts).to_json()


def test_there_is_a_line_and_details_for_each_problem_in_the_order_of_the_set(scored):
    head, details, attempts = scored
    slugs = list(dict.fromkeys(row["slug"] for row in attempts))
    assert [line["slug"] for line in head["problems"]] == slugs
    assert [len(it["attempts"]) for it in details] == [2] * 60
    assert sum(line["right_after"] for line in head["problems"]) == sum(bool(row["right_after"]) for row in attempts)


def test_a_page_is_json_and_holds_no_program_in_its_head(scored):
    head, details, _ = scored
    assert WRONG.splitlines()[4] not in json.dumps(head)
    assert json.loads(json.dumps(details)) == details


def test_each_iteration_has_its_criticism_change_cases_and_calls(home):
    run = single_run(home)
    with Store.open(home) as store:
        (details,) = collect(store, run).details
    (attempt,) = details["attempts"]
    first, second = attempt["story"]["steps"]
    assert first["criticism"] == STEPS[0][0]
    assert [it["verdict"] for it in first["tested"]] == ["WA", "WA"]
    assert [case["verdict"] for case in first["tested"][0]["cases"]] == ["AC", "AC", "WA"]
    assert first["tested"][0]["cases"][2] == {
        "name": "an even ladder", "verdict": "WA", "call": "largest_gap([1, 3, 5, 7])", "got": "-1", "expected": "2",
    }  # fmt: skip
    assert "+            gap = ordered[i + 1] - ordered[i]" in first["tested"][0]["diff"].splitlines()
    assert [(call["model"], call["cost_usd"]) for call in second["calls"]] == [(MODEL, 0.0012), (MODEL, 0.0009)]
    assert (attempt["calls"], round(attempt["cost_usd"], 6)) == (4, 0.0046)


def test_the_candidate_that_passes_most_comes_first(home):
    with Writer(home) as writer:
        made = [("a = 1\n", (WA, WA, WA), "worse"), ("a = 2\n", (AC, AC, WA), "better")]
        writer.refinement("ordered", problem(8), [("Hm.", made, ())])
    with Store.open(home) as store:
        (details,) = collect(store, "ordered").details
    assert [it["note"] for it in details["attempts"][0]["story"]["steps"][0]["tested"]] == ["better", "worse"]


def test_text_of_strangers_cannot_draw_on_the_page(tmp_path):
    run = scoring_run(
        tmp_path, 3, source="x = 1  # \u202e\x1b[2J\n", criticism="a\x00b", error="\u2028\ud800", tag="\x07"
    )
    with Store.open(tmp_path) as store:
        found = collect(store, run)
        shown = json.dumps([found.head, list(found.details)], ensure_ascii=False)
    assert "\\\\u202e\\\\x1b[2J" in shown
    for text in ("\u202e", "\x1b", "\x00", "\u2028", "\x07", "\ud800"):
        assert text not in shown
        assert json.dumps(text)[1:-1] not in shown.replace("\\\\", "")


def test_a_run_that_was_killed_before_its_first_test_has_a_page(home):
    with Store.open(home) as store:
        run = listing.begin(store, problem(9), WRONG, tasks.Options().to_json(), backend="local")
        found = collect(store, run)
        (details,) = found.details
    assert found.head["status"] == "killed"
    assert details["attempts"][0]["story"]["start"] is None
    assert details["attempts"][0]["source"] == WRONG


def test_a_scoring_run_without_any_row_is_a_usage_error(home):
    with Store.open(home) as store:
        run = rows.begin(store, Setup(("x.jsonl",)), tasks.Options(), "local")
        with pytest.raises(UsageError, match="nothing is scored yet"):
            collect(store, run)


def row(slug, cost, right, **more):
    after = {"verdict_after": "AC" if right else "WA", "plausible_after": right, "right_after": right}
    return {"slug": slug, "cost_usd": cost, "status": "done", "verdict_before": "WA"} | after | more


def test_a_curve_adds_up_what_attempts_complete_problems_counting_the_same():
    attempts = [
        row("a", 0.0, True),
        row("b", 0.2, True),
        row("b", 0.1, False),
        row("c", 0.4, True),
        row("d", 0.5, False),
    ]
    assert curve(attempts, "cost_usd") == [(0.0, 0.25), (0.2, 0.375), (0.4, 0.625), (0.5, 0.625)]


def test_a_curve_ends_at_what_was_completed(scored):
    head, _, _ = scored
    for points in head["curves"].values():
        assert points[-1][1] == head["summary"]["after"]["mean"]


@pytest.mark.parametrize("costs", [(0.0, 0.0), (0.1, None)])
def test_there_is_no_curve_where_nothing_was_spent_or_a_price_is_unknown(costs):
    assert curve([row(str(cost), cost, True) for cost in costs], "cost_usd") == []


def test_a_curve_of_many_points_keeps_its_ends():
    points = curve([row(str(n), n / 1000, True) for n in range(5001)], "cost_usd")
    assert len(points) <= MOST_POINTS + 1
    assert (points[0][0], points[-1]) == (0.0, (5.0, 1.0))
