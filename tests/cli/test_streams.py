"""Standard streams that fail, and logs whose lines would be commands."""

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coderefine import cli
from coderefine.cli.streams import GuardedStream
from coderefine.judge import opening
from tests.conftest import PROBLEMS, need
from tests.hook.repositories import BAD, calculator

TWO_SUM = PROBLEMS / "two-sum"
RIGHT = TWO_SUM / "submissions/accepted/hash_map.py"
WRONG = TWO_SUM / "submissions/wrong_answer/off_by_one.py"
LOCAL = ["--sandbox", "local"]
COMMANDS = {
    "help": (["--help"], 0),
    "version": (["--version"], 0),
    "test, right": (["test", "two-sum", str(RIGHT), *LOCAL], 0),
    "test, wrong": (["test", "two-sum", str(WRONG), *LOCAL], 1),
    "refine": (["refine", "two-sum", str(WRONG), *LOCAL, "--no-harden"], 0),
    "refine, the program": (["refine", "two-sum", str(WRONG), *LOCAL, "-o", "-", "--no-harden"], 0),
    "refine, a file": (["refine", "two-sum", str(WRONG), *LOCAL, "-o", "refined.py", "--no-harden"], 0),
    "score": (["score", "two-sum", "--solutions", "given", "--home", "scores", *LOCAL], 0),
    "verify": (["verify", "quick", *LOCAL], 0),
    "runs list": (["runs", "list"], 0),
    "runs show": (["runs", "show", "last"], 0),
    "runs path": (["runs", "path"], 0),
    "runs export": (["runs", "export", "last"], 0),
    "replay": (["replay", "last"], 0),
    "report": (["report", "last", "-o", "-"], 0),
    "doctor": (["doctor"], 0),
    "import": (["import", "generic", "set.jsonl", "-o", "made"], 0),
    "new": (["new", "mine"], 0),
    "hook": (["hook", "--no-cache"], 1),
    "hook, explained": (["hook", "--explain"], 0),
    "help of a command": (["hook", "--help"], 0),
    "problems": (["problems", "tree"], 0),
    "config": (["config"], 0),
    "completion": (["completion", "bash"], 0),
    "a wrong option": (["test", "--nonsense"], 2),
    "no such problem": (["test", "nowhere", "x.py"], 2),
}
FOR_PROGRAMS = ("runs export", "report", "refine", "refine, the program", "replay")
ONLY_PRINTING = (
    *("help", "help of a command", "version", "runs list", "runs show", "runs path", "doctor", "hook, explained"),
    *("problems", "config", "completion"),
)
SHELL = {
    "nobody reads": "{command} | true",
    "one line is read": "{command} | head -1",
    "a full disk": "{command} >/dev/full",
    "a full disk for both": "{command} >/dev/full 2>&1",
    "closed output": "{command} >&-",
    "closed errors": "{command} 2>&-",
    "all closed": "{command} >&- 2>&- <&-",
    "ASCII": "PYTHONIOENCODING=ascii {command}",
    "no columns": "COLUMNS=0 {command}",
}
COLUMNS = ("0", "1", "²", "99999999999999")
GENERIC = {
    "id": "p", "entry_point": "f", "statement": "s", "buggy": "def f(x):\n    return x\n",
    "visible_tests": [{"call": "f(1)", "expected": "1"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder in which all commands can be run, with a run recorded."""
    need("local")
    folder = tmp_path_factory.mktemp("place")
    repo = calculator(folder / "repo")
    repo.write("calc.py", BAD, stage=True)
    (repo.root / "given").mkdir()
    (repo.root / "given/two-sum.py").write_text(RIGHT.read_text())
    shutil.copytree(TWO_SUM, repo.root / "quick", ignore=lambda *_: ["time_limit_exceeded"])  # which takes seconds
    (repo.root / "set.jsonl").write_text(json.dumps(GENERIC))
    here(repo.root, ["refine", "two-sum", str(WRONG), *LOCAL, "--no-harden"], memory(), memory())
    return repo.root


def run(arguments):
    return f"{shlex.quote(sys.executable)} -m coderefine {shlex.join(arguments)}"


def shell(folder, line):
    """Run a line of bash; return the exit code of its first command, and what was printed."""
    environment = {**os.environ, "CODEREFINE_HOME": str(folder / "home"), "XDG_CACHE_HOME": str(folder / "cache")}
    done = subprocess.run(
        ["bash", "-c", f"{line}\nexit ${{PIPESTATUS[0]}}"],
        cwd=folder, env=environment, capture_output=True, timeout=120, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def memory(encoding="utf-8"):
    return io.TextIOWrapper(io.BytesIO(), encoding)


def full():
    return Path("/dev/full").open("w", encoding="utf-8")


def unread():
    ours, theirs = os.pipe()
    os.close(ours)
    return os.fdopen(theirs, "w", encoding="utf-8")


def closed():
    stream = memory()
    stream.close()
    return stream


def ascii_():
    return memory("ascii")


def latin_1():
    return memory("latin-1")


def nothing():
    return None


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch, warm_judge, warm_hook, brief_search):
    """What commands do there is no matter of sandboxes and searches; programs of their own have them as users do."""
    monkeypatch.setattr(opening, "open_judge", warm_judge)


STREAMS = {
    "nobody reads": (unread, unread),
    "a full disk": (full, memory),
    "errors on a full disk": (memory, full),
    "closed output": (nothing, memory),
    "closed errors": (memory, nothing),
    "closed by somebody": (closed, closed),
    "ASCII": (ascii_, ascii_),
    "latin-1": (latin_1, latin_1),
}


def here(folder, arguments, out=None, err=None, **environment):
    """Run a command in this process with these streams; return the exit code and what was written."""
    environment = {"CODEREFINE_HOME": str(folder / "home"), "XDG_CACHE_HOME": str(folder / "cache"), **environment}
    with (
        contextlib.chdir(folder),
        mock.patch.dict(os.environ, environment),
        mock.patch.multiple(sys, argv=["coderefine", *arguments], stdin=None, stdout=out, stderr=err),
        pytest.raises(SystemExit) as end,
    ):
        cli.main()
    written = [stream.buffer.getvalue() for stream in (out, err) if is_memory(stream)]
    for stream in (out, err):
        with contextlib.suppress(OSError, AttributeError):
            stream.close()
    return end.value.code or 0, written


def is_memory(stream):
    return stream is not None and not stream.closed and isinstance(stream.buffer, io.BytesIO)


SLOW = ("doctor", "refine, the program")
JUDGING = ("refine", "refine, a file", "score", "verify", "hook", "replay", "test, right")
"""Those take their time, and write as the others do."""


def pairs():
    for name in COMMANDS:
        some = ("a full disk",) if name in SLOW else ("nobody reads", "a full disk", "closed output", "ASCII")
        yield from ((name, stream) for stream in (some if name in (*SLOW, *JUDGING) else STREAMS))


@pytest.mark.parametrize(("name", "stream"), list(pairs()))
def test_a_stream_that_fails_changes_no_exit_code_and_nothing_that_is_written(place, name, stream):
    arguments, code = COMMANDS[name]
    for path in (place / "mine", place / "made"):
        shutil.rmtree(path, ignore_errors=True)
    out, err = STREAMS[stream]
    seen, written = here(place, arguments, out(), err())
    is_lost = stream == "a full disk" and name in (*FOR_PROGRAMS, *ONLY_PRINTING)
    assert seen == (3 if is_lost else code), written
    assert not any(b"Traceback" in it for it in written)
    if name == "refine, a file":
        assert b"range(len(nums))" in (place / "refined.py").read_bytes()
        (place / "refined.py").unlink()
    if name == "new":
        assert (place / "mine/problem.toml").exists()
    if name == "import":
        assert (place / "made/p/problem.toml").exists()
    if stream in ("ASCII", "latin-1"):
        assert any(written)


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in (*SLOW, *JUDGING)])
def test_a_width_that_cannot_be_hides_nothing(place, name, columns):
    arguments, code = COMMANDS[name]
    shutil.rmtree(place / "mine", ignore_errors=True)
    out, err = memory(), memory()
    seen, written = here(place, arguments, out, err, COLUMNS=columns, LINES=columns, TERM="xterm")
    assert seen == code, written
    assert any(written)


@pytest.mark.parametrize("stream", SHELL)
def test_so_it_is_for_a_program_of_its_own(place, stream):
    code, out, err = shell(place, SHELL[stream].format(command=run(COMMANDS["hook"][0])))
    assert code == 1, (out, err)
    assert b"Traceback" not in out + err and b"Exception ignored" not in out + err


def test_a_program_is_written_in_utf_8_whatever_the_encoding(place):
    text = WRONG.read_text() + "\nNAME = 'naïve ✓'\n"
    (place / "accents.py").write_text(text)
    command = run(["refine", "two-sum", "accents.py", *LOCAL, "-o", "-", "--no-harden"])
    code, out, _ = shell(place, f"PYTHONIOENCODING=ascii {command}")
    assert code == 0
    assert "NAME = 'naïve ✓'" in out.decode()


def test_a_result_for_programs_that_is_lost_is_said(place):
    command = run(["test", "two-sum", str(RIGHT), *LOCAL, "--format", "json"])
    code, _, err = shell(place, f"{command} >/dev/full")
    assert code == 3
    assert err.decode().splitlines() == ["error: standard output: No space left on device; the result is lost"]
    assert shell(place, f"{command} | true")[0] == 0  # nobody waits for it
    assert shell(place, f"{command} >&-")[0] == 0


@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_file_on_a_full_disk_is_no_mistake_of_the_user(place, format_):
    arguments = ["refine", "two-sum", str(WRONG), *LOCAL, "--no-harden", "-o", "/dev/full", "--format", format_]
    out, err = memory(), memory()
    code, (out, err) = here(place, arguments, out, err)
    assert (code, b"cannot write /dev/full: No space left on device" in err) == (3, True)
    assert b"range(len(nums))" in out


def test_no_file_is_taken_for_a_stream_that_was_closed(place):
    """Else what is printed would be written into the store of runs."""
    command = run(["refine", "two-sum", str(WRONG), *LOCAL, "--no-harden"])
    for _ in range(2):
        assert shell(place, f"{command} <&- >&- 2>&-")[0] == 0
    code, _, err = shell(place, run(["runs", "list"]))
    assert (code, err) == (0, b"")


COMMAND = re.compile(r"^\s*(\x1b\[[0-9;]*m|\s)*::|##\w*\[", re.MULTILINE)
EVIL = [
    "::stop-commands::x",
    "##[error]x",
    "##vso[task.setvariable variable=a]b",
    "##teamcity[message text='x']",
    "::set-output name=a::b",
    "##[group]x",
]


@given(st.lists(st.text(":#[]vso \t\r\nxteamcity\x1bm0", max_size=12), max_size=12))
def test_however_it_is_written_no_line_is_a_command(parts):
    inner = io.StringIO(newline="")
    stream = GuardedStream(inner)
    for part in parts:
        stream.write(part)
    written = inner.getvalue().replace("\r", "\n")
    assert not COMMAND.search(written)
    assert re.sub(r"[ |]", "", written) == re.sub(r"[ |]", "", "".join(parts).replace("\r", "\n"))


@given(st.text(st.characters(codec="utf-8", exclude_characters=":#"), max_size=50))
def test_other_text_is_as_it_was(text):
    inner = io.StringIO(newline="")
    GuardedStream(inner).write(text)
    assert inner.getvalue() == text


def commands(*texts):
    return [line for text in texts for line in re.split(r"[\r\n]", text) if COMMAND.search(line)]


@pytest.mark.parametrize("evil", EVIL[:2])
def test_no_text_of_a_problem_or_its_programs_is_a_command(coderefine, tmp_path, evil):
    coderefine("new", "mine")
    toml = (tmp_path / "mine/problem.toml").read_text()
    (tmp_path / "mine/problem.toml").write_text(re.sub(r'title = ".*"', f"title = {json.dumps(evil)}", toml))
    printed = "\n".join([*EVIL, *EVIL])
    source = f"print({printed!r}, flush=True)\nraise ValueError({printed!r})\n"
    (tmp_path / "solution.py").write_text(source)
    home = {"CODEREFINE_HOME": str(tmp_path / "home")}
    for arguments in (
        ["test", "mine", "solution.py", *LOCAL],
        ["refine", "mine", "solution.py", *LOCAL, "-v", "--max-seconds", "2"],
        ["runs", "show", "last"],
        ["runs", "list"],
        ["score", "mine", "--solutions", "solution.jsonl", *LOCAL],
        ["test", f"\n{evil}", "x.py"],
        [f"\n{evil}"],
        ["import", "generic", "bad.jsonl", "-o", "out"],
    ):
        (tmp_path / "solution.jsonl").write_text(json.dumps({"slug": "mine", "source": source}))
        (tmp_path / "bad.jsonl").write_text(json.dumps({**GENERIC, "entry_point": f"\n{evil}"}))
        done = coderefine(*arguments, env=home)
        assert commands(done.out, done.err) == [], arguments


def test_no_text_of_a_test_is_a_command_in_the_hooks_log(coderefine, tmp_path):
    repo = calculator(tmp_path / "repo")
    tests = [
        f"def test_a{number}():\n    print({evil!r})\n    assert 0, '\\n' + {evil!r}\n\n\n"
        f"def test_b{number}():\n    assert {evil!r} == ''\n"
        for number, evil in enumerate(EVIL)
    ]
    repo.write("tests/test_more.py", "\n\n".join(tests), stage=True)
    for number, evil in enumerate(EVIL):
        repo.write(f"tests/test_broken{number}.py", f"{evil} '\n", stage=True)
    done = coderefine("hook", "--fix", folder=repo.root, env={"XDG_CACHE_HOME": str(tmp_path / "cache")})
    shown = [evil for evil in EVIL if evil.strip(":#") in done.out + done.err]
    assert (done.code, len(shown) >= 3) == (1, True), done.out
    assert commands(done.out, done.err) == []


def test_what_is_for_programs_is_as_it_is(coderefine, tmp_path):
    evil = "##[group]\n::x::"
    (tmp_path / "solution.py").write_text(f"raise ValueError({evil!r})\n")
    done = coderefine("test", "two-sum", "solution.py", *LOCAL, "--format", "json")
    assert json.loads(done.out)["cases"][0]["error"]["message"] == evil
    program = f'"""\n{evil}\n"""\n' + WRONG.read_text()
    (tmp_path / "solution.py").write_text(program)
    done = coderefine("refine", "two-sum", "solution.py", "-o", "-", *LOCAL, "--no-harden")
    assert evil in done.out
    done = coderefine("score", "two-sum", "--solutions", "given", "--format", "github", *LOCAL)
    assert done.code == 2
    (tmp_path / "given").mkdir()
    (tmp_path / "given/two-sum.py").write_text(WRONG.read_text())
    done = coderefine("score", "two-sum", "--solutions", "given", "--format", "github", *LOCAL)
    assert done.out.startswith("::error title=two-sum")
