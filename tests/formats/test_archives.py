"""Folders packed as zip files: read as the folder is; hostile ones are refused in a line and leave nothing behind."""

import struct
import tempfile
import zipfile

import pytest

from coderefine.errors import UsageError
from coderefine.formats import archive
from coderefine.formats.reading import count, read
from tests.formats import layouts

LINK = zipfile.ZipInfo("heights/data/secret/b.in")
LINK.external_attr = 0o120777 << 16


def pack(file, folder):
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.rglob("*")):
            packed.write(path, path.relative_to(folder))
    return file


def packed(file, entries, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(file, "w", method) as made:
        for name, data in entries:
            made.writestr(name, data)
    return file


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """Where archives are unpacked."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize("layout", [layouts.exercism, layouts.kattis, layouts.vscode])
def test_an_archive_is_read_as_the_folder_in_it(layout, tmp_path, scratch):
    folder = layout(tmp_path / "set")
    file = pack(tmp_path / "set.kpp", folder)
    faults, told = [], []
    plain = [(it.id, it.problem, it.buggy, it.oracle) for it in read(folder, faults.append)]
    assert [(it.id, it.problem, it.buggy, it.oracle) for it in read(file, told.append)] == plain != []
    assert [str(it).replace(f"{file}", f"{folder}") for it in told] == [*map(str, faults)]
    assert count(file) == count(folder)
    assert [*scratch.iterdir()] == []


def test_a_package_alone_is_called_as_its_file(tmp_path):
    folder = layouts.kattis(tmp_path / "set")
    (found,) = read(pack(tmp_path / "tall-towers.zip", folder / "heights"), format_="kattis")
    assert (found.id, found.problem.slug, found.problem.path) == ("tall-towers", "tall-towers", None)


def test_links_are_left_out_and_told(tmp_path, scratch):
    heights = layouts.kattis(tmp_path / "set") / "heights"
    (heights / "data/secret/b.in").unlink()
    file = pack(tmp_path / "a.zip", heights)
    LINK.filename = "data/secret/b.in"
    with zipfile.ZipFile(file, "a") as made:
        made.writestr(LINK, "/etc/passwd")
    told = []
    (found,) = read(file, told.append)
    assert [it.reason for it in told] == ["it holds links to other files (1), which are left out"]
    assert "secret/b" not in [case.name for case in found.problem.hidden]


def lying(tmp_path):
    """Its list of files says that a file of 2 MiB has a byte."""
    file = packed(tmp_path / "x.zip", [("problem.yaml", "x" * (2 << 20))])
    data = bytearray(file.read_bytes())
    for signature, field in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<L", data, data.index(signature) + field, 1)
    file.write_bytes(data)
    return file


def cut_off(tmp_path):
    file = packed(tmp_path / "x.zip", [("problem.yaml", "name: x\n")])
    file.write_bytes(file.read_bytes()[:-30])
    return file


def encrypted(tmp_path):
    file = packed(tmp_path / "x.zip", [("problem.yaml", "name: x\n")])
    data = bytearray(file.read_bytes())
    for signature, field in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(signature) + field] |= 1
    file.write_bytes(data)
    return file


def of(*entries, **options):
    return lambda tmp_path: packed(tmp_path / "x.zip", entries, **options)


HOSTILE = {
    "a way out": (of(("../outside.txt", "x")), "leads out of it"),
    "a whole path": (of(("/outside.txt", "x")), "leads out of it"),
    "another system's way out": (of(("a\\..\\..\\outside.txt", "x")), "leads out of it"),
    "another system's whole path": (of(("C:\\outside.txt", "x")), "leads out of it"),
    "a name within a file": (of(("a", "x"), ("a/b", "x")), "cannot be unpacked"),
    "a name that is too long": (of(("a" * 300, "x")), "cannot be unpacked"),
    "much": (of(*((f"{n}", "x" * (400 << 10)) for n in range(3))), "expands to more than 1 MiB"),
    "many": (of(*((f"{n}", "") for n in range(21))), "more than 20 files"),
    "a long list": (of(("a" * 65_000, ""), ("b" * 65_000, "")), "list of files is longer"),
    "a size that is none": (lying, "cannot be unpacked"),
    "the beginning alone": (cut_off, "cannot be unpacked"),
    "a password": (encrypted, "encrypted"),
    "memory for the asking": (of(("a", "x"), method=zipfile.ZIP_LZMA), "another method"),
    "nothing known": (of(("notes.txt", "x")), "x.zip is no problem and holds none"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_and_leaves_nothing(name, tmp_path, scratch, monkeypatch):
    make, says = HOSTILE[name]
    monkeypatch.setattr(archive, "MAX_BYTES", 1 << 20)
    monkeypatch.setattr(archive, "MAX_FILES", 20)
    monkeypatch.setattr(archive, "MAX_DIRECTORY_BYTES", 100_000)
    file = make(tmp_path)
    with pytest.raises(UsageError, match=says) as error:
        list(read(file))
    assert str(scratch) not in str(error.value)
    assert [*scratch.iterdir()] == []
    assert sorted(it.name for it in tmp_path.iterdir()) == ["scratch", "x.zip"]


def test_a_name_that_stands_twice_is_refused(tmp_path, scratch):
    with pytest.warns(UserWarning, match="Duplicate"):
        file = packed(tmp_path / "x.zip", [("a", "x"), ("a", "y")])
    with pytest.raises(UsageError, match="cannot be unpacked: File exists"):
        list(read(file))
