"""The prompts that ask for a new version of a text, and those after an answer that cannot be used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from coderefine.autograd.variable import Variable
from coderefine.models.model import Prompt, estimate_tokens
from coderefine.models.second_try import SECOND_SAMPLE
from coderefine.prompting import fenced, render

LONG_CHARS = 6000
"""From this length on a text is asked for as an edit: to repeat all of it costs more than it helps."""


@dataclass(frozen=True, slots=True)
class EarlierText:
    """A version of a text that was criticised and then replaced."""

    text: str
    criticisms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextPrompt:
    """The parts of a prompt that are the same in every step of an optimizer of texts."""

    constraints: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    system: str | None = None
    """None takes `prompts/improve_system.txt`."""
    form: Literal["auto", "whole", "edit"] = "auto"
    context: str = ""
    """What the text is about or for, such as the question that it answers."""

    def first(self, variable: Variable, earlier: Sequence[EarlierText], room: int, sample: int = 0) -> Prompt:
        """Ask for a new version, with as many of the `earlier` ones as fit into `room` tokens."""
        sections = [_history(earlier, room), *self._sections()]
        return self._prompt("improve", variable, sections, sample)

    def again(self, variable: Variable, answer: str, mismatch: str) -> Prompt:
        """Ask again, as a further sample, given the last answer and why it cannot be used."""
        fields = {"answer": fenced(answer), "mismatch": fenced(mismatch)}
        return self._prompt("improve_again", variable, self._sections(), SECOND_SAMPLE, **fields)

    def _prompt(self, name: str, variable: Variable, sections: Sequence[str], sample: int, **fields: str) -> Prompt:
        user = render(
            name,
            role=variable.role or "a text",
            text=fenced(variable.value),
            criticisms="\n\n".join(fenced(gradient.text) for gradient in variable.gradients),
            more="".join(f"{section}\n\n" for section in sections if section),
            form=self._form(variable.value),
            **fields,
        )
        return Prompt(render("improve_system") if self.system is None else self.system, user, sample=sample)

    def _form(self, text: str) -> str:
        if self.form == "edit" or (self.form == "auto" and len(text) >= LONG_CHARS):
            return render("form_search")
        longest = max(map(len, re.findall("`+", text)), default=0)
        return render("form_text", marks="`" * max(3, longest + 1))

    def _sections(self) -> list[str]:
        sections = []
        if self.context:
            sections.append(render("text_context", context=fenced(self.context)))
        if self.examples:
            sections.append(render("text_examples", examples="\n\n".join(map(fenced, self.examples))))
        if self.constraints:
            listed = "\n".join(f"- {text}" for text in self.constraints)
            sections.append(render("text_constraints", constraints=listed))
        return sections


def _history(earlier: Sequence[EarlierText], room: int) -> str:
    """Return the section with the latest versions that fit, oldest first; "" for none."""
    shown: list[str] = []
    for number, version in reversed(list(enumerate(earlier, 1))):
        criticisms = "\n".join(map(fenced, version.criticisms))
        block = f"Version {number}:\n{fenced(version.text)}\nIt was criticised:\n{criticisms}"
        if sum(map(estimate_tokens, [*shown, block])) > room:
            break
        shown.insert(0, block)
    return render("text_history", versions="\n\n".join(shown)) if shown else ""
