"""Scores a large set on two Ray nodes of this machine, and on the machine alone: the tables are to be the same.

python -m tests.benchmarks.ray_nodes --problems 4000 --samples 5      # 20,000 programs
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from tests.benchmarks.score import make_set, table, taken
from tests.score.clusters import two_nodes


@click.command()
@click.option("--problems", default=4000, show_default=True)
@click.option("--samples", default=5, show_default=True, help="Programs for each.")
@click.option("--alone", default=0, help="The machine alone scores the first so many problems only; 0 for all.")
def main(problems: int, samples: int, alone: int) -> None:
    """Print what either took, and whether the tables are the same."""
    with tempfile.TemporaryDirectory(prefix="coderefine-ray-") as name:
        folder = Path(name)
        places = make_set(folder, problems, samples)
        found = {}
        with two_nodes() as cluster:
            for where in ("ray", "alone"):
                engine = ("--engine", "ray", "--ray-address", cluster.address) if where == "ray" else ()
                out = folder / f"{where}.jsonl"
                more = ("--sandbox", "local", "--home", folder / where, "-o", out, "--format", "jsonl", *engine)
                more += ("--limit", alone) if alone and where == "alone" else ()
                took = taken("coderefine", "score", places[0], "--solutions", places[1], *more)
                found[where] = table(out)
                attempts = found[where][-1]["summary"]["attempts"]
                rate = f"{attempts / took.wall_s:.1f} programs/s"
                click.echo(f"{where}: {attempts} programs, {took.wall_s:.1f} s, {rate}, peak {took.peak_mib:.0f} MiB")
        if alone:  # the last row is the summary, of other problems
            found = {where: rows[: len(found["alone"]) - 1] for where, rows in found.items()}
        same = [one == other for one, other in zip(found["ray"], found["alone"], strict=True)]
        click.echo(f"{sum(same)} of {len(same)} rows of the tables are the same")
        differing = [one for one, is_same in zip(found["ray"], same, strict=True) if not is_same]
        click.echo("\n".join(map(str, differing[:5])))


if __name__ == "__main__":
    main()
