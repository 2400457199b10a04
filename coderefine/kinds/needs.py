"""What a measured problem's evaluator needs besides the standard library: read from problem.toml, and written there."""

from __future__ import annotations

import json
import re

from coderefine.judge.site import is_requirement
from coderefine.kinds.fields import Fields
from coderefine.kinds.stored import quoted
from coderefine.problem.evaluation import Evaluation

_PATH = re.compile(r"[\w.-]+(/[\w.-]+)+")
_MOST_PACKAGES = 32


def read(fields: Fields) -> tuple[tuple[str, ...], str]:
    """Return the packages and the program in the table `evaluator`, empty by default; raises ProblemError."""
    table = fields.data.pop("evaluator", {})
    example = 'expected a table, such as packages = ["rdkit"]'
    if not isinstance(table, dict):
        raise fields.fail("evaluator", example)
    packages, program = table.get("packages", []), table.get("program", "")
    if unknown := table.keys() - {"packages", "program"}:
        raise fields.fail(f"evaluator.{min(unknown)}", "no such field; there are packages and program")
    if not isinstance(packages, list) or not all(isinstance(it, str) and is_requirement(it) for it in packages):
        raise fields.fail("evaluator.packages", 'expected a list of names as pip has them, such as ["rdkit"]')
    if len(packages) > _MOST_PACKAGES:
        raise fields.fail("evaluator.packages", f"expected {_MOST_PACKAGES} at most")
    if program and not (packages and _is_path(program)):
        expected = "expected the path of a file that a package has, such as dockstring/resources/bin/vina_linux"
        raise fields.fail("evaluator.program", expected)
    return tuple(sorted(set(packages))), program or ""


def _is_path(program: object) -> bool:
    return isinstance(program, str) and _PATH.fullmatch(program) is not None and ".." not in program.split("/")


def toml(evaluation: Evaluation) -> dict[str, str]:
    """Return the field of problem.toml that `read` turns into the same needs; {} where there are none."""
    if not evaluation.packages:
        return {}
    program = f", program = {quoted(evaluation.program)}" if evaluation.program else ""
    return {"evaluator": f"{{ packages = {json.dumps(evaluation.packages)}{program} }}"}
