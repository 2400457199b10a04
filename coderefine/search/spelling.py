"""Whether a word is another one, misspelt."""

from __future__ import annotations


def close(word: str, meant: str) -> bool:
    """Say whether one insertion, deletion, substitution or swap of neighbours, or the case, makes `word` `meant`.

    Of short words only the swap and the case count, and the first letter is never another one.
    """
    if word.lower() == meant:
        return word != meant
    if len(meant) < 3 or abs(len(word) - len(meant)) > 1:
        return word == meant[::-1]
    shared = 0
    while shared < min(len(word), len(meant)) and word[shared] == meant[shared]:
        shared += 1
    left, right = word[shared:], meant[shared:]
    swapped = left[1::-1] == right[:2] and left[2:] == right[2:]
    return swapped or left == right[1:] or (shared > 0 and (left[1:] == right or left[1:] == right[1:]))
