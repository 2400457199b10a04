"""The hook on real projects: false alarms, false greens and time of harmless changes; how many mutations it catches.

python -m tests.benchmarks.hook_projects FOLDER [NAME ...] [--modules 3] [--mutations 0] [--fix] [--python PYTHON]

Source distributions come from PyPI by name, each into a repository of its own with a virtual environment; they stay in
FOLDER. What plain pytest says of the unchanged project is what counts: a test that passes there and fails in the hook
is a false alarm, and a hook that passes without having run a test is a false green. A harmless change is a statement
that does nothing, in a function; the first is made with nothing remembered, the others with what the hook remembers
after `--all`. With --fix, mutations that the hook catches are repaired, and the whole suite says whether that is right. Not
a part of CI.
"""

from __future__ import annotations

import ast
import io
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tarfile
import time
import tokenize
import xml.etree.ElementTree as ElementTree
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click

from tests.hook.repositories import Repo

PROJECTS = {
    "attrs": ["hypothesis", "cloudpickle"],
    "boltons": [],
    "cachetools": [],
    "click": [],
    "colorama": [],
    "httpx": ["anyio", "trio", "trustme", "uvicorn", "chardet", "brotli", "zstandard", "h2", "socksio", "rich"],
    "humanize": ["freezegun"],
    "idna": [],
    "inflect": [],
    "iniconfig": [],
    "itsdangerous": ["freezegun"],
    "jinja2": ["trio"],
    "jsonschema": ["jsonpath-ng"],
    "markupsafe": [],
    "marshmallow": ["simplejson"],
    "more-itertools": [],
    "packaging": ["pretend", "hypothesis", "tomli_w"],
    "parso": ["docopt"],
    "pluggy": [],
    "python-dateutil": ["freezegun", "hypothesis", "six", "attrs", "pytest-cov"],
    "python-slugify": [],
    "schema": ["mock"],
    "sortedcontainers": [],
    "structlog": ["pytest-asyncio", "freezegun", "pretend", "time-machine"],
    "tabulate": [],
    "tenacity": ["tornado", "typeguard"],
    "tomlkit": ["pyyaml"],
    "toolz": [],
    "voluptuous": [],
    "wcwidth": ["pytest-cov"],
}
SWAPS = {
    "==": "!=",
    "!=": "==",
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "+": "-",
    "-": "+",
    "and": "or",
    "or": "and",
    "True": "False",
    "False": "True",
}
PLAIN_S, HOOK_S = 300, 300
_SUMMARY = re.compile(r"(\d+) tests? passed(.*) in ([\d.]+) s")
_PART = re.compile(r"(\d+) (failed|not counted|not finished|skipped|failing without)")


@dataclass
class Row:
    """What a project came to."""

    project: str
    plain_s: float = 0.0
    plain_passed: int = 0
    plain_failed: int = 0
    alarms: int = 0
    """Harmless changes that were stopped."""
    greens: int = 0
    """Harmless changes that passed with no test run."""
    denied: int = 0
    late: int = 0
    hook_s: list[float] = field(default_factory=list)
    """Of harmless changes, in their order."""
    plausible: int = 0
    """Repairs with which the whole suite passes."""
    exact: int = 0
    """Repairs that restore the module."""
    fix_s: list[float] = field(default_factory=list)
    caught: int = 0
    missed: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("names", nargs=-1)
@click.option("--modules", default=3, show_default=True)
@click.option("--mutations", default=0, show_default=True)
@click.option("--fix", is_flag=True, help="Repair the mutations, too.")
@click.option("--python", default=sys.executable, help="With which the environments are made.")
@click.option("--prepare", is_flag=True, help="Download and install only.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the rows there, as JSON lines.")
def main(
    folder: Path,
    names: tuple[str, ...],
    modules: int,
    mutations: int,
    fix: bool,
    python: str,
    prepare: bool,
    out: Path | None,
) -> None:
    """Measure, and print a line for each project."""
    rows = []
    for name in names or PROJECTS:
        try:
            repo = prepared(folder, name, python)
        except (subprocess.CalledProcessError, OSError, StopIteration) as error:
            click.echo(f"{name}: not prepared: {error}")
            continue
        if prepare:
            continue
        row = measured(repo, name, modules, mutations, fix)
        rows.append(row)
        first, *others = [f"{seconds:.1f}" for seconds in row.hook_s] or ["-"]
        click.echo(
            f"{name:18} plain {row.plain_passed} passed, {row.plain_failed} failed in {row.plain_s:.1f} s; hook first "
            f"{first} s, then {' '.join(others)} s; "
            f"alarms {row.alarms}, greens {row.greens}, late {row.late}, denied {row.denied}"
            + (f"; caught {row.caught} of {row.caught + len(row.missed)}" if mutations else "")
            + (f", plausible {row.plausible}, exact {row.exact}, p50 {middle(row.fix_s):.1f} s" if row.fix_s else "")
        )
        for line in row.told + row.missed:
            click.echo(f"    {line}")
        if out:
            with out.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(row)) + "\n")
    if rows and not prepare:
        alarms, runs = sum(row.alarms for row in rows), sum(len(row.hook_s) for row in rows)
        click.echo(
            f"{len(rows)} projects, {runs} harmless changes: {alarms} alarms, {sum(row.greens for row in rows)} greens"
        )


