"""Measures how druglike a molecule is, with RDKit."""

from typing import Any

from rdkit import Chem, RDLogger
from rdkit.Chem import QED

RDLogger.DisableLog("rdApp.*")


def evaluate(args: list[Any], expected: None, got: str) -> dict[str, Any] | str:
    """Return the figure, or why there is none."""
    molecule = Chem.MolFromSmiles(got.strip()) if len(got) < 200 else None
    if molecule is None or molecule.GetNumAtoms() == 0:
        return "no molecule"
    return {"qed": QED.qed(molecule), "feedback": Chem.MolToSmiles(molecule)}
