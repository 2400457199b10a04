"""Whatever else a page shows is what it is taken for: programs run, settings and problems are read by their readers."""

import json
import re
import shutil
import tomllib

import pytest
import yaml

from coderefine import KINDS, load_problem
from coderefine.cli import defaults, diagnostics
from coderefine.formats.reading import read
from coderefine.hook.permission import Permission
from coderefine.hook.settings import Settings
from coderefine.serve.messages import JudgeRequest
from tests.documents.pages import ALL_BLOCKS, LANGUAGES, PAGES, ROOT
from tests.documents.scenes import TWO_SUM
from tests.documents.sessions import transcript

OF_LANGUAGE = {
    language: [block for block in ALL_BLOCKS if block.language == language and not block.title]
    for language in LANGUAGES
}
PLACE = "{0.place}".format


def test_every_block_says_what_it_is():
    assert [block.place for block in ALL_BLOCKS if block.language not in LANGUAGES] == []


def test_nothing_is_left_out_but_what_says_so():
    left = [block for block in ALL_BLOCKS if not block.is_run]
    assert {block.language for block in left} <= {"console", "sh", "python"}
    assert all(re.fullmatch(r"Not run by the tests: it \w+ .+", block.title) for block in left)
    assert sorted({block.title.partition(": it ")[2] for block in left}) == [
        "goes on until it is stopped",
        "installs packages from the network",
        "needs a cluster",
        "needs an image registry",
        "runs the tests",
        "stands for a problem and a program of yours",
    ]


def test_each_transcript_shows_something_that_is_compared():
    shown = {
        block.place: [it for _, it in transcript(block.text)] for block in ALL_BLOCKS if block.language == "console"
    }
    assert [place for place, outputs in shown.items() if not any(it.replace("...", "").strip() for it in outputs)] == []


def programs():
    """Yield a page's programs, those that go on with the one before it as one; and what they are to print."""
    for page in PAGES:
        blocks = [block for block in OF_LANGUAGE["python"] if block.page == str(page.relative_to(ROOT))]
        parts = []
        for block in blocks:
            if parts and not re.match(r"import coderefine|from coderefine", block.text):
                parts[-1].append(block)
            else:
                parts.append([block])
        yield from parts


@pytest.mark.parametrize("blocks", list(programs()), ids=lambda blocks: blocks[0].place)
def test_a_program_prints_what_is_shown(blocks, session, monkeypatch, capsys):
    for name in ("problems", "solution.py", "set.jsonl.gz"):
        (session.folder / name).symlink_to(
            {
                "problems": ROOT / "problems",
                "solution.py": TWO_SUM / "wrong_answer/off_by_one.py",
                "set.jsonl.gz": ROOT / "tests/formats/fixtures/generic.jsonl",
            }[name]
        )
    capitals(session.folder / "capitals")
    monkeypatch.chdir(session.folder)
    code = "".join(block.text for block in blocks)
    names = {
        "__name__": "example",
        "problem": load_problem("two-sum"),
        "source": (TWO_SUM / "accepted/hash_map.py").read_text(),
    }
    exec(compile(code, blocks[0].place, "exec"), names)
    printed = capsys.readouterr().out
    for promised in re.findall(r"print\(.*\)\s+# ([A-Z0-9].*)", code):
        assert promised in printed.splitlines()
    after = [block for block in ALL_BLOCKS if block.page == blocks[-1].page and block.line > blocks[-1].line][:1]
    if after and after[0].language == "text" and after[0].heading == blocks[-1].heading:
        assert printed == after[0].text


def capitals(folder):
    """The problem of docs/own-kind.md."""
    (described,) = [block.text for block in OF_LANGUAGE["toml"] if 'kind = "quiz"' in block.text]
    (folder / "tests").mkdir(parents=True)
    (folder / "problem.toml").write_text(described)
    (folder / "statement.md").write_text("The capitals of France and Italy, a line each.\n")
    (folder / "tests/visible.json").write_text('[{"line": 1, "answer": "Paris"}, {"line": 2, "answer": "Rome"}]')


