"""The situations: each stages something, and says what a commit of it should come to.

A situation is a function of a folder to make the repository in. It returns the working tree, and with `SITUATIONS` the
exit code that the hook must end with: 0 where what is staged is right, whatever lies beside it.
"""

import os
from pathlib import Path

from tests.hook.repositories import BAD, GOOD, TEST, Repo, calculator

SITUATIONS = {}


def situation(code):
    def add(function):
        SITUATIONS[function.__name__] = (function, code)
        return function

    return add


@situation(0)
def a_right_change(root):
    repo = calculator(root)
    repo.write("calc.py", GOOD + "\n\ndef double(a):\n    return add(a, a)\n", stage=True)
    return repo


@situation(1)
def a_wrong_change(root):
    repo = calculator(root)
    repo.write("calc.py", BAD, stage=True)
    return repo


@situation(0)
def staged_right_and_then_edited_wrong(root):
    repo = calculator(root)
    repo.write("calc.py", "# right\n" + GOOD, stage=True)
    repo.write("calc.py", BAD)
    return repo


@situation(1)
def staged_wrong_and_then_edited_right(root):
    repo = calculator(root)
    repo.write("calc.py", BAD, stage=True)
    repo.write("calc.py", GOOD)
    return repo


@situation(0)
def the_right_hunk_of_two_is_staged(root):
    """With a real `git add -p`."""
    repo = calculator(root)
    gap = "\n" * 12
    repo.write("calc.py", f"{GOOD}{gap}NAME = 'calc'\n")
    repo.commit()
    repo.write("calc.py", f"{BAD}{gap}NAME = 'calculator'\n")
    repo.git("add", "-p", "calc.py", given=b"n\ny\n")
    return repo


@situation(1)
def the_wrong_hunk_of_two_is_staged(root):
    repo = calculator(root)
    gap = "\n" * 12
    repo.write("calc.py", f"{GOOD}{gap}NAME = 'calc'\n")
    repo.commit()
    repo.write("calc.py", f"{BAD}{gap}NAME = 'calculator'\n")
    repo.git("add", "-p", "calc.py", given=b"y\nn\n")
    return repo


@situation(1)
def a_module_that_is_imported_was_never_staged(root):
    repo = calculator(root)
    repo.write("helper.py", GOOD)
    repo.write("calc.py", "from helper import add\n", stage=True)
    return repo


@situation(0)
def an_untracked_conftest_breaks_everything(root):
    repo = calculator(root)
    repo.write("conftest.py", "raise SystemExit('not in the commit')\n")
    repo.write("tests/test_more.py", "assert False\n")
    repo.write("calc.py", "# right\n" + GOOD, stage=True)
    return repo


@situation(0)
def an_unstaged_deletion(root):
    repo = calculator(root)
    repo.write("calc.py", "# right\n" + GOOD, stage=True)
    (root / "calc.py").unlink()
    return repo


@situation(1)
def a_module_renamed_under_its_test(root):
    repo = calculator(root)
    repo.git("mv", "calc.py", "calculator.py")
    return repo


@situation(0)
def a_module_renamed_with_its_test(root):
    repo = calculator(root)
    repo.git("mv", "calc.py", "calculator.py")
    repo.git("mv", "tests/test_calc.py", "tests/test_calculator.py")
    repo.write("tests/test_calculator.py", TEST.replace("from calc ", "from calculator "), stage=True)
    return repo


@situation(1)
def a_module_deleted_under_its_test(root):
    repo = calculator(root)
    repo.git("rm", "-q", "calc.py")
    return repo


@situation(0)
def a_module_deleted_with_its_test(root):
    repo = calculator(root)
    repo.write("other.py", "NAME = 1\n")
    repo.commit()
    repo.git("rm", "-q", "calc.py", "tests/test_calc.py")
    return repo


@situation(0)
def a_change_of_mode(root):
    repo = calculator(root)
    (root / "calc.py").chmod(0o755)
    repo.git("add", "calc.py")
    return repo


@situation(1)
def a_module_that_is_a_link(root):
    repo = calculator(root)
    repo.write("real.py", BAD, stage=True)
    repo.git("rm", "-q", "--cached", "calc.py")
    (root / "calc.py").unlink()
    repo.link("calc.py", "real.py")
    return repo


@situation(0)
def a_package_that_is_a_link(root):
    repo = calculator(root)
    repo.write("lib/deep/tools.py", GOOD, stage=True)
    repo.link("kit", "lib/deep")
    repo.write("calc.py", "from kit.tools import add\n", stage=True)
    return repo


