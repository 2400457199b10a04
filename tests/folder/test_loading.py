"""Problems are read whole or refused with one clear error: file, field, what was expected."""

import json
import os
import shutil
from pathlib import Path

import pytest

from coderefine.errors import ProblemError, UsageError
from coderefine.folder import scaffold
from coderefine.folder.loading import MAX_SOURCE_BYTES, load_problem, read_source
from tests.conftest import PROBLEMS


@pytest.fixture
def folder(tmp_path):
    scaffold.create(tmp_path / "largest", "function")
    return tmp_path / "largest"


def test_a_problem_is_loaded_with_its_parts(folder):
    problem = load_problem(folder)
    assert (problem.slug, problem.title, problem.entry) == ("largest", "Largest", "Solution.largest")
    assert [case.expected for case in problem.visible] == [7, -4]
    assert [case.expected for case in problem.hidden] == [2, -3]
    assert problem.cases("all") == problem.visible + problem.hidden
    assert "class Solution" in problem.starter


def test_a_bundled_problem_is_found_by_its_name():
    assert load_problem("two-sum").title == "Two Sum"


def test_a_problem_can_be_stripped_of_its_hidden_tests(folder):
    assert load_problem(folder).without_hidden().cases("hidden") == ()


def edit_toml(old, new):
    def edit(folder):
        path = folder / "problem.toml"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return edit


def write(name, content):
    return lambda folder: (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def visible_rows(*rows):
    return write("tests/visible.json", json.dumps(rows))


@pytest.mark.parametrize(
    ("damage", "file", "message"),
    [
        (lambda folder: (folder / "problem.toml").unlink(), "", "no problem.toml"),
        (write("problem.toml", "title = "), "problem.toml", "expected TOML"),
        (write("problem.toml", b"\xff\xfe"), "problem.toml", "UTF-8"),
        (edit_toml('title = "Largest"', ""), "problem.toml", "title: expected text"),
        (edit_toml('"Largest"', "3"), "problem.toml", "title: expected text"),
        (edit_toml('"easy"', '"trivial"'), "problem.toml", "difficulty: expected one of easy, medium, hard"),
        (edit_toml("tags = []", "tags = [1]"), "problem.toml", "tags: expected"),
        (edit_toml('"Solution.largest"', '"largest()"'), "problem.toml", "entry: expected a name"),
        (edit_toml('"Solution.largest"', '"a.b.c"'), "problem.toml", "entry: expected a name"),
        (edit_toml('{ nums = "list[int]" }', "3"), "problem.toml", "params: expected a table"),
        (edit_toml('"list[int]"', '"Vec[int]"'), "problem.toml", "params.nums: expected a type"),
        (edit_toml('"list[int]"', "7"), "problem.toml", "params.nums: expected a type"),
        (edit_toml('compare = "exact"', 'compare = "same"'), "problem.toml", "compare: expected exact"),
        (edit_toml('compare = "exact"', 'compare = "../x.py"'), "problem.toml", "compare: expected exact"),
        (edit_toml('compare = "exact"', 'compare = "checker.py"'), "checker.py", "cannot be read"),
        (edit_toml('compare = "exact"', 'answer = "numbers"'), "problem.toml", "answer: expected"),
        (edit_toml("time_limit_s = 2.0", "time_limit_s = 0"), "problem.toml", "time_limit_s: expected seconds"),
        (edit_toml("time_limit_s = 2.0", "time_limit_s = true"), "problem.toml", "time_limit_s: expected seconds"),
        (edit_toml("memory_mib = 256", 'memory_mib = "1G"'), "problem.toml", "memory_mib: expected a whole number"),
        (edit_toml("memory_mib = 256", "output_kib = 0"), "problem.toml", "output_kib: expected a whole number"),
        (edit_toml("memory_mib = 256", "memory = 256"), "problem.toml", "memory: no such field"),
        (lambda folder: shutil.rmtree(folder / "tests"), "visible.json", "cannot be read"),
        (write("tests/visible.json", "[{"), "visible.json", "expected JSON"),
        (write("tests/visible.json", "[" * 100_000), "visible.json", "expected JSON"),
        (write("tests/visible.json", "[]"), "visible.json", "at least one test"),
        (write("tests/hidden.json", "{}"), "hidden.json", "expected a list"),
        (visible_rows(3), "visible.json", "test 1: expected an object"),
        (visible_rows({"args": [[1]]}), "visible.json", "test 1: expected an object"),
        (visible_rows({"args": [[1]], "expected": 1, "note": ""}), "visible.json", "test 1: expected an object"),
        (visible_rows({"args": [[1]], "expected": 1, "name": 3}), "visible.json", "test 1, name: expected text"),
        (visible_rows({"args": 3, "expected": 1}), "visible.json", "test 1: expected a list in args"),
        (visible_rows({"args": [[1], 2], "expected": 1}), "visible.json", "test 1, args: expected 1 arguments (nums)"),
        (visible_rows({"args": [[1, "2"]], "expected": 1}), "visible.json", "test 1: nums[1]: expected int, not '2'"),
        (visible_rows({"args": [[1]], "expected": "1"}), "visible.json", "test 1: expected: expected int"),
    ],
)  # fmt: skip
def test_a_malformed_problem_gets_one_error_with_file_field_and_what_was_expected(folder, damage, file, message):
    damage(folder)
    with pytest.raises(ProblemError) as error:
        load_problem(folder)
    assert message in str(error.value)
    place = folder / "tests" / file if file.endswith(".json") else folder / file
    assert str(error.value).startswith(str(place))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"operations": []}, "operations: expected the class's name"),
        ({"operations": [1, 2, 3, 4]}, "operations: expected the class's name"),
        ({"arguments": [1, 2, 3, 4]}, "arguments: expected a list of arguments"),
        ({"arguments": [[]]}, "lists of one length"),
        ({"expected": 7}, "lists of one length"),
    ],
)
def test_a_malformed_test_of_a_class_is_named(tmp_path, change, message):
    scaffold.create(tmp_path / "adder", "class")
    path = tmp_path / "adder" / "tests" / "visible.json"
    (row,) = json.loads(path.read_text())
    path.write_text(json.dumps([row | change]))
    with pytest.raises(ProblemError, match="test 1") as error:
        load_problem(tmp_path / "adder")
    assert message in str(error.value)


