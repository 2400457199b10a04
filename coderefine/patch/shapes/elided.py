"""A program with lines such as `# ... rest unchanged ...` in place of unchanged code."""

from __future__ import annotations

from coderefine.errors import PatchError
from coderefine.patch.lines.edit import split_lines
from coderefine.patch.lines.python import parses
from coderefine.patch.reply.placeholders import is_comment_placeholder, is_placeholder
from coderefine.patch.reply.reply import WANTED, Reply, is_edit

_ALIKE = 0.6
_MOST_COMPARED = 200
_CHANGED = 3
"""The most lines next to a placeholder that may be new."""


def read(reply: Reply) -> str | None:
    """Return the program with the placeholders of the one block that has some filled in, if that is unambiguous."""
    known = {line.strip() for line in split_lines(reply.source)}
    blocks = [block for block in reply.programs if not is_edit(block)]
    elided = [block for block in blocks if _is_elided(split_lines(block.text), known)]
    if not elided:
        return None
    if len(elided) > 1 or not reply.source.strip():
        raise PatchError(f"the answer leaves out code (`# ...`): {WANTED}")
    lines = [line if line.endswith("\n") else f"{line}\n" for line in split_lines(elided[0].text)]
    after = _filled(split_lines(reply.source), lines)
    if after is None or (parses(reply.source) and not parses(after)) or (not elided[0].closed and reply.truncated):
        raise PatchError(f"the answer leaves out code (`# ...`), and which lines is not certain: {WANTED}")
    return after


def _is_elided(lines: list[str], known: set[str]) -> bool:
    if any(is_comment_placeholder(line) and line.strip() not in known for line in lines):
        return True
    return any(
        is_placeholder(line) and line.strip() not in known and _not_alone(lines, at) for at, line in enumerate(lines)
    )


def _not_alone(lines: list[str], at: int) -> bool:
    """Whether a bare `...` is next to other statements of its block, so that it stands for code."""
    before = next((lines[index] for index in range(at - 1, -1, -1) if lines[index].strip()), None)
    after = next((lines[index] for index in range(at + 1, len(lines)) if lines[index].strip()), None)
    return any(line is not None and _indent(line) == _indent(lines[at]) for line in (before, after))


def _filled(source: list[str], lines: list[str]) -> str | None:
    """Return the lines with the placeholders filled in; None where that is ambiguous."""
    result: list[str] = []
    segments = _segments(lines, {line.strip() for line in source})
    first = next((line for line in segments[0] if line.strip()), None)
    shift = ""
    done = 0
    """Index of the first source line that is not yet accounted for."""
    if first is not None:
        at = _only([index for index, line in enumerate(source) if line.strip() == first.strip()])
        if at is None:
            return None
        shift = _indent(source[at]).removesuffix(_indent(first))
        done = at
        result += source[:at]
    for number, segment in enumerate(segments):
        text = [shift + line if line.strip() else line for line in segment]
        if number:
            begin = _resumes(source, done, text) if any(line.strip() for line in text) else len(source)
            if begin is None:
                return None
            result += source[done:begin]
            text = _without_gap(result, text)
            done = begin
        after = _ends(source, done, text)
        if after is None:
            return None
        result += text
        done = after
        while number + 1 < len(segments) and done < len(source) and not source[done].strip() and _ends_blank(result):
            done += 1
    if any(line.strip() for line in segments[-1]) and any(line.strip() for line in source[done:]):
        rest = next(line for line in source[done:] if line.strip())
        own = next(line for line in lines if line.strip())
        if len(_indent(rest)) > len(shift + _indent(own)):
            return None  # the block ends within a block of the source: are the other lines dropped or kept?
        result += source[done:]
    return "".join(result)


def _without_gap(result: list[str], text: list[str]) -> list[str]:
    """Return lines without leading blank ones, where the lines before them end in a blank one."""
    first = next((at for at, line in enumerate(text) if line.strip()), 0)
    return text[first:] if _ends_blank(result) else text


def _ends_blank(lines: list[str]) -> bool:
    return bool(lines) and not lines[-1].strip()


def _segments(lines: list[str], known: set[str]) -> list[list[str]]:
    """Return the lines between placeholders."""
    segments: list[list[str]] = [[]]
    for line in lines:
        if is_placeholder(line) and line.strip() not in known:
            segments.append([])
        else:
            segments[-1].append(line)
    return segments


def _resumes(source: list[str], begin: int, segment: list[str]) -> int | None:
    """Return the index in the source, from `begin` on, where the lines after a placeholder continue."""
    lines = [line for line in segment if line.strip()]
    for skipped, line in enumerate(lines[: _CHANGED + 1]):
        at = _only([at for at in range(begin, len(source)) if source[at].rstrip() == line.rstrip()])
        if at is None:
            continue
        for back in range(skipped):  # the lines before it are new, or replace equally many
            before = lines[skipped - 1 - back]
            if at - 1 < begin or not _alike(source[at - 1], before):
                break
            at -= 1
        return at
    return None


def _ends(source: list[str], begin: int, segment: list[str]) -> int | None:
    """Return the index after the last source line that a segment beginning at `begin` stands for."""
    lines = [line for line in segment if line.strip()]
    if not lines:
        return begin
    for skipped, line in enumerate(reversed(lines[-_CHANGED - 1 :])):
        at = _only([at for at in range(begin, len(source)) if source[at].rstrip() == line.rstrip()])
        if at is None:
            continue
        at += 1
        for new in lines[len(lines) - skipped :]:
            place = next((index for index in range(at, len(source)) if source[index].strip()), len(source))
            if place < len(source) and _alike(source[place], new):
                at = place + 1
        return at
    return None


def _alike(a: str, b: str) -> bool:
    """Whether a line may be a changed version of another: it has the same indent, and shares most character pairs."""
    if _indent(a) != _indent(b) or len(a) > _MOST_COMPARED or len(b) > _MOST_COMPARED:
        return False
    ours, theirs = ({line.strip()[at : at + 2] for at in range(len(line.strip()))} for line in (a, b))
    return 2 * len(ours & theirs) >= _ALIKE * (len(ours) + len(theirs))


def _only(places: list[int]) -> int | None:
    return places[0] if len(places) == 1 else None


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]
