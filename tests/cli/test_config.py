"""Options out of configuration: the user's own, and a project's, which anybody may have written."""

import json

import pytest

LOCAL = ("--sandbox", "local")
WRONG = "def f(x):\n    return x\n\nassert f(1) == 2\nassert f(5) == 6\n"


@pytest.fixture
def run(coderefine, tmp_path):
    """Return `run(*args, own="", project="")`, with configurations."""
    (tmp_path / "mine.py").write_text(WRONG)

    def run(*args, own="", project="", **env):
        (tmp_path / "config.toml").write_text(own)
        (tmp_path / "pyproject.toml").write_text(project)
        env = {"CODEREFINE_CONFIG": str(tmp_path / "config.toml"), "CODEREFINE_HOME": str(tmp_path / "home"), **env}
        return coderefine(*args, env=env)

    return run


def shown(done):
    return {row["key"]: (row["value"], row["origin"]) for row in json.loads(done.out)["settings"]}


def test_the_command_line_comes_first_then_environment_project_and_own_file(run, tmp_path):
    own = '[refine]\nsandbox = "local"\nmax_seconds = 9.5\niterations = 2\nmodels = ["search"]\n'
    project = "[tool.coderefine.refine]\niterations = 3\nmax_seconds = 60\nmax_calls = 4\n"
    found = shown(run("config", "--format", "json", own=own, project=project))
    assert found["sandbox"] == ("local", str(tmp_path / "config.toml"))
    assert found["iterations"] == (3, str(tmp_path / "pyproject.toml"))
    assert found["max_seconds"] == (9.5, str(tmp_path / "config.toml"))  # a project lowers limits only
    assert found["max_calls"][0] == 4
    assert found["edit_format"] == ("diff", "default")
    found = shown(run("config", "--format", "json", own=own, CODEREFINE_SANDBOX="docker"))
    assert found["sandbox"] == ("docker", "environment (CODEREFINE_SANDBOX)")


def test_commands_take_what_is_configured(run):
    own = '[refine]\nsandbox = "local"\nmax_seconds = 0.001\n'
    assert "sandbox: local" in run("test", "mine.py", own=own).err
    done = run("fix", "mine.py", own=own)
    assert (done.code, "the time budget of 0.001 s" in done.err) == (1, True)
    assert run("fix", "mine.py", "--max-seconds", "60", own=own).code == 0


@pytest.mark.parametrize("key", ["models", "api_base", "image", "critic_model"])
def test_a_project_chooses_no_model_server_or_image(run, key):
    value = '["gpt-4o"]' if key == "models" else '"http://evil"'
    done = run("fix", "mine.py", *LOCAL, project=f"[tool.coderefine.refine]\n{key} = {value}\n")
    assert done.code == 2
    assert f"may not set {key}" in done.err


@pytest.mark.parametrize(
    ("own", "says"),
    [
        ("[refine]\nmodel = 1\n", "has no 'model'; it takes models"),
        ('[refine]\nmax_cost = "much"\n', "max_cost must be a number"),
        ("[refine]\niterations = true\n", "iterations must be a whole number"),
        ("refine = 3\n", "must be a table"),
        ("[refine\n", "cannot be read"),
        ('[refine]\nsandbox = "moon"\n', "'moon' is not one of"),
    ],
)
def test_what_is_configured_wrongly_is_told_with_the_file(run, own, says):
    done = run("fix", "mine.py", own=own)
    assert done.code == 2
    assert says in done.err


def test_other_commands_do_not_mind(run):
    assert run("problems", own="[refine\n").code == 0


def test_the_table_is_read_by_people(run, tmp_path):
    done = run("config", own="[refine]\nharden = false\n")
    assert "harden         false" in done.out
    assert f"your own file: {tmp_path / 'config.toml'}" in done.err