def test_tests_may_be_code(folder):
    visible_rows({"code": "assert candidate([1]) == 1", "name": "one"}, {"args": [[2]], "expected": 2})(folder)
    first, second = load_problem(folder).visible
    assert (first.name, first.code, first.args) == ("one", "assert candidate([1]) == 1", ())
    assert (second.code, second.args) == ("", ([2],))


def test_a_program_has_standard_input_and_expected_output(tmp_path):
    scaffold.create(tmp_path / "adder", "program")
    problem = load_problem(tmp_path / "adder")
    assert (problem.entry, problem.compare.mode) == ("", "tokens")
    assert (problem.visible[0].args, problem.visible[0].expected) == (("3\n1 2 3\n",), "6\n")


@pytest.mark.parametrize(
    ("kind", "row", "message"),
    [
        ("program", {"stdin": "1"}, "test 1: expected an object with stdin, expected"),
        ("program", {"stdin": "1", "expected": 1}, "all text"),
        ("program", {"args": [1], "expected": 1}, "test 1: expected an object with stdin, expected"),
        ("function", {"code": 1}, "test 1: expected an object with code"),
        ("function", {"code": "pass", "expected": 1}, "test 1: expected an object with code"),
    ],
)
def test_a_malformed_test_of_another_kind_is_named(tmp_path, kind, row, message):
    scaffold.create(tmp_path / "mine", kind)
    visible_rows(row)(tmp_path / "mine")
    with pytest.raises(ProblemError) as error:
        load_problem(tmp_path / "mine")
    assert message in str(error.value)


@pytest.mark.parametrize(("kind", "compare"), [("program", "unordered"), ("function", "tokens")])
def test_a_comparison_of_another_kind_is_refused(tmp_path, kind, compare):
    scaffold.create(tmp_path / "mine", kind)
    path = tmp_path / "mine" / "problem.toml"
    path.write_text(
        "\n".join(line for line in path.read_text().splitlines() if "compare" not in line)
        + f'\ncompare = "{compare}"\n'
    )
    with pytest.raises(ProblemError, match="compare"):
        load_problem(tmp_path / "mine")


