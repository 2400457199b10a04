"""What TextGrad 0.1.8 does in the situations of `textgrad_behaviours.py`. Runs where `textgrad` is installed.

Prints a JSON object: for each situation True or False, or the name of the exception that came.
"""

import json
import os
import sys
import threading
import time

import textgrad
from textgrad.autograd import FormattedLLMCall, LLMCall
from textgrad.autograd.string_based_ops import StringBasedFunction
from textgrad.loss import MultiFieldTokenParsedEvaluation, TextLoss
from textgrad.optimizer import TextualGradientDescent
from textgrad.optimizer.optimizer import TextualGradientDescentwithMomentum


class Engine(textgrad.EngineLM):
    """Answers with what a function says of the prompt, and keeps the prompts."""

    model_string = "scripted"

    def __init__(self, reply):
        self.reply, self.prompts = reply, []
        self.running = self.most = 0
        self.lock = threading.Lock()

    def generate(self, prompt, system_prompt=None, **_):
        with self.lock:
            self.prompts.append(f"{system_prompt}\n{prompt}")
            self.running += 1
            self.most = max(self.most, self.running)
        time.sleep(0.02)
        with self.lock:
            self.running -= 1
        return self.reply(f"{system_prompt}\n{prompt}")

    __call__ = generate


def improved(text):
    return f"<IMPROVED_VARIABLE>{text}</IMPROVED_VARIABLE>"


def engine(reply=lambda _: improved("new")):
    made = Engine(reply)
    textgrad.set_backward_engine(made, override=True)
    return made


def var(value, role="text", grad=True):
    return textgrad.Variable(value, role_description=role, requires_grad=grad)


def criticised(variable, *criticisms):
    for text in criticisms or ("Bad.",):
        variable.gradients.add(var(text, "feedback"))
    return variable


def number_is_a_type_error():
    try:
        var(3)
    except TypeError:
        return True
    return False


def list_set_later_is_a_type_error():
    made, text = engine(), var("old")
    try:
        text.set_value([1, 2])
        TextLoss("Good?", made)(text)
    except TypeError:
        return True
    return False


def batch_reaches_the_text():
    made, text = engine(lambda _: "Shorter."), var("old")
    loss = TextLoss("Good?", made)
    textgrad.sum([loss(text), loss(text), loss(text)]).backward()
    return len(text.gradients) == 3


def criticisms_keep_their_order():
    orders = set()
    for _ in range(20):
        made, text = engine(), criticised(var("old"), "First.", "Second.", "Third.")
        TextualGradientDescent([text], engine=made).step()
        orders.add(tuple(sorted(("First.", "Second.", "Third."), key=made.prompts[0].index)))
    return orders == {("First.", "Second.", "Third.")}


def step_with(**options):
    made, text = engine(), criticised(var("old"))
    TextualGradientDescent([text], engine=made, **options).step()
    return made.prompts[0]


def constraints_are_sent():
    return "Ten words." in step_with(constraints=["Ten words."])


def examples_are_sent():
    return "A good one." in step_with(in_context_examples=["A good one."])


def own_system_prompt_is_sent():
    return "You edit." in step_with(optimizer_system_prompt="You edit.")


def momentum_shows_earlier_texts():
    made, text = engine(), criticised(var("the very old text"))
    optimizer = TextualGradientDescentwithMomentum(engine=made, parameters=[text], momentum_window=2)
    optimizer.step()
    criticised(text)
    optimizer.step()
    return "the very old text" in made.prompts[1]


def several_texts_in_one_step():
    made, texts = engine(), [criticised(var("one")), criticised(var("two"))]
    TextualGradientDescent(texts, engine=made).step()
    return [text.value for text in texts] == ["new", "new"]


def several_texts_are_asked_for_side_by_side():
    made, texts = engine(), [criticised(var("one")), criticised(var("two"))]
    TextualGradientDescent(texts, engine=made).step()
    return made.most == 2


