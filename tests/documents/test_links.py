"""Every link of a page leads somewhere, and every page is reached."""

import re

import pytest

from tests.documents.pages import PAGES, ROOT, anchors, links

LINKS = [(path, link) for path in PAGES for link in links(path) if not re.match(r"https?:|mailto:", link)]


@pytest.mark.parametrize(("path", "link"), LINKS, ids=[f"{path.name} to {link}" for path, link in LINKS])
def test_every_link_leads_to_a_heading_or_a_file(path, link):
    name, _, anchor = link.partition("#")
    target = (path.parent / name).resolve() if name else path
    assert target.exists()
    assert not anchor or anchor in anchors(target)


def test_every_page_is_reached_from_the_readme():
    assert {path.name for path in (ROOT / "docs").glob("*.md")} - {"index.md"} <= {
        link.partition("#")[0].removeprefix("docs/") for path, link in LINKS if path.name == "README.md"
    }


IMPORTS = sorted(
    {
        line
        for path in PAGES
        for line in re.findall(r"^ *((?:from|import) coderefine\b.*)", path.read_text("utf-8"), re.M)
    }
)


@pytest.mark.parametrize("line", IMPORTS)
def test_every_import_that_a_page_shows_works(line):
    exec(line, {})
