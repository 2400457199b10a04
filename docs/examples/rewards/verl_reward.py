"""verl: `custom_reward_function.path=verl_reward.py`, `custom_reward_function.name=compute_score`.

`ground_truth` is a problem as JSON, such as '{"row": {...}}' (docs/serve.md). The server's address is in JUDGE_URL, its
token in CODEREFINE_TOKEN.
"""

import functools
import json
import os
from typing import Any

from coderefine.errors import JudgeError
from coderefine.serve.client import JudgeClient
from coderefine.serve.exchange import Judged


@functools.cache
def client() -> JudgeClient:
    """Return the client of this process."""
    return JudgeClient(os.environ["JUDGE_URL"])


def compute_score(
    data_source: str, solution_str: str, ground_truth: str, extra_info: dict[str, Any] | None = None, **kwargs: Any
) -> dict[str, Any]:
    """Return 1 for a program that passes all tests, else 0; raises JudgeError where there is no verdict."""
    (judged,) = client().verdicts(json.loads(ground_truth), [solution_str], given="answer")
    return {"score": reward(judged), "verdict": judged.verdict.value}


def compute_scores(
    data_sources: list[str], solution_strs: list[str], ground_truths: list[str], extra_infos: list[Any], **kwargs: Any
) -> list[float]:
    """Return the rewards of a batch, for `reward_manager=batch`: one request for each problem."""
    scores = [0.0] * len(solution_strs)
    for truth in dict.fromkeys(ground_truths):
        places = [place for place, it in enumerate(ground_truths) if it == truth]
        for judged in client().judge(json.loads(truth), [solution_strs[place] for place in places], given="answer"):
            scores[places[judged.index]] = reward(judged)
    return scores


def reward(judged: Judged) -> float:
    """Return the reward of a verdict; a failure of the judge is none."""
    if judged.verdict == "JE":
        raise JudgeError(judged.reason)
    return float(judged.accepted)
