"""`coderefine mcp`, by the client of the package mcp; one test runs it as a program of its own."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import anyio
import pytest

from coderefine.cli.mcp_tools import TOOLS
from tests.conftest import need

# Imported where it is used, as whoever only collects tests should not wait for it.
pytestmark = pytest.mark.skipif(find_spec("mcp") is None, reason="the package mcp is not installed")

WRONG = "def f(x):\n    return x\n\nassert f(1) == 2\nassert f(5) == 6\n"


@pytest.fixture
def root(tmp_path, monkeypatch):
    need("local")
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "mine.py").write_text(WRONG)
    (tmp_path / "secret.py").write_text("assert True\n")
    (folder / "link.py").symlink_to(tmp_path / "secret.py")
    monkeypatch.setenv("CODEREFINE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CODEREFINE_SANDBOX", "local")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    return folder


def client_of(root):
    """Return a client of a server in this process."""
    from mcp.client.client import Client

    from coderefine.cli.mcp_server import server_of

    return Client(server_of(root, ["search"]))


def asked(root, *calls):
    """Return what calls of tools answer: a document, or the code and the message of an error."""
    from mcp import MCPError

    async def ask():
        found = []
        async with client_of(root) as client:
            for name, arguments in calls:
                try:
                    answer = await client.call_tool(name, arguments)
                    assert json.loads(answer.content[0].text) == answer.structured_content
                    found.append(answer.structured_content)
                except MCPError as error:
                    found.append((error.code, error.message))
        return found

    return anyio.run(ask)


def test_a_file_is_tested_explained_and_repaired(root):
    test, why, fix = asked(
        root, ("test", {"file": "mine.py"}), ("explain_failure", {"file": "mine.py"}), ("fix", {"file": "mine.py"})
    )
    assert (test["verdict"], test["passed"], test["total"]) == ("WA", 0, 2)
    assert test["diagnostics"][0] | {"test": ""} == {
        "file": "mine.py", "line": 1, "column": 1, "severity": "error", "test": "",
        "message": "wrong answer: f(1): got 1, expected 2",
    }  # fmt: skip
    assert "Suspicious" in why["explanation"] or "0 of 2 tests passed" in why["explanation"]
    assert fix["accepted"]
    assert "+    return x + 1" in fix["diff"]
    assert fix["diagnostics"][-1]["edits"] == [{"line": 2, "end_line": 3, "text": "    return x + 1\n"}]
    assert "iterations" not in fix
    assert (root / "mine.py").read_text() == WRONG


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("test", {"file": "../secret.py"}, "outside of"),
        ("test", {"file": "link.py"}, "outside of"),
        ("test", {"file": "/etc/passwd"}, "outside of"),
        ("test", {"file": "no.py"}, "there is no such file"),
        ("test", {"file": "a\0b"}, "no name of a file"),
        ("test", {"file": "mine.py", "problem": "../workspace/.."}, "outside of"),
        ("test", {"file": "mine.py", "problem": "no-such-problem"}, "no such problem directory"),
        ("test", {"file": "mine.py", "tests_file": "../secret.py"}, "outside of"),
        ("test", {"tests": ["1 == 1"]}, "tests are of a file"),
        ("fix", {}, "'file' is a required property"),
        ("fix", {"file": "mine.py", "target": "--model=x"}, "does not match"),
        ("fix", {"file": "mine.py", "model": "gpt-4o"}, "Additional properties"),
        ("fix", {"file": "mine.py", "max_seconds": 10**9}, "max_seconds"),
        ("shell", {"command": "ls"}, "there is no tool"),
    ],
)
def test_what_is_not_taken_is_an_error_of_the_protocol(root, name, arguments, says):
    ((code, message),) = asked(root, (name, arguments))
    assert code == -32602
    assert says in message


def test_a_call_that_is_cancelled_leaves_nothing_behind(root, monkeypatch):
    from mcp import MCPError

    (root / "mine.py").write_text("def f(x):\n    return x\n\nassert f(1) == [9]\nassert f(7) == 'no'\n")
    started = []
    open_process = anyio.open_process

    async def opened(*arguments, **options):
        started.append(await open_process(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(anyio, "open_process", opened)

    async def cancel():
        async with client_of(root) as client:
            with pytest.raises(MCPError):
                await client.call_tool("fix", {"file": "mine.py", "max_seconds": 500}, read_timeout_seconds=0.5)
            while started and started[0].returncode is None:
                await anyio.sleep(0.05)

    anyio.run(cancel)
    assert started
    with pytest.raises(ProcessLookupError):
        os.killpg(started[0].pid, 0)


def test_over_standard_input_and_output_there_is_the_protocol_alone(root):
    from mcp.client.client import Client
    from mcp.client.stdio import StdioServerParameters

    async def listed():
        parameters = StdioServerParameters(
            command=sys.executable, args=["-m", "coderefine", "mcp"], cwd=root, env=dict(os.environ)
        )
        async with Client(parameters) as client:
            return [tool.name for tool in (await client.list_tools()).tools]

    assert anyio.run(listed) == list(TOOLS) == ["test", "fix", "certify", "explain_failure"]


def test_no_other_command_imports_it():
    code = (
        "import sys; from coderefine.cli import cli; [cli.get_command(None, name) for name in cli.list_commands(None)]"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; print({{'mcp', 'mcp_types', 'anyio'}} & {{*sys.modules}})"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "set()\n"
