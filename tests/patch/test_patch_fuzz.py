"""Diffs as models mangle them: each class of damage is understood as it was meant or refused, and never half applied.

The programs have no two lines alike, so that what a diff means is certain: the damaged diff must lead to exactly the
text that it was made for, or to a PatchError. Only where context lines are gone may an added line stand elsewhere.
"""

from __future__ import annotations

import difflib
import random
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coderefine.errors import PatchError
from coderefine.patch import apply_diff, make_diff, read_answer
from tests.soak import examples

PROPERTY = settings(deadline=None, max_examples=examples(30))


@st.composite
def edits(draw):
    """Two versions of a program without repeated lines, some lines of which were changed, added or dropped."""
    count = draw(st.integers(1, 40))
    indents = ["    " * (n * n % 3 + n % 2) for n in range(count)]  # a line has the same one in any program
    before = [f"{indent}value_{n} = compute({n})" for n, indent in enumerate(indents)]
    after = []
    for n, line in enumerate(before):
        match draw(st.sampled_from("kkkkcad")):
            case "k":
                after.append(line)
            case "c":
                after.append(f"{indents[n]}changed_{n} = other({n})")
            case "a":
                after += [line, f"{indents[n]}added_{n} = more({n})"]
            case "d":
                pass
    ends = draw(st.sampled_from([("\n", "\n"), ("\n", ""), ("", "\n"), ("", "")]))
    texts = ["\n".join(lines) + end if lines else "" for lines, end in zip((before, after), ends, strict=True)]
    assume(texts[0] != texts[1])
    return texts


def hunk_lines(change):
    """A mangling that changes the lines of hunks with `change(line, rng)`; None drops the line."""

    def mangle(diff, rng):
        lines, inside = [], False
        for line in diff.split("\n"):
            inside = inside or line.startswith("@@")
            changed = change(line, rng) if inside and not line.startswith(("@@", "\\")) and line else line
            lines += [] if changed is None else [changed]
        return "\n".join(lines)

    return mangle


def old(change):
    """A mangling of what a hunk says is there already."""
    return hunk_lines(lambda line, rng: change(line, rng) if line[:1] in " -" else line)


def headers(change):
    return lambda diff, rng: re.sub(r"^@@ .* @@$", lambda found: change(found[0], rng), diff, flags=re.MULTILINE)


def some(change, chance=0.3):
    return lambda line, rng: change(line) if rng.random() < chance else line


MANGLINGS = {
    "wrong line numbers": headers(lambda header, rng: re.sub(r"-\d+", f"-{rng.randint(1, 60)}", header)),
    "wrong counts": headers(lambda header, rng: re.sub(r",\d+", f",{rng.randint(1, 9)}", header)),
    "no numbers": headers(lambda header, rng: rng.choice(["@@ ... @@", "@@", "@@ @@", "@@ def f(x): @@"])),
    "a section name": headers(lambda header, rng: f"{header} def solve(values):"),
    "missing context": old(some(lambda line: None if line[0] == " " else line)),
    "elided context": old(some(lambda line: " ..." if line[0] == " " else line, 0.2)),
    "context without marks": old(some(lambda line: line[1:] if line[0] == " " else line)),
    "trailing white space": old(some(lambda line: line + "  ")),
    "less indent": hunk_lines(lambda line, rng: line[0] + line[1:].removeprefix("    ")),
    "more indent": hunk_lines(lambda line, rng: f"{line[0]}    {line[1:]}"),
    "uneven indent": old(some(lambda line: f"{line[0]} {line[1:]}")),
    "tabs": hunk_lines(lambda line, rng: line[0] + line[1:].replace("    ", "\t")),
    "tabs in some old lines": old(some(lambda line: line.replace("    ", "\t"))),
    "CRLF": lambda diff, rng: diff.replace("\n", "\r\n"),
    "no final newline": lambda diff, rng: diff.removesuffix("\n"),
    "no marks of missing newlines": lambda diff, rng: diff.replace("\\ No newline at end of file\n", ""),
    "no prefixes": lambda diff, rng: diff.replace("--- a/", "--- ").replace("+++ b/", "+++ "),
    "other prefixes": lambda diff, rng: diff.replace("--- a/", "--- old/").replace("+++ b/", "+++ new/"),
    "no file header": lambda diff, rng: diff[diff.index("@@") :],
    "a git header": lambda diff, rng: f"diff --git a/solution.py b/solution.py\nindex 1..2 100644\n{diff}",
    "blank lines between hunks": headers(lambda header, rng: f"\n\n{header}"),
}
SHELLS = [
    "```diff\n{}\n```",
    "The loop ends too early.\n\n```diff\n{}\n```\n\nNow it covers the last one.",
    "The old line was\n```python\nvalue_0 = compute(0)\n```\nso\n~~~~diff\n{}\n~~~~\n",
    "1. Repair:\n   ```\n   nothing\n   ```\n```patch\n{}\n```\n```bash\npython solution.py\n```",
    "{}",
]


def attempt(call, *arguments, **options):
    """What a call returns, or None where it refuses; anything else that it raises fails the test."""
    try:
        return call(*arguments, **options)
    except PatchError as error:
        assert str(error)
        return None


