"""What a scoring run is asked for: the options of a new run, or those of a recorded one with some of them changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from coderefine.budget import Budget
from coderefine.cli.options import are_default, chosen_models, read_instruction, read_prompts
from coderefine.engine import EngineOptions
from coderefine.judge.site import requirements
from coderefine.record.store import Store
from coderefine.runs.tasks import Options
from coderefine.scoring import rows
from coderefine.scoring.setup import Setup


def whereabouts(given: dict[str, Any]) -> dict[str, Any]:
    """Return where programs are judged, as keyword arguments of `score_engine.opened`; raises UsageError."""
    names = ("engine", "ray_address", "sandbox", "image")
    packages = requirements(given["packages"]) if given["packages"] else ()
    return {name: given[name] for name in names} | {"packages": packages}


def asked(problems: tuple[str, ...], given: dict[str, Any], where: dict[str, Any]) -> tuple[Setup, Options]:
    """Return the set-up of a new run, and the options of its refinements; raises UsageError."""
    models = chosen_models(given["models"], given["pipeline"])
    setup = Setup(
        problems=problems,
        format=given["from_"],
        solutions=given["solutions"],
        drafts=given["samples"] if given["generate"] else 0,
        refine=given["refine"],
        ask_oracle=given["ask_oracle"],
        total=Budget(
            max_calls=given["max_total_calls"],
            max_tokens=given["max_total_tokens"],
            max_cost_usd=given["max_total_cost"],
        ),
        calls_per_minute=given["calls_per_minute"],
        limit=given["limit"],
        fail_fast=given["fail_fast"],
        test_s=given["test_seconds"],
        program_s=given["program_seconds"],
        allow=given["allow"],
        threads=given["workers"],
        follow_links=given["follow_links"],
    )
    as_given = ("pipeline", "candidates", "edit_format", "timeout_s", "answer_tokens", "context_tokens")
    instruction = given["instruction"]
    engine = EngineOptions(
        instruction=read_instruction(instruction) if instruction is not None else None,
        **read_prompts(given),
        critic=given["critic_model"],
        **{name: given[name] for name in as_given},
    )
    options = Options(
        models=(models or ("search",)) if given["refine"] or given["generate"] else (),
        budget=Budget(given["max_seconds"], given["max_calls"], given["max_tokens"], given["max_cost"]),
        max_iterations=given["iterations"],
        api_base=given["api_base"],
        engine=engine,
        harden=given["harden"],
        shrink=given["shrink"],
        command={**where, "packages": list(where["packages"]), "folder": str(Path.cwd())},
    )
    return setup, options


def resumed(
    store: Store, name: str, given: dict[str, Any], where: dict[str, Any]
) -> tuple[str, Setup, Options, dict[str, Any]]:
    """Return the id of a recorded run, its set-up, its options, and where it is judged; raises UsageError.

    Limits, speed and place that are given now replace the recorded ones.
    """
    run, setup, options = rows.load(store, name)
    total = {
        field: given[option]
        for field, option in (
            ("max_cost_usd", "max_total_cost"),
            ("max_calls", "max_total_calls"),
            ("max_tokens", "max_total_tokens"),
        )
        if given[option] is not None
    }
    setup = replace(
        setup,
        total=replace(setup.total, **total),
        limit=given["limit"] or setup.limit,
        threads=given["workers"] or setup.threads,
        calls_per_minute=given["calls_per_minute"] or setup.calls_per_minute,
    )
    return run, setup, replace(options, api_base=given["api_base"] or options.api_base), _place(where, options.command)


def _place(where: dict[str, Any], recorded: dict[str, Any]) -> dict[str, Any]:
    """Return where a resumed run is judged: as given now, else as before."""
    found = dict(where)
    if are_default("sandbox"):
        found["sandbox"] = recorded.get("sandbox", where["sandbox"])
        found["image"] = where["image"] or recorded.get("image")
    if are_default("engine"):
        found["engine"] = recorded.get("engine", where["engine"])
        found["ray_address"] = where["ray_address"] or recorded.get("ray_address")
    found["packages"] = where["packages"] or tuple(recorded.get("packages") or ())
    return found
