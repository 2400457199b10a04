"""Calls of a language model as operations: texts go in, the answer comes out, criticism of the texts comes back.

The backward pass of a call asks the critic, once for every input that requires a gradient, how that text should change
so that the answer meets its criticisms (TextGrad, arXiv 2406.07496). It sees the whole texts as they were when the call
was made, and costs nothing where the answer was not criticised. At the root of a pass the answer is a loss: the critic
derives its criticism from what the answer says about the texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from coderefine.autograd.variable import Gradient, InputGradients, Variable, evidence_of
from coderefine.models.image import ImagePart
from coderefine.models.model import Model, Prompt
from coderefine.parallel import in_parallel
from coderefine.prompting import fenced, fields_of, fill, render

ANSWER = "answer of a language model"


class ModelCall:
    """Asks a model: `call(question)` returns its answer. The system prompt may be a variable, too."""

    def __init__(
        self, model: Model, *, system: Variable | str = "", critic: Model | None = None, role: str = ANSWER
    ) -> None:
        """`critic` answers in the backward pass; None takes `model`. `role` is the role of the answer."""
        self.model = model
        self.system = system if isinstance(system, Variable) else Variable(system, role="system prompt")
        self.critic = critic or model
        self.role = role

    def __call__(self, question: Variable, images: Sequence[ImagePart] = ()) -> Variable:
        """Return the answer; raises what `Model.complete` raises. The critic sees the images, too."""
        return self._ask(question.value, (self.system, question), images)

    def _ask(self, user: str, inputs: Sequence[Variable], images: Sequence[ImagePart] = ()) -> Variable:
        distinct = tuple(dict.fromkeys(variable for variable in inputs if variable.value or variable.requires_grad))
        values = [variable.value for variable in distinct]
        prompt = Prompt(self.system.value, user, images=tuple(images))
        answer = self.model.complete(prompt).text.strip()

        def backward(output: Variable) -> InputGradients:
            wanted = [at for at, variable in enumerate(distinct) if variable.requires_grad and output.gradients]
            is_loss = [gradient.text for gradient in output.gradients] == [answer]
            said = "" if is_loss else "\n\n".join(fenced(gradient.text) for gradient in output.gradients)
            calls = [
                partial(criticise_part, self.critic, prompt, answer, said, distinct[at].role, values[at])
                for at in wanted
            ]
            texts = [done.result() for done in in_parallel(calls)]
            evidence = evidence_of(output.gradients)
            gradients = dict(zip(wanted, (Gradient(text, evidence) for text in texts), strict=True))
            return [gradients.get(at) for at in range(len(distinct))]

        return Variable(answer, role=self.role, predecessors=distinct, backward_fn=backward, as_root="value")


class FormattedCall(ModelCall):
    """Asks a model with a template such as `Translate $text.`: `call(text=variable)` returns its answer."""

    def __init__(
        self,
        model: Model,
        template: str,
        *,
        system: Variable | str = "",
        critic: Model | None = None,
        role: str = ANSWER,
    ) -> None:
        """`template` contains `$name` for each field; raises ValueError where it is malformed."""
        super().__init__(model, system=system, critic=critic, role=role)
        self.template = template
        fields_of(template)

    def __call__(self, **fields: Variable) -> Variable:  # type: ignore[override]
        """Return the answer; raises TypeError unless the fields are those of the template."""
        user = fill(self.template, {name: variable.value for name, variable in fields.items()}, "the template")
        return self._ask(user, (self.system, *(fields[name] for name in fields_of(self.template))))


def criticise_part(critic: Model, prompt: Prompt, answer: str, criticisms: str, role: str, value: str) -> str:
    """Return how one text of a prompt should change; without criticisms of the answer, the answer is the evaluation.

    Raises what `Model.complete` raises.
    """
    name = "feedback" if criticisms else "evaluated"
    user = render(
        name,
        system=fenced(prompt.system),
        user=fenced(prompt.user),
        answer=fenced(answer),
        role=role or "a part of the prompt",
        value=fenced(value),
        **({"criticisms": criticisms} if criticisms else {}),
    )
    return critic.complete(Prompt(render(f"{name}_system"), user, images=prompt.images)).text.strip()
