"""Asks with as much evidence as the model's window leaves room for, and with less where it turns out too long."""

from __future__ import annotations

from collections.abc import Callable

from coderefine.models.model import Answer, ContextWindowError, Model, Prompt

LEAST_TOKENS = 500
"""Of evidence, in a first try: what the estimates say does not fit often does."""


def complete_fitting(model: Model, prompt_with: Callable[[int], Prompt], wanted: int, prompt_tokens: int) -> Answer:
    """Answer `prompt_with(room)`, where `room` is how many tokens of evidence to show, at most `wanted`.

    The first try leaves room for what the prompt holds in any case, within `prompt_tokens`. Token counts are estimates
    and windows may be smaller than told: a model that finds the prompt too long is asked again with a quarter of the
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
