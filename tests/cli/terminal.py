"""A terminal for tests: runs the real command in a pseudo-terminal and says what was written and what is on the screen."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from dataclasses import dataclass

_PIECE = re.compile(r"\x1b\[([?\d;]*)([A-Za-z])|([\s\S])")


@dataclass
class Seen:
    code: int
    written: str
    """All that was written to the terminal."""

    @property
    def screen(self) -> list[str]:
        """The lines that are on the screen in the end, without colours."""
        return screen(self.written)


def screen(written: str) -> list[str]:
    """What a terminal makes of it; wide enough for all lines."""
    rows, row, column = [""], 0, 0
    for argument, command, char in _PIECE.findall(written):
        if char == "\r":
            column = 0
        elif char == "\n":
            row += 1
            rows += [""] * (row + 1 - len(rows))
        elif char:
            assert char.isprintable(), repr(char)
            rows[row] = rows[row].ljust(column)[:column] + char + rows[row][column + 1 :]
            column += 1
        elif command == "A":
            row -= int(argument or 1)
        elif command == "K":
            rows[row] = ""
        else:
            assert command in "mhl", command
    return [line.rstrip() for line in rows]


def see(*args, cwd, width=100, env=None, interrupt_at=None, narrow_at=None, to=20):
    """Run `coderefine *args`; `interrupt_at`, `narrow_at`: after that text has been written, Ctrl-C, or `to` columns."""
    ours, theirs = pty.openpty()
    _resize(ours, width)
    drop = ("COLUMNS", "NO_COLOR", "FORCE_COLOR")
    environment = {name: value for name, value in os.environ.items() if name not in drop}
    process = subprocess.Popen(
        [sys.executable, "-m", "coderefine", *map(str, args)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=cwd,
        env={**environment, "TERM": "xterm-256color", **(env or {})},
    )
    os.close(theirs)
    written, until = b"", time.monotonic() + 120
    while time.monotonic() < until:
        try:
            data = os.read(ours, 65536)
        except OSError:  # Linux says so where no one has the other end any more
            break
        if not data:
            break
        written += data
        text = written.decode("utf-8", "ignore")
        if narrow_at and narrow_at in text:
            _resize(ours, to)
            narrow_at = None
        if interrupt_at and interrupt_at in text:
            process.send_signal(signal.SIGINT)
            interrupt_at = None
    process.wait(timeout=10)
    os.close(ours)
    return Seen(process.returncode, written.decode())


def _resize(terminal: int, columns: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
