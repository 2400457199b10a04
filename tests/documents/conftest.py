"""The situation of a page: a folder, a record, a sandbox, and a model behind a server."""

import json
import os

import pytest

from coderefine.judge import opening
from tests.conftest import need
from tests.documents.scenes import COMMANDS, FIXTURES, TWO_SUM
from tests.documents.sessions import Session
from tests.hook.repositories import IDENTITY
from tests.tuning import counting_task


@pytest.fixture
def session(tmp_path, monkeypatch, warm_judge, scripted_server):
    """A folder in which nobody has worked, on a machine that has the local sandbox."""
    need("local")
    monkeypatch.setattr(opening, "open_judge", warm_judge)
    folder, commands = tmp_path / "here", tmp_path / "bin"
    folder.mkdir()
    commands.mkdir()
    for name, text in COMMANDS.items():
        (commands / name).write_text(text)
        (commands / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{commands}:{os.environ['PATH']}")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    with scripted_server([_answer] * 100) as server:
        environment = {
            **IDENTITY,
            "HOME": str(tmp_path),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            "CODEREFINE_HOME": str(tmp_path / "home"),
            "CODEREFINE_CONFIG": str(tmp_path / "config.toml"),
            "CODEREFINE_SANDBOX": "local",
            "OPENAI_BASE_URL": server.url,
            "OPENAI_API_KEY": "dummy-key-of-the-tests",
            "NO_PROXY": "127.0.0.1",
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield Session(folder, environment)


def _answer(request):
    """Answer as a model would that knows a few problems."""
    criticism = "The loop leaves out the last number."
    if "You review" in request.system:
        return criticism
    said = {
        "under the title News": "It does not say where it rains.",
        "an evaluation of them": "Say where it rains.",
        "# Text\n\ntitle": "```\nRain over Kent\n```",
        "# Text\n\nsummary": "```\nIt rains over Kent until noon.\n```",
        "Does the answer agree": "It is one too many. <SCORE>0</SCORE>",
    }
    is_tuned = request.user.startswith("What is") or (
        "# Criticisms" in request.user and "# Program" not in request.user
    )
    if is_tuned and not any(part in request.system + request.user for part in said):
        return counting_task.answer(request)
    for part, answer in said.items():
        if part in request.system + request.user:
            return answer
    wrong = (TWO_SUM / "wrong_answer/off_by_one.py").read_text()
    known = {"two_sum": wrong.replace("len(nums) - 1", "len(nums)")}
    rows = map(json.loads, (FIXTURES / "generic.jsonl").read_text().splitlines())
    known |= {row["entry_point"]: row["oracle"] for row in rows}
    right = next((program for name, program in known.items() if name in request.user), "print()\n")
    return f"{criticism}\n```python\n{right}```\n"
