"""`coderefine hook --format json`: what agents read."""

import json

import pytest

from tests.hook.repositories import BAD, GOOD
from tests.hook.test_hook import hook, staged


def test_one_failure_is_a_short_line_of_json(tmp_path):
    staged(tmp_path, **{"calc.py": BAD})
    line = hook("--format", "json", code=1)
    found = json.loads(line)
    assert len(line) < 1200  # some 400 tokens
    assert (found["version"], found["passed"], found["counts"]["failed"]) == (1, False, 1)
    assert found["tests"] == [{"file": "tests/test_calc.py", "why": "it is named after the module"}]
    assert found["failures"][0]["test"] == "tests/test_calc.py::test_add"
    assert found["failures"][0]["at"] == "tests/test_calc.py:5: assert add(2, 3) == 5"
    assert [(it["path"], it["line"]) for it in found["suspicious"]] == [("calc.py", 2)]
    assert "denied" not in found and "patches" not in found


def test_what_passes_says_so_and_again_from_memory(tmp_path):
    staged(tmp_path, **{"calc.py": GOOD + "# harmless\n"})
    found = json.loads(hook("--format", "json", code=0))
    assert found["passed"] and found["counts"] == {
        "passed": 1,
        "failed": 0,
        "unaffected": 0,
        "skipped": 0,
        "failed_before": 0,
        "denied": 0,
    }
    assert json.loads(hook("--format", "json", code=0))["remembered"]


@pytest.mark.parametrize("arguments", [("--fix", "--format", "json")])
def test_a_patch_is_told_with_its_diff(arguments, tmp_path, monkeypatch):
    monkeypatch.setenv("CODEREFINE_HOME", str(tmp_path / "home"))
    staged(tmp_path, **{"calc.py": BAD})
    patch = json.loads(hook(*arguments, code=1))["patches"][0]
    assert (patch["path"], patch["applied"]) == ("calc.py", True)
    assert "+    return a + b" in patch["diff"]
