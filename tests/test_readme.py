"""The README's claims are run as they stand."""

import os
import re
import subprocess
import sys

import pytest

from tests.conftest import PROBLEMS
from tests.report.recorded import single_run
from tests.scripted_server import serve

ROOT = PROBLEMS.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_example_prints_what_its_comments_say():
    code, _ = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    promised = re.findall(r"print\(.*?\)\s+# (\S.*)", code)
    assert done.stdout.splitlines()[:2] == promised[:2]


def test_the_engine_prints_what_is_shown():
    _, code = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    (shown,) = re.findall(r"```\n(#1\* solution.*?)```", README, re.DOTALL)
    diff = shown.partition("--- a")[2].partition("\n\n")[0]
    with serve(["The loop leaves out the last number.", f"Repaired.\n```diff\n--- a{diff}\n```\n"]) as server:
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "OPENAI_API_KEY": "dummy-key", "OPENAI_BASE_URL": server.url, "NO_PROXY": "127.0.0.1"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout == shown


def test_the_demo_repairs_as_shown():
    (shown,) = [block for block in re.findall(r"```\n(.*?)```", README, re.DOTALL) if "iteration 1" in block]
    command = ["-m", "coderefine", *shown.splitlines()[0].split()[1:], "--sandbox", "local"]
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout in shown
    for line in shown.splitlines():
        if line.startswith(("before", "iteration", "  patch", "  after", "  two_sum", "AC")):
            assert line in done.stderr


def test_the_report_says_what_is_shown(tmp_path):
    command, shown = re.search(r"\$ coderefine (report .*)\n(.*)\n", README).groups()
    single_run(tmp_path / "home")
    done = subprocess.run(
        [sys.executable, "-m", "coderefine", *command.split(), "--home", tmp_path / "home"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    varying = r"run \w+|\d+ kB"
    assert re.sub(varying, "...", done.stderr.strip()) == re.sub(varying, "...", shown)
    assert (tmp_path / "report.html").stat().st_size > 10_000


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http)([^)#]+)\)", README))
def test_every_link_leads_to_a_file(link):
    assert (ROOT / link).exists()
