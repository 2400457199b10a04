"""Emptying a folder that somebody hostile filled: it ends, and nothing outside of it is touched."""

import os
import sys
import types
from pathlib import Path

import pytest

from coderefine import resources
from coderefine.judge import bundle


@pytest.fixture
def scratch(monkeypatch):
    """The sandbox's module, loaded as the sandbox does."""
    package = types.ModuleType("sandbox")
    package.profiles, package.confine = bundle.module("profiles"), types.ModuleType("sandbox.confine")
    monkeypatch.setitem(sys.modules, "sandbox", package)
    module = types.ModuleType("sandbox.scratch")
    exec((resources.sandbox_dir() / "scratch.py").read_text(encoding="utf-8"), vars(module))
    return module


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "scratch"
    path.mkdir()
    return path


def deep(folder):
    os.chdir(folder)
    for _ in range(1500):
        Path("d").mkdir()
        os.chdir("d")


def locked(folder):
    (folder / "a/b/c").mkdir(parents=True)
    (folder / "a/b/file").write_text("x")
    (folder / "a/b").chmod(0)
    (folder / "a").chmod(0)


def links(folder):
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "kept").write_text("x")
    (folder / "a").mkdir()
    (folder / "a/link").symlink_to(outside)
    (folder / "link").symlink_to(outside)
    (folder / "loop").symlink_to("loop")
    (folder / "a/hard").hardlink_to(outside / "kept")


def names(folder):
    for name in (b"\xff\xfe", b"new\nline", b"-rf", b"..x", b" "):
        os.mkdir(os.fsencode(folder) + b"/" + name)  # noqa: PTH102 - bytes
        os.close(os.open(os.fsencode(folder) + b"/" + name + b"/f", os.O_CREAT))


@pytest.mark.parametrize("fill", [deep, locked, links, names])
def test_it_is_empty_afterwards_and_nothing_else_is_touched(scratch, folder, fill, monkeypatch):
    monkeypatch.chdir(folder)
    fill(folder)
    scratch.wipe(str(folder))
    assert list(folder.iterdir()) == []
    outside = folder.parent / "outside" / "kept"
    assert not outside.parent.exists() or outside.read_text() == "x"


def test_a_place_that_holds_the_interpreter_is_not_covered(scratch, tmp_path, monkeypatch):
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    assert not scratch._usable(str(first), [str(first / "lib" / "python3")])
    assert not scratch._usable(str(first), [str(first)])
    assert scratch._usable(str(first), [str(second), "/usr/lib"])
    assert not scratch._usable(str(tmp_path / "missing"), [])
