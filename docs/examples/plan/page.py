"""Draws page.html: dose-volume histograms of equal weights and of the weights that were found, and all runs.

pip install numpy scipy
python page.py
"""

import json
from pathlib import Path
from typing import Any

import evaluator
import numpy as np

HERE = Path(__file__).parent
COLORS = {"target": "#cf222e", "core": "#1f6feb", "body": "#59636e"}
GOALS = {"target_d95": ("≥", 50), "target_d10": ("≤", 55), "core_d10": ("≤", 25), "body_d5": ("≤", 50)}
WIDTH, HEIGHT, LEFT, BOTTOM, MOST_GY = 480, 320, 44, 40, 70.0
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1f2328; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; } td, th { padding: .3rem .8rem; border-bottom: 1px solid #d1d9e0; text-align: right; }
td:first-child, th:first-child { text-align: left; } .missed { color: #cf222e; } .row { display: flex; flex-wrap: wrap; gap: 1rem; }
figure { margin: 0; width: 32rem; } figcaption { font-size: .9rem; color: #59636e; }
"""


def main() -> None:
    """Solve the two plans and write the page."""
    instance = json.loads((HERE / "tests/visible.json").read_text())[0]["expected"]
    runs = [json.loads(line) for line in (HERE / "results.jsonl").read_text().splitlines()]
    equal = json.loads((HERE / "starter.json").read_text())
    found = next(run["weights"] for run in runs if run["method"] == "evolution")
    plans = {name: doses(instance, weights) for name, weights in (("equal weights", equal), ("evolved weights", found))}
    rows = [table_row(name, "", 1, figures(plan)) for name, plan in plans.items() if name == "equal weights"]
    rows += [table_row(run["method"], run["seed"], run["solves"], run["figures"]) for run in runs]
    keys = ", ".join(f'<b style="color:{color}">{name}</b>' for name, color in COLORS.items())
    wishes = "".join(f"<th>{name}<br>{sign} {dose} Gy</th>" for name, (sign, dose) in GOALS.items())
    text = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>A radiotherapy plan</title><style>{STYLE}</style>
<h1>A radiotherapy plan</h1>
<p>The phantom TG119: a target in the shape of a C around a core, 9 photon beams. Each solve optimizes the intensities of all
beamlets for four weights; a run ends where all goals are met, or after 25 solves.</p>
<div class="row">{"".join(histogram(name, plan) for name, plan in plans.items())}</div><p>{keys}. Ticks mark the goals.</p>
<table><tr><th>weights</th><th>seed</th><th>solves</th>{wishes}</tr>{"".join(rows)}</table>
"""
    (HERE / "page.html").write_text(text, encoding="utf-8")


def doses(instance: dict[str, Any], weights: dict[str, float]) -> dict[str, np.ndarray]:
    """Return the plan for some weights, given as powers of ten."""
    return evaluator.planned(instance, {part: 10.0**it for part, it in weights.items()})


def figures(plan: dict[str, np.ndarray]) -> dict[str, float]:
    """Return what the goals are about: the dose in Gy to some percent of a structure."""
    return {goal: evaluator.dose_to(plan[goal.split("_")[0]], float(goal.split("_d")[1])) for goal in GOALS}


def table_row(name: str, seed: object, solves: int, found: dict[str, float]) -> str:
    """Return a run as a row of the table."""
    cells = []
    for goal, (sign, dose) in GOALS.items():
        met = found[goal] >= dose if sign == "≥" else found[goal] <= dose
        cells.append(f"<td{'' if met else ' class=missed'}>{found[goal]:.1f}</td>")
    return f"<tr><td>{name}</td><td>{seed}</td><td>{solves}</td>{''.join(cells)}</tr>"


def histogram(name: str, plan: dict[str, np.ndarray]) -> str:
    """Return the cumulative dose-volume histograms of a plan."""
    grid = np.linspace(0.0, MOST_GY, 141)

    def x(dose: float) -> float:
        return LEFT + dose / MOST_GY * (WIDTH - LEFT - 10)

    def y(percent: float) -> float:
        return 10 + (100 - percent) / 100 * (HEIGHT - BOTTOM - 10)

    drawn = []
    for structure, dose in plan.items():
        share = [100 * float((dose >= it).mean()) for it in grid]
        points = " ".join(f"{x(it):.1f},{y(percent):.1f}" for it, percent in zip(grid, share, strict=True))
        drawn.append(f'<polyline fill="none" stroke="{COLORS[structure]}" stroke-width="2" points="{points}"/>')
    for goal, (sign, dose) in GOALS.items():
        structure, percent = goal.split("_")[0], float(goal.split("_d")[1])
        way = 8 if sign == "≥" else -8
        at = f'x1="{x(dose):.1f}" x2="{x(dose) + way:.1f}" y1="{y(percent):.1f}" y2="{y(percent):.1f}"'
        tick = f'x1="{x(dose):.1f}" x2="{x(dose):.1f}" y1="{y(percent) - 5:.1f}" y2="{y(percent) + 5:.1f}"'
        drawn += [f'<line {it} stroke="{COLORS[structure]}" stroke-width="1.5"/>' for it in (at, tick)]
    for dose in range(0, int(MOST_GY) + 1, 10):
        drawn.append(f'<text x="{x(dose):.1f}" y="{HEIGHT - 22}" text-anchor="middle" font-size="11">{dose}</text>')
    for percent in (0, 50, 100):
        drawn.append(f'<text x="{LEFT - 6}" y="{y(percent) + 4:.1f}" text-anchor="end" font-size="11">{percent}</text>')
    drawn.append(
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 4}" text-anchor="middle" font-size="12">dose in Gy, volume in percent</text>'
    )
    frame = f'<rect x="{LEFT}" y="10" width="{WIDTH - LEFT - 10}" height="{HEIGHT - BOTTOM - 10}" fill="none" stroke="#d1d9e0"/>'
    return f'<figure><svg viewBox="0 0 {WIDTH} {HEIGHT}">{frame}{"".join(drawn)}</svg><figcaption>{name}</figcaption></figure>'


if __name__ == "__main__":
    main()
