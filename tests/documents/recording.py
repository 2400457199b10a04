"""Records what the README shows: python -m tests.documents.recording runs it in a terminal and writes docs/demo.cast and .svg.

The .cast is asciinema's format, version 2: what the terminal was sent, and when; only the typing is ours. The .svg is made
of it: its rows appear in the order and at the pace of the recording, once, or at once for those who want no motion.
"""

import io
import json
import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from tests.documents.pages import ALL_BLOCKS, ROOT

CAST, PICTURE = ROOT / "docs" / "demo.cast", ROOT / "docs" / "demo.svg"
COLUMNS, ROWS = 100, 42
COMMANDS = ["tail -n 6 prices.py", "coderefine fix prices.py"]
PROMPT = "\x1b[1;32m$\x1b[0m "
KEY_S, PAUSE_S = 0.05, 0.8  # between keys, and between an output and the next command
IDLE_S = 0.8  # at most, where it is played
_PIECE = re.compile(r"\x1b\[([?\d;]*)([A-Za-z])|([\s\S])")
THEME = TerminalTheme(
    (13, 17, 23),
    (201, 209, 217),
    [
        (72, 79, 88),
        (255, 123, 114),
        (63, 185, 80),
        (210, 153, 34),
        (88, 166, 255),
        (188, 140, 255),
        (57, 197, 207),
        (177, 186, 196),
    ],
)


def record(folder):
    """Yield the events of a session: the seconds since its beginning, and what the terminal is sent."""
    (program,) = [block.text for block in ALL_BLOCKS if block.title == "prices.py"]
    (folder / "prices.py").write_text(program)
    now = 0.0
    for command in COMMANDS:
        yield now, PROMPT
        now += PAUSE_S
        for key in command:
            yield now, key
            now += KEY_S
        yield now, "\r\n"
        for seconds, text in _output(command, folder):
            yield now + seconds, text
        now += seconds + PAUSE_S
    yield now, PROMPT


def _output(command, folder):
    """Run a command in a terminal; yield what it writes, and when."""
    ours, its = pty.openpty()
    environment = {
        **os.environ,
        "COLUMNS": str(COLUMNS),
        "LINES": str(ROWS),
        "TERM": "xterm-256color",
        "CODEREFINE_SANDBOX": "local",
        "CODEREFINE_HOME": str(folder / "home"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    began = time.monotonic()
    process = subprocess.Popen(["sh", "-c", command], cwd=folder, env=environment, stdin=its, stdout=its, stderr=its)
    os.close(its)
    while True:
        try:
            select.select([ours], [], [])
            data = os.read(ours, 65536)
        except OSError:  # Linux says so when nobody holds the other end any more
            break
        if not data:
            break
        yield time.monotonic() - began, data.decode()
    os.close(ours)
    process.wait()


def write_cast(events):
    """Write the recording."""
    head = {
        "version": 2,
        "width": COLUMNS,
        "height": ROWS,
        "title": "coderefine fix",
        "idle_time_limit": IDLE_S,
        "env": {"TERM": "xterm-256color"},
    }
    lines = [json.dumps(head), *(json.dumps([round(at, 3), "o", text], ensure_ascii=False) for at, text in events)]
    CAST.write_text("\n".join(lines) + "\n", "utf-8")


def read_cast():
    """Return the events of the recording, as they are played."""
    events, now, before = [], 0.0, 0.0
    for at, _, text in map(json.loads, CAST.read_text("utf-8").splitlines()[1:]):
        now, before = now + min(at - before, IDLE_S), at
        events.append((now, text))
    return events


def screen(events):
    """Return the rows that are there in the end, each with the time at which it became what it is."""
    rows, row, column, style = [[]], 0, 0, ""
    times = [0.0]
    for at, text in events:
        for argument, command, char in _PIECE.findall(text):
            if command == "m":
                style = "" if argument in ("", "0") else f"{style}\x1b[{argument}m"
            elif command == "A":
                row = max(0, row - int(argument or 1))
            elif command in ("K", "J"):
                rows[row] = [] if argument == "2" else rows[row][:column]
            elif char == "\r":
                column = 0
            elif char == "\n":
                row += 1
                if row == len(rows):
                    rows.append([])
                    times.append(at)
            elif char:
                cells = rows[row]
                cells += [(" ", "")] * (column + 1 - len(cells))
                if cells[column] != (char, style):
                    cells[column] = (char, style)
                    times[row] = times[row] if is_typed(cells) else at
                column += 1
    return [
        ("".join(f"\x1b[0m{style}{char}" for char, style in cells), at) for cells, at in zip(rows, times, strict=True)
    ]


def is_typed(cells):
    """Return whether a row is one that is typed: it is there from its beginning."""
    return cells[0][0] == "$"


def plain(row):
    """Return a row without its colours."""
    return re.sub(r"\x1b\[[\d;]*m", "", row).rstrip()


def picture(events):
    """Return the recording as an SVG whose rows appear one after the other."""
    rows = screen(events)
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    for row, _ in rows:
        console.print(Text.from_ansi(row), soft_wrap=True)
    svg = console.export_svg(title="coderefine", theme=THEME, unique_id="demo", font_aspect_ratio=0.61)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)  # it fetches nothing
    svg = svg.replace("Fira Code", "ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono")
    shown = "\n".join(
        f'[clip-path="url(#demo-line-{number})"] {{ animation: appear 1ms {at:.2f}s both }}'
        for number, (_, at) in enumerate(rows)
        if at
    )
    motion = f"@keyframes appear {{ from {{ opacity: 0 }} }}\n@media (prefers-reduced-motion: no-preference) {{\n{shown}\n}}\n"
    return svg.replace("</style>", f"{motion}</style>", 1)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        write_cast(record(Path(folder)))
    PICTURE.write_text(picture(read_cast()), "utf-8")
