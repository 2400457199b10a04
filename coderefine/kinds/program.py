"""A whole program, which reads standard input; what it prints is compared."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from typing import Any

from coderefine.descent.case_lines import argument_lines
from coderefine.harden.bounds import Args
from coderefine.harden.kind import Proposals
from coderefine.judge.report import CaseResult
from coderefine.kinds.called import CalledProblemKind
from coderefine.kinds.fields import Fields
from coderefine.kinds.rows import Row
from coderefine.problem.problem import Problem, TestCase
from coderefine.rendering import cut, literal

_NUMBER = re.compile(r"(?<![\w.-])-?\d+(?![\w.])")
_TOKEN = re.compile(r"-?\d+|[A-Za-z]+|[#.*@+]{2,}")


TEMPLATE = {
    "problem.toml": """\
title = "{title}"
difficulty = "easy"
tags = []
kind = "program"
compare = "tokens"       # tokens | exact | float:1e-6 | checker.py
time_limit_s = 2.0
memory_mib = 256
""",
    "statement.md": """\
# {title}

Say what is asked. Until then: the input is a line with a number `n`, then a line with `n` numbers; print their sum.

## Constraints

- `1 <= n <= 100_000`
- every number is from -10**9 to 10**9
""",
    "starter.py": """\
n = int(input())
numbers = list(map(int, input().split()))
""",
    "tests/visible.json": """\
[
  {{"name": "example", "stdin": "3\\n1 2 3\\n", "expected": "6\\n"}},
  {{"name": "one", "stdin": "1\\n7\\n", "expected": "7\\n"}}
]
""",
    "tests/hidden.json": """\
[
  {{"name": "negative", "stdin": "2\\n-5 2\\n", "expected": "-3\\n"}}
]
""",
    "submissions/accepted/builtin.py": """\
input()
print(sum(map(int, input().split())))
""",
    "submissions/wrong_answer/largest.py": """\
input()
print(max(map(int, input().split())))
""",
}


class ProgramKind(CalledProblemKind):
    """Problems whose solution is a program."""

    name = "program"
    template = TEMPLATE
    called_as = "program"
    prints_answer = True
    can_be_drafted = True
    usual_compare, refused_compare = "tokens", ("unordered", "python", "close", "json")

    def read_entry(self, fields: Fields) -> str:
        """Return "": the program is run, not called."""
        return ""

    def read_case(self, problem: Problem, row: Row) -> TestCase:
        """Return a test with an input and the output to be printed."""
        if not row.has("stdin", "expected") or not row.is_text:
            raise row.fail("expected an object with stdin, expected and perhaps name, all text")
        return TestCase(row.name, (row.data["stdin"],), row.data["expected"], part=row.part)

    def call_row(self, problem: Problem, case: TestCase) -> dict[str, Any]:
        """Return the input and the output to be printed."""
        return {"stdin": case.args[0], "expected": case.expected}

    def call_text(self, problem: Problem, args: tuple[Any, ...], limit: int) -> str:
        """Return the input."""
        return f"stdin {cut(literal(args[0]), limit)}"

    def interface(self, problem: Problem) -> str:
        """Return that it is a whole program."""
        return "a whole program that reads standard input and prints its answer."

    def answer(self, problem: Problem) -> str:
        """Return what is compared."""
        return "The answer is what it prints to standard output."

    def test_lines(self, problem: Problem, case: CaseResult, chars: int) -> list[str]:
        """Return the input."""
        return argument_lines(case, ["stdin"], chars)

    def proposals(self, problem: Problem, visible: Sequence[Args], rng: random.Random) -> Proposals:
        """Return the visible inputs with the numbers of a line in another order, or one of them in place of another.

        The meaning of the numbers is not known, but three or more on one line tend to mean the same. Lines with fewer,
        such as counts, stay.
        """
        return Proposals(_rearranged(visible, rng), lambda args: True)

    def guesses(self, problem: Problem, visible: Sequence[Args], rng: random.Random) -> Proposals:
        """Return the visible inputs with numbers and words changed, except numbers that seem to count others."""
        return Proposals(_varied(visible, rng), lambda args: True)

    def read_answer(self, text: str, like: Any) -> str:
        r"""Return what is to be printed; `\n` stands for the end of a line."""
        if text[:1] in ("'", '"'):
            return str(super().read_answer(text, like))
        answer = text.replace("\\n", "\n") + "\n"
        if all(map(_NUMBER.fullmatch, str(like).split())) and not all(map(_NUMBER.fullmatch, answer.split())):
            raise ValueError(text)
        return answer


def _rearranged(visible: Sequence[Args], rng: random.Random) -> Iterator[Args]:
    texts = [text for (text,) in visible if any(len(_NUMBER.findall(line)) > 2 for line in text.split("\n"))]
    while texts:
        lines = rng.choice(texts).split("\n")
        at = rng.choice([index for index, line in enumerate(lines) if len(_NUMBER.findall(line)) > 2])
        numbers = _NUMBER.findall(lines[at])
        if rng.random() < 0.5:
            rng.shuffle(numbers)
        else:
            numbers[rng.randrange(len(numbers))] = rng.choice(numbers)
        rest = iter(numbers)
        lines[at] = _NUMBER.sub(lambda _, rest=rest: next(rest), lines[at])  # type: ignore[misc]
        yield ("\n".join(lines),)


def _varied(visible: Sequence[Args], rng: random.Random) -> Iterator[Args]:
    texts = [text for (text,) in visible if _TOKEN.search(text)]
    seen = [int(number) for text in texts for number in _NUMBER.findall(text)]
    least = min([0, *seen]) if 0 in seen or any(number < 0 for number in seen) else 1
    while texts:
        text = rng.choice(texts)
        tokens = list(_TOKEN.finditer(text))
        free = [it for it in tokens if not _counts(it, text)]
        if not free:
            texts.remove(text)
            continue
        for token in sorted(rng.sample(free, min(len(free), rng.choice((1, 1, 2, 3)))), key=lambda it: -it.start()):
            text = text[: token.start()] + _another(token.group(), seen, least, rng) + text[token.end() :]
        yield (text,)


def _counts(token: re.Match[str], text: str) -> bool:
    """Whether a number seems to be the number of words, letters or lines that follow it."""
    if not token.group().isdigit():
        return False
    lines = text[token.end() :].split("\n")
    rest = lines[1:] if not lines[0].strip() else lines
    following = [line for line in lines[1:] if line.strip()]
    counts = {len(following), *(len(line.split()) for line in rest[:2]), *(len(line.strip()) for line in rest[:2])}
    return int(token.group()) in counts


def _another(token: str, seen: Sequence[int], least: int, rng: random.Random) -> str:
    """Return a replacement of a number or a word: a near, an extreme, or one seen elsewhere."""
    if _NUMBER.fullmatch(token):
        number = int(token)
        known = seen or [number]  # a number here may be a part of a word there
        return str(max(least, rng.choice((number - 1, number + 1, least, rng.choice(known), max(known), min(known)))))
    letters = list(token)
    letters[rng.randrange(len(letters))] = rng.choice(letters)
    rng.shuffle(letters) if rng.random() < 0.3 else None
    return "".join(letters)


PROGRAM = ProgramKind()
