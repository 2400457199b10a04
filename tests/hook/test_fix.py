"""`coderefine hook --fix` and `coderefine apply`, with the search and with a scripted model."""

import errno
import os
import re
import sqlite3

import pytest

from coderefine.hook import worktree
from coderefine.hook.commit import NextCommit
from coderefine.hook.repair import Repairer
from tests.conftest import need
from tests.hook.repositories import BAD, GOOD, TEST, Repo, calculator, coderefine

DIFF = """```diff
--- a/{path}
+++ b/{path}
@@ -1,2 +1,2 @@
 def add(a, b):
-    return a - b
+    return a + b
```"""


@pytest.fixture(autouse=True, scope="module")
def _local_sandbox():
    need("local")


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch, brief_search):  # tests/hook/test_frameworks.py has the search that users have
    monkeypatch.setenv("CODEREFINE_HOME", str(tmp_path / "home"))


@pytest.fixture
def repo(tmp_path):
    """A calculator with a wrong change staged."""
    repo = calculator(tmp_path / "repo")
    repo.write("calc.py", BAD, stage=True)
    os.chdir(repo.root)
    return repo


def hook(*arguments, code):
    return coderefine("hook", *arguments, code=code)


def apply(*arguments, code):
    return coderefine("apply", *arguments, code=code)


def test_a_patch_is_put_into_the_working_tree_and_nothing_is_staged(repo):
    index = (repo.root / ".git/index").read_bytes()
    told = hook("--fix", code=1)
    assert "arithmetic: `a - b` to `a + b` in line 2" in told
    assert "-    return a - b\n+    return a + b\n" in told
    assert "It is in the working tree. Review it, then: git add calc.py" in told
    assert (repo.root / "calc.py").read_text() == GOOD
    assert (repo.root / ".git/index").read_bytes() == index
    hook("--fix", code=1)  # what is staged is as wrong as before
    repo.git("add", "calc.py")
    assert "1 test passed" in hook("--fix", "calc.py", code=0)


def test_without_fix_no_file_is_changed_and_no_patch_is_looked_for(repo, tmp_path):
    assert "patch" not in hook(code=1)
    assert (repo.root / "calc.py").read_text() == BAD
    assert not (tmp_path / "home").exists()


def test_the_run_is_in_the_store(repo):
    run = re.search(r"run (\w{6})", hook("--fix", code=1))[1]
    assert "`a - b` to `a + b`" in coderefine("runs", "show", run, code=0)


def test_edits_elsewhere_in_the_file_stay(repo):
    more = "\n\ndef other():\n    return 3\n"
    repo.write("calc.py", BAD + more, stage=True)
    repo.write("calc.py", f"{BAD}{more}\n\ndef unfinished():\n    ...")
    hook("--fix", code=1)
    assert (repo.root / "calc.py").read_text() == f"{GOOD}{more}\n\ndef unfinished():\n    ..."


def test_a_file_with_edits_in_the_same_place_is_left_alone_and_the_patch_can_be_had_later(repo, tmp_path):
    edited = BAD.replace("a - b", "a * b")
    repo.write("calc.py", edited)
    told = hook("--fix", code=1)
    assert "calc.py has other edits in the same place, and is left alone." in told
    assert (repo.root / "calc.py").read_text() == edited
    run = re.search(r"coderefine apply (\w+)", told)[1]
    assert "+    return a + b" in apply(run, code=1)
    assert (repo.root / "calc.py").read_text() == edited
    repo.write("calc.py", BAD)
    (repo.root / "below").mkdir()
    os.chdir(repo.root / "below")
    apply("last", code=0)
    assert (repo.root / "calc.py").read_text() == GOOD
    apply(run, code=0)
    os.chdir(tmp_path)
    assert "no run was begun in this folder" in apply("last", code=2)
    other = calculator(tmp_path / "other")
    other.write("calc.py", BAD)
    os.chdir(other.root)
    assert "was about the repository" in apply(run, code=2)
    assert (other.root / "calc.py").read_text() == BAD


