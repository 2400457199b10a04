"""One iteration of TextGrad's code optimization: evaluation, gradient, update. Runs where `textgrad` is installed.

    python textgrad_side.py < job.json

The job holds the address of a server and the texts. Prints the program that TextGrad ends with.
"""

import json
import sys

import textgrad
from openai import OpenAI
from textgrad.autograd import FormattedLLMCall
from textgrad.engine.local_model_openai_api import ChatExternalClient
from textgrad.optimizer import TextualGradientDescent


def main() -> None:
    """Run the iteration."""
    job = json.load(sys.stdin)
    engine = ChatExternalClient(client=OpenAI(base_url=job["url"], api_key="none"), model_string="scripted")
    textgrad.set_backward_engine(engine, override=True)

    def given(value: str, role: str) -> textgrad.Variable:
        return textgrad.Variable(value, requires_grad=False, role_description=role)

    code = textgrad.Variable(job["code"], requires_grad=True, role_description=job["role"])
    optimizer = TextualGradientDescent(engine=engine, parameters=[code])
    call = FormattedLLMCall(
        engine=engine,
        format_string="The coding problem:\n\n{problem}\n\nThe code:\n\n{code}\n\nThe test results:\n\n{tests}\n",
        fields={"problem": None, "code": None, "tests": None},
        system_prompt=given(job["instruction"], "system prompt for the evaluation of the code"),
    )
    inputs = {
        "problem": given(job["problem"], "the coding problem"),
        "code": code,
        "tests": given(job["tests"], "the results of the unit tests on the code"),
    }
    call(inputs=inputs, response_role_description=f"evaluation of the {job['role']}").backward()
    optimizer.step()
    sys.stdout.write(code.value)


main()