def own_settings(text, folder, monkeypatch):
    (folder / "config.toml").write_text(text)
    monkeypatch.setenv("CODEREFINE_CONFIG", str(folder / "config.toml"))


def reads_refine(text, folder, monkeypatch):
    own_settings(text, folder, monkeypatch)
    assert set(defaults.settings()) == set(tomllib.loads(text)["refine"])


def reads_hook(text, folder, monkeypatch):
    own_settings(text, folder, monkeypatch)
    assert Permission.load().models


def reads_project(text, folder, monkeypatch):
    assert Settings.of(tomllib.loads(text)) != Settings()


def reads_problem(text, folder, monkeypatch):
    described = tomllib.loads(text)
    slug = described["title"].lower().replace(" ", "-")
    shutil.copytree(ROOT / "problems" / slug, folder / slug)
    (folder / slug / "problem.toml").write_text(text)
    assert load_problem(folder / slug).title == described["title"]


def reads_objective(text, folder, monkeypatch):
    for path, content in KINDS["objective"].template.items():
        (folder / "it" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "it" / path).write_text(content.format(title="It", name="split", cls="It"))
    (folder / "it/problem.toml").write_text(text)
    assert load_problem(folder / "it").evaluation.metrics


READERS = {
    'kind = "objective"': reads_objective,
    "[refine]": reads_refine,
    "[hook]": reads_hook,
    "[tool.coderefine]": reads_project,
    'kind = "function"': reads_problem,
    'kind = "pytest"': reads_problem,
}


@pytest.mark.parametrize(
    "block", [block for block in OF_LANGUAGE["toml"] if 'kind = "quiz"' not in block.text], ids=PLACE
)
def test_settings_are_read_by_their_reader(block, tmp_path, monkeypatch):
    (reader,) = [reader for words, reader in READERS.items() if words in block.text]
    reader(block.text, tmp_path, monkeypatch)


PROBLEM_OF = {"args": "two-sum", "operations": "lru-cache", "stdin": "page-ranges", "code": "two-sum"}


@pytest.mark.parametrize("block", OF_LANGUAGE["json"], ids=PLACE)
def test_json_is_read_by_its_reader(block, tmp_path):
    data = json.loads(block.text)
    if isinstance(data, list):
        slug = next(slug for key, slug in PROBLEM_OF.items() if key in data[0])
        shutil.copytree(ROOT / "problems" / slug, tmp_path / slug)
        (tmp_path / slug / "tests/visible.json").write_text(block.text)
        assert len(load_problem(tmp_path / slug).visible) == len(data)
    elif "entry_point" in data:
        (tmp_path / "set.jsonl").write_text(json.dumps(data))
        (record,) = read(tmp_path / "set.jsonl")
        assert (record.id, len(record.problem.hidden)) == (data["id"], len(data["hidden_tests"]))
    elif "programs" in data:
        assert len(JudgeRequest.model_validate(data).programs) == len(data["programs"])
    elif "tasks" in data:
        (pattern,) = [task["problemMatcher"]["pattern"] for task in data["tasks"]]
        told = {"file": "a b.py", "line": 3, "column": 1, "severity": "error", "message": "f(1): got 2"}
        found = re.match(pattern["regexp"], diagnostics.lines([told]))
        assert {name: found[pattern[name]] for name in told} == {name: str(value) for name, value in told.items()}
    else:
        assert {"hooks", "mcpServers"} & data.keys()  # what another program reads


@pytest.mark.parametrize("block", OF_LANGUAGE["yaml"], ids=PLACE)
def test_hooks_have_the_names_that_are_shown(block):
    offered = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert yaml.safe_load(block.text)
    assert set(re.findall(r"coderefine-[\w-]+", block.text)) <= offered
