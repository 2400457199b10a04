import pytest

from coderefine.errors import UsageError
from coderefine.hook.settings import Settings, read, scripts

WHOLE = b"""
[tool.coderefine]
tests = ["./tests/", "checks/*.py"]
source = ["src", "./"]
map = {"src/a.py" = ["tests/test_a.py"]}
include = ["data/*"]
python = ".venv/bin/python"
image = "shop:1"
plugins = ["pytest_mock"]
allow = ["network-loopback", "processes"]
timeout = 3
memory_mib = 512
on_timeout = "pass"
on_error = "pass"
models = ["search", "gpt-4o-mini"]
max_seconds = 5.5
max_calls = 3
max_tokens = 1000
max_cost = 0.05
"""


def test_every_setting_is_read():
    settings = Settings.of(read(WHOLE))
    assert settings.tests == ("tests", "checks/*.py")
    assert settings.source == ("src", ".")
    assert settings.map == (("src/a.py", ("tests/test_a.py",)),)
    assert (settings.python, settings.image) == (".venv/bin/python", "shop:1")
    assert (settings.timeout, settings.max_seconds, settings.max_calls, settings.max_cost) == (3.0, 5.5, 3, 0.05)
    assert settings.models == ("search", "gpt-4o-mini")
    assert (settings.on_timeout, settings.on_error) == ("pass", "pass")


@pytest.mark.parametrize("text", [b"", b"[tool.ruff]\nline-length = 1\n", b"[tool.coderefine]\n"])
def test_without_any_the_defaults_hold(text):
    assert Settings.of(read(text)) == Settings()
    assert Settings().timeout == 20


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tests = 'tests'", "tests: expected a list of texts"),
        ("tests = ['']", "tests: expected a list of texts"),
        ("test = ['tests']", "has no 'test'; it takes allow"),
        ("map = ['a']", "map: expected a table such as"),
        ("map = {'a.py' = 'b.py'}", "map: expected a list of texts"),
        ("allow = ['network']", "allow: expected a list of any of network-loopback, processes"),
        ("timeout = 0", "timeout: expected a number of at least 1"),
        ("timeout = true", "timeout: expected a number of at least 1"),
        ("timeout = nan", "timeout: expected a number of at least 1"),
        ("memory_mib = 100.5", "memory_mib: expected a whole number of at least 64"),
        ("on_error = 'ignore'", 'on_error: expected "fail" or "pass"'),
        ("models = []", "models: expected a list of texts"),
        ("python = ''", "python: expected a text"),
        ("models = ['oobabooga/http://198.51.100.1/v1']", "is no model's name"),
        ("api_base = 'http://198.51.100.1/v1'", "has no 'api_base'"),
    ],
)
def test_a_wrong_setting_is_named(text, said):
    with pytest.raises(UsageError) as raised:
        Settings.of(read(f"[tool.coderefine]\n{text}\n".encode()))
    assert said in str(raised.value)


@pytest.mark.parametrize("text", [b"[tool.coderefine", b"\xff", b"tool = 1", b"[tool]\ncoderefine = 1\n"])
def test_a_broken_file_is_refused(text):
    with pytest.raises(UsageError, match=r"pyproject\.toml"):
        Settings.of(read(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("[project.scripts]\nshop = 'shop.cli:main'\nx-y = 'shop'", {"shop": "shop.cli", "x-y": "shop"}),
        ("[project.gui-scripts]\nshop = 'shop.ui : start'", {"shop": "shop.ui"}),
        ("[tool.poetry.scripts]\nshop = 'shop.cli:main'", {"shop": "shop.cli"}),
        ("project = 1\n[tool]\npoetry = [1]", {}),
        ("[project]\nscripts = 'shop'", {}),
    ],
)
def test_the_commands_that_a_project_installs_are_known(text, found):
    assert scripts(read(text.encode())) == found
