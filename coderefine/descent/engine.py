"""A language model as an engine: the textual loss, textual gradient descent, and a first draft."""

from __future__ import annotations

from dataclasses import replace

from coderefine.budget import Meter
from coderefine.descent.answering import Answering
from coderefine.descent.asking import ask_again, read_edit
from coderefine.descent.code_loss import CodeLoss
from coderefine.descent.draft_prompt import draft_prompt
from coderefine.descent.evidence import MAX_CASES
from coderefine.descent.kind import PromptedKind
from coderefine.descent.measuring import Measuring
from coderefine.descent.models import open_model
from coderefine.descent.optimizer import TextualGradientDescent
from coderefine.descent.problem_text import problem_text
from coderefine.descent.results_loss import ResultsLoss
from coderefine.engine import Engine, EngineOptions
from coderefine.errors import PatchError
from coderefine.models.model import Model, NothingWrittenError, Prompt
from coderefine.models.server import Servers
from coderefine.models.window import prompt_tokens
from coderefine.problem.problem import Problem
from coderefine.progress import AnnouncingModel, ProgressReporter
from coderefine.prompting import fenced, render
from coderefine.record.journal import Journal

MAX_REDRAFTS = 2
FEW_CASES = 2
"""Failing cases that a critic sees where the pipeline asks for few."""


def model_engine(
    name: str,
    problem: Problem,
    meter: Meter,
    *,
    api_base: str | None = None,
    options: EngineOptions | None = None,
    journal: Journal | None = None,
    progress: ProgressReporter | None = None,
    servers: Servers | None = None,
) -> Engine:
    """Return the engine that repairs with the model of that litellm name; all its calls count against `meter`.

    Its calls are reported to `progress`; `servers` keeps what the run learns about its servers. Nothing is called or
    imported yet.
    """
    asked, known = options or EngineOptions(), servers or Servers()

    def opened(name: str) -> Model:
        return open_model(
            name,
            api_base=api_base,
            meter=meter,
            journal=journal,
            timeout_s=asked.timeout_s,
            answer_tokens=asked.answer_tokens,
            context_tokens=asked.context_tokens,
            server=known.of(name, api_base),
        )

    def room(name: str) -> int:
        return prompt_tokens(name, asked.context_tokens, asked.answer_tokens)

    model = opened(name)
    critic = opened(asked.critic) if asked.critic else model

    def asked_for(purpose: str, model: Model) -> Model:
        return AnnouncingModel(model, purpose, progress) if progress else model

    if PromptedKind.of(problem).answers_in_words:
        answering = Answering(asked_for("answer", model), asked_for("criticism", critic), problem, asked, room(name))
        return Engine(name, loss=answering.loss, optimizer=answering.optimizer, draft=answering.draft)
    if problem.is_measured and not problem.evaluation.is_code:
        measuring = Measuring(asked_for("patch", model), asked_for("criticism", critic), problem, asked, room(name))
        starter = problem.starter.strip()
        draft_ = (lambda: problem.starter) if starter else None
        return Engine(name, loss=measuring.loss, optimizer=measuring.optimizer, draft=draft_)
    pipeline = asked.pipeline
    loss = CodeLoss(
        asked_for("criticism", critic),
        problem,
        asked.instruction,
        faithful=asked.faithful,
        prompt_tokens=room(asked.critic or name),
        system=asked.critic_prompt,
        max_cases=MAX_CASES if pipeline.has("further cases -> critic") else FEW_CASES,
    )
    return Engine(
        name=name,
        loss=loss if pipeline.has("critic -> patcher") else ResultsLoss(problem),
        optimizer=lambda code: TextualGradientDescent(
            code,
            asked_for("patch", model),
            problem,
            constraints=asked.constraints,
            momentum=asked.momentum if pipeline.has("history -> patcher") else 0,
            samples=asked.candidates,
            edit_format=asked.edit_format,
            system=asked.patcher_prompt,
            prompt_tokens=room(name),
        ),
        draft=lambda: draft(asked_for("draft", model), problem, sample=asked.sample, system=asked.prompt),
        wants_evidence=pipeline.has("lines -> critic"),
    )


def draft(
    model: Model,
    problem: Problem,
    *,
    max_redrafts: int = MAX_REDRAFTS,
    sample: int = 0,
    system: str | None = None,
) -> str:
    """Return a first program for `problem`, the `sample`-th one; raises ModelError where no answer contains one.

    `system` replaces `prompts/draft_system.txt`.
    """
    first = draft_prompt(problem, sample=sample, system=system)

    def again(answer: str, mismatch: PatchError, _: int) -> Prompt:
        described = problem_text(problem.without_hidden(), starter=True)
        redraft = render("redraft", problem=described, answer=fenced(answer), mismatch=fenced(str(mismatch)))
        return replace(first, user=redraft)

    names = (problem.entry.partition(".")[0],) if problem.entry else ()
    answer = model.complete(first)
    try:
        return read_edit("", answer, names).after
    except PatchError as error:
        mismatch = error
    try:
        return ask_again(model, "", answer, mismatch, again, max_redrafts, names).after
    except PatchError:
        told = f"{model.name} wrote no program for {problem.slug} in {max_redrafts + 1} answers"
        raise NothingWrittenError(told) from None
