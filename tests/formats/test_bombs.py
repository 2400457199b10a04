"""Small files that would become large: each row is refused with its line, the next is read, and memory stays bounded."""

import base64
import gzip
import json
import pickle
import subprocess
import sys
import zlib

import pytest

from coderefine.formats.reading import count, read

MIB = 1 << 20
MOST_MIB = 700
GOOD = {
    "id": "good",
    "entry_point": "f",
    "statement": "s",
    "buggy": "def f(x):\n    return x\n",
    "visible_tests": [{"call": "f(1)", "expected": "1"}],
}


def generic(**changes):
    return {**GOOD, "id": "bomb", **changes}


def humaneval(test):
    return {"task_id": "h/1", "prompt": "def f(x):\n", "entry_point": "f", "canonical_solution": "", "test": test}


def packed(data):
    tests = base64.b64encode(zlib.compress(data, 9)).decode()
    public = [{"input": "1", "output": "1", "testtype": "stdin"}]
    return {"question_id": "l", "question_content": "c", "public_test_cases": public, "private_test_cases": tests}


ROWS = {
    "a line of empty lists": lambda: '{"a": [' + "[]," * (20 * MIB) + "[]]}",
    "a line that is too long": lambda: '{"a": "' + "x" * (65 * MIB) + '"}',
    "empty tests": lambda: json.dumps(generic(visible_tests=[[]] * 1_000_000)),
    "tests": lambda: json.dumps(generic(visible_tests=GOOD["visible_tests"] * 20_000)),
    "a call with a great many arguments": lambda: json.dumps(
        generic(visible_tests=[{"call": f"f({'[],' * 340_000})", "expected": "1"}])
    ),
    "operations of a pickle": lambda: json.dumps(packed(b"\x80\x04" + b"]" * (12 * MIB) + b".")),
    "memoized texts of a pickle": lambda: json.dumps(packed(b"\x80\x04" + b"\x8c\x01a\x94" * (3 * MIB) + b".")),
    "a pickle that expands": lambda: json.dumps(packed(b"x" * (100 * MIB))),
    "tests in a pickle": lambda: json.dumps(packed(pickle.dumps("[" + "[]," * (5 * MIB) + "[]]"))),
}
TAKEN = {  # as code, which is not taken apart
    "a head before each assertion": lambda: json.dumps(
        humaneval(f"X = {'x' * 100_000!r}\n\ndef check(candidate):\n" + "    assert candidate(1) == 1\n" * 9_000)
    ),
    "a great many assertions": lambda: json.dumps(
        humaneval("def check(candidate):\n" + "    assert candidate(1)\n" * 40_000)
    ),
}


def imported(tmp_path, lines, name="set.jsonl"):
    """Import lines; return the exit code, what was told, and the peak of memory in MiB."""
    data = "".join(f"{line}\n" for line in lines).encode()
    (tmp_path / name).write_bytes(gzip.compress(data, 9) if name.endswith("gz") else data)
    return run(tmp_path, name)


def run(tmp_path, name):
    code = (
        "import sys\nfrom coderefine.formats.reading import read\n"
        "ids = [record.id for record in read(sys.argv[1], lambda it: print(it, file=sys.stderr))]\n"
        "status = open('/proc/self/status').read()\n"  # ru_maxrss would be that of this process, if that is larger
        "print(int(status.split('VmHWM:')[1].split()[0]) >> 10, *ids)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, name], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=300
    )
    peak, *ids = done.stdout.split()
    return ids, done.stderr.splitlines(), int(peak)


@pytest.mark.parametrize("name", ROWS)
def test_a_row_that_becomes_large_is_named_and_the_next_is_read(tmp_path, name):
    ids, told, peak = imported(tmp_path, [ROWS[name](), json.dumps(GOOD)])
    assert ids == ["good"]
    assert len(told) == 1 and told[0].startswith("set.jsonl, line 1: ") and len(told[0]) < 300
    assert peak < MOST_MIB


@pytest.mark.parametrize("name", TAKEN)
def test_a_test_that_would_become_large_stays_as_it_is(tmp_path, name):
    ids, told, peak = imported(tmp_path, [TAKEN[name](), json.dumps(GOOD)])
    assert (ids, told) == (["h/1", "good"], [])
    assert peak < MOST_MIB


@pytest.mark.parametrize("line", ["x" * 100 + "\n", "\n", "x"], ids=["lines", "blank lines", "one line"])
def test_a_packed_file_that_expands_too_much_is_read_no_further(tmp_path, line):
    with gzip.open(tmp_path / "set.jsonl.gz", "wb", 9) as file:
        file.write(json.dumps(GOOD).encode() + b"\n")
        for _ in range(150):
            file.write((line * (MIB // len(line))).encode())
    assert (tmp_path / "set.jsonl.gz").stat().st_size < MIB
    ids, told, peak = run(tmp_path, "set.jsonl.gz")
    assert ids == ["good"]
    assert "the rest is not read" in told[-1]
    assert peak < MOST_MIB
    assert count(tmp_path / "set.jsonl.gz") < 400 * MIB


def test_a_packed_file_of_usual_size_is_read_whole(tmp_path):
    rows = [
        json.dumps({**GOOD, "id": f"p{number}", "statement": "a statement like any other " * 20})
        for number in range(3000)
    ]
    (tmp_path / "set.jsonl.gz").write_bytes(gzip.compress("\n".join(rows).encode(), 9))
    assert sum(1 for _ in read(tmp_path / "set.jsonl.gz")) == 3000


def test_cases_of_a_folder_are_counted(tmp_path):
    for folder, name, text in (
        ("python_programs", "f.py", "def f(x):\n    return x\n"),
        ("json_testcases", "f.json", "[[1], 1]\n" * 20_000),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(text)
    faults = []
    assert list(read(tmp_path, faults.append)) == []
    assert "at most 10,000 cases" in faults[0].reason