def agrees(result, after, names):
    """Whether a result is what was meant; where context was lost, lines may stand elsewhere, but all of them."""
    if result is None:
        return True
    lines, wanted = without_end(result).split("\n"), without_end(after).split("\n")
    return sorted(lines) == sorted(wanted) if "missing context" in names else lines == wanted


def without_end(text):
    return text.removesuffix("\n")


@pytest.mark.parametrize("name", MANGLINGS)
@PROPERTY
@given(edits(), st.integers())
def test_a_mangled_diff_means_what_it_was_made_for_or_is_refused(name, texts, seed):
    before, after = texts
    result = attempt(apply_diff, before, MANGLINGS[name](make_diff(before, after), random.Random(seed)))
    assert agrees(result, after, [name])


@PROPERTY
@given(
    edits(),
    st.integers(),
    st.lists(st.sampled_from(sorted(MANGLINGS)), max_size=4, unique=True),
    st.sampled_from(SHELLS),
)
def test_an_answer_mangled_in_several_ways_means_what_it_was_made_for_or_is_refused(texts, seed, names, shell):
    before, after = texts
    diff, rng = make_diff(before, after), random.Random(seed)
    for name in sorted(names, key="CRLF".__eq__):  # line ends change on the way, when all else is written
        if "@@" in diff:
            diff = MANGLINGS[name](diff, rng)
    result = attempt(read_answer, before, shell.format(diff))
    assert agrees(result and result.after, after, names)


USUAL = ["wrong line numbers", "wrong counts", "no numbers", "a section name", "trailing white space", "CRLF"]
USUAL += ["no final newline", "no prefixes", "other prefixes", "no file header", "a git header"]


@pytest.mark.parametrize("name", USUAL)
@PROPERTY
@given(edits(), st.integers())
def test_the_usual_damage_is_understood(name, texts, seed):
    before, after = texts
    diff = make_diff(before, after)
    assume(all(" " in {line[:1] for line in hunk.split("\n")[1:]} for hunk in diff.split("\n@@")[1:]))  # has context
    assert without_end(apply_diff(before, MANGLINGS[name](diff, random.Random(seed)))) == without_end(after)


@PROPERTY
@given(edits(), edits())
def test_a_diff_against_an_earlier_text_applies_with_all_its_hunks_or_not_at_all(texts, others):
    before, after = texts
    other = others[1]  # shares some of its lines, in the same order
    assume(other)
    result = attempt(apply_diff, other, make_diff(before, after))
    expected = by_replacement(other, before, after)
    assert result is None or (expected is not None and without_end(result) == without_end(expected))


def by_replacement(text, before, after):
    """Each hunk's old lines, where they stand in `text`, replaced by its new ones; None where some stand nowhere."""
    matcher = difflib.SequenceMatcher(None, before.splitlines(), after.splitlines())
    lines = text.splitlines()
    for group in reversed(list(matcher.get_grouped_opcodes(3))):
        first, last = group[0], group[-1]
        was, becomes = before.splitlines()[first[1] : last[2]], after.splitlines()[first[3] : last[4]]
        places = [at for at in range(len(lines) - len(was) + 1) if lines[at : at + len(was)] == was] if was else []
        if len(places) != 1:
            return None
        lines[places[0] : places[0] + len(was)] = becomes
    return "\n".join(lines)


@PROPERTY
@given(edits(), st.data(), st.sampled_from(["```diff\n{}```", "Fixed.\n~~~~\n{}~~~~"]))
def test_a_truncated_answer_is_refused_wherever_it_is_cut(texts, data, shell):
    before, after = texts
    answer = shell.format(make_diff(before, after))
    cut = answer[: data.draw(st.integers(0, len(answer) - 3))]
    assert attempt(read_answer, before, cut, truncated=True) is None


@PROPERTY
@given(edits(), st.data())
def test_a_hunk_that_fits_nowhere_keeps_the_others_out(texts, data):
    before, after = texts
    hunks = re.split(r"^(?=@@ )", make_diff(before, after), flags=re.MULTILINE)
    at = data.draw(st.integers(1, len(hunks)))
    diff = "".join([*hunks[:at], "@@ -1,2 +1,2 @@\n nowhere = 1\n-gone = 2\n+here = 3\n", *hunks[at:]])
    assert attempt(apply_diff, before, diff) is None


@PROPERTY
@given(edits())
def test_a_diff_that_was_applied_already_is_no_edit(texts):
    before, after = texts
    diff = make_diff(before, after)
    removed = [line[1:] for line in diff.split("\n")[2:] if line.startswith("-")]
    assume(set(removed) - set(after.split("\n")))
    assert attempt(apply_diff, after, diff) is None


@PROPERTY
@given(edits())
def test_a_diff_that_puts_back_what_it_takes_is_refused(texts):
    before = texts[0]
    assume("\n" in before)  # to add a final newline is an edit
    line = before.split("\n")[0]
    assert attempt(apply_diff, before, f"@@ -1 +1 @@\n-{line}\n+{line}\n") is None
