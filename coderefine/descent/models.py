"""Opens a model by the name that the user typed."""

from __future__ import annotations

from dataclasses import replace

from coderefine.budget import Meter
from coderefine.models.litellm_model import TIMEOUT_S, LiteLLMModel
from coderefine.models.metered import MeteredModel
from coderefine.models.model import Model
from coderefine.models.names import check_name
from coderefine.models.second_try import PersistentModel
from coderefine.models.secrets import public_address
from coderefine.models.server import Server
from coderefine.models.window import ANSWER_TOKENS
from coderefine.record.journal import Journal
from coderefine.record.models import Identity, RecordingModel, ReplayingModel


def open_model(
    name: str,
    *,
    api_base: str | None = None,
    meter: Meter,
    journal: Journal | None = None,
    timeout_s: float = TIMEOUT_S,
    answer_tokens: int | None = None,
    context_tokens: int | None = None,
    server: Server | None = None,
) -> Model:
    """Return the model of that litellm name, such as `openai/gpt-4o-mini`, counting against `meter`.

    `timeout_s` is how long a call may stay silent, `answer_tokens` how long an answer may be, `context_tokens` how much
    the server reads, prompt and answer together; `server` is what the run has learnt about the server. Nothing is
    imported or sent before the first call, so a wrong name shows only then. Raises UsageError for a name with an
    address in it.
    """
    check_name(name)
    server = server or Server()
    if context_tokens is not None and server.accepted.window is None:
        server.accepted = replace(server.accepted, window=context_tokens)
    inner = LiteLLMModel(
        name,
        api_base=api_base,
        max_tokens=answer_tokens or ANSWER_TOKENS,
        timeout_s=timeout_s,
        seconds_left=lambda: meter.seconds_left,
        server=server,
    )
    if journal is None:
        return PersistentModel(MeteredModel(inner, meter, inner.ceiling), inner.max_tokens)
    identity = Identity(name, public_address(api_base), inner.parameters)
    recorded = RecordingModel(inner, identity=identity, journal=journal, meter=meter)
    metered = MeteredModel(recorded, meter, inner.ceiling)
    replaying = ReplayingModel(metered, identity=identity, journal=journal, meter=meter)
    return PersistentModel(replaying, inner.max_tokens)
