"""The recording that the README shows is one of a run, and shows what a run prints today."""

import re
from xml.etree import ElementTree

from tests.documents.pages import ALL_BLOCKS
from tests.documents.recording import COMMANDS, PICTURE, plain, read_cast, screen
from tests.documents.sessions import transcript
from tests.documents.shown import fits

ROWS = [plain(row) for row, _ in screen(read_cast())]


def test_it_shows_what_the_tutorial_does():
    """What the tutorial shows is compared with a run elsewhere."""
    begin = ROWS.index(f"$ {COMMANDS[-1]}") + 1
    (shown,) = [
        shown
        for block in ALL_BLOCKS
        if block.page == "docs/tutorial.md" and block.language == "console"
        for line, shown in transcript(block.text)
        if line == COMMANDS[-1]
    ]
    assert fits(shown, "\n".join(ROWS[begin:-1]))


def test_the_picture_has_its_rows_and_fetches_nothing():
    text = PICTURE.read_text("utf-8")
    drawn = {}
    for it in ElementTree.fromstring(text).iter("{http://www.w3.org/2000/svg}text"):
        drawn.setdefault(it.get("y"), []).append(it.text)
    joined = {re.sub(r"\s", "", "".join(parts)) for parts in drawn.values()}
    assert {re.sub(r"\s", "", row) for row in ROWS if row} <= joined
    assert "url(http" not in text and "href" not in text
