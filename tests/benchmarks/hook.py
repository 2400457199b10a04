"""How long a commit waits for the hook where there is nothing new: beside a hook that imports click and does nothing.

python -m tests.benchmarks.hook [--pairs 15] [--framework prek]
"""

from __future__ import annotations

import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from tests.hook.repositories import IDENTITY, Repo, many_modules

ROOT = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent
TRIVIAL = f"""\
repos:
  - repo: local
    hooks:
      - id: trivial
        name: trivial
        entry: {shlex.quote(sys.executable)} -c 'import click'
        language: system
        always_run: true
        pass_filenames: false
"""
OURS = """\
repos:
  - repo: {hooks}
    rev: v1
    hooks:
      - id: coderefine-check-system
"""
STATES = {
    "no Python is staged": ("README", "more\n"),
    "passed before": ("src/shop/part7.py", "# new\ndef add(a, b):\n    return b + a + 7\n"),
}
TARGET = 2.0


@click.command()
@click.option("--pairs", default=15, show_default=True)
@click.option("--framework", "frameworks", multiple=True, default=("pre-commit", "prek"), show_default=True)
def main(pairs: int, frameworks: tuple[str, ...]) -> None:
    """Print ratios of wall times; each pair runs one after the other, so that a busy machine slows both."""
    with tempfile.TemporaryDirectory(prefix="coderefine-benchmark-") as scratch:
        folder = Path(scratch)
        environment = {
            **os.environ,
            **IDENTITY,
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "HOME": scratch,
            "XDG_CACHE_HOME": f"{scratch}/cache",
            "PRE_COMMIT_HOME": f"{scratch}/pre-commit",
            "PREK_HOME": f"{scratch}/prek",
        }
        repo = _prepared(folder)
        click.echo(f"load average {os.getloadavg()[0]:.2f}; {pairs} pairs each, 40 modules, 400 tests")
        for framework in frameworks:
            for state, (path, text) in STATES.items():
                repo.git("reset", "-q", "--hard")
                repo.write(path, text, stage=True)
                _report(f"{framework}, {state}", _pairs(str(BIN / framework), pairs, repo.root, environment))
        repo.git("reset", "-q", "--hard")
        ours, theirs = _timed([str(BIN / "coderefine"), "hook"], [sys.executable, "-c", "import click"])
        pairs_by_hand = [(ours(repo.root, environment), theirs(repo.root, environment)) for _ in range(pairs)]
        _report("by hand, nothing is staged", pairs_by_hand)


def _prepared(folder: Path) -> Repo:
    """Return a repository that uses the hook, from a repository that offers it."""
    hooks = Repo.new(folder / "hooks")
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", hooks.root)
    hooks.commit()
    hooks.git("tag", "v1")
    repo = many_modules(folder / "repo")
    repo.write("README", "of a shop\n")
    repo.write("ours.yaml", OURS.format(hooks=hooks.root))
    repo.write("trivial.yaml", TRIVIAL)
    repo.commit()
    return repo


def _pairs(framework: str, pairs: int, folder: Path, environment: dict[str, str]) -> list[tuple[float, float]]:
    ours, theirs = _timed(*([framework, "run", "--config", name] for name in ("ours.yaml", "trivial.yaml")))
    ours(folder, environment)  # which tests, and installs what is installed once
    theirs(folder, environment)
    return [(ours(folder, environment), theirs(folder, environment)) for _ in range(pairs)]


def _timed(*commands):
    def timed(command):
        def run(folder: Path, environment: dict[str, str]) -> float:
            began = time.perf_counter()
            subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
            return time.perf_counter() - began

        return run

    return map(timed, commands)


def _report(what: str, pairs: list[tuple[float, float]]) -> None:
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    ours, theirs = (statistics.median(times) * 1000 for times in zip(*pairs, strict=True))
    mark = "✓" if ratio <= TARGET else "✗"
    click.echo(f"{mark} {ratio:.2f} (at most {TARGET:g})  {what}: {ours:.0f} ms, the trivial one {theirs:.0f} ms")


if __name__ == "__main__":
    main()
