"""Every command that a page shows is run; what it prints is what the page shows."""

import difflib
import os
import re
from itertools import groupby

import pytest

from coderefine.search.given import plan
from tests.documents.pages import ALL_BLOCKS, ROOT
from tests.documents.scenes import SCENES
from tests.documents.sessions import lines_of, transcript
from tests.documents.shown import fits, normal

REMADE = os.environ.get("CODEREFINE_REMAKE")  # then pages are made true, and shown by git
# A result that is not accepted is a result; a usage error or a missing sandbox is none.
RESULTS = (0, 1)
QUESTION = re.compile(r"^(which is right\?.*: )(.+)$", re.MULTILINE)  # and what somebody types
# What takes more than a shell, and the test that runs it.
ELSEWHERE = {'$ git commit -m "Pages of a shop"': "tests/hook/test_frameworks.py::test_the_story_is_what_happens"}


def is_of_a_shell(block):
    return block.language in ("console", "sh") and block.is_run and block.text.splitlines()[0] not in ELSEWHERE


# What the README lists and another page, too, is run there; the folder is the same.
ON_OTHER_PAGES = {
    line
    for block in ALL_BLOCKS
    if is_of_a_shell(block) and block.language == "sh" and SCENES.get(block.page) is SCENES["README.md"]
    for line in lines_of(block.text)
    if block.page != "README.md"
}
BY_PAGE = {page: list(group) for page, group in groupby(ALL_BLOCKS, key=lambda block: block.page)}


@pytest.mark.parametrize("page", [page for page, found in BY_PAGE.items() if any(map(is_of_a_shell, found))])
def test_the_commands_of(page, session, monkeypatch):
    wrong = []
    for block in BY_PAGE[page]:
        if re.fullmatch(r"[\w./-]+\.\w+", block.title):
            (session.folder / block.title).parent.mkdir(parents=True, exist_ok=True)
            (session.folder / block.title).write_text(block.text)
        elif is_of_a_shell(block):
            run = _transcribed if block.language == "console" else _listed
            with monkeypatch.context() as patched:
                if run is _listed:  # what else passes is not looked at
                    patched.setattr(plan, "_AFTERWARDS", 10)
                wrong += [f"{block.place}: {fault}" for fault in run(block, session, SCENES.get(page, lambda _: None))]
    assert not wrong, "\n\n".join(wrong)


def _listed(block, session, scene):
    """Run commands, each where nothing was changed by the one before it."""
    for line in lines_of(block.text):
        if block.page == "README.md" and line in ON_OTHER_PAGES:
            continue
        scene(session.folder)
        code, printed = session.run(line)
        if code not in RESULTS or "Traceback" in printed:
            yield f"{line}\nexit code {code}\n{printed}"


def _transcribed(block, session, scene):
    """Run commands one after the other, and compare what they print."""
    scene(session.folder)
    for line, shown in transcript(block.text):
        answers = QUESTION.findall(shown)
        code, printed = session.run(line, typed="".join(f"{answer}\n" for _, answer in answers))
        for question, answer in answers:
            printed = printed.replace(question, f"{question[:-1]}\b{answer}\n", 1).replace("\b", " ", 1)
        if code not in RESULTS or not fits(shown, printed):
            difference = difflib.unified_diff(normal(shown), normal(printed), "shown", "printed", lineterm="")
            yield "\n".join([f"{line}\nexit code {code}", *difference, printed])
        if REMADE and not fits(shown, printed):
            _remake(block, line, shown, printed)


def _remake(block, line, shown, printed):
    """Put what a command prints into the page, in place of what is shown; a part that was left out is yours to cut."""
    page = ROOT / block.page
    text = re.sub(r" +$", "", printed, flags=re.MULTILINE).rstrip()
    page.write_text(page.read_text("utf-8").replace(f"$ {line}\n{shown}", f"$ {line}\n{text}\n", 1), "utf-8")