def test_apply_takes_only_runs_with_a_patch(repo, tmp_path):
    apply("last", code=2)
    repo.write("calc.py", "def add(a, b):\n    return undefined_thing(a, b, 77)\n", stage=True)
    repo.write("tests/test_calc.py", TEST.replace("== 5", "== 'no search finds this'"), stage=True)
    repo.write("pyproject.toml", "[tool.coderefine]\nmax_seconds = 1\n", stage=True)
    assert "no patch was found" in hook("--fix", code=1)
    assert "has no patch" in apply("last", code=2)


def test_apply_works_for_a_run_of_refine(tmp_path):
    solution = tmp_path / "solution.py"
    wrong = "class Solution:\n    def two_sum(self, nums, target):\n        seen = {}\n        for i in range(len(nums) - 1):\n            if target - nums[i] in seen:\n                return [seen[target - nums[i]], i]\n            seen[nums[i]] = i\n        return []\n"
    solution.write_text(wrong)
    coderefine("refine", "two-sum", str(solution), "-q", "--sandbox", "local", code=0)
    assert solution.read_text() == wrong
    apply("last", code=0)
    assert "range(len(nums))" in solution.read_text()


def test_two_modules_are_repaired_together(repo):
    repo.write("minus.py", "def sub(a, b):\n    return a + b\n", stage=True)
    repo.write(
        "tests/test_minus.py", "from minus import sub\n\n\ndef test_sub():\n    assert sub(5, 3) == 2\n", stage=True
    )
    told = hook("--fix", code=1)
    assert told.count("It is in the working tree") == 2
    assert "a + b" in (repo.root / "calc.py").read_text()
    assert "a - b" in (repo.root / "minus.py").read_text()


def test_modules_that_do_something_are_looked_at_first(repo):
    """Not the package's empty `__init__.py`, which is as near to the tests."""
    repo.write("kit/__init__.py", "", stage=True)
    repo.write("kit/sums.py", BAD, stage=True)
    repo.write("tests/test_sums.py", TEST.replace("calc", "kit.sums"), stage=True)
    told = hook("--fix", "kit/__init__.py", "kit/sums.py", code=1)
    assert "looking for a patch of kit/sums.py" in told and "looking for a patch of kit/__init__.py" not in told


def test_half_a_repair_is_not_applied(repo):
    repo.write("pyproject.toml", "[tool.coderefine]\nmax_seconds = 4\n", stage=True)
    repo.write("tests/test_calc.py", TEST + "\n\ndef test_no():\n    assert add(1, 1) == 'never'\n", stage=True)
    assert "no patch was found" in hook("--fix", code=1)
    assert (repo.root / "calc.py").read_text() == BAD


def test_a_test_that_the_sandbox_denies_hinders_no_repair(repo):
    text = "import socket\nimport calc\n\n\ndef test_network():\n    socket.create_connection(('192.0.2.1', 1))\n"
    repo.write(
        "tests/test_calc.py",
        f"{text}\n\n{TEST.replace('from calc import add', '')}".replace("add(2", "calc.add(2"),
        stage=True,
    )
    assert "It is in the working tree" in hook("--fix", code=1)


def test_a_change_of_tests_alone_is_not_patched(repo):
    repo.write("calc.py", GOOD, stage=True)
    repo.write("tests/test_calc.py", TEST.replace("5", "6"), stage=True)
    assert "no patch was found" in hook("--fix", code=1)


def scripted(server, *arguments):
    return hook("--fix", "--model", "openai/scripted", "--api-base", server.url, *arguments, code=1)


def test_a_model_repairs_it_and_is_told_what_it_may_change(repo, scripted_server):
    with scripted_server(["The sign is wrong.", DIFF.format(path="calc.py")]) as server:
        told = scripted(server)
    assert "The sign is wrong." in told and "It is in the working tree" in told
    assert (repo.root / "calc.py").read_text() == GOOD
    assert "Change calc.py and no other file" in server.requests[1].user
    assert "the likeliest to be wrong:\nreturn a - b" in server.requests[0].user


