"""A terminal for tests: runs the command in a pseudo-terminal and says what was written and what is on the screen."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import termios
import time
from dataclasses import dataclass

TIMEOUT_S = 60
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


class Terminal:
    """A pseudo-terminal with a command in it."""

    def __init__(self, width: int = 100) -> None:
        self._ours, self._theirs = pty.openpty()
        self._written = b""
        self.resize(width)

    @property
    def written(self) -> str:
        """All that was written to it so far."""
        return self._written.decode("utf-8", "ignore")

    def resize(self, columns: int) -> None:
        """Have another width from now on."""
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))

    def wait_for(self, text: str) -> None:
        """Return once that was written, or at least after a while; from another thread."""
        until = time.monotonic() + TIMEOUT_S
        while text not in self.written and time.monotonic() < until:
            time.sleep(0.01)

    def run(self, forks, *args, cwd, env=None, interrupt_at=None, narrow_at=None, to=20) -> Seen:
        """Run `coderefine *args`; `interrupt_at`, `narrow_at`: after that was written, Ctrl-C, or `to` columns."""
        drop = ("COLUMNS", "NO_COLOR", "FORCE_COLOR")
        environment = {name: value for name, value in os.environ.items() if name not in drop}
        environment |= {"TERM": "xterm-256color", **(env or {})}
        child = forks.start(*args, streams=[os.ttyname(self._theirs)], cwd=cwd, env=environment)
        os.close(self._theirs)
        until = time.monotonic() + TIMEOUT_S
        while time.monotonic() < until:
            try:
                data = os.read(self._ours, 65536)
            except OSError:  # Linux says so where no one has the other end any more
                break
            if not data:
                break
            self._written += data
            if narrow_at and narrow_at in self.written:
                self.resize(to)
                narrow_at = None
            if interrupt_at and interrupt_at in self.written:
                os.kill(child.pid, signal.SIGINT)
                interrupt_at = None
        code = child.wait()
        os.close(self._ours)
        return Seen(code, self.written)
