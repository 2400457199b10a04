"""The OpenAPI description of the service, made of the types that check its requests."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

import coderefine
from coderefine.serve.fusion_messages import EvalResult, RunCodeRequest, RunCodeResponse, SubmitRequest
from coderefine.serve.messages import EndLine, ErrorBody, JudgeRequest, ProblemLine, VerdictLine

_REFUSALS = {
    "400": "The body is no JSON.",
    "401": "The token is missing or wrong.",
    "404": "The digest is of no problem that is remembered: send the problem.",
    "408": "The body took too long.",
    "413": "The body is too large, or has too many programs.",
    "422": "The body is not as described, or the problem cannot be judged.",
    "429": "There is no room: come back after as many seconds as Retry-After says.",
    "503": "The judge itself failed.",
}
_TAKEN: tuple[type[BaseModel], ...] = (JudgeRequest, RunCodeRequest, SubmitRequest)
_GIVEN: tuple[type[BaseModel], ...] = (ProblemLine, VerdictLine, EndLine, ErrorBody, RunCodeResponse, EvalResult)


def document() -> dict[str, Any]:
    """Return the description, in OpenAPI 3.1."""
    modes: list[Any] = [(it, "validation") for it in _TAKEN] + [(it, "serialization") for it in _GIVEN]
    _, schemas = models_json_schema(modes, ref_template="#/components/schemas/{model}")
    lines = {"oneOf": [_reference(it) for it in (ProblemLine, VerdictLine, EndLine, ErrorBody)]}
    return {
        "openapi": "3.1.0",
        "info": {"title": "coderefine judge", "version": coderefine.__version__},
        "paths": {
            "/judge": _post("Judge programs; a line of JSON for each, as they end", JudgeRequest, lines, is_lines=True),
            "/run_code": _post("Run a program once, as SandboxFusion", RunCodeRequest, _reference(RunCodeResponse)),
            "/submit": _post("Judge a model's answer, as SandboxFusion", SubmitRequest, _reference(EvalResult)),
            "/health": _get("The process answers", "application/json"),
            "/ready": _get("There is room, and sandboxes open; else 503", "application/json"),
            "/metrics": _get("Metrics for Prometheus", "text/plain", needs_token=True),
            "/openapi.json": _get("This description", "application/json", needs_token=True),
        },
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "password": {"type": "http", "scheme": "basic", "description": "The token as the password."},
            },
        },
        "security": [{"token": []}, {"password": []}],
    }


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _post(summary: str, taken: type[BaseModel], given: dict[str, Any], *, is_lines: bool = False) -> dict[str, Any]:
    kind = "application/x-ndjson" if is_lines else "application/json"
    refused = {"application/json": {"schema": _reference(ErrorBody)}}
    responses: dict[str, Any] = {
        status: {"description": told, "content": refused} for status, told in _REFUSALS.items()
    }
    responses["200"] = {"description": "The answer.", "content": {kind: {"schema": given}}}
    body = {"required": True, "content": {"application/json": {"schema": _reference(taken)}}}
    return {"post": {"summary": summary, "requestBody": body, "responses": responses}}


def _get(summary: str, kind: str, *, needs_token: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = {
        "summary": summary,
        "responses": {"200": {"description": "It does.", "content": {kind: {}}}},
    }
    return {"get": found if needs_token else {**found, "security": []}}