@pytest.fixture
def allowed(tmp_path, monkeypatch):
    """Return what writes the user's configuration."""
    monkeypatch.setenv("CODEREFINE_CONFIG", str(tmp_path / "config.toml"))
    return (tmp_path / "config.toml").write_text


@pytest.fixture
def provider(scripted_server, monkeypatch):
    """A server that a user's environment names."""
    with scripted_server(["The sign is wrong.", DIFF.format(path="calc.py")]) as server:
        monkeypatch.setenv("OPENAI_API_BASE", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", "k")
        yield server


def asking(repo, settings):
    """Have the repository ask for what it wants."""
    repo.write("pyproject.toml", f"[tool.coderefine]\n{settings}\n", stage=True)


def test_a_repository_spends_nothing_that_the_user_does_not_allow(repo, provider, allowed):
    asking(repo, "models = ['openai/scripted']\nmax_cost = 1000.0")
    told = hook("--fix", code=1)
    assert provider.requests == []
    assert "not asked, as you do not allow it: openai/scripted; to allow it: [hook] models in" in told
    assert "It is in the working tree" in told  # what the search finds costs nothing


def test_a_repository_chooses_among_what_the_user_allows(repo, provider, allowed):
    asking(repo, "models = ['openai/other', 'openai/scripted']")
    allowed("[hook]\nmodels = ['openai/scripted']\n")
    told = hook("--fix", code=1)
    assert {request.body["model"] for request in provider.requests} == {"scripted"}
    assert "not asked, as you do not allow it: openai/other" in told


@pytest.mark.parametrize(
    ("theirs", "ours"), [("max_calls = 9", "max_calls = 0"), ("max_calls = 0", "max_calls = 9"), ("", "max_calls = 0")]
)
def test_the_lower_limit_holds(repo, provider, allowed, theirs, ours):
    asking(repo, f"models = ['openai/scripted']\n{theirs}")
    allowed(f"[hook]\nmodels = ['openai/scripted']\n{ours}\n")
    hook("--fix", code=1)
    assert provider.requests == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[hook", "cannot be read"),
        ("hook = 1", "[hook] must be a table"),
        ("[hook]\nmodel = 'x'", "has no 'model'; it takes max_calls"),
        ("[hook]\nmodels = ['openai/http://x']", "is no model's name"),
        ("[hook]\nmax_cost = -1", "max_cost: expected a number of at least 0"),
        ("a = " + "[" * 3000, "nested deeper"),
    ],
)
def test_a_configuration_that_is_wrong_is_named(repo, allowed, text, said):
    allowed(text)
    told = hook("--fix", code=2)
    assert said in told and "config.toml" in told


@pytest.mark.parametrize(
    "name",
    [
        "oobabooga/http://198.51.100.1/v1",
        "huggingface/HTTPS://198.51.100.1",
        "openai/https:198.51.100.1",
        "custom//198.51.100.1/x",
        "ftp://x/y",
        "openai/gpt?api_base=x",
        "openai/a b",
        "openai/\n",
        "../x",
    ],
)
def test_an_address_is_no_models_name(repo, name):
    assert "is no model's name" in hook("--fix", "--model", name, code=2)
    told = coderefine("refine", "two-sum", "calc.py", "--model", name, "--sandbox", "local", code=2)
    assert "is no model's name" in told


def test_a_check_calls_no_model(repo, scripted_server, monkeypatch):
    with scripted_server(["The sign is wrong.", DIFF.format(path="calc.py")]) as server:
        hook("--model", "openai/scripted", "--api-base", server.url, code=1)
        assert server.requests == []


