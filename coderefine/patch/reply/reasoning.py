"""Removes from a language model's answer what is not the answer: its reasoning, and the marks of its chat template."""

from __future__ import annotations

import re

_NAME = r"(?:think|thinking|thoughts?|reasoning|reflection|scratchpad|seed:think)"
# Between quotes or backticks, a tag is something that the answer mentions.
_BEGIN = re.compile(rf"(?<![\"'`\w])(?:<{_NAME}>|\[THINK\]|<\|begin_of_thought\|>|◁think▷)(?![\"'`])", re.IGNORECASE)
_END = re.compile(rf"(?<![\"'`])(?:</{_NAME}>|\[/THINK\]|<\|end_of_thought\|>|◁/think▷)(?![\"'`])", re.IGNORECASE)
_FINAL = "<|channel|>final<|message|>"  # of models that write their reasoning in a channel of its own
_MARK = r"(?:<\|[\w/]{1,40}\|>|</?s>|<(?:start|end)_of_turn>|\[/?INST\]|<[be]os>)"
_OPENING = re.compile(rf"\s*{_MARK}(?:[ \t]*(?:assistant|model)\b)?[ \t]*\n?")
_CLOSING = re.compile(
    r"(?:<\|(?:im_end|end|endoftext|eot_id|eom_id|return|EOT|end_of_text|end_of_turn)\|>|</s>|<end_of_turn>|<eos>)"
    r"[ \t]*$",
    re.MULTILINE,
)


def without_reasoning(text: str) -> str:
    """Return an answer without the reasoning before it: up to the last `</think>`, or from an unclosed `<think>` on.

    Reasoning after the answer is removed as well. An answer that is only reasoning becomes blank.
    """
    _, channel, final = text.rpartition(_FINAL)
    text = final if channel else text
    ends = list(_END.finditer(text))
    if ends:
        end = ends[-1]
        begin = _BEGIN.search(text)
        before = text[: begin.start()] if begin and begin.start() < end.start() else ""
        text = text[end.end() :] if text[end.end() :].strip() else before
    begin = _BEGIN.search(text)
    return text[: begin.start()] if begin else text


def without_marks(text: str) -> str:
    """Return an answer without the marks of a chat template around it, and without anything after its end."""
    at = 0
    while found := _OPENING.match(text, at):
        at = found.end()
    text = text[at:]
    end = _CLOSING.search(text)
    return text[: end.start()] if end else text
