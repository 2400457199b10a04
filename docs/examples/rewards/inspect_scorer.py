"""inspect_ai: `Task(dataset=..., solver=generate(), scorer=passes_tests())`; each sample has metadata["problem"].

That is a problem such as {"row": {...}} (docs/serve.md). The server's address is in JUDGE_URL, its token in
CODEREFINE_TOKEN.
"""

import os

from inspect_ai.scorer import CORRECT, INCORRECT, Score, Scorer, Target, accuracy, scorer, stderr
from inspect_ai.solver import TaskState

from coderefine.errors import JudgeError
from coderefine.serve.client import AsyncJudgeClient


@scorer(metrics=[accuracy(), stderr()])
def passes_tests() -> Scorer:
    """Score a model's answer by all tests of the sample's problem."""

    async def score(state: TaskState, target: Target) -> Score:
        async with AsyncJudgeClient(os.environ["JUDGE_URL"]) as client:
            (judged,) = await client.verdicts(state.metadata["problem"], [state.output.completion], given="answer")
        if judged.verdict == "JE":
            raise JudgeError(judged.reason)  # the sample has an error, and no score
        told = f"{judged.verdict.value}: {judged.passed} of {judged.total} tests passed. {judged.reason}".strip()
        return Score(value=CORRECT if judged.accepted else INCORRECT, answer=state.output.completion, explanation=told)

    return score
