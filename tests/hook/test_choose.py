import pytest

from coderefine.hook.choose import Chooser
from coderefine.hook.imports import names
from coderefine.hook.settings import Settings

FILES = {
    "pyproject.toml": "",
    "README.md": "",
    "src/shop/__init__.py": "",
    "src/shop/cart.py": "from shop import prices",
    "src/shop/prices.py": "",
    "src/shop/_rates.py": "",
    "src/shop/web/page.py": "from shop.cart import Cart",
    "src/shop/web/forms.py": "",
    "src/other/forms.py": "",
    "src/shop/alone.py": "",
    "tests/conftest.py": "",
    "tests/helpers.py": "",
    "tests/test_cart.py": "from shop import cart\nimport helpers",
    "tests/test_rates.py": "from shop import _rates",
    "tests/shop/web/forms_test.py": "from shop.web import forms",
    "tests/web/conftest.py": "",
    "tests/web/test_pages.py": "from shop.web import page",
    "tests/data.py": "",
    "puzzles/sum/problem.toml": "",
    "puzzles/sum/solution.py": "",
    "puzzles/sum/tests/test_sum.py": "",
}

SHOP = ["tests/shop/web/forms_test.py", "tests/test_cart.py", "tests/test_rates.py", "tests/web/test_pages.py"]


def choose(changed, settings=None, files=FILES, deleted=(), **options):
    def names_of(paths):
        return {path: names(files[path].encode()) for path in paths}

    chooser = Chooser(settings or Settings(), files, deleted, names_of, **options)
    return chooser.choose(changed)


@pytest.mark.parametrize(
    ("changed", "tests"),
    [
        ("tests/test_cart.py", {"tests/test_cart.py": "it is a test"}),
        (
            "src/shop/cart.py",
            {
                "tests/test_cart.py": "it is named after the module",
                "tests/web/test_pages.py": "it imports the module by way of src/shop/web/page.py",
            },
        ),
        ("src/shop/_rates.py", {"tests/test_rates.py": "it is named after the module"}),
        ("src/shop/web/forms.py", {"tests/shop/web/forms_test.py": "it is named after the module"}),
        ("src/other/forms.py", {}),
        (
            "src/shop/prices.py",
            {
                "tests/test_cart.py": "it imports the module by way of src/shop/cart.py",
                "tests/web/test_pages.py": "it imports the module by way of src/shop/web/page.py, src/shop/cart.py",
            },
        ),
        ("src/shop/web/page.py", {"tests/web/test_pages.py": "it imports the module"}),
        ("tests/helpers.py", {"tests/test_cart.py": "it imports the module"}),
        ("tests/web/conftest.py", {"tests/web/test_pages.py": "the conftest.py is its"}),
        (
            "src/shop/alone.py",
            dict.fromkeys(SHOP, "it imports src/shop/__init__.py, by which the module may be loaded"),
        ),
        ("tests/data.py", {}),
        ("README.md", {}),
    ],
)
def test_the_tests_of_a_file_and_why(changed, tests):
    assert choose(changed).tests == tests


def test_a_conftest_above_concerns_all_below():
    assert len(choose("tests/conftest.py").tests) == 4


@pytest.mark.parametrize("changed", ["puzzles/sum/solution.py", "puzzles/sum/tests/test_sum.py"])
def test_what_lies_in_a_problem_belongs_to_it(changed):
    chosen = choose(changed)
    assert (chosen.problem, chosen.tests) == ("puzzles/sum", {})


def test_the_map_comes_first():
    settings = Settings(map=(("src/shop/c*.py", ("tests/web",)), ("README.md", ("tests/test_rates.py",))))
    assert list(choose("src/shop/cart.py", settings).tests) == ["tests/web/test_pages.py"]
    assert list(choose("README.md", settings).tests) == ["tests/test_rates.py"]


def test_tests_are_where_the_settings_say():
    assert choose("src/shop/cart.py", Settings(tests=("tests/web",))).tests.keys() == {"tests/web/test_pages.py"}
    assert choose("tests/data.py", Settings(tests=("tests/d*.py",))).tests == {"tests/data.py": "it is a test"}


def test_what_is_deleted_is_missed_by_whoever_imports_it():
    files = {path: text for path, text in FILES.items() if path != "src/shop/cart.py"}
    assert choose("src/shop/cart.py", files=files, deleted={"src/shop/cart.py"}).tests.keys() == {
        "tests/test_cart.py",
        "tests/web/test_pages.py",
    }


def test_a_test_that_is_deleted_calls_for_nothing():
    files = {path: text for path, text in FILES.items() if path != "tests/test_cart.py"}
    assert choose("tests/test_cart.py", files=files, deleted={"tests/test_cart.py"}).tests == {}


def test_modules_are_found_where_the_settings_say():
    files = {"lib/kit/a.py": "", "checks/test_it.py": "import kit.a"}
    assert choose("lib/kit/a.py", files=files).tests == {}
    assert choose("lib/kit/a.py", Settings(source=("lib",)), files).tests.keys() == {"checks/test_it.py"}


def test_the_tests_that_are_named_after_a_module_come_before_those_that_import_it():
    chosen = choose("src/shop/cart.py")
    assert list(chosen.tests) == ["tests/test_cart.py", "tests/web/test_pages.py"]
    assert chosen.distances == {"tests/test_cart.py": 1, "tests/web/test_pages.py": 3}
