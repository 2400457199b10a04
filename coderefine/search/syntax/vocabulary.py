"""The words of a program, and the keywords that they may be misspellings of."""

from __future__ import annotations

import builtins
import re
from collections import Counter
from dataclasses import dataclass
from keyword import kwlist
from typing import Self

WORD = re.compile(r"[^\W\d]\w*")
KEYWORDS = tuple(word for word in kwlist if word not in ("as", "async", "await", "del", "nonlocal", "global"))
_MISSING = 12


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a program."""

    names: frozenset[str]
    """All words, with the language's own."""
    known: frozenset[str]
    """Words that the program uses more than once."""
    missing: tuple[str, ...]
    """Words to try where an expression is missing."""
    meant: dict[str, tuple[str, ...]]
    """The keywords that a word may be a misspelling of."""

    @classmethod
    def of(cls, source: str) -> Self:
        """Collect the words of `source`."""
        counts = Counter(WORD.findall(source))
        names = frozenset((*counts, *kwlist, *dir(builtins)))
        known = frozenset(word for word, count in counts.items() if count > 1)
        parameters = re.findall(r"(\w+)\s*[:,)=]", "".join(re.findall(r"def \w+\((.*)", source)))
        candidates = (*parameters, *(word for word, _ in counts.most_common()))
        common = frozenset((*kwlist, *dir(builtins), "self"))
        missing = [word for word in candidates if re.fullmatch(r"[a-z_]\w*", word, re.ASCII) and word not in common]
        meant = {
            word: tuple(keyword for keyword in KEYWORDS if close(word, keyword))
            for word in counts
            if len(word) < 10 and word not in KEYWORDS
        }
        return cls(names, known, tuple(dict.fromkeys(missing))[:_MISSING], meant)


def close(word: str, meant: str) -> bool:
    """Return whether `word` becomes `meant` by one insertion, deletion, substitution, swap of neighbours or by case.

    In words of two letters substitutions do not count, and the first letter is never replaced.
    """
    if word.lower() == meant:
        return word != meant
    if abs(len(word) - len(meant)) > 1:
        return False
    if len(meant) < 3:
        return word in (meant[::-1], meant + meant[1], meant[0] + meant, *meant)
    shared = 0
    while shared < min(len(word), len(meant)) and word[shared] == meant[shared]:
        shared += 1
    left, right = word[shared:], meant[shared:]
    swapped = left[1::-1] == right[:2] and left[2:] == right[2:]
    return swapped or left == right[1:] or (shared > 0 and (left[1:] == right or left[1:] == right[1:]))
