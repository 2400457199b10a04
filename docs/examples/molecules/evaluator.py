"""Docks a molecule to a protein, by dockstring's targets and AutoDock Vina, and measures how druglike it is (QED).

Vina is the one program that this starts. What dockstring asks of the command `obabel`, Open Babel does here itself.
"""

import math
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from dockstring import load_target
from dockstring.errors import DockstringError
from dockstring.utils import check_mol, embed_mol, get_vina_path, refine_mol_with_ff, sanitize_mol
from openbabel import openbabel
from rdkit import Chem, RDLogger
from rdkit.Chem import QED

EXHAUSTIVENESS = 1
"""How often Vina searches anew; its usual 8 takes several times as long, and finds a little more."""
SEED = 974528263  # dockstring's own
PH = 7.4
MOST_ATOMS = 18

RDLogger.DisableLog("rdApp.*")
openbabel.obErrorLog.StopLogging()
if not openbabel.OBConversion().SetInFormat("smi"):
    raise RuntimeError("Open Babel finds no formats: the sandbox lacks libXrender; try --sandbox local")


def evaluate(args: list[Any], expected: None, got: str) -> dict[str, Any] | str:
    """Return the affinity in kcal/mol, the druglikeness, and words about them; or why there is no figure."""
    (target,) = args
    molecule = Chem.MolFromSmiles(got.strip()) if len(got) < 200 else None
    if molecule is None or molecule.GetNumAtoms() == 0:
        return "no molecule"
    if molecule.GetNumAtoms() > MOST_ATOMS:
        return f"{molecule.GetNumAtoms()} heavy atoms; {MOST_ATOMS} at most"
    try:
        affinity = dock(molecule, target)
    except DockstringError as error:
        return str(error).splitlines()[0]
    qed = QED.qed(molecule)
    atoms = molecule.GetNumHeavyAtoms()
    return {
        "affinity": affinity,
        "qed": qed,
        "feedback": f"{Chem.MolToSmiles(molecule)}: {atoms} heavy atoms, {affinity / atoms:.2f} kcal/mol each",
    }


def dock(molecule: Chem.Mol, name: str) -> float:
    """Return the affinity of the best pose that Vina finds; raises DockstringError."""
    target = load_target(name)
    plain = sanitize_mol(Chem.MolFromSmiles(Chem.CanonSmiles(Chem.MolToSmiles(molecule))))
    check_mol(plain)
    charged = protonated(plain)
    check_mol(charged)
    shape = refine_mol_with_ff(embed_mol(charged, seed=SEED))
    with tempfile.TemporaryDirectory() as folder:
        ligand, pose = Path(folder, "ligand.pdbqt"), Path(folder, "pose.pdbqt")
        ligand.write_text(as_pdbqt(shape), encoding="ascii")
        options = ["--seed", str(SEED), "--cpu", "1", "--exhaustiveness", str(EXHAUSTIVENESS)]
        files = ["--receptor", target.pdbqt_path, "--config", target.conf_path, "--ligand", ligand, "--out", pose]
        command = [get_vina_path(), *files, *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the sandbox's one
        found = re.search(r"^REMARK VINA RESULT:\s+(\S+)", pose.read_text() if pose.exists() else "", re.MULTILINE)
    if done.returncode or found is None or not math.isfinite(float(found[1])):
        raise DockstringError(f"no pose was found ({done.stderr.strip()[:200]})")
    return float(found[1])


def protonated(molecule: Chem.Mol) -> Chem.Mol:
    """Return the molecule as it is at the pH of blood."""
    other = read(Chem.MolToSmiles(molecule), "smi")
    other.AddHydrogens(False, True, PH)
    found = Chem.MolFromSmiles(written(other, "can").split()[0])
    if found is None:
        raise DockstringError("its protonated form cannot be read")
    return found


def as_pdbqt(molecule: Chem.Mol) -> str:
    """Return a molecule with its shape in Vina's format, with the partial charges of Gasteiger."""
    other = read(Chem.MolToMolBlock(molecule), "mol")
    openbabel.OBChargeModel.FindType("gasteiger").ComputeCharges(other)
    return written(other, "pdbqt")


def read(text: str, form: str) -> openbabel.OBMol:
    """Return a molecule of Open Babel."""
    conversion, molecule = openbabel.OBConversion(), openbabel.OBMol()
    conversion.SetInFormat(form)
    if not conversion.ReadString(molecule, text):
        raise DockstringError(f"Open Babel cannot read it as {form}")
    return molecule


def written(molecule: openbabel.OBMol, form: str) -> str:
    """Return a molecule of Open Babel as text."""
    conversion = openbabel.OBConversion()
    conversion.SetOutFormat(form)
    return str(conversion.WriteString(molecule))
