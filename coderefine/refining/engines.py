"""Opens engines for a problem: the search, a language model by its name, or one that the caller provides."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeAlias

from coderefine.descent.kind import PromptedKind
from coderefine.engine import Engine
from coderefine.errors import UsageError
from coderefine.refining.workbench import Workbench

SEARCH, EVOLVE = "search", "evolve"
_MENDING_S = 4.0
"""Seconds of a step from a program that a model wrote: what is one edit away is found soon."""

EngineSource: TypeAlias = str | Engine | Callable[[Workbench], Engine]
"""The name of an engine, an engine that serves any problem, or a function that opens one for a problem."""


def open_engine(source: EngineSource, bench: Workbench, *, is_last: bool = False) -> Engine:
    """Return an engine for the problem on the workbench. No model is called or imported yet.

    `is_last` says that no engine follows, so that this one may take all the time that is left.
    """
    if isinstance(source, Engine):
        return source
    if command := PromptedKind.of(bench.problem).improved_by:
        raise UsageError(f"{bench.problem.slug} is improved on its cases: {command} {bench.problem.slug} --model NAME")
    if source == SEARCH and PromptedKind.of(bench.problem).answers_in_words:
        raise UsageError("the search repairs programs; a question is for a language model (--model NAME)")
    if isinstance(source, str):
        if source == EVOLVE or (source == SEARCH and bench.problem.is_measured):
            return _evolution(source, bench)
        return _search(bench, is_last) if source == SEARCH else _model(source, bench)
    engine = source(bench)
    if not isinstance(engine, Engine):
        raise TypeError(f"expected an Engine of {_name(source)}, got {type(engine).__name__}")
    return engine


def open_engines(sources: Iterable[EngineSource], bench: Workbench) -> list[Engine]:
    """Return the engines that could be opened, in order; raises UsageError for a source that cannot be used."""
    engines, upcoming = [], list(sources)
    for place, source in enumerate(upcoming, 1):
        with bench.accidents.survive(f"opening {_name(source)}", "the other engines go on", but=UsageError):
            engines.append(open_engine(source, bench, is_last=place == len(upcoming)))
    return engines


def open_mender(bench: Workbench) -> Engine:
    """Return the search, limited to a short step from a program that another engine wrote."""
    if bench.problem.is_measured:
        return _evolution(SEARCH, bench)
    return _search(bench, is_last=False, max_seconds=_MENDING_S)


def _search(bench: Workbench, is_last: bool, max_seconds: float | None = None) -> Engine:
    """Return the search; its steps are recorded as a whole."""
    from coderefine.search.engine import search_engine

    engine = search_engine(
        bench.problem,
        bench.judge,
        bench.meter,
        bench.progress.doing,
        keep=bench.options.engine.candidates,
        is_last=is_last,
        max_seconds=max_seconds,
        pipeline=bench.options.engine.pipeline,
    )
    return bench.journal.search(engine, bench.meter)


def _evolution(name: str, bench: Workbench) -> Engine:
    """Return the evolution of measured candidates, each of which is recorded; with the name `search` it uses no
    model.
    """
    from coderefine.evolution.engine import evolution_engine

    options = bench.options.evolution if name == EVOLVE else replace(bench.options.evolution, engines=(SEARCH,))
    if not bench.problem.is_measured:
        raise UsageError(
            f"{bench.problem.slug} is not measured: evolve needs a problem whose evaluator returns metrics"
        )
    return evolution_engine(
        bench.problem,
        bench.test,
        bench.meter,
        options,
        [_model(model, bench) for model in options.engines if model != SEARCH],
        workers=bench.judge.workers,
        tell=bench.progress.doing,
        name=name,
    )


def _model(name: str, bench: Workbench) -> Engine:
    """Return a language model as an engine; its calls are recorded."""
    from coderefine.descent.engine import model_engine

    return model_engine(
        name,
        bench.problem,
        bench.meter,
        api_base=bench.options.api_base,
        options=bench.options.engine,
        journal=bench.journal,
        progress=bench.progress,
        servers=bench.servers,
    )


def _name(source: EngineSource) -> str:
    if isinstance(source, str):
        return source
    return source.name if isinstance(source, Engine) else getattr(source, "__name__", type(source).__name__)
