"""Runs that are only on record: made as rows of the store, thousands of them in a moment, with any text in them."""

import json
import random
import sqlite3

from coderefine.judge.report import CandidateError, CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.kinds.function import FUNCTION
from coderefine.patch import make_diff
from coderefine.problem.problem import Param, Problem, TestCase
from coderefine.problem.typespec import parse
from coderefine.record.store import Store
from coderefine.runs import listing, tasks
from coderefine.runs.snapshot import digest, to_json
from coderefine.scoring import rows
from coderefine.scoring.outcome import Attempt, ProgramOutcome, Spent
from coderefine.scoring.setup import Setup

AC, WA, RE, TLE = Verdict.AC, Verdict.WA, Verdict.RE, Verdict.TLE
MODEL = "openai/gpt-4o-mini"
WRONG = """from typing import List


class Solution:
    def largest_gap(self, values: List[int]) -> int:
        ordered = sorted(values)
        best = 0
        for i in range(len(ordered) - 1):
            gap = ordered[i] - ordered[i + 1]
            if gap > best:
                best = gap
        return best
"""
BETTER = WRONG.replace("ordered[i] - ordered[i + 1]", "ordered[i + 1] - ordered[i]")
RIGHT = BETTER.replace("ordered = sorted(values)\n", "ordered = sorted(set(values))\n")
CRITICISM = """The loop subtracts the larger neighbour from the smaller one, so every gap is negative and `best` stays 0.

largest_gap([3, 9, 4]) returned 0 where 5 is expected. Subtract the other way round."""


def problem(number=0, **fields):
    """A problem of three visible tests."""
    cases = (("three values", ([3, 9, 4],), 5), ("one value", ([7],), 0), ("an even ladder", ([1, 3, 5, 7],), 2))
    return Problem(
        **{
            "slug": f"largest-gap-{number:05}",
            "title": f"Largest gap {number}",
            "statement": "Given a list of numbers, return the largest difference of two that are neighbours when sorted.",
            "kind": FUNCTION,
            "entry": "Solution.largest_gap",
            "visible": tuple(TestCase(*case) for case in cases),
            "params": (Param("values", parse("list[int]")),),
            "returns": parse("int"),
            **fields,
        }
    )


def tested(problem, *verdicts, error="division by zero"):
    """A report of these verdicts."""
    cases = tuple(
        CaseResult(
            index,
            case.name,
            verdict,
            case.args,
            case.expected,
            got=case.expected if verdict is AC else -1,
            answered=verdict in (AC, WA),
            error=CandidateError("ZeroDivisionError", error, 9) if verdict is RE else None,
            reason="more than 1 s" if verdict is TLE else "",
        )
        for index, (case, verdict) in enumerate(zip(problem.visible, verdicts, strict=True))
    )
    return TestReport(problem.slug, "visible", cases, "local")


HOSTILE = {
    "slug": "</script><script>hacked=1</script><img src=x onerror=hacked=1>",
    "criticism": "<!--<script>hacked=1</script> \u2028 </title><b>bold</b> &amp; \x1b[2J",
    "error": "</SCRIPT ><img src=x onerror=hacked=1>",
    "source": "x = '</script><script>hacked=1</script>'  # <!-- \u2028 ]]> ${hacked=1} `\n",
    "tag": "<svg onload=hacked=1>",
}
"""What a stranger may write, to do harm to whoever looks at it."""


class Writer:
    """Adds rows in one transaction; a context manager."""

    def __init__(self, home):
        self.home = home
        with Store.open(home) as store:
            self.path = store.path
        self.numbers = {}

    def __enter__(self):
        self.connection = sqlite3.connect(self.path)
        for table in ("reports", "calls"):
            (newest,) = self.connection.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}").fetchone()
            self.numbers[table] = newest
        return self

    def __exit__(self, *exc_info):
        self.connection.commit()
        self.connection.close()

    def insert(self, table, row):
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        self.connection.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))

    def refinement(self, run, problem, steps, *, parent=None, start=(WRONG, (WA, AC, WA)), error="division by zero"):
        """Add a run; `steps` are (criticism, [(program, verdicts, note)], calls), as many as there were iterations."""
        key = digest(problem)
        self.insert("problems", {"digest": key, "slug": problem.slug, "data": json.dumps(to_json(problem))})
        options = json.dumps(tasks.Options(models=(MODEL,)).to_json())
        source, verdicts = start
        found = {"id": run, "kind": "refine", "parent": parent, "label": "", "version": "0.1.0", "problem": key}
        found |= {"slug": problem.slug, "options": options, "source": source, "backend": "local", "status": "done"}
        found |= {"began_at": "2026-11-20T15:44:02.113Z", "ended_at": "2026-11-20T15:44:09.000Z"}
        last = max([verdicts, *(it[1] for _, made, _ in steps for it in made)], key=lambda it: it.count(AC))
        best = next((it[0] for _, made, _ in steps for it in made if it[1] == last), source)
        result = {"stopped": "all visible tests pass", "exhausted": None, "candidates": 1 + len(steps), "seconds": 6.4}
        result |= {"before": tested(problem, *verdicts).to_json(), "after": tested(problem, *last).to_json()}
        result["diff"] = "" if best == source else make_diff(source, best)
        found |= {"verdict": Verdict.worst(last), "result": json.dumps(result)}
        self.insert("runs", found)
        base = self.report(run, 0, source, tested(problem, *verdicts, error=error))
        for number, (criticism, made, calls) in enumerate(steps, 1):
            self.insert("steps", {"run": run, "number": number, "engine": MODEL, "criticism": criticism})
            for cost in calls:
                self.call(run, number, cost)
            written = [
                self.report(run, number, program, tested(problem, *outcome, error=error), base=base, note=note)
                for program, outcome, note in made
            ]
            base = written[0]

    def report(self, run, step, source, report, base=None, note=""):
        self.numbers["reports"] += 1
        row = {"id": self.numbers["reports"], "run": run, "step": step, "key": "k", "base": base, "note": note}
        row |= {"source": source, "tests": report.tests, "verdict": report.verdict, "passed": report.passed}
        self.insert("reports", row | {"total": report.total, "report": json.dumps(report.to_json()), "at_s": 1.0})
        return self.numbers["reports"]

    def call(self, run, step, cost):
        row = {"run": run, "step": step, "key": "k", "model": MODEL, "parameters": "{}", "system": "", "prompt": "p"}
        row |= {"began_at": "2026-11-20T15:44:02.113Z", "status": "answered", "answer": "a", "prompt_tokens": 812}
        self.insert("calls", row | {"completion_tokens": 133, "cost_usd": cost, "seconds": 2.4, "at_s": 2.0})


