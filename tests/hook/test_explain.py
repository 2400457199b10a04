"""`coderefine hook --explain` on a real repository."""

import os

from click.testing import CliRunner

from coderefine.cli import cli
from tests.hook.repositories import GOOD, calculator


def explain(*arguments):
    return CliRunner().invoke(cli, ["hook", "--explain", *arguments], catch_exceptions=False, standalone_mode=False)


def test_it_says_which_tests_and_why(tmp_path):
    repo = calculator(tmp_path / "repo")
    repo.write("tools.py", "import calc\n")
    repo.write("lonely.py", "")
    repo.commit()
    os.chdir(repo.root / "tests")
    assert explain("../calc.py").output == "calc.py\n  tests/test_calc.py  it is named after the module\n"
    assert explain(str(repo.root / "lonely.py")).output == "lonely.py\n  no tests\n"


def test_without_files_it_is_about_what_is_staged(tmp_path):
    repo = calculator(tmp_path / "repo")
    repo.write("tests/test_more.py", "from calc import add\n")
    repo.commit()
    repo.write("tests/test_more.py", "not staged\n")
    repo.git("mv", "calc.py", "\x1b[31mcalc.py")
    os.chdir(repo.root)
    assert explain().output == (
        "\\x1b[31mcalc.py\n  no tests\n"
        "calc.py\n"
        "  tests/test_calc.py  it is named after the module\n"
        "  tests/test_more.py  it imports the module\n"
    )


def test_names_are_read_again_only_where_a_content_is_new(tmp_path, monkeypatch):
    repo = calculator(tmp_path / "repo")
    repo.write("deep.py", GOOD)
    repo.write("calc.py", "from deep import add\n")
    repo.commit()
    os.chdir(repo.root)
    assert "by way of calc.py" in explain("deep.py").output
    parsed = []
    monkeypatch.setattr("coderefine.hook.plan.names", lambda data: parsed.append(data) or [])
    assert "by way of calc.py" in explain("deep.py").output
    assert parsed == []
    repo.write("calc.py", "# new\nfrom deep import add\n", stage=True)
    explain("deep.py")
    assert parsed == [b"# new\nfrom deep import add\n"]
