"""The pages that users read, taken apart: their blocks of code, links and headings.

A block's language says what becomes of it in a test:

- `console`: a transcript. What stands behind `$ ` is run, and what it prints is compared with what stands below
- `sh`: commands without their output, each of which is run
- `python`: is run; `toml`, `json` and `yaml` are read by what the project reads them with
- `text`: nothing that anybody types: drawings, folders, and what a terminal shows for a moment

A block that cannot be run says so, and why, where its reader sees it: its title begins with "Not run".
"""

import functools
import itertools
import re
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parent.parent.parent
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
LANGUAGES = {"console", "sh", "python", "toml", "json", "yaml", "text"}
MOST_OF_A_SLUG = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Block:
    """A block of code: where it stands, its language, its title, its text."""

    page: str
    line: int
    heading: str
    language: str
    title: str
    text: str

    @property
    def place(self):
        """Return where it stands, for people."""
        return f"{self.page}:{self.line}"

    @property
    def is_run(self):
        """Return whether it says nothing else."""
        return not self.title.startswith("Not run")


@functools.cache
def read(path):
    """Return a page's tokens; no page changes while tests run."""
    return MarkdownIt().enable("table").parse(path.read_text(encoding="utf-8"))


def blocks(path):
    """Yield the blocks of a page; those that are only indented have no language."""
    heading = ""
    tokens = read(path)
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open":
            heading = following.content
        if token.type in ("fence", "code_block"):
            language, _, rest = token.info.strip().partition(" ")
            title = re.fullmatch(r'title="([^"]*)"', rest.strip())
            yield Block(
                str(path.relative_to(ROOT)),
                token.map[0] + 1,
                heading,
                language,
                title[1] if title else rest,
                token.content,
            )


ALL_BLOCKS = [block for path in PAGES for block in blocks(path)]


def links(path):
    """Yield the targets of a page's links and pictures."""
    for token in read(path):
        for child in token.children or ():
            if child.type in ("link_open", "image"):
                yield child.attrGet("href") or child.attrGet("src")


def anchors(path):
    """Return the names by which a page's headings are reached."""
    tokens = read(path)
    told = [after.content for token, after in itertools.pairwise(tokens) if token.type == "heading_open"]
    return [slug(heading) for heading in told]


def slug(heading):
    """Return the anchor of a heading, as GitHub and the site make it."""
    return MOST_OF_A_SLUG.sub("", heading.replace("`", "").lower()).strip().replace(" ", "-")
