"""`coderefine hook` on real repositories, in the local sandbox; in some situations as a program of its own."""

import contextlib
import io
import os
import shutil
import subprocess
import sys
import uuid
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import need
from tests.hook.repositories import BAD, GOOD, TEST, Repo, calculator, coderefine, everything, many_modules
from tests.hook.situations import SITUATIONS

COMMAND = str(Path(sys.executable).parent / "coderefine")


@pytest.fixture(autouse=True, scope="session")
def _local_sandbox():
    need("local")


def hook(*arguments, code, folder="."):
    """Run the command in a folder; return what it printed."""
    with contextlib.chdir(folder):
        return coderefine("hook", *arguments, code=code)


@pytest.mark.parametrize("name", SITUATIONS)
def test_what_is_staged_decides_and_nothing_is_changed(name, tmp_path):
    code, before = situation(name, tmp_path)
    coderefine("hook", code=code)
    assert seen(tmp_path) == before


@pytest.mark.parametrize(
    "name", ["a_right_change", "a_wrong_change", "a_folder_below_the_root", "an_index_of_an_environment_variable"]
)
def test_so_it_is_where_it_is_a_program_of_its_own(name, tmp_path):
    code, before = situation(name, tmp_path)
    done = subprocess.run([COMMAND, "hook"], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert seen(tmp_path) == before


def situation(name, tmp_path):
    """Make one, and enter it; return the exit code that it asks for, and all that is there."""
    os.chdir(tmp_path)
    make, code = SITUATIONS[name]
    repo = make(tmp_path / "repo")
    if Path.cwd() == tmp_path:
        os.chdir(repo.root)
    (tmp_path / "sprung").unlink(missing_ok=True)
    return code, seen(tmp_path)


def seen(folder):
    return {path: state for path, state in everything(folder).items() if "cache" not in path.parts}


def staged(tmp_path, settings="", **files):
    """Return a calculator with `[tool.coderefine]` settings, and with files written and staged."""
    repo = calculator(tmp_path / "repo")
    repo.write("pyproject.toml", f"[tool.coderefine]\n{settings}\n")
    repo.commit()
    for path, text in files.items():
        repo.write(path, text, stage=True)
    os.chdir(repo.root)
    return repo


def test_a_failure_is_told_with_its_assertion_and_the_changed_line(tmp_path):
    staged(tmp_path, **{"calc.py": BAD})
    told = hook(code=1)
    assert "✗  WA  tests/test_calc.py::test_add" in told
    assert "tests/test_calc.py:5: assert add(2, 3) == 5" in told
    assert "AssertionError: assert -1 == 5" in told
    assert "calc.py:2: return a - b  changed in this commit" in told
    assert "0 tests passed, 1 failed in" in told


def test_a_line_on_the_way_to_an_error_comes_first(tmp_path):
    staged(tmp_path, **{"calc.py": "def add(a, b):\n    return plus(a, b)\n\n\ndef plus(a, b):\n    return a.b\n"})
    told = hook(code=1)
    assert told.index("calc.py:6: return a.b  on the way") < told.index("calc.py:2: return plus(a, b)  on the way")


def test_of_a_new_module_the_lines_that_do_something_are_suspected(tmp_path):
    text = f'"""Sums."""\nimport os\n\n\n{BAD}'.replace("):\n", '):\n    """Add."""\n')
    staged(tmp_path, **{"plus.py": text, "tests/test_plus.py": TEST.replace("calc", "plus")})
    told = hook("plus.py", code=1)
    assert "plus.py:7: return a - b  changed in this commit" in told
    assert told.count("changed in this commit") == 1


def test_a_failing_commit_says_what_its_tests_cannot_see(tmp_path):
    repo = SITUATIONS["a_submodule"][0](tmp_path / "repo")
    os.chdir(repo.root)
    assert "not seen by tests (submodules, links to nowhere): part\n" in hook(code=1)


def test_a_module_that_does_not_compile_fails_all_its_tests(tmp_path):
    staged(tmp_path, **{"calc.py": "def add(a, b)\n"})
    assert "CE" in hook(code=1)


def test_a_test_that_does_not_compile_fails(tmp_path):
    staged(tmp_path, **{"tests/test_calc.py": "def test_add(:\n"})
    assert "tests/test_calc.py  is no Python: SyntaxError" in hook(code=1)


def test_a_module_without_tests_is_a_note(tmp_path):
    staged(tmp_path, **{"alone.py": "x = 1\n"})
    assert hook(code=0) == "no tests for alone.py\n"
    assert hook(code=0) == "no tests for alone.py\n"


def test_nothing_staged_is_silent(tmp_path):
    staged(tmp_path)
    assert hook(code=0) == ""


def test_only_the_files_that_are_named_are_tested(tmp_path):
    repo = staged(tmp_path, **{"calc.py": BAD, "alone.py": "x = 1\n"})
    assert "no tests for alone.py" in hook("alone.py", code=0)
    hook("../calc.py", code=1, folder=repo.root / "tests")
    hook("/etc/passwd", code=2)


def test_files_that_are_not_staged_can_be_named(tmp_path):
    """As `pre-commit run --all-files` does."""
    staged(tmp_path)
    assert "1 test passed" in hook("calc.py", "tests/test_calc.py", code=0)


def test_what_passed_is_not_run_again_until_a_file_changes(tmp_path):
    repo = staged(tmp_path, **{"calc.py": "# right\n" + GOOD})
    assert "as before" not in hook(code=0)
    assert "1 test passed" in (again := hook(code=0)) and "as before" in again
    assert "as before" not in hook("--no-cache", code=0)
    repo.write("data.txt", "another file that a test may read\n", stage=True)
    assert "as before" not in hook(code=0)
    repo.write("calc.py", BAD, stage=True)
    hook(code=1)
    hook(code=1)


def test_where_nothing_is_new_git_is_asked_once_or_twice(tmp_path, monkeypatch):
    """That, and what is imported, is all that a commit waits for."""
    repo, trace = staged(tmp_path), tmp_path / "trace"

    def asked():
        trace.unlink(missing_ok=True)
        with monkeypatch.context() as patched:
            patched.setenv("GIT_TRACE", str(trace))
            hook(code=0)
        return trace.read_text().count("built-in: git ")

    assert asked() == 1
    repo.write("README", "more\n", stage=True)
    assert asked() > 2
    assert asked() == 2


def test_what_passed_is_run_again_where_something_was_installed(tmp_path):
    repo = staged(tmp_path, **{"calc.py": "# right\n" + GOOD})
    packages = environment(repo.root / ".venv")
    assert ".venv/bin/python" in hook(code=0)
    assert "as before" in hook(code=0)
    (packages / "new.py").write_text("")
    assert "as before" not in hook(code=0)


def test_what_passed_elsewhere_or_with_another_environment_is_run_again(tmp_path):
    repo = staged(tmp_path, **{"calc.py": "# right\n" + GOOD})
    hook(code=0)
    other = tmp_path / "other"
    shutil.copytree(repo.root, other)
    assert "as before" not in hook(code=0, folder=other)
    assert "as before" in hook(code=0)
    environment(repo.root / ".venv")
    assert "(local: .venv/bin/python)" in (told := hook(code=0)) and "as before" not in told


def environment(folder):
    """Make a virtual environment; return where its packages are."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return next(folder.glob("lib/python3*/site-packages"))


def test_the_environment_of_the_project_is_used(tmp_path):
    repo = staged(tmp_path, **{"calc.py": "from installed import add\n"})
    told = hook(code=1)
    assert "No module named 'installed'" in told and "no environment of the project was found" in told
    (environment(repo.root / ".venv") / "installed.py").write_text(GOOD)
    assert "(local: .venv/bin/python)" in hook(code=0)


@pytest.mark.parametrize("is_installed", [False, True], ids=["editable", "an earlier version is installed"])
def test_a_project_may_be_what_pytest_itself_needs(tmp_path, is_installed):
    """Its tests get the project's, and pytest keeps one that works."""
    tests = "import iniconfig, pluggy\ndef test_it(): assert (iniconfig.OWN, pluggy.OWN) == (1, 2)\n"
    repo = Repo.new(tmp_path / "project")
    packages = environment(repo.root / ".venv")
    for name in ("_pytest", "pytest", "iniconfig", "packaging", "pygments", *(["pluggy"] if is_installed else [])):
        (packages / name).symlink_to(Path(find_spec(name).origin).parent)
    (packages / "py.py").symlink_to(find_spec("py").origin)
    if not is_installed:
        (packages / "project.pth").write_text(f"{repo.root}/src\n")
    repo.write("pyproject.toml", "[tool.pytest]\n")
    repo.write("tests/test_it.py", tests)
    repo.write("src/iniconfig/__init__.py", "OWN = 1\n")
    repo.write("src/pluggy/__init__.py", "OWN = 2\n", stage=True)
    repo.git("add", "-A", ":!.venv")
    os.chdir(repo.root)
    assert "1 test passed" in hook(code=0)
    repo.write("src/pluggy/__init__.py", "OWN = 3\n", stage=True)
    assert "(1, 3) == (1, 2)" in hook(code=1)


def test_a_linked_working_tree_uses_the_environment_of_the_main_one(tmp_path):
    repo = staged(tmp_path)
    (environment(repo.root / ".venv") / "installed.py").write_text(GOOD)
    repo.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    os.chdir(tmp_path / "side")
    type(repo)(tmp_path / "side").write("calc.py", "from installed import add\n", stage=True)
    hook(code=0)


def test_an_interpreter_that_the_repository_brings_along_is_not_started(tmp_path):
    repo = staged(tmp_path)
    trap = f"#!/bin/sh\necho sprung >{tmp_path}/sprung\n"
    repo.write("tools/python", trap)
    (repo.root / "tools/python").chmod(0o755)
    (repo.root / ".venv").mkdir()
    (repo.root / ".venv/bin").symlink_to("../tools")
    repo.commit()
    repo.write("calc.py", "# right\n" + GOOD, stage=True)
    assert "it is not trusted" in hook(code=2)
    repo.write("pyproject.toml", "[tool.coderefine]\npython = 'tools/python'\n", stage=True)
    assert "it is not trusted" in hook(code=2)
    assert not (tmp_path / "sprung").exists()


def spring(folder):
    """Make what looks like an environment, and springs when its interpreter is started."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").write_text(f"#!/bin/sh\necho sprung >{folder.parent}/sprung\n")
    (folder / "bin" / "python").chmod(0o755)
    (folder / "pyvenv.cfg").write_text("home = /usr/bin\n")


@pytest.mark.parametrize(
    "named", ["../x/bin/python", "{outside}/bin/python", "link/bin/python", "bin/python", "a/../../x/bin/python"]
)
def test_an_interpreter_outside_of_the_repository_is_not_started(tmp_path, named):
    spring(tmp_path / "x")
    repo = staged(tmp_path, f"python = '{named.format(outside=tmp_path / 'x')}'", **{"calc.py": BAD})
    (repo.root / "link").symlink_to("../x")
    (repo.root / "bin").mkdir()
    (repo.root / "bin" / "python").symlink_to("../../x/bin/python")
    told = hook(code=2)
    assert "is outside of the repository; if you trust it: coderefine hook --python" in told
    assert not (tmp_path / "sprung").exists()


def test_an_environment_that_is_a_link_out_of_the_repository_is_taken_where_the_user_says_so(tmp_path):
    repo = staged(tmp_path, **{"calc.py": "from installed import add\n"})
    (environment(tmp_path / "x") / "installed.py").write_text(GOOD)
    (repo.root / ".venv").symlink_to("../x")
    told = hook(code=2)
    assert "is outside of the repository" in told
    assert "(local: .venv/bin/python)" in hook("--python", ".venv/bin/python", code=0)
    assert "is outside of the repository" in hook(code=2)


def test_the_environment_that_is_active_may_be_anywhere(tmp_path, monkeypatch):
    staged(tmp_path, **{"calc.py": "from installed import add\n"})
    (environment(tmp_path / "x") / "installed.py").write_text(GOOD)
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "x"))
    hook(code=0)


def test_what_is_named_as_an_interpreter_must_be_one(tmp_path):
    staged(tmp_path, **{"calc.py": BAD})
    assert "--python /bin/sh is no Python interpreter" in hook("--python", "/bin/sh", code=2)


def test_packages_that_the_repository_brings_along_are_not_imported_before_the_sandbox_closes(tmp_path):
    repo = staged(tmp_path)
    packages = environment(repo.root / ".venv")
    trap = packages / "pytest.py"
    trap.write_text(f"open({str(tmp_path / 'sprung')!r}, 'w')\n")
    repo.git("add", "-f", str(trap))
    repo.write("calc.py", "# right\n" + GOOD, stage=True)
    assert "it is not trusted" in hook(code=2)
    repo.git("rm", "-q", "--cached", str(trap))
    trap.unlink()
    hook(code=0)
    assert not (tmp_path / "sprung").exists()


def test_a_program_that_is_not_called_python_is_not_started(tmp_path):
    repo = staged(tmp_path, "python = 'tools/run'", **{"calc.py": BAD})
    repo.write("tools/run", f"#!/bin/sh\necho sprung >{tmp_path}/sprung\n")
    (repo.root / "tools/run").chmod(0o755)
    assert "is no Python interpreter" in hook(code=2)
    assert not (tmp_path / "sprung").exists()


def test_a_file_that_is_called_as_an_option_is_a_file(tmp_path):
    """Frameworks pass names as they are; one of a hostile repository could name the server that gets the key."""
    staged(tmp_path, **{"--api-base=http:/x/alone.py": "x = 1\n", "calc.py": BAD})
    told = hook("--api-base=http:/x/alone.py", code=0)
    assert told == "no tests for --api-base=http:/x/alone.py\n"


def test_a_name_that_is_not_staged_is_a_note(tmp_path):
    repo = staged(tmp_path, **{"calc.py": BAD})
    repo.write("untracked.py", "x = 1\n")
    assert hook("clac.py", "untracked.py", code=0) == "not in the next commit: clac.py, untracked.py\n"
    assert "not in the next commit" in hook("--explain", "clac.py", code=0)


def test_a_named_interpreter_that_is_missing_is_an_error_of_the_settings(tmp_path):
    staged(tmp_path, "python = 'no/such/python'", **{"calc.py": BAD})
    assert "is no Python interpreter" in hook(code=2)


def test_modules_in_src_are_found(tmp_path):
    staged(
        tmp_path,
        **{
            "src/shop/__init__.py": "",
            "src/shop/cart.py": BAD,
            "tests/shop/test_cart.py": TEST.replace("calc", "shop.cart"),
        },
    )
    assert "tests/shop/test_cart.py::test_add" in hook("src/shop/cart.py", code=1)


def test_test_files_of_one_name_in_two_folders_both_run(tmp_path):
    staged(tmp_path, **{"a/test_it.py": TEST, "b/test_it.py": TEST, "calc.py": GOOD + "# new\n"})
    assert "2 tests passed" in hook("a/test_it.py", "b/test_it.py", code=0)


LOOP = "def add(a, b):\n    while True:\n        pass\n"
QUICK = "def test_quick():\n    pass\n"


def test_the_time_limit_ends_in_a_note_of_what_was_not_run(tmp_path):
    slow = (
        "import calc\n\n\ndef test_a():\n    pass\n\n\ndef test_b():\n    calc.add(1, 2)\n\n\ndef test_c():\n    pass\n"
    )
    repo = staged(tmp_path, "timeout = 1.5", **{"calc.py": LOOP, "tests/test_calc.py": slow})
    told = hook(code=1)
    assert "stopped at the time limit: tests/test_calc.py::test_b" in told
    assert "not run, for lack of time: tests/test_calc.py::test_c" in told
    assert "1 test passed, 2 not finished" in told
    repo.write("pyproject.toml", "[tool.coderefine]\ntimeout = 1.5\non_timeout = 'pass'\n", stage=True)
    hook(code=0)
    assert "test_c" in (again := hook(code=0)) and "as before" not in again


def test_a_failure_counts_even_where_time_may_run_out(tmp_path):
    slow = TEST + "\n\ndef test_slow():\n    import time\n\n    time.sleep(60)\n"
    staged(tmp_path, "timeout = 1.5\non_timeout = 'pass'", **{"calc.py": BAD, "tests/test_calc.py": slow})
    hook(code=1)


def test_without_a_sandbox_it_fails_with_one_line_or_passes_with_a_warning(tmp_path):
    repo = staged(tmp_path, "image = 'no/such/image'", **{"calc.py": "# right\n" + GOOD})
    told = hook(code=3)
    assert told.startswith("error: ") and told.count("\n") == 1
    repo.write("pyproject.toml", "[tool.coderefine]\nimage = 'no/such/image'\non_error = 'pass'\n", stage=True)
    told = hook(code=0)
    assert told.startswith("warning: ") and "nothing was tested" in told


def test_a_setting_that_is_wrong_is_never_passed_over(tmp_path):
    staged(tmp_path, "on_error = 'pass'\ntimeout = 'long'", **{"calc.py": BAD})
    assert "timeout: expected a number" in hook(code=2)


NEEDS = """
import socket, subprocess
def test_network(): socket.create_connection(("192.0.2.1", 80), timeout=1)
def test_process(): subprocess.run(["true"])
def test_read(): open("/etc/group")
def test_plain(): pass
"""


def test_tests_that_need_more_than_the_sandbox_gives_are_listed_and_do_not_fail(tmp_path):
    staged(tmp_path, **{"tests/test_needs.py": NEEDS})
    told = hook(code=0)
    assert "not counted: these tests need what the sandbox denies" in told
    for name in ("network", "process", "read"):
        assert f"tests/test_needs.py::test_{name}  PermissionError" in told
    assert "1 test passed, 3 not counted" in told


def test_a_failed_assertion_is_a_failure_whatever_it_says(tmp_path):
    test = "def test_it():\n    assert '[Errno 13] Permission denied' == ''\n"
    staged(tmp_path, **{"tests/test_it.py": test})
    assert "1 failed" in hook(code=1)


def test_a_loopback_network_can_be_opened_and_that_is_said(tmp_path):
    test = "import socket\nfrom calc import add\ndef test_it():\n    socket.socket()\n    assert add(2, 3) == 5\n"
    repo = staged(tmp_path, **{"tests/test_calc.py": test})
    assert "1 not counted" in hook(code=0)
    repo.write("pyproject.toml", '[tool.coderefine]\nallow = ["network-loopback"]\n', stage=True)
    told = hook(code=0)
    assert "allowed to tests: network-loopback" in told and "1 test passed" in told
    repo.write("calc.py", BAD, stage=True)
    assert "assert -1 == 5" in hook(code=1)


CLI = """
import argparse
from sums import add

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("numbers", type=int, nargs="+")
    print(add(*parser.parse_args().numbers))

if __name__ == "__main__":
    main()
"""
STARTS = """
import subprocess, sys
def test_sum():
    done = subprocess.run([sys.executable, "-m", "shop.command", "2", "3"], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("5\\n", 0), done.stderr
"""


def test_processes_can_be_allowed_and_what_they_start_is_tested(tmp_path):
    repo = staged(tmp_path, **{"src/shop/command.py": CLI, "src/sums.py": GOOD, "tests/test_starts.py": STARTS})
    told = hook(code=0)
    assert "1 not counted" in told and 'allow can open "network-loopback", "processes"' in told
    repo.write("pyproject.toml", '[tool.coderefine]\nallow = ["processes"]\n', stage=True)
    told = hook(code=0)
    assert "allowed to tests: processes" in told and "1 test passed" in told and "not counted" not in told
    repo.commit()
    repo.write("src/sums.py", BAD, stage=True)
    told = hook(code=1)
    assert "tests/test_starts.py::test_sum" in told and "'-1\\n'" in told
    assert "it imports the module by way of src/shop/command.py" in hook("--explain", "src/sums.py", code=0)


def test_what_only_a_process_comes_to_is_not_left_out_the_next_time(tmp_path):
    files = {"src/shop/command.py": CLI, "src/sums.py": GOOD, "tests/test_starts.py": STARTS}
    repo = staged(tmp_path, "allow = ['processes']", **files)
    repo.commit()
    hook("src/sums.py", code=0)
    assert "left out" not in hook("--explain", "src/sums.py", code=0)


SAYS = """
import subprocess, sys
def test_a():
    print("what the test saw")
    subprocess.run([sys.executable, "-c", "raise ValueError('the reason of a')"], check=True)
def test_b():
    subprocess.run([sys.executable, "-c", "raise ValueError('the reason of b')"], check=True, capture_output=True)
def test_c():
    subprocess.run(["touch", "/var/new"], check=True)
"""


def test_what_a_test_and_its_programs_said_is_told(tmp_path):
    staged(tmp_path, "allow = ['processes']", **{"tests/test_says.py": SAYS})
    told = hook(code=1)
    for said in ("what the test saw", "ValueError: the reason of a", "ValueError: the reason of b"):
        assert said in told
    assert "a program that a test started may have been denied something by the sandbox" in told


def test_git_and_make_work_among_what_tests_start(tmp_path):
    test = """
import subprocess
def test_git(tmp_path):
    for words in ("init -q", "-c user.name=A -c user.email=a@example.org commit -q --allow-empty -m one", "gc -q"):
        subprocess.run(["git", *words.split()], cwd=tmp_path, check=True)
    assert subprocess.check_output(["git", "log", "--format=%s"], cwd=tmp_path) == b"one\\n"
"""
    staged(tmp_path, "allow = ['processes']", **{"tests/test_git.py": test})
    assert "1 test passed" in hook(code=0)


RUNS = """
import subprocess
def test_run(): assert subprocess.check_output(["tools/run"]) == b"ran\\n"
"""


def test_what_git_has_as_executable_can_be_started(tmp_path):
    files = {"tools/run": "#!/bin/sh\necho ran\n", "tests/test_run.py": RUNS}
    repo = staged(tmp_path, "allow = ['processes']", **files)
    assert "'tools/run' (not executable)" in hook("tests/test_run.py", code=1)
    repo.git("update-index", "--chmod=+x", "tools/run")
    assert "1 test passed" in hook("tests/test_run.py", code=0)


def test_no_secret_of_the_environment_and_no_file_of_the_machine_is_seen(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "a secret")
    test = """
import os, pathlib
def test_secrets():
    assert "OPENAI_API_KEY" not in os.environ
    for path in ("/etc/hostname", "/proc/self/environ", "%s/private"):
        try:
            pathlib.Path(path).read_text()
        except (PermissionError, FileNotFoundError):  # or it is not there at all
            continue
        assert not path
    assert not os.path.exists(".git")
""" % (tmp_path / "repo")
    repo = staged(tmp_path, **{"tests/test_secrets.py": test})
    repo.write("private", "untracked")
    assert "1 test passed" in hook(code=0)


PROBLEM = {
    "problem.toml": 'title = "Double"\nentry = "double"\nparams = {x = "int"}\nreturns = "int"\n',
    "statement.md": "Double it.\n",
    "tests/visible.json": '[{"name": "two", "args": [2], "expected": 4}]',
    "tests/hidden.json": '[{"name": "zero", "args": [3], "expected": 6}]',
}


def test_a_solution_beside_a_problem_is_judged(tmp_path):
    files = {f"puzzles/double/{path}": text for path, text in PROBLEM.items()}
    repo = staged(tmp_path, **files, **{"puzzles/double/solution.py": "def double(x):\n    return x * x\n"})
    told = hook(code=1)
    assert "puzzles/double/solution.py  WA" in told and "double(3)" in told
    assert "coderefine refine puzzles/double puzzles/double/solution.py" in hook("--fix", code=1)
    repo.write("puzzles/double/solution.py", "def double(x):\n    return x + x\n", stage=True)
    assert "2 of 2" in hook(code=0)
    assert "2 of 2 tests passed, as before" in hook(code=0)


def test_a_repository_that_is_a_problem_is_judged(tmp_path):
    repo = Repo.new(tmp_path / "repo")
    for path, text in {**PROBLEM, "solution.py": "def double(x):\n    return x * x\n"}.items():
        repo.write(path, text, stage=True)
    os.chdir(repo.root)
    assert "solution.py  WA" in hook(code=1)
    assert "it belongs to this problem" in hook("--explain", code=0)


def test_problems_for_which_no_time_is_left_are_named(tmp_path):
    slow = "import time\n\n\ndef double(x):\n    time.sleep(0.6)\n    return 2 * x\n"
    files = {f"{folder}/{path}": text for folder in ("a", "b") for path, text in PROBLEM.items()}
    staged(tmp_path, "timeout = 1", **files, **{"a/solution.py": slow, "b/solution.py": slow})
    told = hook(code=1)
    assert "a/solution.py  AC" in told and "not judged, for lack of time: b" in told


def test_a_problem_that_is_malformed_is_named_by_its_folder(tmp_path):
    files = {"p/problem.toml": "title = 1\n", "p/solution.py": GOOD}
    staged(tmp_path, **files)
    told = hook(code=2)
    assert "p/problem.toml" in told and "coderefine-" not in told


def test_a_project_too_large_for_the_sandbox_shows_what_is_imported(tmp_path):
    repo = staged(tmp_path, "include = ['data/*.txt']")
    for number in range(3100):
        repo.write(f"much/f{number}.py", "")
    repo.write("data/five.txt", "5")
    repo.write("tests/test_calc.py", TEST.replace("== 5", "== int(open('data/five.txt').read())"))
    repo.commit()
    repo.write("calc.py", "# right\n" + GOOD, stage=True)
    told = hook(code=0)
    assert "tests do not see 105 (also Python files)" in told and "1 test passed" in told


def test_of_many_modules_only_the_tests_of_the_changed_one_run(tmp_path):
    repo = many_modules(tmp_path / "repo")
    repo.write("src/shop/part7.py", "# new\ndef add(a, b):\n    return b + a + 7\n", stage=True)
    os.chdir(repo.root)
    explained = hook("--explain", code=0)
    assert explained == "src/shop/part7.py\n  tests/shop/test_part7.py  it is named after the module\n"
    assert "10 tests passed in" in hook(code=0)
    repo.write("src/shop/part7.py", "def add(a, b):\n    return a + b + 8\n", stage=True)
    told = hook(code=1)
    assert "0 tests passed, 10 failed" in told and "part8" not in told


CHEATS = {
    "ends the session": "import sys\nsys.exit(0)\n",
    "ends the process": "import os\nos._exit(0)\n",
    "patches pytest": "import _pytest.runner\n_pytest.runner.call_and_report = None\n",
    "skips its tests": "import pytest\npytest.skip('later', allow_module_level=True)\n",
    "lies": "class Any(int):\n    def __eq__(self, other):\n        return True\n\n\ndef add(a, b):\n    import os\n    os._exit(0)\n",
}


@pytest.mark.parametrize("name", CHEATS)
def test_a_module_cannot_pass_by(name, tmp_path):
    staged(tmp_path, **{"calc.py": CHEATS[name]})
    hook(code=1)


def test_escape_sequences_of_a_project_do_not_reach_the_terminal(tmp_path):
    test = "def test_a():\n    assert False, '\\x1b[31mred\\x1b]0;title\\x07'\n"
    staged(tmp_path, **{"tests/test_\x1b7.py": test, "\x1b[2m.py": "x = 1\n"})
    assert "\x1b" not in hook(code=1)


def test_escape_sequences_in_an_error_do_not_reach_the_terminal(tmp_path):
    staged(tmp_path, 'python = "\\u001b]0;title\\u0007"', **{"calc.py": BAD})
    told = hook(code=2)
    assert "\x1b" not in told and "\\x1b]0;title" in told


def test_an_image_of_the_project_is_used(tmp_path):
    need("docker")
    repo = staged(tmp_path, "image = 'coderefine-sandbox:1'", **{"calc.py": BAD})
    hook(code=1)
    repo.write("calc.py", GOOD + "# new\n", stage=True)
    assert "(docker: image coderefine-sandbox:1)" in hook(code=0)
    assert "as before" in hook(code=0)


def test_what_passed_in_an_image_is_run_again_in_another_of_that_name(tmp_path):
    need("docker")
    import docker

    client, name = docker.from_env(), f"coderefine-test-{uuid.uuid4().hex[:8]}:1"
    image = client.images.get("coderefine-sandbox:1")
    image.tag(name)
    try:
        staged(tmp_path, f"image = '{name}'", **{"calc.py": GOOD + "# new\n"})
        hook(code=0)
        assert "as before" in hook(code=0)
        client.images.remove(name, noprune=True)
        labelled = io.BytesIO(b"FROM coderefine-sandbox:1\nLABEL of.a.test=1\n")
        client.images.build(fileobj=labelled, tag=name, rm=True)
        assert "as before" not in hook(code=0)
    finally:
        client.images.remove(name, force=True)
        client.close()
