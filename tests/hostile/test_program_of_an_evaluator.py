"""An evaluator that may start one program: it alone may, that program alone, and nothing of it is left."""

import os
import shutil
from dataclasses import replace

import pytest

from coderefine.errors import UsageError
from coderefine.folder.loading import load_problem
from coderefine.judge import site
from coderefine.judge.opening import open_judge
from tests.conftest import need

PROGRAM = "tool/bin/run"
TOML = f"""
title = "Started"
kind = "objective"
entry = "solve"
params = {{ word = "str" }}
evaluation_limit_s = 5.0
[metrics]
figure = {{ direction = "max", target = 1.0 }}
[evaluator]
packages = ["coderefine-tool-of-a-test"]
program = "{PROGRAM}"
"""
EVALUATOR = """
import ctypes, mmap, os, platform, shutil, socket, subprocess
import tool

PROGRAM = os.path.join(os.path.dirname(tool.__file__), "bin", "run")

def run(script):
    return subprocess.run([PROGRAM, "-c", script], capture_output=True, text=True).stdout.strip()

def getpid_of_32_bits():
    # As a program of 32 bits asks the kernel, which this one is not; 20 is getpid.
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\x48\\x98\\xc3")  # mov eax, 20; int 0x80; cdqe; ret
    if ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(code)))() < 0:
        raise OSError

def refused(action):
    try:
        action()
    except OSError:
        return True
    return False

def evaluate(args, expected, got):
    (word,) = args
    if word == "start":
        return {"figure": float(run("echo $((20 + 22))")), "feedback": str(got)}
    if word == "stay":
        subprocess.Popen([PROGRAM, "-c", "while :; do echo x > left; done"])
        return {"figure": 1}
    if word == "left":
        return {"figure": len(os.listdir(".")) + 1}
    copy = shutil.copy(PROGRAM, "copy")
    os.chmod(copy, 0o755)
    attempts = {
        "another program": lambda: os.execv("/bin/cat", ["cat", "/etc/hostname"]),
        "a program that it wrote": lambda: os.execv(os.path.abspath(copy), ["copy", "-c", "echo"]),
        "a socket": lambda: socket.socket(),
        "a pair of sockets": lambda: socket.socketpair(),
        "a file elsewhere": lambda: open("/etc/coderefine", "w"),
        "a file of its package": lambda: open(PROGRAM, "a"),
        "reading the machine": lambda: open("/etc/hostname").read(),
    }
    if platform.machine() == "x86_64":
        attempts["a system call of 32 bits"] = getpid_of_32_bits
    done = [name for name, action in attempts.items() if not refused(action)]
    done += [text for text in (run("/bin/cat /etc/hostname"), run("./copy -c 'echo copied'")) if text]
    return {"figure": len(done), "feedback": ", ".join(done)}
"""
CANDIDATE = """
import os, subprocess

def solve(word):
    done = []
    try:
        import tool
        done.append("import")
    except ImportError:
        pass
    for action in (os.fork, lambda: subprocess.run(["/bin/sh", "-c", "true"]), lambda: open("written", "w")):
        try:
            action()
            done.append("started")
        except OSError:
            pass
    return done
"""


@pytest.fixture
def problem(tmp_path, monkeypatch):
    packages = tmp_path / "packages"
    (packages / "tool/bin").mkdir(parents=True)
    (packages / "tool/__init__.py").write_text("")
    shutil.copy(os.path.realpath("/bin/sh"), packages / PROGRAM)
    for path in (tmp_path, packages):
        path.chmod(0o755)
    monkeypatch.setattr(site, "folder", lambda *_: packages)
    folder = tmp_path / "started"
    (folder / "tests").mkdir(parents=True)
    (folder / "problem.toml").write_text(TOML)
    (folder / "evaluator.py").write_text(EVALUATOR)
    words = ["start", "attempts", "stay", "left"]
    (folder / "tests/visible.json").write_text(str([{"args": [word]} for word in words]).replace("'", '"'))
    return load_problem(folder)


@pytest.mark.parametrize("sandbox", ["local", "docker"])
def test_it_starts_that_program_alone_and_the_candidate_has_nothing_of_it(sandbox, problem):
    need(sandbox)
    with open_judge(sandbox, allow=("evaluator",), workers=1) as judge:
        start, attempts, stay, left = judge.run(problem, CANDIDATE).cases[:4]
        assert dict(start.measures) == {"figure": 42}, start.reason
        assert start.reason.endswith("; []")  # what the candidate could do
        assert dict(attempts.measures) == {"figure": 0}, attempts.reason
        after = judge.run(replace(problem, visible=problem.visible[3:]), CANDIDATE).cases[0]
    assert (stay.verdict, left.verdict) == ("AC", "AC")
    assert dict(after.measures) == {"figure": 1}  # the program that stayed is gone, and so is what it wrote


@pytest.mark.parametrize("sandbox", ["local"])
def test_it_is_refused_without_the_users_word(sandbox, problem):
    need(sandbox)
    with open_judge(sandbox, workers=1) as judge, pytest.raises(UsageError, match="--allow evaluator"):
        judge.run(problem, CANDIDATE)


def test_what_is_no_program_is_refused_before_anything_is_started(problem):
    need("local")
    (site.folder() / PROGRAM).write_text("#!/bin/sh\necho 42\n")
    with open_judge("local", allow=("evaluator",), workers=1) as judge, pytest.raises(UsageError, match="no program"):
        judge.run(problem, CANDIDATE)
