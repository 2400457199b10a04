"""Evaluation by fields: several named texts are shown together, such as a question, an answer and the right answer."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from coderefine.autograd.variable import Gradient, Variable
from coderefine.descent.criticism import criticism_of
from coderefine.errors import ModelError
from coderefine.models.image import ImagePart
from coderefine.models.model import Model, Prompt
from coderefine.models.second_try import SECOND_SAMPLE
from coderefine.patch.reply.reasoning import without_reasoning
from coderefine.prompting import fenced, render
from coderefine.rendering import cut, printable

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


class FieldLoss:
    """Evaluates fields by an instruction; every field that requires a gradient gets the evaluation as its criticism."""

    def __init__(
        self,
        model: Model,
        instruction: str,
        fields: Sequence[str],
        *,
        parse: Callable[[str], float] | None = None,
        system: str | None = None,
    ) -> None:
        """`fields` name the texts of a call in the order in which they are shown.

        Raises ValueError for no or equal names.

        `parse` reads a figure from an evaluation, as `tagged_number("SCORE")` does, and raises ValueError where there
        is none. `system` replaces `prompts/criticise_fields_system.txt`.
        """
        self.model = model
        self.instruction = instruction
        self.fields = tuple(fields)
        self.parse = parse
        self.system = system
        if not self.fields or len({*self.fields}) < len(self.fields):
            raise ValueError("a loss by fields needs at least one field, and each once")

    def __call__(self, texts: Mapping[str, Variable], images: Sequence[ImagePart] = ()) -> Variable:
        """Return the evaluation of the texts, one for each field, and of what they say about `images`.

        An evaluation without a figure, where one is to be parsed, is asked for once more. Raises TypeError unless the
        names are those of the fields, ModelError where the second answer has no figure either, and what
        `Model.complete` raises.
        """
        if sorted(texts) != sorted(self.fields):
            raise TypeError(f"the loss takes the fields {sorted(self.fields)}, not {sorted(texts)}")
        shown = "\n\n".join(f"# {name}\n\n{fenced(texts[name].value)}" for name in self.fields)
        system = render("criticise_fields_system") if self.system is None else self.system
        prompt = Prompt(
            system, render("criticise_fields", fields=shown, instruction=self.instruction), images=tuple(images)
        )
        said = criticism_of(self.model.complete(prompt))
        if self.parse and self._figure(said) is None:
            said = criticism_of(self.model.complete(replace(prompt, sample=SECOND_SAMPLE)))
            if self._figure(said) is None:
                raise ModelError(f"{self.model.name} gave no figure to parse: {printable(cut(said, 200))}")
        inputs = tuple(dict.fromkeys(texts[name] for name in self.fields))
        return Variable(
            said,
            role=f"evaluation of {', '.join(self.fields)}",
            predecessors=inputs,
            backward_fn=lambda loss: [Gradient(loss.value)] * len(inputs),
        )

    def figure(self, evaluation: Variable) -> float:
        """Return the number in an evaluation; raises ValueError without `parse`, and what `parse` raises."""
        if self.parse is None:
            raise ValueError("this loss parses no figure: give it parse=tagged_number('SCORE')")
        return self.parse(evaluation.value)

    def _figure(self, said: str) -> float | None:
        assert self.parse
        try:
            return self.parse(said)
        except ValueError:
            return None


def tagged_number(tag: str) -> Callable[[str], float]:
    """Return a function that reads the last number between `<tag>` and `</tag>`, or raises ValueError without one.

    Upper and lower case are the same. A fraction such as `3/4` is divided; a percentage is divided by 100.
    """
    inside = re.compile(rf"<{re.escape(tag)}>(.*?)(?:</{re.escape(tag)}>|$)", re.IGNORECASE | re.DOTALL)

    def parse(text: str) -> float:
        found = inside.findall(without_reasoning(text))
        numbers = _NUMBER.findall(found[-1]) if found else []
        if not numbers:
            raise ValueError(f"there is no number between <{tag}> and </{tag}>")
        value = float(numbers[0])
        rest = found[-1].partition(numbers[0])[2].lstrip()
        if rest.startswith("/") and len(numbers) > 1 and float(numbers[1]):
            value /= float(numbers[1])
        elif rest.startswith("%"):
            value /= 100
        if not math.isfinite(value):
            raise ValueError("the number is not finite")
        return value

    return parse
