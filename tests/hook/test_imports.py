import pytest

from coderefine.hook.imports import Graph, names

FILES = {
    "src/shop/__init__.py": "from .cart import Cart\n",
    "src/shop/cart.py": "import decimal\nfrom shop import prices\n",
    "src/shop/prices.py": "from ..shop.tax import rate as tax_rate\n",
    "src/shop/tax.py": "",
    "src/shop/web/__init__.py": "",
    "src/shop/web/page.py": "from .. import cart\nfrom . import forms\n",
    "src/shop/web/forms.py": "",
    "src/shop/alone.py": "",
    "tests/conftest.py": "from helpers import tools\n",
    "tests/helpers/tools.py": "",
    "tests/test_page.py": "import shop.web.page\n",
    "tests/test_patch.py": "from unittest import mock\nmock.patch('shop.alone.f')\n",
    "scripts/run.py": "import beside\n",
    "scripts/beside.py": "from shop import *\n",
}


@pytest.fixture
def graph():
    return Graph(FILES, ["src"], lambda paths: {path: names(FILES[path].encode()) for path in paths})


@pytest.mark.parametrize(
    ("path", "imported"),
    [
        ("src/shop/__init__.py", {"src/shop/cart.py"}),
        ("src/shop/cart.py", {"src/shop/__init__.py", "src/shop/prices.py"}),
        ("src/shop/prices.py", {"src/shop/__init__.py", "src/shop/tax.py"}),
        (
            "src/shop/web/page.py",
            {"src/shop/web/__init__.py", "src/shop/__init__.py", "src/shop/cart.py", "src/shop/web/forms.py"},
        ),
        ("tests/conftest.py", {"tests/helpers/tools.py"}),
        (
            "tests/test_page.py",
            {f"src/shop/{it}.py" for it in ("__init__", "web/__init__", "web/page")} | {"tests/conftest.py"},
        ),
        ("tests/test_patch.py", {"src/shop/__init__.py", "src/shop/alone.py", "tests/conftest.py"}),
        ("scripts/run.py", {"scripts/beside.py"}),
        ("scripts/beside.py", {"src/shop/__init__.py"}),
    ],
)
def test_what_a_file_imports(graph, path, imported):
    assert set(graph.imports(path)) == imported


def test_what_a_file_reaches(graph):
    reached = graph.reached(["tests/test_page.py"])
    assert "src/shop/tax.py" in reached and "tests/helpers/tools.py" in reached
    assert "src/shop/alone.py" not in reached and "scripts/run.py" not in reached


def test_what_a_file_starts():
    files = {
        **FILES,
        "src/shop/__main__.py": "from shop import cart\n",
        "tests/test_module.py": "run([sys.executable, '-m', 'shop'])\n",
        "tests/test_script.py": "run(['scripts/run.py'])\n",
        "tests/test_command.py": "run('buy one', shell=True)\n",
        "tests/test_other.py": "run(['ls'])\n",
    }
    scripts = {"buy": "shop.web.page", "elsewhere": "other.module"}
    graph = Graph(files, ["src"], lambda paths: {path: names(files[path].encode()) for path in paths}, scripts)
    for test, module in (
        ("module", "src/shop/__main__.py"),
        ("script", "scripts/run.py"),
        ("command", "src/shop/web/page.py"),
    ):
        assert module in graph.imports(f"tests/test_{test}.py")
    assert graph.imports("tests/test_other.py") == ["tests/conftest.py"]


def test_the_shortest_chain_is_found(graph):
    chain = graph.chain("tests/test_page.py", {"src/shop/tax.py"})
    assert chain[0] == "tests/test_page.py" and chain[-2:] == ["src/shop/prices.py", "src/shop/tax.py"]
    assert graph.chain("tests/test_page.py", {"src/shop/alone.py"}) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import a.b as c, d", ["a.b", "d"]),
        ("from a import b, c", ["a.b", "a.c"]),
        ("from . import b", [".b"]),
        ("from ..a import *", ["..a"]),
        ("def f():\n    import late", ["late"]),
        ("try:\n    import fast\nexcept ImportError:\n    import slow", ["fast", "slow"]),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import only_a_type", ["typing.TYPE_CHECKING"]),
        ("import_module('a.b')", ["a.b"]),
        ("x = 'a sentence. with a dot', 'file.txt', 'nodots'", ["$a", "file.txt"]),
        ("run([sys.executable, '-m', 'shop', 'list'])", ["shop", "shop.__main__"]),
        ("exec_(sys.executable, '-m', 'shop.cli')", ["shop.cli", "shop.cli.__main__"]),
        ("run('python -m shop.cli list', shell=True)", ["$python", "shop.cli", "shop.cli.__main__"]),
        ("run(['python', '-c', 'from shop import cart; cart.f()'])", ["$python", "shop.cart"]),
        ("x = 'import os; import shop.cart as c'", ["os", "shop.cart"]),
        (
            "CODE = f'''\n    from shop import (cart)\n    import x{1}\n    from y import *\n'''",
            ["shop.cart", "x", "y"],
        ),
        ("x = 'important', 'the import of x'", ["$important"]),
        ("run(['python', './tools/late/run.py'])", ["$python", "tools.late.run"]),
        ("p = Path(__file__).parents[1] / 'my-tools' / 'run.py'", ["my-tools.run", "run.py"]),
        ("p = os.path.join(HERE, 'tools', 'late/run.py')", ["tools.late.run", "late.run"]),
        ("p = '..' / HERE / 'notes.txt', n / 2, a + 'run.py', n // 'run.py'", ["notes.txt", "run.py"]),
        ("run(['/usr/bin/env', 'tools/run.py.txt', '-m'])", []),
        ("run(['shop', '--version'])", ["$shop"]),
        ("shlex.split('shop-admin list')", ["$shop-admin"]),
        ("not python (", []),
        ("\0", []),
        ("(" * 5000, []),
    ],
)
def test_what_a_text_mentions(source, found):
    assert names(source.encode()) == found


def test_a_relative_import_that_leads_out_of_the_project_finds_nothing():
    graph = Graph({"a.py": ""}, [], lambda paths: {path: ["....b", "..a"] for path in paths})
    assert graph.imports("a.py") == []


def test_a_file_is_looked_at_once():
    asked = []

    def names_of(paths):
        asked.extend(paths)
        return {path: names(FILES[path].encode()) for path in paths}

    graph = Graph(FILES, ["src"], names_of)
    graph.prepare(["tests/test_page.py"])
    graph.reached(["tests/test_page.py"])
    assert len(asked) == len(set(asked))
