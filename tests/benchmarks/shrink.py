"""How much of a rewrite is left when it is shrunk, and whether a test is lost.

    python -m tests.benchmarks.shrink [--rewrites 50] [--seed 1] [--submissions] [-v]

A right program gets a planted bug, and a script writes the right one anew: other names, another layout, comments, other
words for the same. That is what a model does that was asked for a repair. `--submissions` takes wrong submissions of the
bundled problems instead, which an accepted one, written anew, is the repair of. Hidden tests tell what the visible ones
miss. Seeded: the same numbers give the same rewrites.
"""

from __future__ import annotations

import ast
import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from coderefine.autograd.variable import Variable
from coderefine.budget import Meter
from coderefine.folder.loading import load_problem
from coderefine.judge.judge import Judge
from coderefine.judge.opening import open_judge
from coderefine.patch import make_diff
from coderefine.problem.problem import Problem
from coderefine.shrink.changes import edited_lines
from coderefine.shrink.engine import shrink_engine
from tests.benchmarks.planting import plant

PROBLEMS = Path(__file__).resolve().parents[2] / "problems"
FRESH = (
    "value",
    "item",
    "pos",
    "acc",
    "other",
    "cur",
    "start",
    "result",
    "mapping",
    "entry",
    "extra",
    "rest",
    "k",
    "n2",
)
REMARKS = ("# check the bounds", "# the next step", "# remember it", "# nothing to do otherwise", "# now the result")
FLIPPED = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE}


@dataclass(frozen=True)
class Rewrite:
    """A program that fails, and another one that passes."""

    name: str
    problem: Problem
    before: str
    after: str


class Anew(ast.NodeTransformer):
    """Gives local variables other names, and says some things in other words that mean the same."""

    def __init__(self, names: dict[str, str], rng: random.Random) -> None:
        self.names, self.rng = names, rng

    def visit_Name(self, node):
        return ast.copy_location(ast.Name(self.names.get(node.id, node.id), node.ctx), node)

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        if not isinstance(node.target, ast.Name) or isinstance(node.value, ast.BinOp) or self.rng.random() < 0.5:
            return node
        read = ast.Name(node.target.id, ast.Load())
        return ast.copy_location(ast.Assign([node.target], ast.BinOp(read, node.op, node.value)), node)

    def visit_Compare(self, node):
        self.generic_visit(node)
        flipped = FLIPPED.get(type(node.ops[0]))
        if len(node.ops) > 1 or flipped is None or self.rng.random() < 0.5:
            return node
        return ast.copy_location(ast.Compare(node.comparators[0], [flipped()], [node.left]), node)


def written_anew(source: str, rng: random.Random) -> str:
    """Return the same program with other names and another layout."""
    tree = ast.parse(source)
    locals_ = sorted(
        {it.id for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for it in ast.walk(node)
         if isinstance(it, ast.Name) and isinstance(it.ctx, ast.Store)}
        - {it.arg for it in ast.walk(tree) if isinstance(it, ast.arg)}
        - {it for node in ast.walk(tree) if isinstance(node, ast.Global | ast.Nonlocal) for it in node.names}
    )  # fmt: skip
    taken = {it.id for it in ast.walk(tree) if isinstance(it, ast.Name)}
    fresh = [name for name in FRESH if name not in taken]
    rng.shuffle(fresh)
    names = dict(zip([name for name in locals_ if rng.random() < 0.7], fresh, strict=False))
    lines = []
    for line in ast.unparse(ast.fix_missing_locations(Anew(names, rng).visit(tree))).split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        if lines and rng.random() < 0.15 and not line.lstrip().startswith(("el", "except", "finally", "'", '"')):
            lines.append(indent + rng.choice(REMARKS))
        lines.append(line.replace("'", '"') if '"' not in line and "\\" not in line else line)
        if indent and rng.random() < 0.1 and line.lstrip().startswith(("return", "continue", "break")):
            lines.append("")
    return "\n".join(lines) + "\n"


def right_programs() -> list[tuple[Problem, Path]]:
    """Return the accepted submissions of the bundled problems."""
    folders = sorted(path for path in PROBLEMS.iterdir() if path.is_dir())
    return [(load_problem(folder), file) for folder in folders
            for file in sorted((folder / "submissions" / "accepted").glob("*.py"))]  # fmt: skip


