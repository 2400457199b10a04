"""Optimizes a radiotherapy plan for the weights of its parts, and measures its clinical goals on dose and volume.

A candidate says how much each part counts, as a power of ten. The inner solver finds the intensities of the beamlets
for that: one-sided quadratic terms, no intensity below 0, by L-BFGS-B, as planning systems do it (matRad, Wieser et
al. 2017).
"""

import base64
import lzma
from typing import Any

import numpy as np
from scipy import optimize, sparse

PRESCRIBED = 50.0
"""Gy, in the target."""
PARTS = {
    "target_under": ("target", -1, 50.5),
    "target_over": ("target", 1, 52.0),
    "core_over": ("core", 1, 20.0),
    "body_over": ("body", 1, 35.0),
}
"""The structure, whether less (-1) or more (1) than a dose is penalized, and that dose in Gy."""
MOST_DECADES = 6.0
STEPS = 150


def evaluate(args: list[Any], expected: dict[str, Any], got: Any) -> dict[str, Any] | str:
    """Return the goals' figures of the plan for some weights, in Gy, and its dose-volume histograms in words."""
    if not isinstance(got, dict) or got.keys() != PARTS.keys():
        return f"expected an object with {', '.join(PARTS)}"
    if not all(type(it) in (int, float) and abs(it) <= MOST_DECADES for it in got.values()):
        return f"expected powers of ten from {-MOST_DECADES:g} to {MOST_DECADES:g}"
    doses = planned(expected, {part: 10.0**it for part, it in got.items()})
    figures = {
        "target_d95": dose_to(doses["target"], 95),
        "target_d10": dose_to(doses["target"], 10),
        "core_d10": dose_to(doses["core"], 10),
        "body_d5": dose_to(doses["body"], 5),
    }
    words = (f"{name}: mean {dose.mean():.1f} Gy, most {dose.max():.1f} Gy" for name, dose in doses.items())
    return {**figures, "feedback": "; ".join(words)}


def planned(instance: dict[str, Any], weights: dict[str, float]) -> dict[str, np.ndarray]:
    """Return the dose in each voxel of the structures, in Gy, of the plan that is best for these weights."""
    matrices, start = parts_of(instance)
    largest = max(weights.values())
    terms = [(matrices[name], side, dose, weights[part] / largest) for part, (name, side, dose) in PARTS.items()]

    def loss(intensities: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = 0.0, np.zeros_like(intensities)
        for matrix, side, dose, weight in terms:
            beyond = np.maximum(0.0, side * (matrix @ intensities - dose))
            value += weight * float(beyond @ beyond) / len(beyond)
            slope += matrix.T @ (2 * weight * side / len(beyond) * beyond)
        return value, slope

    bounds = optimize.Bounds(0.0, np.inf)
    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": STEPS})
    return {name: matrix @ found.x for name, matrix in matrices.items()}


def parts_of(instance: dict[str, Any]) -> tuple[dict[str, sparse.csr_array], np.ndarray]:
    """Return the influence matrix of each structure, Gy by intensity, and equal intensities to begin with."""
    packed, voxels = instance["matrix"], instance["voxels"]
    data, rows = lzma.decompress(base64.b64decode(packed["text"])), sum(voxels.values())
    counts = np.frombuffer(data, "<i2", rows)
    columns, doses = np.frombuffer(data, "<i2", offset=2 * rows).reshape(2, -1)
    ends = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
    places = np.cumsum(columns, dtype=np.int32)
    whole = sparse.csr_array((doses * packed["step"], places, ends), shape=(rows, packed["columns"]))
    firsts = np.concatenate([[0], np.cumsum(list(voxels.values()))])
    found = {name: whole[firsts[at] : firsts[at + 1]] for at, name in enumerate(voxels)}
    ones = np.ones(packed["columns"])
    return found, ones * PRESCRIBED / float((found["target"] @ ones).mean())


def dose_to(dose: np.ndarray, percent: float) -> float:
    """Return the dose in Gy that so much of a volume gets at least."""
    return float(np.percentile(dose, 100 - percent))
