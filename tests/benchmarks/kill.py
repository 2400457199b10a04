"""Kills runs with SIGKILL at random moments, resumes them, and checks what is promised.

    python -m tests.benchmarks.kill --kills 50 [--seed N]

Each trial starts `coderefine refine` against a scripted server on the loopback interface, kills it and what resumes it
up to three times, and lets the last one end. The result must be that of a run that nobody disturbed; every call that
was finished must have been made once (the server counts); and a replay must come to the same. Processes are forked
from one that has imported everything, or most kills would hit an import.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import click

from coderefine.record.store import Store
from tests.scripted_server import completion, serve

STEPS = 4
PROGRAM = "def f(x):\n    # version {0}\n    if x < {0}:\n        return x + 1\n    return 0\n"
DELAY_S = 0.04
TIMES = ("wall_s", "cpu_s", "peak_memory_mib", "seconds", "run")
FORKS = """
import os, sys, litellm, coderefine.cli, coderefine.rerun, coderefine.cli.outcome, coderefine.cli.resume
import coderefine.models.litellm_model, coderefine.search.engine, coderefine.judge.local, rich.console, rich.table
for line in sys.stdin:
    out, *arguments = line.rstrip('\\n').split('\\t')
    pid = os.fork()
    if not pid:
        os.dup2(os.open(out + '.out', os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
        os.dup2(os.open(out + '.err', os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.argv = ['coderefine', *arguments]
        try:
            coderefine.cli.main()
        except SystemExit as end:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(end.code)
    print(pid, flush=True)
    print(os.waitpid(pid, 0)[1], flush=True)
"""


@dataclass
class Tally:
    """What was seen."""

    kills: int = 0
    trials: int = 0
    before_the_run_was_written: int = 0
    with_a_call_in_flight: int = 0
    repeated_in_flight: int = 0
    wrong: list[str] = field(default_factory=list)


class Forks:
    """Runs the command line in children of a process that has imported it."""

    def __init__(self, folder: Path) -> None:
        environment = {**os.environ, "OPENAI_API_KEY": "dummy", "NO_PROXY": "127.0.0.1", "LITELLM_MODE": "PRODUCTION"}
        environment["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
        self.out = folder / "child"
        self._process = subprocess.Popen(
            [sys.executable, "-c", FORKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def run(self, *arguments: object, kill_after_s: float | None = None) -> tuple[int, str, str]:
        """Return exit code (-9 if it was killed), standard output and error."""
        print(self.out, *arguments, sep="\t", file=self._process.stdin, flush=True)
        pid = int(self._process.stdout.readline())
        if kill_after_s is not None:
            with contextlib.suppress(ProcessLookupError):  # it has ended already
                handle = os.pidfd_open(pid)
                time.sleep(kill_after_s)
                signal.pidfd_send_signal(handle, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(int(self._process.stdout.readline()))
        return code, Path(f"{self.out}.out").read_text(), Path(f"{self.out}.err").read_text()

    def close(self) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.wait(30)


def problem(folder: Path) -> Path:
    """Write a problem of which version n of the program passes the first n tests."""
    directory = folder / "steps"
    (directory / "tests").mkdir(parents=True)
    toml = 'title = "Steps"\nentry = "f"\nparams = { x = "int" }\nreturns = "int"\n'
    (directory / "problem.toml").write_text(toml)
    (directory / "statement.md").write_text("Return x + 1.\n")
    tests = [{"args": [x], "expected": x + 1} for x in range(STEPS)]
    (directory / "tests" / "visible.json").write_text(json.dumps(tests))
    (folder / "program.py").write_text(PROGRAM.format(0))
    return directory


def answer(request):
    """Answer by what the prompt says, so that it does not matter who asks when."""
    time.sleep(DELAY_S)
    version = int(re.findall(r"# version (\d+)", request.user)[0])
    if "diff" in request.system.lower():
        return {"body": completion(f"```python\n{PROGRAM.format(version + 1)}```")}
    return {"body": completion(f"version {version} is wrong")}


def soak(kills: int, seed: int, progress=lambda tally: None) -> Tally:
    """Kill so many times and return what was seen."""
    randoms, tally = random.Random(seed), Tally()
    with tempfile.TemporaryDirectory() as name, serve([answer] * 100_000) as server:
        folder = Path(name)
        forks = Forks(folder)
        try:
            arguments = {
                "model": ("--model", "openai/scripted", "--api-base", server.url),
                "search": ("--model", "search"),
            }
            refine = ("refine", problem(folder), folder / "program.py", "--sandbox", "local", "--format", "json")
            whole, seconds = {}, {}
            for kind, more in arguments.items():
                forks.run(*refine, *more, "--home", folder / "warm")
                started = time.monotonic()
                _, out, _ = forks.run(*refine, *more, "--home", folder / kind)
                whole[kind], seconds[kind] = json.loads(out), time.monotonic() - started
            while tally.kills < kills:
                kind = "search" if randoms.random() < 0.2 else "model"
                home = folder / f"home{tally.trials}"
                server.requests.clear()
                command = (*refine, *arguments[kind], "--home", home)
                for _ in range(min(randoms.randint(1, 3), kills - tally.kills)):
                    code, _, err = forks.run(*command, kill_after_s=randoms.uniform(0, 1.1 * seconds[kind]))
                    tally.kills += code == -9
                    if code not in (0, -9):
                        tally.wrong.append(f"exit code {code}: {err}")
                    if _begun(home):
                        command = ("resume", "last", "--format", "json", "--home", home)
                    else:
                        tally.before_the_run_was_written += 1
                code, out, err = forks.run(*command)
                if code:
                    tally.wrong.append(f"exit code {code}: {err}")
                else:
                    _check(tally, home, server.requests, whole[kind], out, forks)
                tally.trials += 1
                progress(tally)
        finally:
            forks.close()
    return tally


def _begun(home: Path) -> bool:
    if not (home / "runs.db").exists():
        return False
    with Store.open(home) as store:
        return bool(store.rows("SELECT id FROM runs"))


def _check(tally, home, requests, whole, out, forks) -> None:
    result = json.loads(out)
    if timeless(result) != timeless(whole):
        tally.wrong.append(f"another result: {out}")
    with Store.open(home) as store:
        calls = store.rows("SELECT prompt, status FROM calls")
    sent = Counter(request.user for request in requests)
    rows = Counter(call["prompt"] for call in calls)
    answered = Counter(call["prompt"] for call in calls if call["status"] == "answered")
    in_flight = Counter(call["prompt"] for call in calls if call["status"] == "begun")
    tally.with_a_call_in_flight += bool(in_flight)
    tally.repeated_in_flight += sent.total() - len(sent)
    if set(answered.values()) - {1} or sent.keys() != answered.keys() or answered.total() != result["calls"]:
        tally.wrong.append(f"calls: {answered.total()} answered, {len(sent)} different sent, {result['calls']} counted")
    # Whatever was sent twice was in flight when it was killed.
    if any(count > rows[prompt] for prompt, count in sent.items()):
        tally.wrong.append("a finished call was made again")
    sent_before = len(requests)
    _, replayed, err = forks.run("replay", "last", "--format", "json", "--home", home)
    if err or {**json.loads(replayed), "seconds": 0} != {**result, "seconds": 0} or len(requests) != sent_before:
        tally.wrong.append(f"another replay: {replayed} {err}")


def timeless(data):
    """Without what differs between two undisturbed runs."""
    if isinstance(data, dict):
        return {name: timeless(value) for name, value in data.items() if name not in TIMES}
    return [timeless(item) for item in data] if isinstance(data, list) else data


@click.command()
@click.option("--kills", type=click.IntRange(1), default=50, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
def main(kills: int, seed: int) -> None:
    """Kill, resume, compare."""
    tally = soak(kills, seed, lambda it: click.echo(f"\r{it.kills} kills, {len(it.wrong)} wrong", nl=False, err=True))
    click.echo(err=True)
    for wrong in tally.wrong:
        click.echo(wrong)
    click.echo(
        f"seed {seed}: {tally.kills} kills in {tally.trials} runs; {tally.before_the_run_was_written} before the run was "
        f"written, {tally.with_a_call_in_flight} runs with a call in flight ({tally.repeated_in_flight} of them had "
        f"reached the server and were made again); {len(tally.wrong)} wrong"
    )
    sys.exit(bool(tally.wrong))


if __name__ == "__main__":
    main()