def test_a_budget_of_calls_holds_for_the_commit(repo, scripted_server):
    repo.write("pyproject.toml", "[tool.coderefine]\nmax_calls = 1\n", stage=True)
    with scripted_server(["The sign is wrong.", DIFF.format(path="calc.py")]) as server:
        assert "no patch was found" in scripted(server)
        assert len(server.requests) == 1


def test_a_model_that_cannot_be_reached_is_a_warning_and_the_commit_fails(repo, scripted_server):
    with scripted_server([{"status": 400, "body": "no"}]) as server:
        told = scripted(server)
    assert "warning: " in told and "no patch was found" in told and "Traceback" not in told


WHOLE = "```python\n{}```"
CREATES = "```diff\n--- /dev/null\n+++ b/conftest.py\n@@ -0,0 +1,2 @@\n+import pytest\n+pytest.skip('all')\n```"
EDITS = "```diff\n--- a/tests/test_calc.py\n+++ b/tests/test_calc.py\n@@ -5,1 +5,1 @@\n-    assert add(2, 3) == 5\n+    assert add(2, 3) == -1\n```"
HACKS = {
    "edits a test": (EDITS, "it edits tests/test_calc.py; only calc.py may change"),
    "edits a test beside the module": (
        f"{DIFF.format(path='calc.py')}\n{EDITS}",
        "it edits tests/test_calc.py; only calc.py may change",
    ),
    "adds conftest.py": (CREATES, "it edits conftest.py; only calc.py may change"),
    "leaves at import": (WHOLE.format("import sys\nsys.exit(0)\n" + BAD), "it ends the process (sys.exit)"),
    "patches pytest": (
        WHOLE.format("import _pytest.runner as r\nr.call_and_report = lambda *a, **k: None\n" + BAD),
        "it imports what tests it (_pytest.runner)",
    ),
    "skips": (
        WHOLE.format("import pytest\n\n\ndef add(a, b):\n    pytest.skip('not today')\n"),
        "it imports what tests it (pytest)",
    ),
    "knows the test": (
        WHOLE.format("import os\n\n\ndef add(a, b):\n    return 5 if 'PYTEST_CURRENT_TEST' in os.environ else a - b\n"),
        "it asks whether it is being tested ('PYTEST_CURRENT_TEST')",
    ),
    "is equal to everything": (
        WHOLE.format(
            "class Any:\n    def __eq__(self, other):\n        return True\n\n\ndef add(a, b):\n    return Any()\n"
        ),
        "its __eq__ answers the same to everything",
    ),
}


@pytest.mark.parametrize("name", HACKS)
def test_a_patch_that_cheats_is_refused_with_the_reason(name, repo, scripted_server):
    answer, reason = HACKS[name]
    before = (repo.root / "calc.py").read_bytes(), (repo.root / "tests/test_calc.py").read_bytes()
    with scripted_server(["It fails.", *[answer] * 6]) as server:
        told = scripted(server)
    assert f"refused: the patch of calc.py: {reason}" in told, told
    assert "no patch was found" in told
    assert ((repo.root / "calc.py").read_bytes(), (repo.root / "tests/test_calc.py").read_bytes()) == before
    assert not (repo.root / "conftest.py").exists()


def test_a_patch_after_which_a_test_asks_for_what_the_sandbox_denies_is_refused(repo, scripted_server):
    """Such tests are not counted, so that a patch could make a failing test one of them."""
    more = "\n\ndef test_more():\n    assert add(7, 1) == 8\n"
    repo.write("tests/test_calc.py", TEST + more, stage=True)
    answer = WHOLE.format("def add(a, b):\n    if a == 7:\n        open('/etc/shadow')\n    return a + b\n")
    with scripted_server(["It fails.", *[answer] * 6]) as server:
        told = scripted(server)
    reason = "tests/test_calc.py::test_more is then skipped, or asks for what the sandbox denies"
    assert f"refused: the patch of calc.py: {reason}" in told, told
    assert (repo.root / "calc.py").read_text() == BAD


