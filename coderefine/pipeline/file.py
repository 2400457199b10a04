"""A pipeline as a small TOML file, to be read and changed by hand."""

from __future__ import annotations

import json
from pathlib import Path

from coderefine.errors import UnreadableError, UsageError
from coderefine.outside import read_bytes, read_toml
from coderefine.pipeline.graph import EDGES, Pipeline

_MAX_BYTES = 1 << 16


def to_toml(pipeline: Pipeline) -> str:
    """Return a pipeline as the text of a file that `read_pipeline` reads."""
    width = max(len(edge.name) for edge in EDGES)
    lines = ["# A pipeline, for `coderefine refine --pipeline FILE`: what the stages hand to each other."]
    if pipeline.models:
        lines.append(f"models = [{', '.join(map(json.dumps, pipeline.models))}]")
    lines += ["", "[edges]"]
    for edge in EDGES:
        name = f'"{edge.name}"'.ljust(width + 2)
        lines.append(f"{name} = {'true ' if edge.name not in pipeline.off else 'false'}  # {edge.meaning}")
    return "\n".join(lines) + "\n"


def read_pipeline(path: str) -> Pipeline:
    """Return the pipeline in a file; edges that it does not name are on. Raises UsageError."""

    def fail(why: str) -> UsageError:
        return UsageError(f"--pipeline {path}: {why}; write one by: coderefine tune --pipeline PROBLEMS -o {path}")

    try:
        data = read_toml(read_bytes(Path(path), _MAX_BYTES))
    except OSError as error:
        raise fail(str(error.strerror)) from None
    except UnreadableError as error:
        raise fail(f"not a file in TOML: {error}") from None
    edges, models = data.pop("edges", {}), data.pop("models", [])
    if data:
        raise fail(f"unknown field {next(iter(data))!r}")
    if not isinstance(edges, dict) or not all(isinstance(on, bool) for on in edges.values()):
        raise fail("expected true or false of each edge")
    if not isinstance(models, list) or not all(isinstance(it, str) and it for it in models):
        raise fail("expected a list of names as models")
    known = {edge.name for edge in EDGES}
    if unknown := [name for name in edges if name not in known]:
        raise fail(f"no edge is called {unknown[0]!r}")
    return Pipeline(tuple(name for name, on in edges.items() if not on), tuple(models))
