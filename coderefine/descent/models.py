"""Opens a model by the name that the user typed."""

from __future__ import annotations

from coderefine.budget import Meter
from coderefine.models.litellm_model import LiteLLMModel
from coderefine.models.metered import MeteredModel
from coderefine.models.model import Model
from coderefine.models.names import check_name
from coderefine.models.secrets import public_address
from coderefine.record.journal import Journal
from coderefine.record.models import Identity, RecordingModel, ReplayingModel


def open_model(name: str, *, api_base: str | None = None, meter: Meter, journal: Journal | None = None) -> Model:
    """Return the model of that litellm name, such as `openai/gpt-4o-mini`, counting against `meter`.

    Nothing is imported or sent before the first call, which is when a wrong name shows. Raises UsageError
    for a name with an address in it.
    """
    check_name(name)
    inner = LiteLLMModel(name, api_base=api_base, seconds_left=lambda: meter.seconds_left)
    if journal is None:
        return MeteredModel(inner, meter, inner.ceiling)
    identity = Identity(name, public_address(api_base), inner.parameters)
    recorded = RecordingModel(inner, identity=identity, journal=journal, meter=meter)
    return ReplayingModel(MeteredModel(recorded, meter, inner.ceiling), identity=identity, journal=journal, meter=meter)
