"""Puts a journal around a model: outside the budget, recorded calls are answered; inside it, new calls are recorded.

So a recorded answer is never paid or refused again, and a call that the budget refused is not recorded.
"""

from __future__ import annotations

import json
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any

from coderefine.budget import Meter
from coderefine.errors import CoderefineError
from coderefine.interrupts import uninterrupted
from coderefine.models.model import Answer, Prompt, TimedOutError, UnusableAnswerError, WrappedModel
from coderefine.record.endings import ending_of, raise_ending
from coderefine.record.journal import Journal, JournalRow, key_of
from coderefine.record.store import read_column


@dataclass(frozen=True, slots=True)
class Identity:
    """What all calls of a model have in common."""

    model: str
    api_base: str | None
    """Without secrets; a cached answer only serves calls to the same address."""
    parameters: dict[str, Any]

    def key(self, prompt: Prompt) -> str:
        """Return the key of a call; calls with the same key may share their answers."""
        asked: dict[str, Any] = {"system": prompt.system, "user": prompt.user, "sample": prompt.sample}
        if prompt.images:  # max_tokens is left out, because the budget changes it
            asked["images"] = [image.digest for image in prompt.images]
        return key_of("call", self.model, self.parameters, asked)

    def row(self, prompt: Prompt, step: int) -> JournalRow:
        """Return the columns that say what is asked."""
        columns = {"model": self.model, "api_base": self.api_base, "parameters": json.dumps(self.parameters)}
        return columns | {"step": step, "key": self.key(prompt), "system": prompt.system, "prompt": prompt.user}


@dataclass(frozen=True, slots=True)
class ReplayingModel(WrappedModel):
    """Answers from the run's record, and where the user wants it from earlier runs, before it asks `model`."""

    _: KW_ONLY
    identity: Identity
    journal: Journal
    meter: Meter

    def complete(self, prompt: Prompt) -> Answer:
        """Return the answer to a prompt; raises NotRecordedError in a replay without an answer to it."""
        key = self.identity.key(prompt)
        found = None
        row = self.journal.take("call", key, self.meter, f"a call of {self.name}")
        if row is None and self.journal.find_cached:
            row = found = self.journal.find_cached(key, self.identity.api_base)
            if row is not None:
                self._count_cached(prompt, row)
        if row is None:
            return self.model.complete(prompt)
        if row["status"] == "unusable":
            ending = read_column(row["error"])
            kind = TimedOutError if ending["kind"] == TimedOutError.__name__ else UnusableAnswerError
            raise kind(ending["message"], _answer(row))
        if row["error"]:
            raise_ending(read_column(row["error"]), self.meter)
        if found or row["status"] == "cached":
            return replace(_answer(row), prompt_tokens=0, completion_tokens=0, cost_usd=0.0, seconds=0.0, cached=True)
        return _answer(row)

    def _count_cached(self, prompt: Prompt, row: JournalRow) -> None:
        self.meter.add_cached()
        if self.journal.recording:
            asked = self.identity.row(prompt, self.journal.step)
            answered = {"status": "cached", "answer": row["answer"], "cost_usd": 0.0, "seconds": 0.0}
            where = {"cached_from": row["id"], "at_s": self.meter.seconds}
            self.journal.recording.add_call(asked | answered | where)


@dataclass(frozen=True, slots=True)
class RecordingModel(WrappedModel):
    """Records each call before it is made, and its outcome."""

    _: KW_ONLY
    identity: Identity
    journal: Journal
    meter: Meter

    @uninterrupted
    def complete(self, prompt: Prompt) -> Answer:
        """Return the answer to a prompt. An interrupted call stays marked as begun."""
        recording = self.journal.recording
        if recording is None:
            return self.model.complete(prompt)
        call = recording.begin_call(self.identity.row(prompt, self.journal.step))
        try:
            answer = self.model.complete(prompt)
        except UnusableAnswerError as error:
            self._end(call, {"status": "unusable", **_columns(error.answer), "error": json.dumps(ending_of(error))})
            raise
        except CoderefineError as error:
            self._end(call, {"status": "failed", "error": json.dumps(ending_of(error))})
            raise
        self._end(call, {"status": "answered", **_columns(answer)})
        return answer

    def _end(self, call: int, row: JournalRow) -> None:
        assert self.journal.recording
        self.journal.recording.end_call(call, {**row, "at_s": self.meter.seconds})


def _answer(row: JournalRow) -> Answer:
    return Answer(
        text=row["answer"],
        prompt_tokens=row["prompt_tokens"],
        completion_tokens=row["completion_tokens"],
        cost_usd=row["cost_usd"],
        seconds=row["seconds"],
        truncated=bool(row["truncated"]),
    )


def _columns(answer: Answer) -> JournalRow:
    return {
        "answer": answer.text,
        "truncated": answer.truncated,
        "prompt_tokens": answer.prompt_tokens,
        "completion_tokens": answer.completion_tokens,
        "cost_usd": answer.cost_usd,
        "seconds": answer.seconds,
    }