def failing_step_changes_no_text():
    def reply(prompt):
        if "two" in prompt:
            raise RuntimeError
        return improved("new")

    made, texts = engine(reply), [criticised(var("one")), criticised(var("two"))]
    try:
        TextualGradientDescent(texts, engine=made).step()
    except RuntimeError:
        return [text.value for text in texts] == ["one", "two"]
    return False


def unreadable_answer_is_asked_for_again():
    replies = iter(["Looks fine.", improved("new")])
    made, text = engine(lambda _: next(replies)), criticised(var("old"))
    TextualGradientDescent([text], engine=made).step()
    return text.value == "new"


def text_without_criticism_costs_no_call():
    made = engine()
    TextualGradientDescent([var("old")], engine=made).step()
    return not made.prompts


def marks_of_the_answer_may_be_in_the_text():
    inner = "Write <IMPROVED_VARIABLE>x</IMPROVED_VARIABLE>."
    made, text = engine(lambda _: improved(inner)), criticised(var(inner.replace("x", "y")))
    TextualGradientDescent([text], engine=made).step()
    return text.value == inner


def formatted_call_at_the_root_criticises():
    made, text = engine(lambda _: "Shorter."), var("old")
    FormattedLLMCall(made, "Is {text} good?", {"text": None})(inputs={"text": text}).backward()
    return len(text.gradients) == 1


def function_at_the_root_criticises():
    engine(lambda _: "Shorter.")
    text = var("old")
    StringBasedFunction(lambda text: f"{text} is short", "length")({"text": text}).backward()
    return len(text.gradients) == 1


def long_text_is_criticised_whole():
    made, text = engine(lambda _: "Shorter."), var(" ".join(f"w{n}" for n in range(100)), "summary")
    LLMCall(made)(text).backward()
    return "w50" in made.prompts[-1]


def failing_backward_changes_no_gradient():
    replies = iter(["Evaluation.", "Evaluation.", "Shorter."])
    made, text = engine(lambda _: next(replies)), var("old")
    loss = TextLoss("Good?", made)
    total = textgrad.sum([loss(text), loss(text)])
    try:
        total.backward()
    except StopIteration:
        return not text.gradients
    return False


def fields_are_evaluated_and_a_figure_parsed():
    made = engine(lambda _: "Right. <A>1</A>")
    loss = MultiFieldTokenParsedEvaluation(
        var("Right?", grad=False), ["question", "answer"], made, parse_tags=["<A>", "</A>"]
    )
    return float(loss.parse_output(loss([var("q"), var("a")]))) == 1


def missing_figure_is_asked_for_again():
    replies = iter(["Right.", "<A>1</A>"])
    made = engine(lambda _: next(replies))
    loss = MultiFieldTokenParsedEvaluation(var("Right?", grad=False), ["answer"], made, parse_tags=["<A>", "</A>"])
    return float(loss.parse_output(loss([var("a")]))) == 1


def braces_in_an_instruction_are_words():
    made = engine(lambda _: "Fine.")
    loss = MultiFieldTokenParsedEvaluation(
        var("Is it {json}?", grad=False), ["answer"], made, parse_tags=["<A>", "</A>"]
    )
    loss([var("a")])
    return "{json}" in made.prompts[0]


def backward_calls_run_side_by_side():
    made, texts = engine(lambda _: "Shorter."), [var(name) for name in "ab"]
    loss = TextLoss("Good?", made)
    total = textgrad.sum([loss(text) for text in texts])
    made.most = 0
    total.backward()
    return made.most == 2


def import_writes_no_files():
    return not os.path.exists("logs")


def main():
    """Try each situation."""
    found = {}
    for name in json.loads(os.environ["SITUATIONS"]):
        try:
            found[name] = bool(globals()[name]())
        except Exception as error:  # noqa: BLE001 - what came is what is told
            found[name] = type(error).__name__
    sys.stdout.write(f"FOUND {json.dumps(found)}")


main()
