"""NeMo Gym: a resources server whose /verify asks the judge; each row has `verifier_metadata`, with a `problem`.

That is a problem such as {"row": {...}} (docs/serve.md). The server's address is in JUDGE_URL, its token in
CODEREFINE_TOKEN.
"""

import os
from typing import Any

from nemo_gym.base_resources_server import BaseVerifyRequest, BaseVerifyResponse, SimpleResourcesServer

from coderefine.errors import JudgeError
from coderefine.serve.client import AsyncJudgeClient


class VerifyRequest(BaseVerifyRequest):
    """What is asked."""

    verifier_metadata: dict[str, Any]


class VerifyResponse(BaseVerifyResponse):
    """What is answered."""

    verdict: str


class JudgedServer(SimpleResourcesServer):
    """Rewards programs that pass all tests."""

    async def verify(self, body: VerifyRequest) -> VerifyResponse:
        """Return 1 for an answer that passes all tests, else 0; raises JudgeError where there is no verdict."""
        async with AsyncJudgeClient(os.environ["JUDGE_URL"]) as client:
            problem = body.verifier_metadata["problem"]
            (judged,) = await client.verdicts(problem, [body.response.output_text], given="answer")
        if judged.verdict == "JE":
            raise JudgeError(judged.reason)
        return VerifyResponse(**body.model_dump(), reward=float(judged.accepted), verdict=judged.verdict.value)


if __name__ == "__main__":
    JudgedServer.run_webserver()
