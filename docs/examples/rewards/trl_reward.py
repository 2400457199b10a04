"""TRL: `GRPOTrainer(reward_funcs=[passes_tests], ...)`; the data set has a column `problem`, such as '{"row": {...}}'.

The server's address is in JUDGE_URL, its token in CODEREFINE_TOKEN (docs/serve.md).
"""

import functools
import json
import os
from typing import Any

from coderefine.serve.client import JudgeClient


@functools.cache
def client() -> JudgeClient:
    """Return the client of this process."""
    return JudgeClient(os.environ["JUDGE_URL"])


def passes_tests(completions: list[Any], problem: list[str], **kwargs: Any) -> list[float | None]:
    """Return 1 for each completion that passes all tests, else 0; None, which TRL leaves out, without a verdict."""
    texts = [it if isinstance(it, str) else it[-1]["content"] for it in completions]
    rewards: list[float | None] = [None] * len(texts)
    for one in dict.fromkeys(problem):  # the completions of a group are for one problem: one request
        places = [place for place, it in enumerate(problem) if it == one]
        for judged in client().judge(json.loads(one), [texts[place] for place in places], given="answer"):
            rewards[places[judged.index]] = None if judged.verdict == "JE" else float(judged.accepted)
    return rewards
