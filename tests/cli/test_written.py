"""What is written where, in which bytes, and whether other programs apply the diffs."""

import codecs
import json
import os
import stat
import subprocess

import pytest

LOCAL = ("--sandbox", "local")
WRONG = "def f(x):\n    return x\n\nassert f(1) == 2\nassert f(5) == 6\n"
RIGHT = WRONG.replace("return x\n", "return x + 1\n")
LATIN = "# -*- coding: latin-1 -*-\n# Stra\u00dfe, caf\u00e9\n" + WRONG.replace(
    "assert", "assert '\u00e9' == chr(233) and"
)
PARTLY = "def f(x):\n    return x\n\nassert f(1) == 2\nassert f(5) == 6\nassert f(1000) == [9, 8]\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(WRONG)
    return path


def test_only_what_is_accepted_is_written_or_printed(coderefine, file):
    file.write_text(PARTLY)
    done = coderefine("fix", file, "-i", "--max-seconds", "3", *LOCAL)
    assert (done.code, done.out) == (1, "")
    assert "plausible" not in done.err
    assert "warning: mine.py is not written, since no program was accepted" in done.err
    assert "what is only better is no result, unless you ask for it: coderefine replay" in done.err
    assert "+    return x + 1\n" in done.err
    assert coderefine("resume", "last", "-o", "out.py", "-q", *LOCAL).out == ""
    assert not (file.parent / "out.py").exists()
    assert coderefine("resume", "last", "-o", "-", "-q", *LOCAL).out == PARTLY
    assert "only better" in coderefine("apply", "last").err
    assert "+    return x + 1\n" in coderefine("replay", "last", "-q", "--keep-partial").out
    assert file.read_text() == PARTLY
    assert coderefine("resume", "last", "-i", "--keep-partial", "-q", *LOCAL).code == 1
    assert file.read_text() == PARTLY.replace("return x\n", "return x + 1\n")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("-i", "-o", "x.py"), "one of --in-place and --output"),
        (("-o", "."), "it is a folder"),
        (("-o", "no/such/x.py"), "there is no such folder"),
    ],
)
def test_where_it_is_to_be_written_is_checked_before_the_run(coderefine, file, options, says):
    done = coderefine("fix", file, *options, *LOCAL)
    assert done.code == 2
    assert says in done.err
    assert "before" not in done.err


BYTES = {
    "mark": codecs.BOM_UTF8 + WRONG.encode(),
    "line ends": WRONG.replace("\n", "\r\n").encode(),
    "mark and line ends": codecs.BOM_UTF8 + WRONG.replace("\n", "\r\n").encode(),
    "latin-1": LATIN.encode("latin-1"),
    "cp1252 in the second line": b"#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\n# \x80\n" + WRONG.encode(),
    "no end": WRONG.rstrip().encode(),
}


@pytest.mark.parametrize("data", BYTES.values(), ids=BYTES)
def test_bytes_that_a_repair_does_not_concern_stay(coderefine, file, data):
    file.write_bytes(data)
    expected = data.replace(b"return x", b"return x + 1")
    assert coderefine("fix", file, "-o", "-", "-q", *LOCAL, raw=True).out == expected
    assert coderefine("fix", file, "-i", "-q", *LOCAL, raw=True).code == 0
    assert file.read_bytes() == expected
    assert coderefine("test", file, *LOCAL).code == 0


def applied(diff, path, folder, root="."):
    """Return what two programs make of a file by a diff; they are started in `folder`, to work in `root`."""
    before, found = path.read_bytes(), []
    for program in (["patch", "-d", root, "-p1"], ["git", "-C", root, "apply", "-"]):
        subprocess.run(program, input=diff, cwd=folder, check=True, capture_output=True)
        found.append(path.read_bytes())
        path.write_bytes(before)
    return found


@pytest.mark.parametrize("data", BYTES.values(), ids=BYTES)
def test_a_diff_of_such_a_file_applies(coderefine, file, data):
    file.write_bytes(data)
    diff = coderefine("fix", file.name, "-q", *LOCAL, raw=True).out
    assert applied(diff, file, file.parent) == 2 * [data.replace(b"return x", b"return x + 1")]


def test_modes_and_links_are_kept(coderefine, file, tmp_path):
    file.chmod(0o750)
    (tmp_path / "soft.py").symlink_to(file)
    assert coderefine("fix", "soft.py", "-i", "-q", *LOCAL).code == 0
    assert (tmp_path / "soft.py").is_symlink()
    assert file.read_text() == RIGHT
    assert stat.S_IMODE(file.stat().st_mode) == 0o750
    file.write_text(WRONG)
    os.link(file, tmp_path / "hard.py")
    assert coderefine("fix", "hard.py", "-i", "-q", *LOCAL).code == 0
    assert file.read_text() == RIGHT
    assert file.stat().st_nlink == 2


PLACES = [
    "mine.py",
    "./mine.py",
    "sub dir/mine.py",
    "my file.py",
    "caf\u00e9.py",
    'quo"te.py',
    "back\\slash.py",
    "-mine.py",
]


@pytest.mark.parametrize("format_", ["text", "json"])
@pytest.mark.parametrize("name", PLACES)
def test_a_diff_applies_where_it_was_asked_for(coderefine, tmp_path, name, format_):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(WRONG)
    done = coderefine("fix", "--format", format_, "-q", *LOCAL, "--", name)
    diff = done.out if format_ == "text" else json.loads(done.out)["diff"]
    assert applied(diff.encode(), path, tmp_path) == 2 * [RIGHT.encode()]


@pytest.mark.parametrize("format_", ["text", "json"])
@pytest.mark.parametrize("name", ["../mine.py", "../other/mine.py", "{}/mine.py", "{}/here/mine.py", "link.py"])
def test_a_diff_of_a_file_elsewhere_applies_from_the_folder_that_is_told(coderefine, tmp_path, name, format_):
    here = tmp_path / "here"
    here.mkdir()
    (tmp_path / "other").mkdir()
    (here / "link.py").symlink_to("../other/mine.py")
    path = (here / name.format(tmp_path)).resolve()
    path.write_text(WRONG)
    done = coderefine("fix", name.format(tmp_path), "--format", format_, *LOCAL, folder=here)
    root = "." if "{}/here" in name else ".."
    diff = done.out
    if format_ == "json":
        diff = json.loads(done.out)["diff"]
        assert json.loads(done.out)["diff_root"] == root
    else:
        assert ("to apply it: patch -d .. -p1" in done.err) == (root == "..")
    assert applied(diff.encode(), path, here, root) == 2 * [RIGHT.encode()]
