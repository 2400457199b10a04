"""TextGrad's own loop of prompt optimization, with its gate on validation. Runs where `textgrad` is installed.

    python tuned_prompts_side.py < job.json

The job holds the address of a server, the prompt to begin with, the two parts of the set with keys, and how many calls
there may be. An answer is read by the same code as here. Prints the prompt it ends with, and what it spent.
"""

import json
import random
import sys

import textgrad
from openai import OpenAI
from textgrad.engine.local_model_openai_api import ChatExternalClient

sys.path.insert(0, sys.argv[1])  # where `coderefine` is, of which nothing but the reading of an answer is imported
from coderefine.problem.final_answer import final_answer, same_answer


class OutOfCalls(BaseException):
    """All calls are made; no error that a retry is for."""


class Counting:
    """An OpenAI client that counts calls and tokens, caps answers, and ends the loop where all calls are made."""

    def __init__(self, url, most, answer_tokens):
        self.inner = OpenAI(base_url=url, api_key="none", timeout=1800, max_retries=0)
        self.base_url = self.inner.base_url
        self.most, self.answer_tokens = most, answer_tokens
        self.calls = self.tokens = 0
        self.chat = self.completions = self

    def create(self, **asked):
        """Ask the server."""
        if self.calls >= self.most:
            raise OutOfCalls
        self.calls += 1
        asked["max_tokens"] = self.answer_tokens
        answer = self.inner.chat.completions.create(**asked)
        self.tokens += answer.usage.total_tokens
        return answer


def main() -> None:
    """Run the loop: batches of the training part, a step, and back where the validation part says so."""
    job = json.load(sys.stdin)
    client = Counting(job["url"], job["calls"], job["answer_tokens"])
    engine = ChatExternalClient(client=client, model_string=job["model"])
    textgrad.set_backward_engine(engine, override=True)

    def is_right(prediction, key):
        read = final_answer(prediction, job["form"])
        return int(read is not None and same_answer(read, key, job["form"]))

    evaluate = textgrad.autograd.StringBasedFunction(
        lambda prediction, key: is_right(prediction.value, key.value),
        function_purpose="The runtime of string-based function that checks if the prediction is correct.",
    )
    role = (
        "structured system prompt to a somewhat capable language model that specifies the behavior and strategies "
        "for the QA task"
    )
    prompt = textgrad.Variable(job["prompt"], requires_grad=True, role_description=role)
    model = textgrad.BlackboxLLM(engine, prompt)
    optimizer = textgrad.TextualGradientDescent(engine=engine, parameters=[prompt])

    def given(value, role):
        return textgrad.Variable(value, requires_grad=False, role_description=role)

    def validated():
        answers = [model(given(it["asked"], "query to the language model")).value for it in job["validation"]]
        return sum(is_right(answer, it["key"]) for answer, it in zip(answers, job["validation"], strict=True))

    numbers = random.Random(job["seed"])
    best, best_prompt, steps, history = -1, job["prompt"], 0, []
    try:
        best = validated()
        history.append(best)
        while steps < job["steps"]:
            training = list(job["training"])
            numbers.shuffle(training)
            for at in range(0, len(training) - job["batch"] + 1, job["batch"]):
                optimizer.zero_grad()
                losses = []
                for it in training[at : at + job["batch"]]:
                    response = model(given(it["asked"], "query to the language model"))
                    key = given(it["key"], "correct answer for the query")
                    losses.append(evaluate(inputs={"prediction": response, "key": key}))
                textgrad.sum(losses).backward()
                try:
                    optimizer.step()
                except IndexError:  # an answer without the tags, of which TextGrad makes this
                    pass
                steps += 1
                if prompt.value != best_prompt:
                    found = validated()
                    history.append(found)
                    if found < best:
                        prompt.set_value(best_prompt)
                    else:
                        best, best_prompt = found, prompt.value
                if steps >= job["steps"]:
                    break
    except OutOfCalls:
        pass
    said = {"prompt": best_prompt, "calls": client.calls, "tokens": client.tokens, "steps": steps, "history": history}
    sys.stdout.write(json.dumps(said))


main()
