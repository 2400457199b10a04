"""Opens the engine behind a `--model` name: the embedded search, or a language model."""

from __future__ import annotations

from coderefine.budget import Meter
from coderefine.engine import Engine, EngineOptions
from coderefine.journal import Journal
from coderefine.judge.judge import Judge
from coderefine.problem import Problem
from coderefine.progress import Teller

SEARCH = "search"


def open_engine(
    name: str,
    problem: Problem,
    judge: Judge,
    meter: Meter,
    *,
    api_base: str | None = None,
    options: EngineOptions | None = None,
    journal: Journal,
    teller: Teller,
) -> Engine:
    """Return the engine of that name, whose work `journal` remembers and `teller` tells of.

    No model is called or imported yet.
    """
    if name == SEARCH:
        from coderefine.search.engine import search_engine

        keep = options.candidates if options else 1
        return journal.search(search_engine(problem, judge, meter, teller.doing, keep=keep), meter)
    from coderefine.models.engine import model_engine

    return model_engine(name, problem, meter, api_base=api_base, options=options, journal=journal, teller=teller)
