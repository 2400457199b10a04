"""Runs what a page shows, in the situation of the page: its files, its record, its models.

`coderefine ...` runs in this process, in which imports are made once, with a sandbox that stays open. A line with more of
a shell in it (`|`, `>`, `$(...)`) and every other program runs in bash, where `coderefine` is the real command.
"""

import json
import os
import re
import shlex
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.command import run_command

SERVER = "http://127.0.0.1:8080/v1"  # as the pages have it
_SHELL = re.compile(r"[|<>;&`]|\$\(|^\w+=")


@dataclass
class Session:
    """A folder with what runs in it: the environment, and the variables that earlier lines have set."""

    folder: Path
    environment: dict[str, str]
    assignments: list[str] = field(default_factory=list)

    def run(self, line, typed=""):
        """Run a line of a shell; return its exit code and what it prints on both streams."""
        line = _uncommented(line).replace(SERVER, self.environment["OPENAI_BASE_URL"])
        line = re.sub(r"\bRUN_([A-C])\b", lambda found: self._scores()["ABC".index(found[1])], line)
        words = shlex.split(line)
        if words and words[0] == "coderefine" and not _SHELL.search(re.sub(r"'[^']*'", "", line)):
            done = run_command(*words[1:], cwd=self.folder, stdin=typed, env=self.environment, merged=True)
            return done.code, done.out
        if re.match(r"\w+=", line):
            self.assignments.append(line)
        script = "\n".join(["set -eo pipefail", *self.assignments, line])
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env={**os.environ, **self.environment},
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
        )
        return done.returncode, done.stdout

    def _scores(self):
        """Return the runs that scored a set, as somebody would copy their names from a table."""
        done = run_command("runs", "list", "--format", "json", cwd=self.folder, env=self.environment)
        return [run["id"] for run in json.loads(done.out) if run.get("kind") == "score"]


def lines_of(text):
    """Yield the commands of a block of `sh`, without comments."""
    yield from filter(None, map(_uncommented, text.splitlines()))


def transcript(text):
    """Yield the commands of a transcript with what is shown below each."""
    parts = re.split(r"^\$ (.*(?:\\\n.*)*)\n?", text, flags=re.MULTILINE)
    assert not parts[0].strip(), f"a transcript begins with a command: {parts[0]!r}"
    yield from zip(parts[1::2], parts[2::2], strict=True)


def _uncommented(line):
    return re.sub(r"(^|\s+)# .*", "", line).strip()
