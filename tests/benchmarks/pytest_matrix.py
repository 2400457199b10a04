"""The hook with the versions of pytest and Python that people have: styles of tests that each of them passes or skips.

python -m tests.benchmarks.pytest_matrix FOLDER [VERSION[@PYTHON] ...]

An environment is made in FOLDER for each version of pytest, with the Python that is named (this one, without any). What
the hook takes for a failure in it is printed, and is a false alarm. Not a part of CI.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import click

from tests.hook.repositories import GOOD, Repo
from tests.judge.test_configured_suites import FILES, STYLES

VERSIONS = ("7.0.1", "7.4.4", "8.0.2", "8.4.2", "9.0.1", "newest")
_FAILED = re.compile(r"^✗ .*$", re.MULTILINE)
_LAST = re.compile(r"^.*tests? passed.*$", re.MULTILINE)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("versions", nargs=-1)
def main(folder: Path, versions: tuple[str, ...]) -> None:
    """Print a line for each version, and exit with 1 where there is a false alarm."""
    repo = styles(folder / "styles")
    alarms = 0
    for wanted in versions or VERSIONS:
        version, _, python = wanted.partition("@")
        found = environment(folder, version, python or sys.executable)
        command = [sys.executable, "-m", "coderefine", "hook", "--no-cache", "--python", str(found)]
        done = subprocess.run(command, cwd=repo.root, capture_output=True, text=True, check=False, timeout=300)
        failed = _FAILED.findall(done.stdout)
        alarms += len(failed) or done.returncode
        last = _LAST.search(done.stdout)
        click.echo(f"{wanted:20} exit {done.returncode}  {last[0] if last else done.stderr.strip()[-200:]}")
        for line in failed:
            click.echo(f"    {line}")
    sys.exit(1 if alarms else 0)


def environment(folder: Path, version: str, python: str) -> Path:
    """Return the interpreter of an environment with a version of pytest; made where there is none."""
    root = folder / f"pytest-{version}-{Path(python).parent.parent.name}"
    if not (root / "ready").exists():
        shutil.rmtree(root, ignore_errors=True)
        subprocess.run([python, "-m", "venv", str(root)], check=True)
        name = "pytest" if version == "newest" else f"pytest=={version}"
        subprocess.run([str(root / "bin/python"), "-m", "pip", "install", "-q", name], check=True, timeout=600)
        (root / "ready").write_text("")
    return root / "bin/python"


def styles(root: Path) -> Repo:
    """Return a repository of the styles, with a harmless change staged."""
    shutil.rmtree(root, ignore_errors=True)
    repo = Repo.new(root)
    repo.write("calc.py", GOOD)
    repo.write("tests/test_styles.py", "import calc\n" + STYLES)
    for path, text in FILES.items():
        repo.write(path, text)
    repo.commit()
    repo.write("calc.py", GOOD + "# harmless\n", stage=True)
    repo.write("tests/test_styles.py", "import calc\n" + STYLES + "# harmless\n", stage=True)
    return repo


if __name__ == "__main__":
    main()
