"""Writes tests/visible.json: the dose that each beamlet brings to each voxel of the TG119 phantom, once for all plans.

    pip install 'coderefine[plan]'
    python make_instance.py

pyRadPlan calculates it: 9 photon beams, as TG119 has them, beamlets of 10 mm, voxels of 7.5 mm. Of the body there are
the voxels within 30 mm of the target, every second of them. It takes about a minute.
"""

import base64
import json
import lzma
from pathlib import Path
from typing import Any

import numpy as np
from pyRadPlan import PhotonPlan, calc_dose_influence, generate_stf, load_tg119
from scipy import ndimage, sparse

BEAMS, BEAMLET_MM, VOXEL_MM = 9, 10.0, 7.5
SHELL_MM = 30.0
LEAST = 0.002
"""Of the largest dose of a beamlet; less is left out."""
LEVELS = 1023
"""Doses are told apart in so many steps."""
NAMES = {"target": "OuterTarget", "core": "Core", "body": "BODY"}


def main() -> None:
    """Calculate the matrix and write the instance."""
    ct, structures = load_tg119()
    plan = PhotonPlan(machine="Generic")
    angles = [360.0 / BEAMS * number for number in range(BEAMS)]
    plan.prop_stf = {"gantry_angles": angles, "couch_angles": [0.0] * BEAMS, "bixel_width": BEAMLET_MM}
    plan.prop_dose_calc = {"dose_grid": {"resolution": dict.fromkeys("xyz", VOXEL_MM)}}
    influence = calc_dose_influence(ct, structures, generate_stf(ct, structures, plan), plan)
    grid = influence.dose_grid
    on_grid = structures.resample_on_new_ct(ct.resample_to_grid(grid)).apply_overlap_priorities()
    voxels = {name: chosen(on_grid, name, grid.dimensions) for name in NAMES}
    matrix = influence.physical_dose.flat[0].tocsr()[np.concatenate(list(voxels.values()))]
    data = {"voxels": {name: len(it) for name, it in voxels.items()}, "matrix": packed(sparse.csr_array(matrix))}
    row = {"name": f"TG119, {BEAMS} beams", "args": [], "expected": data}
    Path(__file__).with_name("tests").joinpath("visible.json").write_text(json.dumps([row]) + "\n")


def chosen(structures: Any, name: str, dimensions: tuple[int, ...]) -> Any:
    """Return the voxels of a structure; of the body, every second one around the target."""
    of = {it.name: np.asarray(it.indices_numpy) for it in structures.vois}
    if name != "body":
        return np.sort(of[NAMES[name]])
    target = np.zeros(int(np.prod(dimensions)), bool)
    target[of[NAMES["target"]]] = True
    away = ndimage.distance_transform_edt(~target.reshape(dimensions[::-1])) * VOXEL_MM
    near = np.sort(of[NAMES["body"]])
    return near[away.ravel()[near] <= SHELL_MM][::2]


def packed(matrix: Any) -> dict[str, Any]:
    """Return a matrix as text: for each row the number of its doses, then steps from column to column, then doses.

    All are of 16 bits. Doses are in steps of the largest, so that half a step is a two-thousandth of that.
    """
    most = float(matrix.data.max())
    matrix.data[matrix.data < LEAST * most] = 0.0
    matrix.eliminate_zeros()
    matrix.sort_indices()
    columns = np.diff(matrix.indices, prepend=0)
    doses = np.round(matrix.data / most * LEVELS)
    parts = (np.diff(matrix.indptr), columns, doses)
    text = base64.b64encode(lzma.compress(b"".join(it.astype("<i2").tobytes() for it in parts), preset=9)).decode()
    return {"columns": matrix.shape[1], "step": most / LEVELS, "text": text}


if __name__ == "__main__":
    main()
