"""Compares what a command prints with what a page shows of it."""

import re

# What differs from run to run and from machine to machine, and nothing else.
RULES = [
    (r"\b\d+(\.\d+)? (ms|s)\b", "TIME"),
    (r"\b(run|resume|show|RUN) [a-z0-9]{6}\b", r"\1 RUN"),
    (r"^[a-z0-9]{6}(?= +([A-Z]{2,3}|—|-)\b)", "RUN"),  # in a table of runs
    (r"\d{4}-\d\d-\d\d \d\d:\d\d", "DATE"),
    (r"\b\d+(\.\d+)? [kM]B\b", "SIZE"),
    (r"sandbox: (docker|local)( \([^)]*\))?", "sandbox: SANDBOX"),
    (r"\b(docker|local)(?= · )|(?<=run in the )(docker|local)", "SANDBOX"),
    (r"\b(docker|local): .*venv/bin/python", "SANDBOX: PYTHON"),
    (r"\[main (\(root-commit\) )?\w{7}\]", "[main COMMIT]"),
    # How far the search gets before it hears of a success depends on the number of processors.
    (r"\b\d+(,\d{3})* candidates\b", "N candidates"),
    (r", and so (do|does) \d+ other programs?( \(--candidates K shows K of them\))?", ""),
    # How far it is measured, how time grows with the size of the input.
    (r" · time ~ n( log n)?$", ""),
    (r"too slow from size \d+", "too slow from size N"),
    (r"\b(\d+) of \1 generated inputs", "all generated inputs"),
    (r"(/tmp|/root|/home|/var)/[\w./-]*/(?=[\w.-]+)", "PATH/"),
    (r"^ +→", "→"),  # below what took long or short
    (r"^problem \d+ of \d+: .* left\b.*\n", ""),  # what a slow machine prints on the way
    (r"[ ]+$", ""),
]
_RULES = [(re.compile(pattern, re.MULTILINE), instead) for pattern, instead in RULES]


def normal(text):
    """Return the lines of an output without what differs from run to run; blanks between columns count as one gap."""
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return [re.sub(r"(?<=\S) {2,}", "  ", line) for line in text.strip("\n").split("\n")]


def fits(shown, printed):
    """Return whether an output is what is shown; a line `...` stands for any number of lines."""
    parts, rest = _parts(normal(shown)), normal(printed)
    if len(parts) == 1:
        return parts[0] == rest
    first, *middle, last = parts
    if rest[: len(first)] != first or (last and rest[-len(last) :] != last):
        return False
    rest = rest[len(first) : len(rest) - len(last)]
    for part in middle:
        at = next((at for at in range(len(rest)) if rest[at : at + len(part)] == part), None)
        if at is None:
            return False
        rest = rest[at + len(part) :]
    return len(first) + len(last) <= len(normal(printed))


def _parts(lines):
    parts = [[]]
    for line in lines:
        if line == "...":
            parts.append([])
        else:
            parts[-1].append(line)
    return parts
