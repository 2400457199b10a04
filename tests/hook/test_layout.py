import pytest

from coderefine.hook.choose import Chooser
from coderefine.hook.imports import names
from coderefine.hook.layout import Layout
from coderefine.hook.settings import Settings


def layout(files):
    return Layout.read(list(files), lambda paths: {path: files[path].encode() for path in paths})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", "[pytest]\npython_files = check_*.py\ntestpaths = checks\n"),
        ("tox.ini", "[tox]\nenvlist = py3\n[pytest]\npython_files = check_*.py\ntestpaths = checks\n"),
        ("setup.cfg", "[tool:pytest]\npython_files = check_*.py\ntestpaths = checks\n"),
        ("pyproject.toml", "[tool.pytest.ini_options]\npython_files = 'check_*.py'\ntestpaths = ['checks']\n"),
        ("pyproject.toml", "[tool.pytest]\npython_files = ['check_*.py']\ntestpaths = ['checks']\n"),
        ("pytest.toml", "[pytest]\npython_files = ['check_*.py']\ntestpaths = ['checks']\n"),
    ],
)
def test_what_a_file_of_tests_is_called_is_read_wherever_pytest_reads_it(name, text):
    found = layout({name: text, "checks/check_a.py": "", "checks/test_b.py": "", "other/check_c.py": ""})
    assert [found.is_test(path) for path in ("checks/check_a.py", "checks/test_b.py", "other/check_c.py")] == [
        True,
        False,
        False,
    ]


def test_settings_that_cannot_be_read_are_none():
    found = layout({"pytest.ini": "nothing [", "pyproject.toml": "also [ nothing", "test_a.py": ""})
    assert found.is_test("test_a.py")


def test_a_part_with_a_project_of_its_own_is_where_its_tests_are_started():
    files = {
        "pyproject.toml": "",
        "tests/test_a.py": "",
        "tests/pytest.ini": "[pytest]\n",
        "backend/pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['lib']\n",
        "backend/tests/test_b.py": "",
        "packages/core/setup.py": "",
        "packages/core/src/core.py": "",
        "packages/core/tests/test_c.py": "",
        "docs/setup.py": "",
    }
    found = layout(files)
    assert [found.part_of(path).folder for path in files if "/test_" in path] == ["", "backend", "packages/core"]
    assert found.roots == ("backend/lib", "backend", "packages/core")


def test_where_the_root_names_the_tests_of_its_parts_they_are_its_own():
    files = {"pytest.ini": "[pytest]\ntestpaths = packages/*/tests\n", "packages/a/setup.py": ""}
    assert layout({**files, "packages/a/tests/test_a.py": ""}).part_of("packages/a/tests/test_a.py").folder == ""


def chooser(files, **options):
    def names_of(paths):
        return {path: names(files[path].encode()) for path in paths}

    return Chooser(Settings(), files, (), names_of, layout=layout(files), **options)


def test_test_cases_are_found_where_unittest_and_django_have_them():
    files = {
        "shop/tests.py": "from django.test import TestCase\nfrom shop import models\n",
        "shop/models.py": "",
        "test.py": "import unittest\nimport shop.models\n",
        "testing.py": "import shop.models\n",
    }
    assert list(chooser(files).choose("shop/models.py").tests) == ["shop/tests.py", "test.py"]


def test_examples_are_tests_of_their_own_module():
    files = {"pytest.ini": "[pytest]\naddopts = --doctest-modules\n", "a.py": "", "test_a.py": "import a\n"}
    chosen = chooser(files, doctests=["a.py"]).choose("a.py")
    assert chosen.tests["a.py"] == "its examples are tests"
    assert list(chosen.tests) == ["a.py", "test_a.py"]


@pytest.mark.parametrize(
    "settings",
    [
        "norecursedirs = .git docs tests/typing",
        "addopts = -q --ignore=tests/typing",
        "addopts = --ignore tests/typing/ -q",
        "addopts = --ignore-glob=tests/typ*",
        "norecursedirs = typing",
    ],
)
def test_folders_that_pytest_passes_by_hold_no_tests(settings):
    found = layout({"pytest.ini": f"[pytest]\n{settings}\n", "tests/typing/test_a.py": "", "tests/test_a.py": ""})
    assert not found.is_test("tests/typing/test_a.py") and not found.may_be_unittest("tests/typing/test_a.py")
    assert found.is_test("tests/test_a.py")


def test_what_pytest_passes_by_without_settings_holds_no_tests_unless_it_is_named():
    files = {"build/lib/test_a.py": "", ".tox/test_a.py": "", "node_modules/x/test_a.py": "", "test_a.py": ""}
    assert [path for path in files if layout(files).is_test(path)] == ["test_a.py"]
    assert layout({**files, "pytest.ini": "[pytest]\ntestpaths = build/lib\n"}).is_test("build/lib/test_a.py")
