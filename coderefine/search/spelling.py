"""Whether a word is another one, misspelt."""

from __future__ import annotations


def close(word: str, meant: str) -> bool:
    """Say whether one insertion, deletion, substitution or swap of neighbours, or the case, makes `word` `meant`.

    Of two letters only the swap, a letter twice and the case count, and the first letter is never another one.
    """
    if word.lower() == meant:
        return word != meant
    if abs(len(word) - len(meant)) > 1:
        return False
    if len(meant) < 3:
        return word in (meant[::-1], meant + meant[1], meant[0] + meant)
    shared = 0
    while shared < min(len(word), len(meant)) and word[shared] == meant[shared]:
        shared += 1
    left, right = word[shared:], meant[shared:]
    swapped = left[1::-1] == right[:2] and left[2:] == right[2:]
    return swapped or left == right[1:] or (shared > 0 and (left[1:] == right or left[1:] == right[1:]))
