"""The reward functions of docs/examples/rewards under the packages that they are for, where these are installed.

    python3 -m venv /tmp/rewards && /tmp/rewards/bin/pip install inspect-ai verifiers nemo-gym
    PYTHONPATH=. /tmp/rewards/bin/python -m tests.benchmarks.rewards      # JUDGE_URL, CODEREFINE_TOKEN: of a server

Each gets a right and a wrong answer; what is not installed is told.
"""

# ruff: noqa: T201
import asyncio
import importlib.util
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

FOLDER = Path(__file__).parents[2] / "docs/examples/rewards"
PROBLEM = {"row": {"id": "sum", "visible_tests": [{"stdin": "1 2\n", "expected": "3\n"}]}}
RIGHT = "Here:\n```python\nprint(sum(map(int, input().split())))\n```"
WRONG = "Here:\n```python\nprint(4)\n```"


def loaded(name):
    """Return an example as a module."""
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def inspect_ai():
    """Evaluate two samples by inspect_ai's own `eval`, with answers of its scripted model."""
    scorer = loaded("inspect_scorer").passes_tests()
    from inspect_ai import Task
    from inspect_ai import eval as evaluate
    from inspect_ai.dataset import Sample
    from inspect_ai.model import ModelOutput, ModelUsage, get_model

    answers = [ModelOutput.from_content("mockllm/model", text) for text in (RIGHT, WRONG)]
    for answer in answers:
        answer.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)  # else it counts by what it fetches
    samples = [Sample(input="Print the sum.", metadata={"problem": PROBLEM}) for _ in answers]
    with tempfile.TemporaryDirectory() as logs:
        (log,) = evaluate(
            Task(dataset=samples, scorer=scorer),
            model=get_model("mockllm/model", custom_outputs=answers),
            max_samples=1,
            log_dir=logs,
            display="none",
        )
        assert log.status == "success", log.error.message
        return sorted(sample.scores["passes_tests"].value for sample in log.samples) == ["C", "I"]


def verifiers():
    """Ask the reward function as a rubric does."""
    reward = loaded("verifiers_environment").passes_tests
    answers = [[{"role": "assistant", "content": text}] for text in (RIGHT, WRONG)]
    return [asyncio.run(reward(completion=it, info=PROBLEM)) for it in answers] == [1.0, 0.0]


def nemo_gym():
    """Ask `verify`, with as much of a request as it looks at."""
    module = loaded("nemo_gym_verify")
    module.VerifyResponse = SimpleNamespace
    found = [
        asyncio.run(module.JudgedServer.verify(None, body))
        for body in (
            SimpleNamespace(
                verifier_metadata={"problem": PROBLEM},
                response=SimpleNamespace(output_text=text),
                model_dump=dict,
            )
            for text in (RIGHT, WRONG)
        )
    ]
    return [it.reward for it in found] == [1.0, 0.0]


def main():
    """Try all of them."""
    bad = False
    for check in (inspect_ai, verifiers, nemo_gym):
        try:
            right = check()
        except ModuleNotFoundError as error:
            print(f"{check.__name__:12} not tried: {error}")
            continue
        bad = bad or not right
        print(f"{check.__name__:12} {'ok' if right else 'WRONG'}")
    sys.exit(bad)


if __name__ == "__main__":
    main()
