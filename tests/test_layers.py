"""The order of the rooms: an import runs down the table below, or stays within its room, and never in a circle."""

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import coderefine

PACKAGE = Path(coderefine.__file__).parent

# From the ground up. A line is a floor: what is on it imports nothing of its own floor or above.
FLOORS = """
    errors resources interrupts rendering
    outside accidents parallel
    budget problem patch prompting
    judge models
    autograd progress harden pipeline
    engine
    result
    record
    descent search
    shrink evolution
    refining kinds
    loop folder
    __init__
    runs formats
    page
    scoring hook single serve
    tuning
    report
    cli
    __main__
"""
FLOOR_OF = {room: floor for floor, line in enumerate(FLOORS.split("\n")) for room in line.split()}
TOP_LEVEL_MODULES = 15
"""How many modules may lie beside the rooms that are folders."""


@cache
def modules():
    """Return each module's path by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports():
    """Return what each module imports of the package, wherever the statement stands, under TYPE_CHECKING too."""
    paths = modules()
    found = {name: set() for name in paths}
    for name, path in paths.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                assert node.level == 0, f"{name} imports relatively, which this test does not follow"
                dotted = [f"{node.module}.{alias.name}" for alias in node.names]
                found[name] |= {it if it in paths else node.module for it in dotted}
            elif isinstance(node, ast.Import):
                found[name] |= {alias.name for alias in node.names}
        found[name] = {it for it in found[name] if it in paths} - {name}
    return found


def room_of(name):
    return name.split(".")[1] if "." in name else "__init__"


def folder_of(name):
    """Return the folder that a module lies in; a module beside the rooms stands for itself."""
    is_folder = modules()[name].name == "__init__.py"
    return name if is_folder or name.count(".") < 2 else name.rpartition(".")[0]


def circle(arrows):
    """Return the modules of one circle, or None."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as found:
        return found.args[1]
    return None


def between(arrows, part_of):
    """Return the arrows between parts, without those within one."""
    joined = {part_of(name): set() for name in arrows}
    for name, targets in arrows.items():
        joined[part_of(name)] |= {part_of(target) for target in targets} - {part_of(name)}
    return joined


def rising(arrows):
    """Return the arrows that do not run down."""
    return sorted(
        f"{room} -> {target}"
        for room, targets in between(arrows, room_of).items()
        for target in targets
        if FLOOR_OF[room] <= FLOOR_OF[target]
    )


def test_every_room_has_its_floor():
    assert {room_of(name) for name in imports()} == set(FLOOR_OF)


def test_no_arrow_runs_up():
    assert rising(imports()) == []


@pytest.mark.parametrize("part_of", [str, folder_of, room_of], ids=["modules", "folders", "rooms"])
def test_there_is_no_circle(part_of):
    assert circle(between(imports(), part_of)) is None


def test_few_modules_lie_beside_the_rooms():
    assert len(list(PACKAGE.glob("*.py"))) <= TOP_LEVEL_MODULES


def test_an_arrow_that_runs_up_is_seen():
    assert rising({"coderefine.judge.judge": {"coderefine.cli.show"}, "coderefine.cli.show": set()}) == ["judge -> cli"]


def test_a_circle_is_seen():
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) is not None


def test_the_page_on_the_architecture_names_each_room():
    page = (PACKAGE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert [room for room in FLOOR_OF if not room.startswith("__") and f"`{room}" not in page] == []
