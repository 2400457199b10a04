"""Opens a model by the name that the user typed."""

from __future__ import annotations

from coderefine.budget import Meter
from coderefine.models.litellm_model import LiteLLMModel
from coderefine.models.metered import Metered
from coderefine.models.model import Model


def open_model(name: str, *, api_base: str | None = None, meter: Meter) -> Model:
    """Return the model of that litellm name, such as `openai/gpt-4o-mini`, counting against `meter`.

    Nothing is imported or sent before the first call, which is when a wrong name shows.
    """
    return Metered(LiteLLMModel(name, api_base=api_base, seconds_left=lambda: meter.seconds_left), meter)
