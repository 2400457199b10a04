"""The pages and the command line agree: each option that a page names is there, and each that is there is named."""

import re

import pytest

from tests.documents.commands_page import PAGE, commands, text
from tests.documents.pages import ALL_BLOCKS, PAGES, read
from tests.documents.sessions import lines_of, transcript

OPTIONS = {
    name: {it for parameter in command.params for it in parameter.opts + parameter.secondary_opts}
    for name, command in commands()
}
# Of git, pip, pytest and the like.
OTHERS = {
    "--no-verify", "--all-files", "--cov", "--junitxml", "--pdb", "--lf", "--doctest-modules", "--ignore", "--head-ip",
    "--address", "--num-cpus", "--cached", "--planted", "--programs",
}  # fmt: skip
NAMED = re.compile(r"(?<![\w-])(--[a-z][\w-]+|-[a-zA-Z])(?![\w-])")


def code_of(path):
    """Yield the code within the text of a page."""
    for token in read(path):
        yield from (child.content for child in token.children or () if child.type == "code_inline")


def invocations():
    """Yield where a page types a command, the command and its options."""
    lines = [(block.place, line) for block in ALL_BLOCKS for line in lines_in(block)]
    lines += [(path.name, code) for path in PAGES if path != PAGE for code in code_of(path)]
    for place, line in lines:
        for part in re.split(r"[|;&]|\$\(", line):
            found = re.search(r"(?:^|/|\s|\")coderefine ((?:\w+ )*\w+)(.*)", part)
            if found:
                words = found[1].split()
                name = next((name for n in (2, 1) if (name := " ".join(words[:n])) in OPTIONS), None)
                yield place, part.strip(), name, NAMED.findall(re.sub(r"'[^']*'|\"[^\"]*\"", "", found[2]))


def lines_in(block):
    if block.language == "console":
        return [line for line, _ in transcript(block.text)]
    return lines_of(block.text) if block.language in ("sh", "json") else []


@pytest.mark.parametrize(("place", "line", "name", "options"), list(invocations()))
def test_what_a_page_types_is_there(place, line, name, options):
    assert name is not None
    assert set(options) <= OPTIONS[name]


@pytest.mark.parametrize("path", [path for path in PAGES if path != PAGE], ids=lambda path: path.name)
def test_each_option_that_a_page_names_is_one_of_a_command(path):
    named = {option for code in code_of(path) for option in re.findall(r"^(--[a-z][\w-]+)", code)}
    assert named - set().union(*OPTIONS.values()) - OTHERS == set()


def test_the_page_of_commands_is_what_they_say():
    assert PAGE.read_text("utf-8") == text(), "make it anew: make pages"