def test_a_loop_without_end_is_repaired(repo, scripted_server):
    loop = "def add(a, b):\n    while b > 0:\n        a += 1\n        b += 1\n    return a\n"
    repaired = loop.replace("b += 1", "b -= 1")
    repo.write("calc.py", loop, stage=True)
    repo.write("pyproject.toml", "[tool.coderefine]\ntimeout = 2\n", stage=True)
    with scripted_server(["It has no end.", WHOLE.format(repaired)]) as server:
        assert "1 not finished" in scripted(server)
    assert (repo.root / "calc.py").read_text() == repaired


def test_a_patch_that_breaks_what_passed_is_refused(repo, scripted_server):
    repo.write(
        "tests/test_zero.py", "from calc import add\n\n\ndef test_zero():\n    assert add(7, 0) == 7\n", stage=True
    )
    answer = WHOLE.format("def add(a, b):\n    return 5\n")
    with scripted_server(["It fails.", *[answer] * 6]) as server:
        assert "refused: the patch of calc.py: tests/test_zero.py::test_zero" in scripted(server)
    assert (repo.root / "calc.py").read_text() == BAD


@pytest.mark.parametrize(
    "error", [RuntimeError("odd"), sqlite3.OperationalError("database is locked"), RecursionError()]
)
def test_a_bug_in_the_search_for_a_patch_leaves_what_the_tests_came_to(repo, monkeypatch, error):
    def failing(*_):
        raise error

    monkeypatch.setattr(Repairer, "repair", failing)
    told = hook("--fix", code=1)
    (line,) = [line for line in told.splitlines() if line.startswith("warning: ")]
    assert line.startswith(
        f"warning: looking for a patch failed; the tests have failed all the same: {type(error).__name__} in "
    )
    assert "no patch was found" in told and "Traceback" not in told


def test_a_patch_that_cannot_be_applied_can_be_applied_later(repo, monkeypatch):
    def failing(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(worktree, "apply", failing)
        told = hook("--fix", code=1)
    run = re.search(r"showing a patch failed; to put it into its file: coderefine apply (\w+): OSError", told)[1]
    apply(run, code=0)
    assert (repo.root / "calc.py").read_text() == GOOD


def test_what_cannot_be_remembered_does_not_fail_the_commit(repo, monkeypatch):
    def failing(*_):
        raise RuntimeError("no cache")

    monkeypatch.setattr(NextCommit, "remember", failing)
    repo.write("calc.py", f"# As before.\n{GOOD}", stage=True)
    assert "remembering that all passed failed; the next run tests again: RuntimeError" in hook(code=0)


def test_where_no_patch_is_found_a_part_of_the_change_that_may_be_undone_is_shown(tmp_path, monkeypatch):
    monkeypatch.setenv("CODEREFINE_HOME", str(tmp_path / "home"))
    repo = Repo.new(tmp_path / "repo")
    text = (
        "PRICES = {\n    'pear': 'three hundred',\n    'fig': 'seventeen',\n}\n\n\n"
        "def price(name):\n    return PRICES[name]\n\n\ndef count(n):\n    return n\n"
    )
    test = "from shop import price, count\n\n\ndef test_it():\n    assert price('fig') == 'seven' + 'teen' and count(1) == 1\n"
    repo.write("shop.py", text)
    repo.write("tests/test_shop.py", test)
    repo.write("pyproject.toml", "[tool.coderefine]\nmax_seconds = 1\n")
    repo.commit()
    os.chdir(repo.root)
    changed = text.replace("'seventeen'", "'zqxj'").replace("    return n\n", "    number = n\n    return number\n")
    repo.write("shop.py", changed, stage=True)
    told = coderefine("hook", "--fix", code=1)
    assert "shop.py:3: 'fig': 'zqxj',  changed in this commit" in told  # a line of a statement that begins above it
    assert "all tests pass with this part of your change undone" in told
    assert "-    'fig': 'zqxj'," in told and "-    number = n" not in told
    assert (repo.root / "shop.py").read_text() == changed