def prepared(folder: Path, name: str, python: str) -> Repo:
    """Return the repository of a project; made where there is none."""
    root = folder / name
    if (root / ".git" / "prepared").exists():
        return Repo(root)
    shutil.rmtree(root, ignore_errors=True)
    sources = folder / "sources"
    sources.mkdir(parents=True, exist_ok=True)
    if not any(sources.glob(f"{name}=*")):
        run = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-binary",
            ":all:",
            "--no-deps",
            "--no-build-isolation",
        ]
        with_isolation = [it for it in run if it != "--no-build-isolation"]
        target = sources / f"{name}="
        subprocess.run([*with_isolation, "-d", str(target), name], check=True, timeout=600)
    archive = next((sources / f"{name}=").glob("*.tar.gz"))
    with tarfile.open(archive) as packed:
        top = packed.getnames()[0].split("/")[0]
        packed.extractall(folder / "unpacked", filter="data")
    (folder / "unpacked" / top).rename(root)
    repo = Repo.new(root)
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "exclude").write_text(".venv\n*.egg-info\n__pycache__\n.hypothesis\n.pytest_cache\n")
    repo.git("add", "-A", "-f", ":!.venv")
    repo.git("commit", "-q", "--no-verify", "-m", "as published")
    subprocess.run([python, "-m", "venv", str(root / ".venv")], check=True)
    install = [str(root / ".venv/bin/python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*install, "pytest", *PROJECTS.get(name, [])], check=True, timeout=900)
    subprocess.run([*install, "-e", "."], cwd=root, check=True, timeout=900)
    repo.git("checkout", "-q", "--", ".")
    (root / ".git" / "prepared").write_text("")
    return repo


def middle(seconds: list[float]) -> float:
    """Return the median, 0 of nothing."""
    return statistics.median(seconds) if seconds else 0.0


def measured(repo: Repo, name: str, modules: int, mutations: int, fix: bool) -> Row:
    """Return what a project comes to."""
    row = Row(name)
    shutil.rmtree(repo.root / ".git" / "cache", ignore_errors=True)
    repo.git("reset", "-q", "--hard")
    began = time.monotonic()
    passed, failed = plain(repo)
    row.plain_s, row.plain_passed, row.plain_failed = time.monotonic() - began, len(passed), len(failed)
    chosen = largest(repo, modules)
    for module in chosen:
        source = (repo.root / module).read_text(encoding="utf-8")
        repo.write(module, harmless(source, name), stage=True)
        code, told, seconds = hook(repo)
        row.hook_s.append(seconds)
        if len(row.hook_s) == 1:
            hook(repo, "--all")
        found = _SUMMARY.search(told)
        parts = {word: int(number) for number, word in _PART.findall(found[2])} if found else {}
        row.denied += parts.get("not counted", 0)
        row.late += parts.get("not finished", 0)
        if code != 0:
            row.alarms += 1
            row.told.append(f"{module}: {summary(told)}")
        elif (found is None or found[1] == "0") and "nothing ran" not in told.lower() and "unaffected" not in told:
            row.greens += 1
            row.told.append(f"{module}: {summary(told)}")
        repo.git("reset", "-q", "--hard")
    if mutations:
        for module, line, before, after, text in killed(repo, chosen, mutations, bool(failed), name):
            repo.write(module, text, stage=True)
            code, told, _ = hook(repo)
            if code == 1 and "failed" in told:
                row.caught += 1
                if fix:
                    repaired(repo, module, row)
            else:
                row.missed.append(f"missed {module}:{line} {before} -> {after}: {summary(told)}")
            repo.git("reset", "-q", "--hard")
    return row


def repaired(repo: Repo, module: str, row: Row) -> None:
    """Have what is staged repaired, and add to a row what became of it."""
    before = repo.git("show", f"HEAD:{module}").decode()
    code, _, seconds = hook(repo, "--fix")
    row.fix_s.append(seconds)
    after = (repo.root / module).read_text(encoding="utf-8")
    if code == 1 and after != repo.git("show", f":{module}").decode():
        row.exact += after == before
        row.plausible += after == before or not plain(repo, "-x")[1]


def harmless(source: str, seed: str) -> str:
    """Return a program with a statement that does nothing at the beginning of a function, chosen by chance."""
    functions = [it for it in ast.walk(ast.parse(source)) if isinstance(it, ast.FunctionDef)]
    functions = [
        it for it in functions if it.body[0].lineno > it.lineno and not isinstance(it.body[0], ast.FunctionDef)
    ]
    if not functions:
        return source + "\n_harmless = 0\n"
    lines = source.splitlines(keepends=True)
    functions = [it for it in functions if not lines[it.body[-1].lineno - 1][: it.body[-1].col_offset].strip()]
    last = random.Random(seed).choice(functions).body[-1]
    at = min([last.lineno, *(it.lineno for it in getattr(last, "decorator_list", ()))]) - 1
    indentation = lines[at][: len(lines[at]) - len(lines[at].lstrip())]  # which may be tabs
    lines.insert(at, indentation + "_harmless = 0\n")
    return "".join(lines)


def plain(repo: Repo, *options: str) -> tuple[set[str], set[str]]:
    """Return the tests that pass and that fail with the project's own pytest."""
    report = repo.root / ".git" / "report.xml"
    report.unlink(missing_ok=True)
    command = [".venv/bin/python", "-m", "pytest", "-q", f"--junitxml={report}", "-p", "no:cacheprovider", *options]
    try:
        subprocess.run(command, cwd=repo.root, capture_output=True, check=False, timeout=PLAIN_S)
    except subprocess.TimeoutExpired:
        return set(), {"timeout"}
    passed, failed = set(), set()
    if not report.exists():
        return passed, {"no report"}
    for case in ElementTree.parse(report).iter("testcase"):
        id_ = f"{case.get('classname')}::{case.get('name')}"
        kinds = {child.tag for child in case}
        (failed if kinds & {"failure", "error"} else passed if "skipped" not in kinds else set()).add(id_)
    return passed, failed


def hook(repo: Repo, *options: str) -> tuple[int, str, float]:
    """Run the hook as a user would, with a memory of its own; return its exit code, what it told, and seconds."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "coderefine", "hook", *options],
        cwd=repo.root,
        env={**os.environ, "XDG_CACHE_HOME": str(repo.root / ".git" / "cache")},
        capture_output=True,
        text=True,
        check=False,
        timeout=HOOK_S,
    )
    return done.returncode, done.stdout + done.stderr, time.monotonic() - began


def summary(told: str) -> str:
    """Return what a hook told, in one line."""
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    found = [line for line in lines if line.startswith(("✗", "not run", "stopped")) or _SUMMARY.search(line)]
    return " | ".join(line[:160] for line in (found[:3] + found[-1:] or lines[-2:]))


def largest(repo: Repo, count: int) -> list[str]:
    """Return the largest modules that are no tests, documentation or settings."""
    tracked = repo.git("ls-files", "*.py").decode().split()
    others = (
        "test",
        "doc",
        "example",
        "bench",
        "setup.py",
        "conftest",
        "noxfile",
        "tool",
        "script",
        "_version",
        "task",
        "table",
    )
    modules = [path for path in tracked if not any(part.startswith(others) for part in path.split("/"))]
    return sorted(modules, key=lambda path: -(repo.root / path).stat().st_size)[:count]


def killed(repo: Repo, modules: list[str], count: int, is_red: bool, seed: str):
    """Yield mutations, chosen by chance, that the whole suite kills."""
    if is_red:  # nobody can tell
        return
    chance = random.Random(seed)
    places = [
        (module, place) for module in modules for place in swaps((repo.root / module).read_text(encoding="utf-8"))
    ]
    chance.shuffle(places)
    found = 0
    for module, (line, before, after, text) in places[: 4 * count]:
        if found == count:
            return
        repo.write(module, text)
        _, failed = plain(repo, "-x")
        repo.git("checkout", "-q", "--", module)
        if failed:
            found += 1
            yield module, line, before, after, text


def swaps(source: str):
    """Yield each program that differs from another by one operator or truth value."""
    lines = source.splitlines(keepends=True)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.OP, tokenize.NAME) and token.string in SWAPS:
            row, start = token.start
            after = SWAPS[token.string]
            line = lines[row - 1][:start] + after + lines[row - 1][token.end[1] :]
            yield row, token.string, after, "".join([*lines[: row - 1], line, *lines[row:]])


if __name__ == "__main__":
    main()
