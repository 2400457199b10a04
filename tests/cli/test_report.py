"""`coderefine report` as a user meets it: where the page goes, and what is said of it."""

import json
import re
from pathlib import Path

import pytest

from coderefine.record.store import Store
from tests.report.recorded import scoring_run, single_run

GENERIC = Path(__file__).parent.parent / "formats" / "fixtures" / "generic.jsonl"


@pytest.fixture
def home(tmp_path):
    single_run(tmp_path / "home")
    return tmp_path / "home"


def head(page):
    return json.loads(re.search('id="report">(.*)</script>', page)[1])


def test_a_run_is_written_as_a_page(coderefine, home, tmp_path):
    done = coderefine("report", "sing", "-o", "report.html", "--home", home)
    assert (done.code, done.out) == (0, "")
    assert re.fullmatch(r"run single is shown in report\.html, \d+ kB\n", done.err)
    assert head((tmp_path / "report.html").read_text(encoding="utf-8"))["id"] == "single"


def test_last_is_the_newest_run_and_a_dash_is_standard_output(coderefine, home):
    run = scoring_run(home, 3)
    done = coderefine("report", "last", "-o", "-", "--home", home, env={"PYTHONIOENCODING": "ascii"})
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("<!doctype html>")
    assert done.out.endswith("</html>\n")
    assert (head(done.out)["id"], head(done.out)["summary"]["problems"]) == (run, 3)


def test_a_page_is_replaced_as_a_whole(coderefine, home, tmp_path):
    (tmp_path / "report.html").write_text("old")
    assert coderefine("report", "last", "-o", "report.html", "--home", home, "-q").err == ""
    assert "old" not in (tmp_path / "report.html").read_text(encoding="utf-8")[:10]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "report.html"]


def test_the_page_of_a_run_that_was_really_made_has_the_figures_and_the_repair(coderefine, tmp_path):
    (tmp_path / "set.jsonl").write_text(GENERIC.read_text().splitlines()[0] + "\n")
    options = ("--sandbox", "local", "--home", tmp_path / "home")
    done = coderefine("score", "set.jsonl", "--refine", "--iterations", 1, *options, "--format", "json")
    page = coderefine("report", "last", "-o", "-", "--home", tmp_path / "home").out
    assert head(page)["summary"] == json.loads(done.out)["summary"]
    (attempt,) = json.loads(re.search('id="details-0">(.*)</script>', page)[1])["attempts"]
    (step,) = attempt["story"]["steps"]
    assert (step["engine"], step["tested"][0]["verdict"]) == ("search", "AC")
    assert attempt["diff"] == step["tested"][0]["diff"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nosuch", "-o", "x.html"], "no run 'nosuch'"),
        (["last"], "Missing option '-o'"),
        (["last", "-o", "no/such/folder/x.html"], "cannot write no/such/folder/x.html"),
    ],
)
def test_what_cannot_be_written_or_is_no_run_is_a_usage_error(coderefine, home, tmp_path, args, message):
    done = coderefine("report", *args, "--home", home)
    assert done.code == 2
    assert message in done.err
    assert not (tmp_path / "x.html").exists()


def test_without_any_run_there_is_nothing_to_report(coderefine, tmp_path):
    done = coderefine("report", "last", "-o", "x.html", "--home", tmp_path / "empty")
    assert (done.code, "there are no runs yet" in done.err) == (2, True)
    with Store.open(tmp_path / "empty"):
        pass
    assert coderefine("report", "last", "-o", "x.html", "--home", tmp_path / "empty").code == 2
