"""What a scoring run shows while it goes on."""

import io
import time

import pytest
from rich.console import Console

from coderefine.accidents import Accidents
from coderefine.budget import Budget, Meter
from coderefine.cli import score_progress
from coderefine.cli.score_progress import Board, shown
from coderefine.judge.verdict import Verdict
from coderefine.scoring.outcome import Attempt, ProgramOutcome


@pytest.fixture
def board():
    return Board(3, Meter(Budget()))


def over(slug, verdict=Verdict.AC):
    return Attempt(1, slug, 1, "key", "done", before=ProgramOutcome((verdict,)))


def test_the_attempt_that_has_taken_longest_is_named_with_what_it_does(board, monkeypatch):
    board.doing("a #1", "judging")
    board.doing("b #1", "judging")
    assert "a #1" not in board.figures  # it has only just begun
    monkeypatch.setattr(score_progress, "LONG_S", 0.0)
    board.doing("a #1", "waiting for the patch")
    assert board.figures.endswith(" · a #1: waiting for the patch, 0:00")
    board.count(over("a"))
    assert board.figures.startswith("1 of 1 right")
    assert board.figures.endswith(" · b #1: judging, 0:00")
    board.count(over("b", Verdict.WA))
    assert "#1" not in board.figures


def test_without_a_terminal_lines_come_also_while_no_attempt_ends(board, monkeypatch):
    monkeypatch.setattr(score_progress, "LINE_EVERY_S", 0.01)
    monkeypatch.setattr(score_progress, "LONG_S", 0.0)
    text, deadline = io.StringIO(), time.monotonic() + 30
    with shown(Console(file=text), board, Accidents()):
        board.doing("a #1", "judging")
        while "a #1: judging" not in text.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)
    assert text.getvalue().startswith("problem 0 of 3: 0 of 0 right")
    assert "a #1: judging" in text.getvalue()


def test_a_line_that_cannot_be_printed_is_an_accident_told_once(board, monkeypatch):
    monkeypatch.setattr(score_progress, "LINE_EVERY_S", 0.01)
    told, deadline = [], time.monotonic() + 30
    console = Console(file=io.StringIO())
    monkeypatch.setattr(console, "print", None)
    with shown(console, board, Accidents(told.append)):
        while not told and time.monotonic() < deadline:
            time.sleep(0.01)
    assert len(told) == 1
    assert "the display of progress" in told[0]
