"""The README's claims are run as they stand."""

import re

import pytest

from tests.command import run_command
from tests.conftest import PROBLEMS
from tests.report.recorded import single_run

ROOT = PROBLEMS.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _in_the_checkout(monkeypatch):
    monkeypatch.chdir(ROOT)


def printed(code, capsys):
    """Run an example as a program of its own would; return what it prints."""
    exec(compile(code, "README.md", "exec"), {"__name__": "__main__"})
    return capsys.readouterr().out


def test_the_python_example_prints_what_its_comments_say(capsys):
    code, _ = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    promised = re.findall(r"print\(.*?\)\s+# (\S.*)", code)
    assert printed(code, capsys).splitlines()[:2] == promised[:2]


def test_the_engine_prints_what_is_shown(capsys, monkeypatch, scripted_server):
    _, code = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    (shown,) = re.findall(r"```\n(#1\* solution.*?)```", README, re.DOTALL)
    diff = shown.partition("--- a")[2].partition("\n\n")[0]
    with scripted_server(["The loop leaves out the last number.", f"Repaired.\n```diff\n--- a{diff}\n```\n"]) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert printed(code, capsys) == shown


def test_the_demo_repairs_as_shown():
    (shown,) = [block for block in re.findall(r"```\n(.*?)```", README, re.DOTALL) if "iteration 1" in block]
    done = run_command(*shown.splitlines()[0].split()[1:], "--sandbox", "local", cwd=ROOT)
    assert done.code == 0
    assert done.out in shown
    for line in shown.splitlines():
        if line.startswith(("before", "iteration", "  patch", "  after", "  two_sum", "AC", "hardening")):
            assert line in done.err


def test_the_report_says_what_is_shown(tmp_path):
    command, shown = re.search(r"\$ coderefine (report .*)\n(.*)\n", README).groups()
    single_run(tmp_path / "home")
    done = run_command(*command.split(), "--home", tmp_path / "home", cwd=tmp_path)
    assert done.code == 0
    varying = r"run \w+|\d+ kB"
    assert re.sub(varying, "...", done.err.strip()) == re.sub(varying, "...", shown)
    assert (tmp_path / "report.html").stat().st_size > 10_000


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http)([^)#]+)\)", README))
def test_every_link_leads_to_a_file(link):
    assert (ROOT / link).exists()


DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
IMPORTS = sorted(
    {
        line
        for document in DOCUMENTS
        for line in re.findall(r"^ *((?:from|import) coderefine\b.*)", document.read_text("utf-8"), re.MULTILINE)
    }
)


@pytest.mark.parametrize("line", IMPORTS)
def test_every_import_that_a_document_shows_works(line):
    exec(line, {})
