"""The messages of the service: types that check requests and answers, and that define its OpenAPI description."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from coderefine.folder.loading import MAX_SOURCE_BYTES
from coderefine.judge.verdict import Verdict
from coderefine.problem.problem import Tests

Text = Annotated[str, Field(max_length=MAX_SOURCE_BYTES)]
Given = Literal["source", "rest", "answer"]
_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)


class ProblemSource(BaseModel):
    """A problem, in one of four ways."""

    model_config = _STRICT

    row: dict[str, Any] | None = Field(None, description="A row of a public set, or of the generic format.")
    files: dict[str, str] | None = Field(
        None, description="The files of a problem's folder, or of another layout that can be imported, by path."
    )
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,99}$")] | None = Field(
        None, description="A bundled problem."
    )
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        None, description="A problem that was sent before, by what the first line of an answer calls it."
    )
    format: Annotated[str, Field(max_length=40)] | None = Field(
        None, description="The format of `row` or `files`, where they do not show it."
    )

    @model_validator(mode="after")
    def _is_one(self) -> ProblemSource:
        ways = [self.row, self.files, self.name, self.digest]
        if sum(way is not None for way in ways) != 1:
            raise ValueError("expected one of row, files, name and digest")
        if self.format is not None and self.row is None and self.files is None:
            raise ValueError("format is of row and files only")
        return self


class JudgeRequest(BaseModel):
    """Programs for one problem."""

    model_config = _STRICT

    problem: ProblemSource
    programs: Annotated[list[Text], Field(min_length=1)]
    given: Given = Field(
        "source",
        description="What programs are: whole programs; what stands behind the set's prompt; or a model's answers, of "
        "which the last block of code is judged.",
    )
    tests: Tests = Field("all", description="Which tests of the problem are run.")
    fail_fast: bool = Field(
        True, description="Whether the first test that a program fails is its last; the verdict is the same."
    )
    evidence: bool = Field(
        False, description="Whether reports have lines and values of the runs; several times slower."
    )
    report: bool = Field(False, description="Whether each verdict comes with its report, case by case.")


class ProblemLine(BaseModel):
    """The first line of an answer."""

    problem: str
    """Its digest."""
    slug: str
    tests: int | None
    """How many tests count; None where only a run tells."""


class VerdictLine(BaseModel):
    """What came of one program."""

    index: int
    """Its position in `programs`, from 0."""
    verdict: Verdict
    """The verdict of the first test that it fails, examples aside; JE where there is no verdict on the program."""
    accepted: bool
    passed: int
    total: int
    """Tests that count, including those that were left out."""
    reason: str = ""
    """Why it was not accepted. Hostile text."""
    cpu_s: float
    wall_s: float
    """Seconds in the judge."""
    report: dict[str, Any] | None = None


class EndLine(BaseModel):
    """The last line of an answer that is whole."""

    done: int
    """How many programs have a verdict."""


class ErrorBody(BaseModel):
    """Why a request was refused, or, as a line, why an answer ends early."""

    error: str
    """The kind of error: unauthorized, unknown-problem, bad-problem, bad-request, too-large, busy, late, failed."""
    message: str
