"""Reads a candidate's own messages: everything that it wrote is checked here before it is believed.

A message becomes the fields of a `CaseResult`. One that `sandbox/candidate.py` does not write is a run-time error.
"""

from __future__ import annotations

from typing import Any

from coderefine.judge.report import CandidateError
from coderefine.judge.verdict import Verdict
from coderefine.judge.worker import Event
from coderefine.problem import values

MAX_TEXT = 2000
MAX_FRAMES = 20
MAX_EVIDENCE = 1000
MAX_NAMES, MAX_NAME = 20, 200
"""How many variables are kept for a line, and how many characters of a name or of a value."""
NONSENSE = {"verdict": Verdict.RE, "reason": "wrote into the judge's channel"}


def read(message: bytes) -> dict[str, Any]:
    """Return the outcome that an encoded message stands for; OLE where its value would take too much memory."""
    try:
        return outcome(values.decode_answer(message))
    except values.TooLarge as error:
        return {"verdict": Verdict.OLE, "reason": f"answered {error}"}
    except values.Malformed:
        return NONSENSE


def outcome(message: Any) -> dict[str, Any]:
    """Return the outcome that a candidate's message stands for; RE for any message that candidate.py does not write."""
    try:
        kind, *rest = message
        match kind, rest:
            case "value", [got]:
                return {"verdict": Verdict.WA, "answered": True, "got": got}
            case "unreadable", [reason]:
                return {"verdict": Verdict.WA, "reason": f"answered {text_of(reason)}"}
            case "compile", [name, text, line, column]:
                return {"verdict": Verdict.CE, "error": CandidateError(*_texts(name, text), _int(line), _int(column))}
            case "error", [name, text, line, [*frames], *_]:  # a tester is sent the exception itself as well
                trace = tuple((_int(at) or 0, text_of(function)[:MAX_NAME]) for at, function in frames[:MAX_FRAMES])
                error = CandidateError(*_texts(name, text), _int(line), frames=trace)
                return {"verdict": Verdict.MLE if _is_of_memory(error) else Verdict.RE, "error": error}
    except (TypeError, ValueError):
        pass
    return NONSENSE


def without_evidence(event: Event) -> tuple[Any, dict[str, Any]]:
    """Return the message that is wrapped in one with evidence, and the evidence; None and {} for any other message.

    Malformed evidence is dropped: it decides nothing.
    """
    if not event.message.startswith(b'["evidence"'):
        return None, {}
    try:
        _, inner, lines, variables = values.decode_answer(event.message)
        coverage = tuple(sorted({line for line in lines[:MAX_EVIDENCE] if _int(line)}))
        trace = tuple(
            (_int(line) or 0, tuple(_shortened(name, value) for name, value in pairs[:MAX_NAMES]))
            for line, pairs in variables[:MAX_EVIDENCE]
        )
    except (values.Malformed, LookupError, TypeError, ValueError):
        return [], {}
    return inner or [], {"coverage": coverage, "trace": trace}


def text_of(value: Any) -> str:
    """Return a text, cut and without halves of surrogate pairs; raises TypeError for anything else."""
    if type(value) is not str:
        raise TypeError
    return value[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8")


def _is_of_memory(error: CandidateError) -> bool:
    """Whether memory was refused: by Python, or by the kernel (ENOMEM), as it happens to `mmap`."""
    return error.type == "MemoryError" or (error.type == "OSError" and error.message.startswith("[Errno 12]"))


def _texts(name: Any, message: Any) -> tuple[str, str]:
    return text_of(name), text_of(message)


def _shortened(name: Any, value: Any) -> tuple[str, str]:
    return text_of(name)[:MAX_NAME], text_of(value)[:MAX_NAME]


def _int(value: Any) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 0 <= value < 1 << 31:
        raise TypeError
    return value
