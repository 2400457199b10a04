"""The prompt that asks for a first program, or for another one than the program that there is."""

from __future__ import annotations

import re

from coderefine.descent.kind import PromptedKind
from coderefine.descent.problem_text import problem_text
from coderefine.models.model import Prompt
from coderefine.problem.problem import Problem
from coderefine.problem.typespec import CALLED_NODE
from coderefine.prompting import render


def draft_prompt(problem: Problem, *, sample: int, system: str | None = None) -> Prompt:
    """Ask for a program for `problem`, whose hidden tests are never shown, the `sample`-th.

    `system` takes the place of `prompts/draft_system.txt`.
    """
    described = problem_text(problem.without_hidden(), starter=True)
    user = render("draft", problem=described, rules=_rules(problem))
    return Prompt(render("draft_system") if system is None else system, user, sample=sample)


def _rules(problem: Problem) -> str:
    """Return the rules for a program of that problem: what it may rely on, and what it must do."""
    rules = ["Only the standard library is there.", *PromptedKind.of(problem).draft_rules]
    interface = " ".join([*(str(param.type) for param in problem.params), str(problem.returns), problem.starter])
    nodes = [f"`{name}`" for name in ("ListNode", "TreeNode") if re.search(rf"\b{name}\b", interface)]
    nodes += [f"{name}, by the name `Node`," for name in CALLED_NODE if name in interface]
    if nodes:
        rules.append(f"{' and '.join(nodes)} {'is' if len(nodes) == 1 else 'are'} defined already.")
    return " ".join(rules)
