"""Kills runs with SIGKILL at random moments, resumes them, and checks what is promised.

    python -m tests.benchmarks.kill --kills 50 [--seed N]

Each trial starts `coderefine refine` against a scripted server on the loopback interface, kills it and what resumes it
up to three times, and lets the last one end. The result must be that of a run that nobody disturbed; every call that
was finished must have been made once (the server counts); and a replay must come to the same. Processes are forked
from one that has imported everything, or most kills would hit an import.
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import click

from coderefine.record.store import Store
from tests.forks import Forks
from tests.scripted_server import completion, serve

STEPS = 4
PROGRAM = "def f(x):\n    # version {0}\n    if x < {0}:\n        return x + 1\n    return 0\n"
DELAY_S = 0.04
TIMES = ("wall_s", "cpu_s", "peak_memory_mib", "seconds", "run")


@dataclass
class Tally:
    """What was seen."""

    kills: int = 0
    trials: int = 0
    before_the_run_was_written: int = 0
    with_a_call_in_flight: int = 0
    repeated_in_flight: int = 0
    wrong: list[str] = field(default_factory=list)


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
    if request.system.startswith("You repair"):
        return {"body": completion(f"```python\n{PROGRAM.format(version + 1)}```")}
    return {"body": completion(f"version {version} is wrong")}


def soak(forks: Forks, kills: int, seed: int, progress=lambda tally: None) -> Tally:
    """Kill so many times and return what was seen."""
    randoms, tally = random.Random(seed), Tally()
    with tempfile.TemporaryDirectory() as name, serve([answer] * 100_000) as server:
        folder = Path(name)
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
    with Forks() as forks:
        tally = soak(
            forks, kills, seed, lambda it: click.echo(f"\r{it.kills} kills, {len(it.wrong)} wrong", nl=False, err=True)
        )
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
