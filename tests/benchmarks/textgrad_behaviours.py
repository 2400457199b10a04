"""Tries what texts are optimized with, here and in TextGrad 0.1.8: a situation a line, and what came of it in both.

    python -m tests.benchmarks.textgrad_behaviours [--textgrad /path/to/venv/bin/python]

A situation is a promise, such as that criticisms keep their order; True says that it holds. Exits with 1 where one does not
hold here. Both sides are given the same answers by a model in their own process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import click

import coderefine
from coderefine.models.model import Answer

SIDE = Path(__file__).with_name("textgrad_behaviours_side.py")


class Scripted:
    """Answers with what a function says of the prompt, and keeps the prompts."""

    name = "scripted"

    def __init__(self, reply):
        self.reply, self.prompts = reply, []
        self.running = self.most = 0
        self.lock = threading.Lock()

    def complete(self, prompt):
        """Answer after a moment, so that calls side by side meet."""
        text = f"{prompt.system}\n{prompt.user}"
        with self.lock:
            self.prompts.append(text)
            self.running += 1
            self.most = max(self.most, self.running)
        time.sleep(0.02)
        with self.lock:
            self.running -= 1
        return Answer(self.reply(text), 1, 1, 0.0, 0.0)


def block(text):
    return f"```\n{text}\n```"


def engine(reply=lambda _: block("new")):
    return Scripted(reply)


def var(value, role="text", grad=True):
    return coderefine.Variable(value, role=role, requires_grad=grad)


def criticised(variable, *criticisms):
    for text in criticisms or ("Bad.",):
        variable.add_gradient(coderefine.Gradient(text))
    return variable


def raises(error, call, *arguments):
    try:
        call(*arguments)
    except error:
        return True
    return False


def number_is_a_type_error():
    return raises(TypeError, var, 3)


def list_set_later_is_a_type_error():
    return raises(TypeError, setattr, var("old"), "value", [1, 2])


def batch_reaches_the_text():
    text = var("old")
    loss = coderefine.TextLoss(engine(lambda _: "Shorter."), "Good?")
    coderefine.sum([loss(text), loss(text), loss(text)]).backward()
    return len(text.gradients) == 3


def criticisms_keep_their_order():
    orders = set()
    for _ in range(20):
        made, text = engine(), criticised(var("old"), "First.", "Second.", "Third.")
        coderefine.TextDescent(text, made).step()
        orders.add(tuple(sorted(("First.", "Second.", "Third."), key=made.prompts[0].index)))
    return orders == {("First.", "Second.", "Third.")}


def step_with(**options):
    made = engine()
    coderefine.TextDescent(criticised(var("old")), made, **options).step()
    return made.prompts[0]


def constraints_are_sent():
    return "Ten words." in step_with(constraints=["Ten words."])


def examples_are_sent():
    return "A good one." in step_with(examples=["A good one."])


def own_system_prompt_is_sent():
    return "You edit." in step_with(system="You edit.")


def momentum_shows_earlier_texts():
    made, text = engine(), criticised(var("the very old text"))
    optimizer = coderefine.TextDescent(text, made, momentum=2)
    optimizer.step()
    criticised(text)
    optimizer.step()
    return "the very old text" in made.prompts[1]


def two_texts(reply=lambda _: block("new")):
    made, texts = engine(reply), [criticised(var("one")), criticised(var("two"))]
    return made, texts, coderefine.TextDescent(texts, made)


def several_texts_in_one_step():
    _, texts, optimizer = two_texts()
    optimizer.step()
    return [text.value for text in texts] == ["new", "new"]


def several_texts_are_asked_for_side_by_side():
    made, _, optimizer = two_texts()
    optimizer.step()
    return made.most == 2


def failing_step_changes_no_text():
    def reply(prompt):
        if "two" in prompt:
            raise coderefine.ModelError("gone")
        return block("new")

    _, texts, optimizer = two_texts(reply)
    return raises(coderefine.ModelError, optimizer.step) and [text.value for text in texts] == ["one", "two"]


def unreadable_answer_is_asked_for_again():
    replies, text = iter(["Looks fine.", block("new")]), criticised(var("old"))
    coderefine.TextDescent(text, engine(lambda _: next(replies))).step()
    return text.value == "new"


def text_without_criticism_costs_no_call():
    made = engine()
    coderefine.TextDescent(var("old"), made).step()
    return not made.prompts


def marks_of_the_answer_may_be_in_the_text():
    inner = "Write:\n```\nx\n```\nDone."
    text = criticised(var(inner.replace("x", "y")))
    coderefine.TextDescent(text, engine(lambda _: f"````\n{inner}\n````")).step()
    return text.value == inner


def formatted_call_at_the_root_criticises():
    text = var("old")
    coderefine.FormattedCall(engine(lambda _: "Shorter."), "Is $text good?")(text=text).backward()
    return len(text.gradients) == 1


def function_at_the_root_criticises():
    text = var("old")
    coderefine.Function(lambda text: f"{text} is short")(text).backward()
    return len(text.gradients) == 1


def long_text_is_criticised_whole():
    made, text = engine(lambda _: "Shorter."), var(" ".join(f"w{n}" for n in range(100)), "summary")
    coderefine.ModelCall(made)(text).backward()
    return "w50" in made.prompts[-1]


def failing_backward_changes_no_gradient():
    replies, text = iter(["Evaluation.", "Evaluation.", "Shorter."]), var("old")

    def reply(_):
        try:
            return next(replies)
        except StopIteration:
            raise coderefine.ModelError("gone") from None

    call = coderefine.ModelCall(engine(reply))
    total = coderefine.sum([call(text), call(text)])
    return raises(coderefine.ModelError, total.backward) and not text.gradients


def fields_are_evaluated_and_a_figure_parsed():
    loss = field_loss(["question", "answer"], "Right. <A>1</A>")
    return loss.figure(loss({"question": var("q"), "answer": var("a")})) == 1


def field_loss(fields, *answers, instruction="Right?"):
    replies = iter(answers)
    made = engine(lambda _: next(replies))
    return coderefine.FieldLoss(made, instruction, fields, parse=coderefine.tagged_number("A"))


def missing_figure_is_asked_for_again():
    loss = field_loss(["answer"], "Right.", "<A>1</A>")
    return loss.figure(loss({"answer": var("a")})) == 1


def braces_in_an_instruction_are_words():
    loss = field_loss(["answer"], "<A>1</A>", instruction="Is it {json}?")
    loss({"answer": var("a")})
    return "{json}" in loss.model.prompts[0]


def backward_calls_run_side_by_side():
    made = engine(lambda _: "Shorter.")
    call = coderefine.ModelCall(made)
    total = coderefine.sum([call(var(name)) for name in "ab"])
    made.most = 0
    total.backward()
    return made.most == 2


def import_writes_no_files():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-c", "import coderefine; coderefine.TextDescent"], cwd=folder, check=True)
        return not list(Path(folder).iterdir())


SITUATIONS = (
    number_is_a_type_error,
    list_set_later_is_a_type_error,
    batch_reaches_the_text,
    criticisms_keep_their_order,
    constraints_are_sent,
    examples_are_sent,
    own_system_prompt_is_sent,
    momentum_shows_earlier_texts,
    several_texts_in_one_step,
    several_texts_are_asked_for_side_by_side,
    failing_step_changes_no_text,
    unreadable_answer_is_asked_for_again,
    text_without_criticism_costs_no_call,
    marks_of_the_answer_may_be_in_the_text,
    formatted_call_at_the_root_criticises,
    function_at_the_root_criticises,
    long_text_is_criticised_whole,
    failing_backward_changes_no_gradient,
    fields_are_evaluated_and_a_figure_parsed,
    missing_figure_is_asked_for_again,
    braces_in_an_instruction_are_words,
    backward_calls_run_side_by_side,
    import_writes_no_files,
)


def theirs(python: str) -> dict:
    """Return what TextGrad does, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        names = json.dumps([situation.__name__ for situation in SITUATIONS])
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        environment |= {"XDG_CACHE_HOME": folder, "SITUATIONS": names, "OPENAI_API_KEY": "none"}
        done = subprocess.run([python, SIDE], capture_output=True, text=True, check=False, cwd=folder, env=environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.rpartition("FOUND ")[2])


@click.command()
@click.option("--textgrad", "python", metavar="PYTHON", help="The interpreter of an environment with textgrad 0.1.8.")
def main(python: str | None) -> None:
    """Print both columns."""
    other = theirs(python) if python else {}
    failed = 0
    for situation in SITUATIONS:
        holds = situation()
        failed += not holds
        name = situation.__name__
        click.echo(f"{name.replace('_', ' '):45} {'yes' if holds else 'NO':5} {told(other.get(name))}")
    click.echo(
        f"{len(SITUATIONS) - failed} of {len(SITUATIONS)} hold here"
        + (f", {sum(it is True for it in other.values())} in TextGrad" if other else "")
    )
    sys.exit(bool(failed))


def told(found) -> str:
    return {None: "", True: "yes", False: "no"}.get(found, f"no: {found}")


if __name__ == "__main__":
    main()
