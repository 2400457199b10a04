"""What a terminal shows while a run goes on, and what stays."""

import io
import re
import sys
import time

import pytest

from coderefine.accidents import Accidents
from coderefine.budget import Meter
from coderefine.cli import live, show
from coderefine.progress import Progress
from tests.cli.terminal import Terminal, screen
from tests.conftest import PROBLEMS
from tests.scripted_server import serve

FOLDER = PROBLEMS / "two-sum" / "submissions"
OFF_BY_ONE = FOLDER / "wrong_answer" / "off_by_one.py"
WHOLE = f"```python\n{(FOLDER / 'accepted' / 'hash_map.py').read_text(encoding='utf-8')}```\n"
REFINE = ("refine", "two-sum", OFF_BY_ONE, "--sandbox", "local")
KEY = {"OPENAI_API_KEY": "dummy-key", "NO_PROXY": "127.0.0.1"}
WAITING = "waiting for openai/scripted's"
DRAWN = (f"{WAITING} criticism", f"{WAITING} patch")
ERASED = "\x1b[2K\x1b[1A\x1b[2K\x1b[1A"
"""Two lines took more rows after the terminal became narrower, which are erased beside the usual one."""
NOTHING = ("", "")
SHOW_CURSOR, HIDE_CURSOR = "\x1b[?25h", "\x1b[?25l"


@pytest.fixture
def watch(forks, tmp_path):
    """Run a refinement in a terminal, by a model that answers as soon as the terminal shows that it is waited for."""

    def run(*more, replies=("The last one.", WHOLE), shown=DRAWN, width=100, env=None, **how):
        terminal = Terminal(width)
        with serve(_once_shown(terminal, *both) for both in zip(shown, replies, strict=False)) as server:
            command = (*REFINE, "--model", "openai/scripted", "--api-base", server.url, *more)
            return terminal.run(forks, *command, cwd=tmp_path, env=KEY | (env or {}), **how)

    return run


def _once_shown(terminal, text, reply):
    def answer(request):
        terminal.wait_for(text) if text else time.sleep(2 / live._PER_SECOND)
        return reply

    return answer


def without_figures(lines):
    # Times differ, and how wide they are.
    return [
        re.sub(r"\s+", " ", re.sub(r"[\d.]+ m?s|run \w+|\d+ candidates", "", line)).strip()
        for line in lines
        if line.strip()
    ]


def test_a_terminal_shows_what_is_waited_for_and_what_is_left_of_the_budgets(watch):
    seen = watch("--max-seconds", "600", "--max-calls", "5")
    assert all(text in seen.written for text in DRAWN)
    assert re.search(r"s, 5\d\d\.\d s left · 1 of 5 calls · cost unknown · 120 tokens", seen.written)
    assert seen.code == 0


def test_nothing_of_it_stays_on_the_screen(watch):
    seen = watch()
    assert not [line for line in seen.screen if WAITING in line]
    assert seen.written.rindex(SHOW_CURSOR) > seen.written.rindex(HIDE_CURSOR)


def test_what_stays_is_what_is_printed_without_a_terminal(forks, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    _, out, err = forks.run(*REFINE)
    seen = Terminal(120).run(forks, *REFINE, cwd=tmp_path)
    *story, ending, hardening, figures = err.splitlines()
    shown = [*story, *out.splitlines(), ending, hardening, figures]
    assert without_figures(seen.screen) == without_figures(shown)


def test_ctrl_c_leaves_the_terminal_as_it_was_and_exits_with_130(watch):
    seen = watch(replies=[{"hang": True}], interrupt_at=WAITING)
    assert seen.code == 130
    assert seen.written.rindex(SHOW_CURSOR) > seen.written.rindex(HIDE_CURSOR)
    assert not [line for line in seen.screen if WAITING in line]
    assert any("interrupted; the program is unchanged" in line for line in seen.screen)


@pytest.mark.parametrize("width", [4, 40])
def test_a_line_is_never_longer_than_the_terminal_is_wide(watch, width):
    seen = watch(width=width, shown=("…", "…"))
    assert seen.code == 0
    drawn = [line for line in re.split(r"[\r\n]", seen.written) if re.search("[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]", line)]
    assert drawn
    assert all(len(screen(line)[0]) <= width for line in drawn)


def test_a_terminal_that_becomes_narrower_keeps_nothing_of_the_longer_lines(watch):
    seen = watch(narrow_at=WAITING, to=20, shown=(ERASED, ""))
    assert ERASED in seen.written
    assert seen.code == 0


@pytest.mark.parametrize("more", [["-q"], ["--format", "json"]])
def test_a_quiet_run_draws_nothing(watch, more):
    seen = watch(*more, shown=NOTHING)
    assert "waiting" not in seen.written
    assert "\x1b[?25" not in seen.written


def test_a_dumb_terminal_gets_plain_lines(watch):
    seen = watch(env={"TERM": "dumb"}, shown=NOTHING)
    assert "\x1b" not in seen.written
    assert "iteration 1" in seen.written


def test_no_colour_where_none_is_wanted(watch):
    seen = watch(env={"NO_COLOR": "1"})
    assert not re.search(r"\x1b\[[\d;]*3[0-7]", seen.written)
    assert WAITING in seen.written


def test_without_a_terminal_nothing_is_drawn(coderefine):
    done = coderefine(*REFINE, env={"FORCE_COLOR": "1"})
    assert "\x1b[?25" not in done.err
    assert "\x1b[2K" not in done.err
    assert "\x1b" not in coderefine(*REFINE).err


def test_what_is_printed_between_two_drawings_leaves_nothing_of_them(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    monkeypatch.setattr(live, "_PER_SECOND", 5000)
    monkeypatch.setattr(live.sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm-256color")
    pause = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        console = show.story()
        for start in range(0, 200, 2):  # the lines are drawn for the first time again and again
            with live.live(console, Accidents()) as tell:
                tell(Progress("search", 1, "judging", Meter()))
                console.print(f"line {start}")
                console.print(f"line {start + 1}")
    finally:
        sys.setswitchinterval(pause)
    assert [line for line in screen(terminal.getvalue()) if line] == [f"line {number}" for number in range(200)]
