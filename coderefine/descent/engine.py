"""A language model as an engine: the textual loss, textual gradient descent, and a first draft."""

from __future__ import annotations

from coderefine.budget import Meter
from coderefine.descent.asking import ask_again, read_edit
from coderefine.descent.code_loss import CodeLoss
from coderefine.descent.models import open_model
from coderefine.descent.optimizer import TextualGradientDescent
from coderefine.descent.problem_text import problem_text
from coderefine.engine import Engine, EngineOptions
from coderefine.errors import ModelError, PatchError
from coderefine.models.model import Model, Prompt
from coderefine.models.window import prompt_tokens
from coderefine.patch import Patch
from coderefine.problem.problem import Problem
from coderefine.progress import AnnouncingModel, ProgressReporter
from coderefine.prompting import fenced, render
from coderefine.record.journal import Journal

MAX_REDRAFTS = 2


def model_engine(
    name: str,
    problem: Problem,
    meter: Meter,
    *,
    api_base: str | None = None,
    options: EngineOptions | None = None,
    journal: Journal | None = None,
    progress: ProgressReporter | None = None,
) -> Engine:
    """Return the engine that repairs with the model of that litellm name; all its calls count against `meter`.

    `progress` reports its calls. No model is called or imported yet.
    """
    options = options or EngineOptions()
    model = open_model(name, api_base=api_base, meter=meter, journal=journal)
    critic = open_model(options.critic, api_base=api_base, meter=meter, journal=journal) if options.critic else model

    def asked_for(purpose: str, model: Model) -> Model:
        return AnnouncingModel(model, purpose, progress) if progress else model

    return Engine(
        name=name,
        loss=CodeLoss(
            asked_for("criticism", critic),
            problem,
            options.instruction,
            faithful=options.faithful,
            prompt_tokens=prompt_tokens(options.critic or name),
        ),
        optimizer=lambda code: TextualGradientDescent(
            code,
            asked_for("patch", model),
            problem,
            constraints=options.constraints,
            momentum=options.momentum,
            samples=options.candidates,
            edit_format=options.edit_format,
            prompt_tokens=prompt_tokens(name),
        ),
        draft=lambda: draft(asked_for("draft", model), problem, sample=options.sample),
        wants_evidence=True,
    )


def draft(model: Model, problem: Problem, *, max_redrafts: int = MAX_REDRAFTS, sample: int = 0) -> str:
    """Return a first program for `problem`, the `sample`-th; raises ModelError where no answer holds one."""
    described = problem_text(problem.without_hidden(), starter=True)
    system = render("draft_system")

    def again(answer: str, mismatch: str, _: int) -> Prompt:
        redraft = render("redraft", problem=described, answer=fenced(answer), mismatch=fenced(mismatch))
        return Prompt(system, redraft, sample=sample)

    names = (problem.entry.partition(".")[0],) if problem.entry else ()
    answer = model.complete(Prompt(system, render("draft", problem=described), sample=sample))
    try:
        patch: Patch | None = read_edit("", answer, names)
    except PatchError as error:
        patch = ask_again(model, "", answer, error, again, max_redrafts, names)
    if patch is None:
        raise ModelError(f"{model.name} wrote no program for {problem.slug} in {max_redrafts + 1} answers")
    return patch.after
