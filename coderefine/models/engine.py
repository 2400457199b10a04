"""A language model as an engine: the textual loss, textual gradient descent, and a first draft."""

from __future__ import annotations

from coderefine.budget import Meter
from coderefine.engine import Engine
from coderefine.errors import ModelError
from coderefine.journal import Journal
from coderefine.loss import CodeLoss
from coderefine.models.factory import open_model
from coderefine.models.model import Model, Prompt
from coderefine.optimizer import MAX_REASKS, TextualGradientDescent, ask_for_patch
from coderefine.problem import Problem
from coderefine.prompting import problem_text, render


def model_engine(
    name: str,
    problem: Problem,
    meter: Meter,
    *,
    api_base: str | None = None,
    instruction: str | None = None,
    journal: Journal | None = None,
) -> Engine:
    """Return the engine that repairs with the model of that litellm name; all its calls count against `meter`.

    `instruction` replaces the loss's test-time instruction. No model is called or imported yet.
    """
    model = open_model(name, api_base=api_base, meter=meter, journal=journal)
    return Engine(
        name=name,
        loss=CodeLoss(model, problem, instruction),
        optimizer=lambda code: TextualGradientDescent(code, model, problem),
        draft=lambda: draft(model, problem),
    )


def draft(model: Model, problem: Problem, *, max_reasks: int = MAX_REASKS) -> str:
    """Return a first program for `problem`; raises ModelError where no answer holds one."""
    described = problem_text(problem.without_hidden())

    def again(answer: str, mismatch: str) -> str:
        return render("redraft", problem=described, answer=answer, mismatch=mismatch)

    prompt = Prompt(render("draft_system"), render("draft", problem=described))
    patch = ask_for_patch(model, "", prompt, again, max_reasks)
    if patch is None:
        raise ModelError(f"{model.name} wrote no program for {problem.slug} in {max_reasks + 1} answers")
    return patch.after
