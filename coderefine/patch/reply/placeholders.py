"""Lines that stand for code left out, such as `# ... rest unchanged ...`."""

from __future__ import annotations

import re

_WHAT = r"(?:code|function|method|class|program|implementation|file|body|solution|loop|logic)"
_SAYS = (
    r"unchanged|unmodified"
    r"|(?:remains?|stays?|is|are)[ \t]+(?:the[ \t]+same|as[ \t]+(?:is|it[ \t]+was))"
    r"|same[ \t]+as[ \t]+(?:before|above|(?:the[ \t]+)?original(?:ly)?)"
    r"|as[ \t]+before"
    rf"|(?:rest|remainder)[ \t]+of[ \t]+(?:the|your|this)[ \t]+(?:\w+[ \t]+)?{_WHAT}"
    rf"|(?:existing|remaining|original|previous|other|your)[ \t]+(?:{_WHAT}|methods|functions|lines)"
)
_COMMENT = re.compile(
    r"[ \t]*(?:#|//)[ \t]*(?:"
    r"[\[(<]?(?:\.{3}|\u2026)(?!\w).*"  # begins with dots
    rf"|(?:\S+[ \t]+){{0,8}}?[\[(<]?(?:{_SAYS})\b(?:[ \t]+\S+){{0,4}}[ \t]*.{{0,4}})",  # is short and says so
    re.IGNORECASE,
)
_DOTS = re.compile(r"[ \t]*(?:\[?(?:\.{3}|\u2026)\]?)[ \t]*(?:\(.{0,60}\)|\[.{0,60}\])?[ \t]*")
_LONGEST = 120


def is_placeholder(line: str) -> bool:
    """Whether a line stands for others; a bare `...` counts as well, and may be a statement."""
    return is_comment_placeholder(line) or (len(line) < _LONGEST and bool(_DOTS.fullmatch(line.rstrip("\r\n"))))


def is_comment_placeholder(line: str) -> bool:
    """Whether a line is a comment that stands for others."""
    return len(line) < _LONGEST and bool(_COMMENT.fullmatch(line.rstrip("\r\n")))
