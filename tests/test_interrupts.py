"""Ctrl-C: it waits where something could be lost, ends what only waits, and no moment of a run is unsafe."""

import contextlib
import itertools
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

import coderefine
from coderefine.autograd.mode import recording
from coderefine.engine import Engine, StepReport
from coderefine.interrupts import check, interruptible, uninterrupted
from coderefine.loop import refine
from coderefine.parallel import Threads, in_order
from coderefine.patch import Patch
from coderefine.record.journal import Journal
from coderefine.record.store import Store
from coderefine.record.writer import Recording
from coderefine.refining.options import RefineOptions
from coderefine.runs import listing
from tests.plain_judge import PlainJudge, criticise
from tests.samples import CODE, FIXED, PROBLEM

PACKAGE = str(Path(coderefine.__file__).parent)
HALF = "def add(a, b):\n    return 0\n"


def press():
    """Press Ctrl-C in this thread, here."""
    signal.raise_signal(signal.SIGINT)


@uninterrupted
def held(*calls):
    for call in calls:
        call()
    return "done"


def test_ctrl_c_waits_for_what_is_uninterrupted():
    done = []
    with pytest.raises(KeyboardInterrupt):
        held(press, lambda: done.append(1))
    assert done == [1]


def test_ctrl_c_ends_what_is_interruptible_within():
    done = []

    @interruptible
    def wait():
        press()
        done.append(1)

    with pytest.raises(KeyboardInterrupt):
        held(wait, lambda: done.append(2))
    assert done == []


def test_within_what_is_interruptible_the_uninterrupted_is_not_interrupted():
    done = []

    @interruptible
    def work():
        held(press, lambda: done.append(1))
        done.append(2)

    with pytest.raises(KeyboardInterrupt):
        held(work)
    assert done == [1]


def test_what_an_uninterrupted_function_returns_is_not_lost():
    got = []

    def work():
        got.append(interruptible(held)(press))

    with pytest.raises(KeyboardInterrupt):
        held(work)
    assert got == ["done"]


def test_what_waits_is_raised_by_the_next_check():
    done = []
    with pytest.raises(KeyboardInterrupt):
        held(press, check, lambda: done.append(1))
    assert done == []


def test_whoever_insists_ends_it_anywhere():
    done = []
    with pytest.raises(KeyboardInterrupt):
        held(press, press, lambda: done.append(1), press, lambda: done.append(2))
    assert done == [1]


def test_an_error_gives_way_to_ctrl_c():
    with pytest.raises(KeyboardInterrupt):
        held(press, lambda: 1 // 0)


@pytest.mark.parametrize(
    ("calls", "ends"), [((), None), ((press,), KeyboardInterrupt), ((lambda: 1 // 0,), ZeroDivisionError)]
)
def test_pythons_handler_is_put_back(calls, ends):
    with pytest.raises(ends) if ends else contextlib.nullcontext():
        held(*calls)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_handler_of_the_programs_own_is_left_alone():
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append(1))
    try:
        assert held(press, check, lambda: heard.append(2)) == "done"
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [1, 2]


def test_other_threads_hold_nothing():
    found = []
    thread = threading.Thread(target=held, args=(lambda: found.append(signal.getsignal(signal.SIGINT)),))
    thread.start()
    thread.join()
    assert found == [signal.default_int_handler]


def interrupt_soon(after_s=0.1):
    timer = threading.Timer(after_s, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    return timer


def test_a_wait_for_a_thread_ends_and_leaves_no_call_in_between():
    release = threading.Event()
    with Threads(2) as threads:
        threads.submit("a", release.wait)
        interrupt_soon()
        with pytest.raises(KeyboardInterrupt):
            held(threads.take)
        release.set()
        assert threads.take()[0] == "a"
        assert threads.pending == 0


def test_results_come_in_order_and_calls_are_taken_lazily():
    taken = []

    def calls():
        for number in range(9):
            taken.append(number)
            yield lambda number=number: time.sleep(0.01 * (number % 3 == 0)) or number

    results = in_order(calls(), size=2, ahead=2)
    assert [next(results), next(results)] == [0, 1]
    assert len(taken) < 9
    assert list(results) == [2, 3, 4, 5, 6, 7, 8]


def test_what_raises_raises_in_its_turn():
    results = in_order([lambda: 1, lambda: 1 // 0, lambda: 3], size=3)
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)


class Steps:
    """First half the way, then several patches at once."""

    step_report = StepReport()

    def __init__(self, code):
        self.code = code

    def step(self):
        if self.code.value == CODE:
            return (Patch(CODE, HALF),)
        return tuple(Patch(self.code.value, after) for after in (CODE + "\n", FIXED, FIXED + "\n"))


def interrupted_at(moment, work):
    """Do some work as a command does, with Ctrl-C before the `moment`th line of the package.

    Return its result, if there is any, whether it was interrupted, and how many lines there were.
    """
    lines, kept = itertools.count(1), []
    passed = 0

    def trace(frame, event, _):
        nonlocal passed
        if not frame.f_code.co_filename.startswith(PACKAGE):
            return None
        if event == "line":
            passed = next(lines)
            if passed == moment:
                signal.getsignal(signal.SIGINT)(signal.SIGINT, frame)
        return trace

    before = sys.gettrace()
    interrupted = False
    sys.settrace(trace)
    try:
        held(lambda: kept.append(work()))
    except KeyboardInterrupt:
        interrupted = True
    finally:
        sys.settrace(before)
    result = kept[0] if kept else None
    return result, interrupted or (result is not None and result.interrupted), passed


def refined(home, judge, *, harden):
    mine = Engine("mine", criticise, Steps)
    with Store.open(home) as store:
        run = listing.begin(store, PROBLEM, CODE, {}, backend="local")
        with Journal(Recording(store, run, lambda _: None)) as journal:
            return refine(
                PROBLEM,
                CODE,
                judge=judge,
                engines=lambda bench: bench.journal.search(mine, bench.meter),
                options=RefineOptions(harden=harden),
                journal=journal,
            )


@pytest.mark.parametrize(("harden", "moments"), [(False, 60), (True, 5)])
def test_at_no_line_of_a_run_does_ctrl_c_lose_what_was_tested(tmp_path, harden, moments):
    result, interrupted, lines = interrupted_at(0, lambda: refined(tmp_path, PlainJudge(), harden=harden))
    assert (result.source, interrupted) == (FIXED, False)
    moments = int(os.environ.get("INTERRUPTS", moments))
    for moment in range(1, lines, max(1, lines // moments)):
        judge = PlainJudge()
        result, interrupted, passed = interrupted_at(moment, lambda j=judge: refined(tmp_path, j, harden=harden))
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        assert recording(), f"no variable has a history any more after line {moment}"
        assert interrupted == (passed >= moment), moment  # a line more or less, from run to run
        if result is None:
            assert not judge.reports, f"lost at line {moment}"
        else:
            best = max(told.passed for told in judge.reports.values())
            assert result.best.report.passed == best, f"lost at line {moment}"
