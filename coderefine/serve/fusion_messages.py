"""The requests and answers of SandboxFusion's `run_code` and `submit`, as its documentation has them.

https://bytedance.github.io/SandboxFusion/docs/api. Fields that say nothing here are taken and ignored, as others may
come with a later version.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from coderefine.serve.messages import Text

_TAKES_MORE = ConfigDict(extra="ignore", frozen=True)
_Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class RunCodeRequest(BaseModel):
    """A program to run once."""

    model_config = _TAKES_MORE

    code: Text
    language: str
    stdin: str | None = None
    run_timeout: _Seconds = 10.0
    compile_timeout: _Seconds = 10.0
    memory_limit_MB: int = -1  # noqa: N815 - its name there
    files: dict[str, str | None] = {}
    fetch_files: list[str] = []


class CommandResult(BaseModel):
    """What became of a run."""

    status: Literal["Finished", "Error", "TimeLimitExceeded"]
    execution_time: float | None = None
    return_code: int | None = None
    stdout: str | None = None
    stderr: str | None = None


class RunCodeResponse(BaseModel):
    """The answer to `run_code`."""

    status: Literal["Success", "Failed", "SandboxError"]
    message: str = ""
    compile_result: CommandResult | None = None
    run_result: CommandResult | None = None
    executor_pod_name: str | None = None
    files: dict[str, str] = {}


class TestConfig(BaseModel):
    """How `submit` judges."""

    __test__ = False  # not a pytest class
    model_config = _TAKES_MORE

    language: str | None = None
    dataset_type: str | None = None
    run_timeout: _Seconds | None = None
    provided_data: dict[str, Any] | list[dict[str, Any]] | None = None
    extra: dict[str, Any] = {}


class SubmitRequest(BaseModel):
    """A model's answer to a problem that comes with it."""

    model_config = _TAKES_MORE

    dataset: str
    id: int | str
    completion: Text
    config: TestConfig


class EvalTestCase(BaseModel):
    """What became of a test."""

    passed: bool
    exec_info: RunCodeResponse
    test_info: dict[str, Any] | None = None


class EvalResult(BaseModel):
    """The answer to `submit`."""

    id: int | str
    accepted: bool
    extracted_code: str
    full_code: str | None = None
    test_code: str | None = None
    tests: list[EvalTestCase]
    extracted_type: str | None = None
    extra: dict[str, Any] | None = None
