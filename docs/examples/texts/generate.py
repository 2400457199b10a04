"""Writes two sets of questions, as JSON lines: objects to count, and words to sort.

    python generate.py FOLDER [--questions 70] [--seed 1]

They are like object_counting and word_sorting of BIG-bench Hard, which TextGrad tunes prompts on.
"""

import argparse
import json
import random
from pathlib import Path

KINDS = {
    "fruits": ["apple", "pear", "plum", "peach", "banana", "cherry", "grape", "melon"],
    "instruments": ["drum", "flute", "piano", "violin", "trumpet", "harp", "cello", "clarinet"],
    "animals": ["cat", "dog", "duck", "goat", "frog", "cow", "mouse", "hen"],
    "vegetables": ["carrot", "onion", "leek", "potato", "radish", "turnip", "cabbage", "beet"],
}
NUMBERS = ["no", "a", "two", "three", "four", "five"]
# fmt: off
WORDS = [
    "anchor", "basket", "candle", "desert", "ember", "forest", "garden", "harbor", "island", "jungle",
    "kettle", "ladder", "magnet", "needle", "orchard", "pencil", "quartz", "ribbon", "saddle", "timber",
    "umbrella", "velvet", "window", "yellow", "zipper", "bridge", "copper", "dragon", "feather", "hammer",
]
# fmt: on


def counting(numbers: random.Random) -> tuple[str, int]:
    """Return a question such as `I have a drum and two pears. How many fruits do I have?`, and its answer."""
    asked, other = numbers.sample(sorted(KINDS), 2)
    things = [(asked, it) for it in numbers.sample(KINDS[asked], numbers.randint(2, 5))]
    things += [(other, it) for it in numbers.sample(KINDS[other], numbers.randint(1, 4))]
    numbers.shuffle(things)
    counts = [numbers.randint(1, 5) for _ in things]
    said = [f"{NUMBERS[count]} {name}{'s' * (count > 1)}" for (_, name), count in zip(things, counts, strict=True)]
    total = sum(count for (kind, _), count in zip(things, counts, strict=True) if kind == asked)
    return f"I have {', '.join(said[:-1])} and {said[-1]}. How many {asked} do I have?", total


def sorting(numbers: random.Random) -> tuple[str, str]:
    """Return a question for words in alphabetical order, and its answer."""
    words = numbers.sample(WORDS, numbers.randint(4, 9))
    return f"Sort these words alphabetically, with single spaces between them: {' '.join(words)}", " ".join(
        sorted(words)
    )


def main() -> None:
    """Write counting.jsonl and sorting.jsonl."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--questions", type=int, default=70)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for task in (counting, sorting):
        numbers = random.Random(f"{task.__name__} {given.seed}")  # noqa: S311 - examples
        rows: dict[str, dict[str, object]] = {}
        while len(rows) < given.questions:
            question, answer = task(numbers)
            rows.setdefault(question, {"id": f"{task.__name__}-{len(rows)}", "question": question, "answer": answer})
        lines = "".join(json.dumps(row) + "\n" for row in rows.values())
        (given.folder / f"{task.__name__}.jsonl").write_text(lines, encoding="utf-8")


if __name__ == "__main__":
    main()