def test_loading_executes_nothing_from_the_directory(folder, tmp_path):
    trap = f"open({str(tmp_path / 'trapped')!r}, 'w')\n"
    for name in ("starter.py", "checker.py", "prelude.py", "conftest.py", "__init__.py"):
        (folder / name).write_text(trap + "def check(args, expected, got): return True\n")
    edit_toml('compare = "exact"', 'compare = "checker.py"')(folder)
    load_problem(folder)
    assert not (tmp_path / "trapped").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"\x7fELF\x02\x01\xff", "not UTF-8"),
        (b"x = 1\0", "binary"),
        (b"x" * (MAX_SOURCE_BYTES + 1), "at most 1 MiB"),
    ],
)
def test_what_is_no_source_is_refused(tmp_path, content, message):
    path = tmp_path / "solution.py"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=message):
        read_source(path)


def test_a_byte_order_mark_is_dropped(tmp_path):
    path = tmp_path / "solution.py"
    path.write_bytes(b"\xef\xbb\xbfx = 1\n")
    assert read_source(path) == "x = 1\n"


@pytest.mark.parametrize("path", ["nowhere", "/nowhere/at/all", "../two-sum-not-here"])
def test_a_problem_that_is_not_there_is_a_usage_error(path):
    with pytest.raises(UsageError, match="no such problem"):
        load_problem(path)


def test_every_bundled_problem_loads_and_covers_the_kinds(request):
    from coderefine.resources import problems_dir

    problems = [load_problem(path.parent) for path in sorted(Path(problems_dir()).glob("*/problem.toml"))]
    assert len(problems) >= 15
    assert {p.kind.name for p in problems} == {"function", "class", "program", "pytest", "objective"}
    assert {p.compare.mode for p in problems} == {"exact", "tokens", "unordered", "float", "checker"}
    assert {p.difficulty for p in problems} == {"easy", "medium", "hard"}
    assert {nodes for p in problems for param in p.params if (nodes := param.type.nodes)} >= {"ListNode", "TreeNode"}
    assert any("." not in p.entry for p in problems if p.kind.name == "function")
    assert any(p.answer.endswith("[:return]") for p in problems)
    assert any(p.answer not in ("return",) and "[" not in p.answer for p in problems)
    assert all(p.visible for p in problems)
    assert all(p.hidden for p in problems if p.kind.name != "objective")  # of some there is one instance only


@pytest.mark.parametrize(
    "name",
    [
        "problem.toml",
        "statement.md",
        "starter.py",
        "prelude.py",
        "tests/visible.json",
        "tests/hidden.json",
        "tests",
        "checker.py",
    ],
)
def test_a_link_that_leads_out_of_the_folder_is_not_followed_unless_the_user_says_so(tmp_path, name):
    shutil.copytree(PROBLEMS / "two-sum", tmp_path / "mine")
    file = tmp_path / "mine" / name
    if name == "checker.py":
        text = (tmp_path / "mine/problem.toml").read_text().replace('compare = "unordered"', 'compare = "checker.py"')
        (tmp_path / "mine/problem.toml").write_text(text)
        file.write_text("def check(args, got, expected):\n    return True\n")
    elif not file.exists():
        file.write_text("x = 1\n")
    file.rename(tmp_path / "outside")
    file.symlink_to(tmp_path / "outside")
    with pytest.raises(ProblemError, match="expected no link that leads out of the folder") as refused:
        load_problem(tmp_path / "mine")
    assert name.split("/")[0] in str(refused.value)
    assert load_problem(tmp_path / "mine", follow_links=True).title == "Two Sum"


def test_a_link_within_the_folder_is_followed_and_the_folder_may_be_one(tmp_path):
    shutil.copytree(PROBLEMS / "two-sum", tmp_path / "mine")
    (tmp_path / "mine/statement.md").rename(tmp_path / "mine/text.md")
    (tmp_path / "mine/statement.md").symlink_to("text.md")
    (tmp_path / "link").symlink_to("mine")
    assert load_problem(tmp_path / "link").statement == load_problem("two-sum").statement


@pytest.mark.parametrize(
    "make",
    [lambda path: path.symlink_to(path.name), os.mkfifo, lambda path: path.symlink_to("/dev/zero")],
    ids=["a link to itself", "a pipe", "a device"],
)
def test_what_is_no_file_is_refused_at_once(tmp_path, make):
    shutil.copytree(PROBLEMS / "two-sum", tmp_path / "mine")
    (tmp_path / "mine/statement.md").unlink()
    make(tmp_path / "mine/statement.md")
    with pytest.raises(ProblemError, match=r"statement\.md"):
        load_problem(tmp_path / "mine")
