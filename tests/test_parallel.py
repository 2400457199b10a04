from __future__ import annotations

import contextvars
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from coderefine.parallel import in_parallel


def test_outcomes_come_in_the_order_of_the_calls_whichever_ends_first():
    def call(number):
        time.sleep(0.02 * (3 - number))
        return number

    done = in_parallel([lambda number=number: call(number) for number in range(3)])
    assert [outcome.result() for outcome in done] == [0, 1, 2]


def test_calls_run_at_the_same_time():
    both = threading.Barrier(2, timeout=20)
    assert [done.exception() for done in in_parallel([both.wait, both.wait])] == [None, None]


def test_a_single_call_runs_in_the_thread_of_the_caller():
    assert in_parallel([threading.get_ident])[0].result() == threading.get_ident()


def test_no_calls_have_no_outcomes():
    assert in_parallel([]) == []


def test_a_call_that_raises_takes_nothing_from_the_others():
    good, bad = in_parallel([lambda: 1, lambda: 1 // 0])
    assert good.result() == 1
    with pytest.raises(ZeroDivisionError):
        bad.result()


def test_at_most_so_many_run_at_once():
    running, most = [], []

    def call():
        running.append(1)
        most.append(len(running))
        time.sleep(0.01)
        running.pop()

    in_parallel([call] * 9, size=3)
    assert max(most) <= 3


def test_calls_see_the_context_of_the_caller():
    name = contextvars.ContextVar("name", default="unset")
    name.set("caller")
    assert [done.result() for done in in_parallel([name.get] * 2)] == ["caller"] * 2


@pytest.mark.parametrize("calls", [1, 2])
def test_ctrl_c_is_not_an_outcome(calls):
    def interrupt():
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5 if calls > 1 else 0)

    with pytest.raises(KeyboardInterrupt):
        in_parallel([interrupt] * calls)


def test_a_call_that_hangs_does_not_hold_up_the_exit_of_the_interpreter():
    code = (
        "import threading, time, os, signal\n"
        "from coderefine.parallel import in_parallel\n"
        "threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()\n"
        "try: in_parallel([lambda: time.sleep(60)] * 2)\n"
        "except KeyboardInterrupt: print('interrupted')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout == "interrupted\n"
