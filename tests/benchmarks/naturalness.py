"""Counts how other people's code looks: python tests/benchmarks/naturalness.py OUT.json.gz [FOLDER ...].

The folders are of permissively licensed code; without any, this Python's standard library. The result is what
`coderefine/search/natural/model.py` reads: numbers alone, none of the code.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sysconfig
from collections import Counter
from pathlib import Path

import click

from coderefine.search.natural.model import LENGTH
from coderefine.search.natural.tokens import grams, lines_of

LEAST = {1: 1, 2: 2, 3: 3, 4: 3}
"""How often tokens have to follow each other to be counted, by their number."""
LONGEST = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("folders", nargs="*", type=Path, default=[Path(sysconfig.get_path("stdlib"))])
    arguments = parser.parse_args()
    counts: Counter[tuple[str, ...]] = Counter()
    files = sorted(
        path
        for folder in arguments.folders
        for path in folder.rglob("*.py")
        if "site-packages" not in path.parts or folder.name != "python3.11"
    )
    for number, path in enumerate(files, 1):
        text = path.read_text(encoding="utf-8", errors="replace")
        if len(text) > LONGEST:
            continue
        for _, line in lines_of(text):
            for gram in grams(line, LENGTH):
                counts.update(gram[start:] for start in range(len(gram)))
        if number % 500 == 0:
            click.echo(f"{number} of {len(files)} files")
    kept = {gram: count for gram, count in counts.items() if count >= LEAST[len(gram)]}
    words = [word for (word,), _ in Counter({g: c for g, c in kept.items() if len(g) == 1}).most_common()]
    rows = sorted((" ".join(str(words.index(token)) for token in gram), count) for gram, count in kept.items())
    data = {"words": words, "grams": dict(rows)}
    with gzip.GzipFile(arguments.out, "wb", mtime=0) as file:
        file.write(json.dumps(data, separators=(",", ":")).encode())
    click.echo(
        f"{len(files)} files, {sum(c for g, c in counts.items() if len(g) == 1):,} tokens, {len(kept):,} counted, "
        f"{arguments.out.stat().st_size:,} bytes"
    )


if __name__ == "__main__":
    main()