@situation(0)
def links_to_nowhere_and_out(root):
    repo = calculator(root)
    repo.link("dangling", "no/such/file")
    repo.link("outside", "/etc/passwd")
    repo.link("above", "../../etc/passwd")
    repo.write("calc.py", "# right\n" + GOOD, stage=True)
    return repo


@situation(0)
def links_in_a_circle(root):
    repo = calculator(root)
    repo.link("one", "two")
    repo.link("two", "one")
    repo.link("here", ".")
    repo.link("tests/up", "..")
    repo.write("calc.py", "# right\n" + GOOD, stage=True)
    return repo


@situation(0)
def a_link_becomes_a_file(root):
    repo = calculator(root)
    repo.write("real.py", GOOD)
    (root / "calc.py").unlink()
    (root / "calc.py").symlink_to("real.py")
    repo.commit()
    (root / "calc.py").unlink()
    repo.write("calc.py", "# right\n" + GOOD, stage=True)
    return repo


@situation(0)
def a_file_becomes_a_folder(root):
    repo = calculator(root)
    repo.git("rm", "-q", "calc.py")
    repo.write("calc/__init__.py", GOOD, stage=True)
    return repo


@situation(1)
def a_submodule(root):
    part = Repo.new(root.parent / "part")
    part.write("calc.py", GOOD)
    part.commit()
    repo = calculator(root)
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(part.root), "part")
    repo.write("part/calc.py", "not committed\n")
    repo.write("calc.py", BAD, stage=True)
    return repo


@situation(1)
def a_merge_without_conflict_that_does_not_work(root):
    repo = calculator(root)
    repo.git("checkout", "-q", "-b", "renamed")
    repo.write("calc.py", GOOD.replace("add", "plus"))
    repo.write("tests/test_calc.py", TEST.replace("add", "plus"))
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.write("tests/test_double.py", "from calc import add\n\n\ndef test_double():\n    assert add(2, 2) == 4\n")
    repo.commit()
    repo.git("merge", "-q", "--no-commit", "--no-ff", "renamed")
    return repo


def _conflict(root):
    repo = calculator(root)
    repo.git("checkout", "-q", "-b", "theirs")
    repo.write("calc.py", GOOD.replace("a + b", "sum([a, b])"))
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.write("calc.py", GOOD.replace("a + b", "b + a"))
    repo.commit()
    repo.git("merge", "-q", "theirs", check=False)
    return repo


@situation(0)
def a_merge_whose_conflict_is_resolved(root):
    repo = _conflict(root)
    repo.write("calc.py", GOOD, stage=True)
    return repo


@situation(2)
def a_merge_whose_conflict_is_not_resolved(root):
    return _conflict(root)


@situation(0)
def a_name_that_is_not_utf_8(root):
    repo = calculator(root)
    repo.write(b"tests/caf\xe9.txt", "5\n", stage=True)
    text = "import os\n\n\ndef test_name():\n    data = os.path.join(os.path.dirname(os.fsencode(__file__)), b'caf\\xe9.txt')\n"
    repo.write("tests/test_name.py", f"{text}    assert open(data).read() == '5\\n'\n", stage=True)
    return repo


@situation(0)
def names_that_need_quoting(root):
    repo = calculator(root)
    for name in ("a b.txt", 'a"b.txt', "a\nb.txt", "a\tb.txt", "-a.txt", "ä.txt", ":(top)a.txt"):
        repo.write(f"data/{name}", "x\n")
    repo.git("add", "data")
    text = "import os\n\n\ndef test_names():\n    assert len(os.listdir('data')) == 7\n"
    repo.write("tests/test_names.py", text, stage=True)
    return repo


@situation(1)
def a_linked_working_tree(root):
    main = calculator(root.parent / "main")
    main.git("worktree", "add", "-q", "-b", "side", str(root))
    repo = Repo(root)
    repo.write("calc.py", BAD, stage=True)
    return repo


@situation(1)
def the_first_commit(root):
    repo = Repo.new(root)
    repo.write("calc.py", BAD, stage=True)
    repo.write("tests/test_calc.py", TEST, stage=True)
    return repo


@situation(0)
def an_empty_repository(root):
    repo = Repo.new(root)
    repo.write("calc.py", BAD)
    return repo


@situation(0)
def nothing_is_staged(root):
    repo = calculator(root)
    repo.write("calc.py", BAD)
    return repo


@situation(0)
def only_what_is_no_python_is_staged(root):
    repo = calculator(root)
    repo.write("calc.py", BAD)
    repo.write("README", "more\n", stage=True)
    return repo


@situation(1)
def a_module_that_is_only_announced(root):
    """With `git add --intent-to-add`: the commit will not have it."""
    repo = calculator(root)
    repo.write("helper.py", GOOD)
    repo.git("add", "--intent-to-add", "helper.py")
    repo.write("calc.py", "from helper import add\n", stage=True)
    return repo