def planted(seed: int, judge: Judge) -> Iterator[Rewrite]:
    """Yield right programs written anew, as repairs of the same programs with one bug or two."""
    rng = random.Random(seed)
    programs = right_programs()
    for number in range(1_000_000):
        problem, file = programs[number % len(programs)]
        source = file.read_text(encoding="utf-8")
        wrong, kinds = plant(source, 1 + number % 2, rng.randrange(1_000_000))
        if not judge.run(problem, wrong).accepted:
            yield Rewrite(f"{problem.slug}/{file.stem}: {kinds}", problem, wrong, written_anew(source, rng))


def submitted(seed: int) -> Iterator[Rewrite]:
    """Yield accepted submissions written anew, as repairs of wrong ones."""
    rng = random.Random(seed)
    pairs = [(problem, right, wrong) for problem, right in right_programs()
             for wrong in sorted((PROBLEMS / problem.slug / "submissions").rglob("*.py"))
             if wrong.parent.name != "accepted"]  # fmt: skip
    rng.shuffle(pairs)
    for problem, right, wrong in pairs:
        after = written_anew(right.read_text(encoding="utf-8"), rng)
        name = f"{problem.slug}/{wrong.stem} to {right.stem}"
        yield Rewrite(name, problem, wrong.read_text(encoding="utf-8"), after)


def shrunk(rewrite: Rewrite, judge: Judge) -> tuple[str, int]:
    """Return what is left of a rewrite, and how many programs were tried."""
    meter = Meter()
    problem = rewrite.problem.without_hidden()
    report = judge.run(problem, rewrite.before)
    engine = shrink_engine(problem, judge, meter, before=rewrite.before, failed=report)
    code = Variable(rewrite.after, role="solution", requires_grad=True)
    engine.loss(code, judge.run(problem, rewrite.after)).backward()
    for patch in engine.optimizer(code).step():
        if judge.run(problem, patch.after).accepted:
            return patch.after, meter.candidates
    return rewrite.after, meter.candidates


def passing(problem: Problem, source: str, judge: Judge) -> set[str]:
    """Return the tests that a program passes, hidden ones too."""
    return {case.name for case in judge.run(problem, source, "all").cases if case.verdict.value == "AC"}


@click.command()
@click.option("--rewrites", type=click.IntRange(1), default=50, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--submissions", is_flag=True, help="Wrong submissions and accepted ones instead of planted bugs.")
@click.option("--sandbox", type=click.Choice(["auto", "docker", "local"]), default="local", show_default=True)
@click.option("-v", "verbose", is_flag=True, help="Each rewrite, and the diff of what is left of it.")
def main(rewrites: int, seed: int, submissions: bool, sandbox: str, verbose: bool) -> None:
    """Shrink rewrites and compare."""
    before, after, tried, took, lost = [], [], [], [], []
    with open_judge(sandbox) as judge:
        source = submitted(seed) if submissions else planted(seed, judge)
        while len(before) < rewrites and (rewrite := next(source, None)):
            passed = passing(rewrite.problem, rewrite.after, judge)
            if not judge.run(rewrite.problem, rewrite.after).accepted:
                continue
            began = time.monotonic()
            text, candidates = shrunk(rewrite, judge)
            took.append(time.monotonic() - began)
            tried.append(candidates)
            before.append(edited_lines(rewrite.before, rewrite.after))
            after.append(edited_lines(rewrite.before, text))
            missing = passed - passing(rewrite.problem, text, judge)
            lost += [f"{rewrite.name}: {', '.join(sorted(missing))}"] * bool(missing)
            if verbose:
                click.echo(f"{before[-1]:4} -> {after[-1]:3}  {candidates:5} tried {took[-1]:5.1f} s  {rewrite.name}")
                click.echo(make_diff(rewrite.before, text))
    halved = sum(2 * left <= all_ for left, all_ in zip(after, before, strict=True))
    click.echo(f"{len(before)} rewrites, edited lines {sum(before)} -> {sum(after)} ({sum(after) / sum(before):.0%})")
    click.echo(f"  median {statistics.median(before):g} -> {statistics.median(after):g}; at least halved: {halved}")
    click.echo(f"  tried, median and most: {statistics.median(tried):g}, {max(tried)}; "
               f"seconds: {statistics.median(took):.1f}, {max(took):.1f}")  # fmt: skip
    click.echo(f"  with a test lost, hidden ones included: {len(lost)}")
    for line in lost:
        click.echo(f"    {line}")


if __name__ == "__main__":
    main()
