"""Asks with as much evidence as fits into the model's window, and with less where the prompt turns out too long."""

from __future__ import annotations

from collections.abc import Callable

from coderefine.models.model import Answer, ContextWindowError, Model, Prompt

LEAST_TOKENS = 500
"""The least tokens of evidence in a first try: the estimates are often too cautious."""


def complete_fitting(model: Model, prompt_with: Callable[[int], Prompt], wanted: int, prompt_tokens: int) -> Answer:
    """Return the answer to `prompt_with(room)`, where `room` is how many tokens of evidence to show, at most `wanted`.

    The first try leaves room for the rest of the prompt, within `prompt_tokens`. Token counts are estimates, and
    windows may be smaller than stated: a model that finds the prompt too long is asked again with a quarter of the
    evidence, then with none, and then its ContextWindowError is raised. Raises what `Model.complete` raises.
    """
    room = min(wanted, max(LEAST_TOKENS, prompt_tokens - prompt_with(0).tokens))
    *earlier, last = sorted({room, room // 4, 0}, reverse=True)
    for room in earlier:
        try:
            return model.complete(prompt_with(room))
        except ContextWindowError:
            continue
    return model.complete(prompt_with(last))
