"""Problems of kind "pytest" on disk."""

import pytest

from coderefine.errors import ProblemError
from coderefine.folder.loading import load_problem

TOML = 'title = "T"\nkind = "pytest"\nsolution = "shop/cart.py"\nfiles = ["shop/*.py"]\n'
TEST = "def test_a(): pass\n"


@pytest.fixture
def make(tmp_path):
    """Return `make(files, toml)`, which writes a problem and returns its folder."""

    def write(files=(), toml=TOML):
        given = {
            "problem.toml": toml,
            "statement.md": "Do it.",
            "shop/__init__.py": "",
            "tests/test_cart.py": TEST,
            **dict(files),
        }
        for path, text in given.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return write


def test_a_problem_is_its_folder(make):
    files = {
        "shop/tax.py": "RATE = 2\n",
        "shop/cart.py": "the author's own, not the candidate's",
        "tests/conftest.py": "",
        "tests/data/blob.bin": b"\xff\0",
        "tests/__pycache__/test_cart.pyc": b"\0",
        "tests/hidden/test_secret.py": TEST,
        "tests/hidden/secret.txt": "x",
        "submissions/accepted/one.py": "x = 1\n",
        "starter.py": "def total(): ...\n",
        "notes.txt": "not for the sandbox",
    }
    problem = load_problem(make(files))
    assert [file.path for file in problem.suite.files] == [
        "shop/__init__.py",
        "shop/tax.py",
        "tests/conftest.py",
        "tests/data/blob.bin",
    ]
    assert [case.name for case in problem.visible] == ["tests/test_cart.py"]
    assert [case.name for case in problem.hidden] == ["tests/hidden/test_secret.py"]
    assert [file.path for file in problem.suite.hidden_files] == ["tests/hidden/secret.txt"]
    assert (problem.suite.solution, problem.starter) == ("shop/cart.py", "def total(): ...\n")


def test_nothing_hidden_is_left_without_the_hidden_tests(make):
    problem = load_problem(make({"tests/hidden/test_secret.py": TEST, "tests/hidden/secret.txt": "x"})).without_hidden()
    assert (problem.hidden, problem.suite.hidden_files) == ((), ())


def test_the_solution_is_solution_py_if_nothing_else_is_said(make):
    assert load_problem(make(toml='title = "T"\nkind = "pytest"\n')).suite.solution == "solution.py"


@pytest.mark.parametrize(
    ("files", "toml", "message"),
    [
        ({}, TOML.replace("shop/cart.py", "../cart.py"), "solution"),
        ({}, TOML.replace("shop/cart.py", "/cart.py"), "solution"),
        ({}, TOML.replace("shop/cart.py", "shop/cart.txt"), "solution"),
        ({}, TOML.replace("shop/cart.py", "tests/test_cart.py"), "solution"),
        ({}, TOML.replace("shop/*.py", "../*.py"), "files"),
        ({}, TOML.replace("shop/*.py", "store/*.py"), "none match"),
        ({}, TOML.replace('["shop/*.py"]', '"shop/*.py"'), "files"),
        ({}, TOML + 'entry = "f"\n', "entry"),
        ({}, TOML + 'compare = "exact"\n', "compare"),
        ({"tests/test_cart.py": "def test(:"}, TOML, "expected a Python file"),
        ({"tests/test_cart.py": "x = 1\n"}, TOML, "at least one function"),
        ({"tests/test_cart.py": b"\xff"}, TOML, "expected a Python file"),
        ({"tests/hidden/test_cart.py": TEST}, TOML, "another name"),
        ({"tests/test_[a].py": TEST}, TOML, "brackets"),
        ({"tests/big.bin": bytes(17 << 20)}, TOML, "16 MiB"),
    ],
)
def test_what_is_malformed_is_refused_in_one_sentence(make, files, toml, message):
    with pytest.raises(ProblemError, match=message):
        load_problem(make(files, toml))


def test_two_files_of_one_name_are_fine_in_packages(make):
    files = {"tests/__init__.py": "", "tests/hidden/__init__.py": "", "tests/hidden/test_cart.py": TEST}
    assert len(load_problem(make(files)).hidden) == 1


def test_a_problem_needs_a_test(make):
    folder = make()
    (folder / "tests/test_cart.py").unlink()
    with pytest.raises(ProblemError, match="test_"):
        load_problem(folder)


def test_links_that_lead_out_of_the_folder_are_not_read(make, tmp_path):
    folder = make()
    secret = tmp_path.parent / "secret.txt"
    secret.write_text("mine")
    (folder / "tests/data.txt").symlink_to(secret)
    with pytest.raises(ProblemError, match=r"tests/data\.txt: expected no link that leads out"):
        load_problem(folder)
    assert [it.data for it in load_problem(folder, follow_links=True).suite.files if it.path == "tests/data.txt"] == [
        b"mine"
    ]


def test_a_pattern_does_not_go_through_all_folders_again_and_again(make):
    with pytest.raises(ProblemError, match="at most 2 times"):
        load_problem(make(toml=TOML.replace("shop/*.py", "**/**/**/*.py")))