@situation(0)
def an_empty_file_is_staged_and_an_empty_one_announced(root):
    repo = calculator(root)
    repo.write("kit/__init__.py", "", stage=True)
    repo.write("kit/tools.py", GOOD, stage=True)
    repo.write("tests/conftest.py", "")
    repo.git("add", "-N", "tests/conftest.py")
    repo.write("calc.py", "from kit.tools import add\n", stage=True)
    return repo


@situation(0)
def edits_that_git_was_told_not_to_see(root):
    repo = calculator(root)
    repo.write("helper.py", GOOD)
    repo.write("tests/test_helper.py", TEST.replace("calc", "helper"))
    repo.commit()
    repo.git("update-index", "--assume-unchanged", "helper.py")
    repo.git("update-index", "--skip-worktree", "tests/test_helper.py")
    repo.write("helper.py", BAD)
    repo.write("tests/test_helper.py", "assert False\n")
    repo.write("calc.py", "from helper import add\n", stage=True)
    return repo


@situation(0)
def a_sparse_checkout(root):
    repo = calculator(root)
    repo.write("lib/helper.py", GOOD)
    repo.commit()
    repo.git("sparse-checkout", "set", "--cone", "tests")
    assert not (root / "lib").exists()
    repo.write("calc.py", "from lib.helper import add\n", stage=True)
    return repo


@situation(1)
def a_detached_head(root):
    repo = calculator(root)
    repo.git("checkout", "-q", "--detach")
    repo.write("calc.py", BAD, stage=True)
    return repo


@situation(1)
def a_repository_of_long_hashes(root):
    repo = calculator(root, "--object-format=sha256")
    repo.write("calc.py", BAD, stage=True)
    return repo


@situation(1)
def an_index_in_two_parts(root):
    repo = calculator(root)
    repo.git("update-index", "--split-index")
    repo.git("update-index", "--index-version", "4")
    repo.write("calc.py", BAD, stage=True)
    return repo


def _trap(root):
    """A program that must not be run."""
    path = root.parent / "trap"
    path.write_text(f"#!/bin/sh\necho sprung >>{root.parent}/sprung\ncat\n")
    path.chmod(0o755)
    return path


@situation(0)
def filters_that_must_not_run(root):
    repo = calculator(root)
    trap = _trap(root)
    repo.write(".gitattributes", "*.py filter=trap diff=trap\n", stage=True)
    repo.write("calc.py", "# right\n" + GOOD, stage=True)
    for name in ("filter.trap.clean", "filter.trap.smudge", "diff.trap.textconv", "diff.trap.command", "diff.external"):
        repo.git("config", name, str(trap))
    return repo


@situation(0)
def a_monitor_that_must_not_run(root):
    repo = calculator(root)
    repo.write("calc.py", "# right\n" + GOOD, stage=True)
    repo.git("config", "core.fsmonitor", str(_trap(root)))
    return repo


@situation(0)
def line_ends_that_differ_in_the_working_tree(root):
    repo = calculator(root)
    repo.write(".gitattributes", "*.py text eol=crlf\n", stage=True)
    repo.write("calc.py", ("# right\n" + GOOD).replace("\n", "\r\n"), stage=True)
    return repo


@situation(1)
def a_folder_below_the_root(root):
    repo = calculator(root)
    repo.write("calc.py", BAD, stage=True)
    (root / "tests" / "deep").mkdir()
    os.chdir(root / "tests" / "deep")
    return repo


@situation(1)
def settings_of_git_that_change_its_answers(root):
    repo = calculator(root)
    repo.write("calc.py", BAD, stage=True)
    for name, value in {"relative": "true", "renames": "copies", "noprefix": "true", "mnemonicPrefix": "true"}.items():
        repo.git("config", f"diff.{name}", value)
    repo.git("config", "core.abbrev", "4")
    os.chdir(root / "tests")
    return repo


@situation(1)
def a_repository_within_another(root):
    outer = calculator(root)
    inner = calculator(root / "inner")
    inner.write("calc.py", BAD, stage=True)
    outer.write("calc.py", "# right\n" + GOOD, stage=True)
    os.chdir(inner.root)
    return inner


@situation(1)
def an_index_of_an_environment_variable(root):
    """As git does for `git commit FILE`."""
    repo = calculator(root)
    other = str(Path(repo.git("rev-parse", "--absolute-git-dir").decode().strip()) / "next-index")
    repo.git("read-tree", "HEAD", env={"GIT_INDEX_FILE": other})
    repo.write("calc.py", BAD)
    repo.git("add", "calc.py", env={"GIT_INDEX_FILE": other})
    os.environ["GIT_INDEX_FILE"] = other
    return repo
