"""verifiers: an environment whose rows have `info`, a problem such as {"row": {...}} as JSON or as a dict.

The server's address is in JUDGE_URL, its token in CODEREFINE_TOKEN (docs/serve.md).
"""

import json
import os
from typing import Any

import verifiers as vf

from coderefine.errors import JudgeError
from coderefine.serve.client import AsyncJudgeClient


async def passes_tests(completion: Any, info: Any, **kwargs: Any) -> float:
    """Return 1 for a completion that passes all tests, else 0; raises JudgeError where there is no verdict."""
    last = completion if isinstance(completion, str) else completion[-1]
    text = last if isinstance(last, str) else last["content"] if isinstance(last, dict) else last.content
    problem = json.loads(info) if isinstance(info, str) else info
    async with AsyncJudgeClient(os.environ["JUDGE_URL"]) as client:
        (judged,) = await client.verdicts(problem, [text], given="answer")
    if judged.verdict == "JE":
        raise JudgeError(judged.reason)
    return float(judged.accepted)


def load_environment(dataset: Any, **kwargs: Any) -> vf.Environment:
    """Return the environment of a data set."""
    return vf.SingleTurnEnv(dataset=dataset, rubric=vf.Rubric(funcs=[passes_tests]), **kwargs)
