"""Plants bugs in programs, for the search to find: by tokens, and so otherwise than the search edits.

Seeded: the same seed plants the same bugs.
"""

from __future__ import annotations

import io
import keyword
import random
import tokenize

_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_ARITHMETIC = ("+", "-", "*", "//", "%")
_AUGMENTED = ("+=", "-=", "*=", "//=")
_WORDS = {"and": "or", "or": "and", "True": "False", "False": "True", "max": "min", "min": "max", "left": "right",
          "append": "push", "break": "continue", "len": "length", "None": "null", "elif": "else if"}  # fmt: skip
_BRACKETS = "()[]{}"


def plant(source: str, bugs: int, seed: int) -> tuple[str, str]:
    """Return the program with so many bugs in different lines, and their kinds."""
    rng = random.Random(f"{seed}\0{source}")
    edits = [edit for edit in _edits(source, rng) if edit]
    rng.shuffle(edits)
    kinds: dict[str, list[tuple[int, int, int, str]]] = {}
    for kind, *edit in edits:
        kinds.setdefault(kind, []).append(tuple(edit))
    chosen: list[tuple[int, int, int, str]] = []
    names = []
    for _ in range(20 * bugs):  # by kind first, so that no frequent token makes all of the bugs
        kind = rng.choice(sorted(kinds))
        edit = rng.choice(kinds[kind])
        if len(chosen) < bugs and edit[0] not in {other[0] for other in chosen}:
            chosen.append(edit)
            names.append(kind)
    lines = source.split("\n")
    for row, start, end, text in chosen:
        lines[row - 1] = lines[row - 1][:start] + text + lines[row - 1][end:]
    return "\n".join(lines), " + ".join(sorted(names))


def _edits(source, rng):
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    names = sorted({t.string for t in tokens if t.type == tokenize.NAME and not keyword.iskeyword(t.string)})
    for token in tokens:
        (row, start), (end_row, end) = token.start, token.end
        if row != end_row or not token.string.strip():
            continue
        word = token.string
        if word in _COMPARISONS:
            yield "comparison", row, start, end, rng.choice([it for it in _COMPARISONS if it != word])
        if word in _ARITHMETIC and token.line[start - 1 : start] == " ":
            yield "arithmetic", row, start, end, rng.choice([it for it in _ARITHMETIC if it != word])
        if word in _AUGMENTED:
            yield "augmented", row, start, end, rng.choice(["=", *(it for it in _AUGMENTED if it != word)])
        if word == "==":
            yield "one equals sign", row, start, end, "="
        if word == ":" and token.line.rstrip().endswith(":") and end == len(token.line.rstrip()):
            yield "colon", row, start, end, ""
        if word in _BRACKETS:
            yield "bracket", row, start, end, ""
        if word in _WORDS:
            yield "word", row, start, end, _WORDS[word]
        if token.type == tokenize.NUMBER and word.isdigit():
            yield "number", row, start, end, str(max(0, int(word) + rng.choice([-1, 1])))
        if token.type == tokenize.STRING:
            yield "quote", row, end - 1, end, ""
        if token.type == tokenize.NAME and not keyword.iskeyword(word) and len(word) > 3:
            at = start + rng.randrange(1, len(word))
            yield "misspelling", row, at, at + 1, ""
        if token.type == tokenize.NAME and word in names and token.line.lstrip().split(" ")[0] not in ("def", "class"):
            yield "variable", row, start, end, rng.choice(names)
        if token.type == tokenize.NAME and start == len(token.line) - len(token.line.lstrip()) >= 8:
            if not keyword.iskeyword(word) and not token.line.rstrip().endswith((":", ",", "(", "[", "{")):
                yield "statement", row, start, len(token.line.rstrip("\n")), "pass"
            yield "indentation", row, 0, 0, "    "