STEPS = (
    (CRITICISM, [(BETTER, (AC, AC, WA), "subtract the other way round"), (WRONG + "\n", (WA, AC, WA), "")], (0.0011, 0.0014)),
    ("Equal values are neighbours, too: look at distinct ones only.", [(RIGHT, (AC, AC, AC), "distinct values")], (0.0012, 0.0009)),
)  # fmt: skip


def scoring_run(home, count, samples=1, seed=1, **texts):
    """Record a scoring run of so many problems, before and after refinement; return its id.

    `texts` are put in the place of what a stranger writes: slug, criticism, error, source, tag.
    """
    numbers = random.Random(seed)
    with Store.open(home) as store:
        run = rows.begin(
            store, Setup(("held-out.jsonl",), refine=True), tasks.Options(models=("search", MODEL)), "docker"
        )
        store.execute("UPDATE runs SET status = 'done' WHERE id = ?", run)
    with Writer(home) as writer:
        for number in range(1, count + 1):
            level = ("easy", "medium", "hard")[number % 3]
            it = problem(number, **({"slug": texts["slug"] + str(number)} if "slug" in texts else {}))
            for sample in range(1, samples + 1):
                attempt = _attempt(writer, run, it, number, sample, level, numbers, texts)
                writer.insert("scores", {"run": run, **attempt.row()})
    return run


def published_run(home):
    """Record a scoring run of a set with extra tests, two programs a problem, nothing refined; return its id."""
    with Store.open(home) as store:
        run = rows.begin(store, Setup(("HumanEvalPlus.jsonl",), fail_fast=True), tasks.Options(models=()), "docker")
        store.execute("UPDATE runs SET status = 'done' WHERE id = ?", run)
    outcomes = (
        ProgramOutcome((AC,), (AC, AC), examples=1, plus=1),
        ProgramOutcome((None,), (AC, WA), examples=1, plus=1),
        ProgramOutcome((None,), (TLE, None), examples=1, plus=1),
    )
    with Writer(home) as writer:
        for number in range(1, 7):
            for sample, outcome in enumerate((outcomes[0], outcomes[number % 3]), 1):
                spent = Spent(seconds=9.0 if outcome.verdict == TLE else 0.5)
                fields = {"number": number, "slug": f"own-{number}", "sample": sample, "key": "k", "status": "done"}
                attempt = Attempt(**fields, difficulty="easy", source=WRONG, before=outcome, spent=spent)
                writer.insert("scores", {"run": run, **attempt.row()})
    return run


def _attempt(writer, run, it, number, sample, level, numbers, texts):
    fields = {"number": number, "slug": it.slug, "sample": sample, "key": "k", "difficulty": level}
    fields |= {
        "tags": (texts.get("tag", ("array", "sorting", "greedy")[number % 5 % 3]),),
        "source": texts.get("source", WRONG),
    }
    if number % 41 == 40:
        return Attempt(**fields | {"source": None}, status="missing")
    if number % 37 == 36:
        return Attempt(**fields, status="failed", error="the server openai/gpt-4o-mini is overloaded")
    odds = {"easy": 0.8, "medium": 0.6, "hard": 0.35}[level]
    first = numbers.random() < odds / 2
    hidden = tuple(numbers.choice((AC, AC, AC, WA)) for _ in range(8))
    before = (
        ProgramOutcome((AC,) * 3, (AC,) * 8)
        if first
        else ProgramOutcome((WA, AC, numbers.choice((WA, RE, TLE))), hidden)
    )
    gained = numbers.random() < odds
    after = (
        before if first or not gained else ProgramOutcome((AC,) * 3, (AC,) * 8 if numbers.random() < 0.85 else hidden)
    )
    taken = 0 if first else 1 + (numbers.random() < 0.4)
    steps = [(texts.get("criticism", criticism), made, calls) for criticism, made, calls in STEPS[2 - taken :]]
    refinement = f"r{number}x{sample}"
    start = (fields["source"], before.visible)
    writer.refinement(refinement, it, steps, parent=run, start=start, error=texts.get("error", "division by zero"))
    calls = 2 * taken
    spent = Spent(
        calls, 0, 812 * calls, 133 * calls, 0.0011 * calls * numbers.uniform(0.3, 3), 1 + taken * 40, taken * 3.1 + 0.2
    )
    refined = fields["source"] if before == after else RIGHT
    return Attempt(
        **fields, status="done", before=before, refined=refined, after=after, refinement=refinement, spent=spent
    )


def single_run(home, **texts):
    """Record one refinement of two steps; return its id."""
    with Writer(home) as writer:
        steps = [(texts.get("criticism", criticism), made, calls) for criticism, made, calls in STEPS]
        writer.refinement("single", problem(7), steps)
    with Store.open(home) as store:
        return listing.find(store, "single")
