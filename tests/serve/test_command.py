"""`coderefine serve` as a process: its token, its end, and what is left when it is killed."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress

import httpx
import pytest

pytest.importorskip("uvicorn")

from coderefine.serve.client import JudgeClient
from coderefine.serve.server import served
from tests.conftest import need, open_or_skip
from tests.processes import descendants
from tests.serve.conftest import TOKEN
from tests.serve.test_judging import ADDS, LOOPS, STDIO


@contextmanager
def serving(*options, port=0, token=TOKEN):
    """Run the command; yield the process, its address and what it said so far."""
    need("local")
    environment = {**os.environ, **({"CODEREFINE_TOKEN": token} if token else {})}
    command = [sys.executable, "-m", "coderefine", "serve", "--sandbox", "local", "--port", str(port), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            said = [process.stderr.readline()]
            address = re.search(r"http://\S+", said[0])
            assert address, said[0] + process.stderr.read()
            if not token:
                said.append(process.stderr.readline())
            yield process, address[0], said
        finally:
            process.kill()


def gone(pids):
    """Whether all these processes end within a while."""
    for _ in range(100):
        if not any(descendants(pid) for pid in pids):
            return True
        time.sleep(0.1)
    return False


def test_a_token_is_made_and_told_once_and_what_is_in_hand_ends_in_peace():
    with serving("--grace", "20", token=None) as (process, url, said):
        token = said[1].removeprefix("token: ").strip()
        assert len(token) >= 32
        assert httpx.get(f"{url}/metrics").status_code == 401
        with JudgeClient(url, token) as client:
            running = client.judge({"row": STDIO}, [LOOPS] * 4 + [ADDS])
            found = [next(running)]
            pids = descendants(process.pid)
            process.send_signal(signal.SIGTERM)
            found += running
        assert sorted(it.verdict.value for it in found) == ["AC"] + ["TLE"] * 4
        assert (process.wait(60), process.stderr.read()) == (0, "")
        assert gone(pids - {process.pid})


def test_what_a_killed_server_answered_is_not_lost_and_the_rest_is_asked_again():
    programs = [LOOPS if place % 2 else ADDS for place in range(12)]
    with serving() as (process, url, _):
        port = int(url.rpartition(":")[2])
        found = []
        with JudgeClient(url, TOKEN, patience_s=120) as client:
            running = client.judge({"row": STDIO}, programs)
            found += [next(running), next(running)]
            pids = descendants(process.pid)
            process.kill()
            process.wait()
            assert gone(pids)
            rest = threading.Thread(target=lambda: found.extend(running))
            rest.start()
            with serving(port=port):
                rest.join(120)
    assert sorted((it.index, it.verdict.value) for it in found) == [
        (place, "TLE" if place % 2 else "AC") for place in range(12)
    ]


def test_a_killed_sandbox_costs_no_verdict():
    before = descendants(os.getpid())
    with open_or_skip("local") as judge, served(judge, TOKEN) as url, JudgeClient(url, TOKEN) as client:
        running = client.judge({"row": STDIO}, [ADDS, LOOPS] * 4)
        found = [next(running)]
        for pid in descendants(os.getpid()) - before:
            with suppress(ProcessLookupError):  # one may have ended by itself, or with another
                os.kill(pid, signal.SIGKILL)
        found += running
    assert [it.verdict.value for it in sorted(found, key=lambda it: it.index)] == ["AC", "TLE"] * 4


@pytest.mark.parametrize(
    ("options", "variables", "said"),
    [
        (["--host", "0.0.0.0"], {}, "in the clear"),
        (["--token-file", "missing"], {}, "No such file"),
        (["--key", "x"], {}, "--certificate"),
        (["--certificate", "missing"], {}, "certificate missing"),
        (["--host", "no.such.host.invalid"], {}, "cannot listen"),
        ([], {"CODEREFINE_TOKEN": "short"}, "at least 16 characters"),
        ([], {"CODEREFINE_TOKEN": "with spaces in the middle"}, "without spaces"),
    ],
)
def test_what_is_not_safe_or_not_there_is_refused(monkeypatch, tmp_path, warm_judge, options, variables, said):
    from click.testing import CliRunner

    from coderefine.cli.serve import command
    from coderefine.errors import UsageError
    from coderefine.judge import opening

    need("local")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(opening, "open_judge", warm_judge)
    monkeypatch.delenv("CODEREFINE_TOKEN", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(command, ["--sandbox", "local", "--port", "0", *options])
    assert isinstance(done.exception, UsageError) and said in str(done.exception)


def test_a_token_in_a_file(tmp_path):
    from coderefine.serve.token import read_token

    (tmp_path / "token").write_text(f"{TOKEN}\n")
    assert read_token(str(tmp_path / "token")) == TOKEN
