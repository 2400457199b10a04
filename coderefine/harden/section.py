"""The lines of a statement that say what inputs are valid: those below a heading, else sentences that give bounds.

Guarantees: where there is no heading, only bounds that are certain to be about a named parameter are returned, written
as comparisons; the rest of the prose has other subjects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from coderefine.harden.notation import plain
from coderefine.problem.problem import Param, Problem

_HEADING = re.compile(r"^\W*constraints?\b\W*(.*)$", re.IGNORECASE)
_NEXT_HEADING = re.compile(r"^\s*(?:#|follow[- ]?up|example|notes?\s*:|input|output|hint)", re.IGNORECASE)
_EXAMPLES = re.compile(r"^\W*(?:examples?|sample|>>>|for example)\b|>>>|->|=>", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\s*\n\s*(?=[-*•#]|\n)")
_NUMBER = r"(-?\d[\d_]*(?:\s*\^\s*\d+|\s*\*\s*10\s*\^\s*\d+)?)"
_LISTS = r"(?:list|array|sequence|string|text|word|sentence|tuple|collection)"
_ITEMS = r"(?:elements?|items?|values?|numbers?|integers?|entries)"
_SIZES = r"(?:elements?|items?|values?|numbers?|integers?|entries|characters?|letters?|words?|digits?)"
_WHOLE = r"(?:integers?|numbers?|ints?)"
_MOST = r"(?:at most|no more than|not more than|up to|a maximum of)"
_LEAST = r"(?:at least|no (?:less|fewer) than|a minimum of)"


def section(text: str) -> list[str]:
    """Return the lines below the heading of constraints, without their bullets; [] where there is no heading."""
    lines = iter(text.splitlines())
    for line in lines:
        if match := _HEADING.match(line):
            found = [match[1]]
            for following in lines:
                if _NEXT_HEADING.match(following):
                    break
                found.append(following)
            lines_of = (re.sub(r"^\s*[-*•]\s+|[\s*]+$", "", line).strip() for line in found)
            return [line for line in lines_of if line.strip(".:* ")]
    return []


def in_prose(problem: Problem) -> list[str]:
    """Return the bounds that the sentences before the examples give for parameters, each once."""
    text = plain(re.sub(r"```.*?(?:```|\Z)", "", problem.statement, flags=re.DOTALL))
    found: dict[str, None] = {}
    params = problem.params
    with_items = {
        param.name
        for place, param in enumerate(params)
        if any(isinstance(case.args[place], list | tuple | str) for case in problem.visible if len(case.args) > place)
    }
    for sentence in _sentences(text):
        for param in params:
            name = re.escape(param.name)
            if re.search(rf"(?<![\w.\"']){name}(?![\w\"'])", sentence):
                found |= dict.fromkeys(_worded(sentence, param.name, is_list=param.name in with_items))
        found |= dict.fromkeys(match.strip(" ,.;()") for match in _compared(sentence, params))
    return list(found)


def _sentences(text: str) -> Iterator[str]:
    """Yield the sentences before the examples."""
    kept: list[str] = []
    for line in text.splitlines():
        if _EXAMPLES.search(line):
            break
        kept.append(line)
    for sentence in _SENTENCE.split("\n".join(kept)):
        if sentence.strip():
            yield " ".join(sentence.split())


def _compared(sentence: str, params: Sequence[Param]) -> Iterator[str]:
    """Yield comparisons of a parameter with numbers on both sides, as sites write them: `1 <= n <= 100`."""
    names = "|".join(re.escape(param.name) for param in params)
    place = rf"(?:len\((?:{names})\)|(?:{names})(?:\[\w+\])*(?:\.length)?|\|(?:{names})\|)"
    for match in re.finditer(rf"{_NUMBER}\s*<=?\s*{place}(?:\s*,\s*{place})*\s*<=?\s*{_NUMBER}", sentence):
        yield match[0]


def _worded(sentence: str, name: str, *, is_list: bool) -> Iterator[str]:
    """Yield bounds in words for the parameter `name`, or for its items and its length where it `is_list`."""
    it = rf"(?<![\w.]){re.escape(name)}(?![\w\[(])"
    value = f"{name}[i]" if is_list else name
    length = f"{name}.length"
    between = rf"(?:is|are|be|lies?|ranges?)?\s*(?:in the range )?(?:between|from)\s*{_NUMBER}\s*(?:and|to)\s*{_NUMBER}"
    if is_list:
        if match := re.search(rf"length of {it}\s*(?:\w+ )?{between}", sentence, re.IGNORECASE):
            yield f"{match[1]} <= {length} <= {match[2]}"
        elif match := re.search(rf"{_ITEMS} (?:of|in) {it}\s*{between}", sentence, re.IGNORECASE):
            yield f"{match[1]} <= {value} <= {match[2]}"
        if match := re.search(rf"{it} (?:has|contains|holds|consists of) {_MOST} {_NUMBER} {_SIZES}", sentence):
            yield f"{length} <= {match[1]}"
        if match := re.search(rf"{it} (?:has|contains|holds|consists of) {_LEAST} {_NUMBER} {_SIZES}", sentence):
            yield f"{length} >= {match[1]}"
        if re.search(
            rf"non-?\s?empty {_LISTS}(?: of \w+)? {it}|{it} is (?:never|not|non-?) ?empty", sentence, re.IGNORECASE
        ):
            yield f"{length} >= 1"
        for word, least in (("positive", 1), ("non-?negative", 0)):
            if re.search(rf"{_LISTS} of {word} {_WHOLE},? {it}", sentence, re.IGNORECASE):
                yield f"{value} >= {least}"
        return
    if match := re.search(rf"{it}\s*,?\s*(?:which )?{between}", sentence, re.IGNORECASE):
        yield f"{match[1]} <= {value} <= {match[2]}"
    if match := re.search(rf"{it} is {_MOST} {_NUMBER}(?!\s*(?:times|%))", sentence, re.IGNORECASE):
        yield f"{value} <= {match[1]}"
    if match := re.search(rf"{it} is {_LEAST} {_NUMBER}", sentence, re.IGNORECASE):
        yield f"{value} >= {match[1]}"
    for word, least in (("positive", 1), ("non-?negative", 0), ("natural", 0)):
        if re.search(rf"\b(?<!non-){word} {_WHOLE},? {it}|{it} is (?:an? |always )?{word}\b", sentence, re.IGNORECASE):
            yield f"{value} >= {least}"
