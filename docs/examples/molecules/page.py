"""Draws page.html of results.jsonl: the course of both methods, a table, and the structures that were found.

    python page.py

Both are compared by the score of the benchmark of dockstring (Garcia-Ortegon et al. 2022): the affinity in kcal/mol
plus 10 times what the druglikeness lacks of 1; less is better.
"""

import html
import json
import statistics
from collections import defaultdict
from pathlib import Path
from typing import Any

from rdkit import Chem
from rdkit.Chem.Draw import rdMolDraw2D

HERE = Path(__file__).parent
METHODS = {"evolve": ("evolution", "#1f6feb"), "no selection": ("no selection", "#9a6700")}
WIDTH, HEIGHT, LEFT, BOTTOM = 320, 220, 40, 30
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1f2328; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; } td, th { padding: .3rem .8rem; border-bottom: 1px solid #d1d9e0; text-align: right; }
td:first-child, th:first-child { text-align: left; } .row { display: flex; flex-wrap: wrap; gap: 1rem; }
figure { margin: 0; width: 21rem; } figcaption { font-size: .85rem; color: #59636e; overflow-wrap: anywhere; }
.key { display: inline-block; width: 1.6em; height: .25em; vertical-align: middle; margin-right: .4em; }
"""

Run = list[dict[str, Any]]


def main() -> None:
    """Read the results and write the page."""
    runs: dict[tuple[str, str, int], Run] = defaultdict(list)
    for line in (HERE / "results.jsonl").read_text().splitlines():
        row = json.loads(line)
        runs[row["target"], row["method"], row["seed"]].append(row)
    count = min(len(run) for run in runs.values())
    runs = {key: run[:count] for key, run in runs.items()}
    targets = list(dict.fromkeys(target for target, _, _ in runs))
    parts = [head(count - 1, len({seed for _, _, seed in runs})), table(runs, targets), '<div class="row">']
    parts += [course(target, runs, count) for target in targets]
    parts += [
        "</div><h2>What was found</h2>",
        '<div class="row">',
        structure("the fragment", runs[targets[0], "evolve", 0][0]),
    ]
    for target in targets:
        best = min(
            (best_of(run) for (of, method, _), run in runs.items() if (of, method) == (target, "evolve")), key=score
        )
        parts.append(structure(target, best))
    (HERE / "page.html").write_text("\n".join([*parts, "</div>"]) + "\n", encoding="utf-8")


def head(evaluations: int, seeds: int) -> str:
    """Return the beginning of the page."""
    keys = " &nbsp; ".join(
        f'<span class="key" style="background:{color}"></span>{name}' for name, color in METHODS.values()
    )
    return f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Ligands from a fragment</title><style>{STYLE}</style>
<h1>Ligands from a fragment</h1>
<p>Benzene is varied as SELFIES, and each molecule docked with AutoDock Vina (exhaustiveness 1, at most 18 heavy atoms). Evolution takes
the best as parents; the same variations without selection take any. {evaluations} evaluations each, medians of {seeds} seeds.
Score: affinity + 10 (1 - QED), less is better.</p><p>{keys}</p>"""


def score(row: dict[str, Any]) -> float:
    """Return how good a molecule is; infinite where nothing was measured."""
    figures = row["figures"]
    return figures["affinity"] + 10 * (1 - figures["qed"]) if figures else float("inf")


def best_of(run: Run) -> dict[str, Any]:
    """Return the best molecule of a run."""
    return min(run, key=score)


def table(runs: dict[tuple[str, str, int], Run], targets: list[str]) -> str:
    """Return the medians at the end: score, affinity and druglikeness of the best molecules."""
    rows = ["<table><tr><th>target</th><th></th><th>score</th><th>affinity</th><th>QED</th></tr>"]
    for target in targets:
        fragment = next(run for (of, _, _), run in runs.items() if of == target)[0]
        rows.append(cells(target, "the fragment", [fragment]))
        for method, (name, _) in METHODS.items():
            best = [best_of(run) for (of, by, _), run in runs.items() if (of, by) == (target, method)]
            rows.append(cells("", name, best))
    return "\n".join([*rows, "</table>"])


def cells(target: str, name: str, rows: Run) -> str:
    """Return a row of the table: medians over some molecules."""
    affinity = statistics.median(row["figures"]["affinity"] for row in rows)
    qed = statistics.median(row["figures"]["qed"] for row in rows)
    median = statistics.median(map(score, rows))
    return f"<tr><td>{target}</td><td>{name}</td><td>{median:.2f}</td><td>{affinity:.1f}</td><td>{qed:.2f}</td></tr>"


def course(target: str, runs: dict[tuple[str, str, int], Run], count: int) -> str:
    """Return the best score so far over evaluations: a line a method, the median, and a thin one for each seed."""
    lines = {
        method: [so_far(run) for (of, by, _), run in runs.items() if (of, by) == (target, method)] for method in METHODS
    }
    values = [value for found in lines.values() for line in found for value in line]
    low, high = min(values) - 0.2, max(values) + 0.2

    def path(line: list[float], color: str, width: float) -> str:
        at = [
            f"{LEFT + number * (WIDTH - LEFT - 8) / max(1, count - 1):.1f},{8 + (high - value) / (high - low) * (HEIGHT - BOTTOM - 8):.1f}"
            for number, value in enumerate(line)
        ]
        return f'<polyline fill="none" stroke="{color}" stroke-width="{width}" points="{" ".join(at)}"/>'

    drawn = []
    for method, (_, color) in METHODS.items():
        drawn += [path(line, color, 0.6) for line in lines[method]]
        drawn.append(path([statistics.median(them) for them in zip(*lines[method], strict=True)], color, 2.5))
    for value in (low, high):
        y = 8 + (high - value) / (high - low) * (HEIGHT - BOTTOM - 8)
        drawn.append(f'<text x="{LEFT - 4}" y="{y + 4:.1f}" text-anchor="end" font-size="11">{value:.1f}</text>')
    drawn.append(
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 6}" text-anchor="middle" font-size="11">evaluations, 0 to {count - 1}</text>'
    )
    frame = f'<rect x="{LEFT}" y="8" width="{WIDTH - LEFT - 8}" height="{HEIGHT - BOTTOM - 8}" fill="none" stroke="#d1d9e0"/>'
    return f'<figure><svg viewBox="0 0 {WIDTH} {HEIGHT}">{frame}{"".join(drawn)}</svg><figcaption>{target}: the best score so far</figcaption></figure>'


def so_far(run: Run) -> list[float]:
    """Return the best score after each evaluation."""
    found: list[float] = []
    for row in run:
        found.append(min([score(row), *found[-1:]]))
    return found


def structure(title: str, row: dict[str, Any]) -> str:
    """Return a molecule as RDKit draws it, with its figures."""
    drawer = rdMolDraw2D.MolDraw2DSVG(320, 220)
    drawer.DrawMolecule(Chem.MolFromSmiles(row["smiles"]))
    drawer.FinishDrawing()
    image = drawer.GetDrawingText().partition("?>")[2]
    figures = f"{row['figures']['affinity']:.1f} kcal/mol, QED {row['figures']['qed']:.2f}"
    return f"<figure>{image}<figcaption>{title}: {figures}<br>{html.escape(row['smiles'])}</figcaption></figure>"


if __name__ == "__main__":
    main()
