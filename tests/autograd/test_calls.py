"""Calls of a model as nodes, over the real litellm."""

from __future__ import annotations

import pytest

from coderefine.autograd import operations
from coderefine.autograd.calls import FormattedCall, ModelCall
from coderefine.autograd.mode import no_grad
from coderefine.autograd.variable import Gradient, Variable
from coderefine.budget import Budget, Meter
from coderefine.descent.models import open_model
from coderefine.errors import BudgetExhausted
from tests.scripted_server import serve


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "dummy-key")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def opened(server, meter=None, name="openai/scripted"):
    return open_model(name, api_base=server.url, meter=meter or Meter())


def texts(variable):
    return [gradient.text for gradient in variable.gradients]


def criticised(answer, *criticisms):
    for criticism in criticisms:
        answer.add_gradient(Gradient(criticism))
    return answer


def test_a_call_answers_a_question_under_a_system_prompt():
    with serve(["4"]) as server:
        answer = ModelCall(opened(server), system="Be terse.")(Variable("2 + 2?"))
    assert (answer.value, answer.role) == ("4", "answer of a language model")
    [request] = server.requests
    assert (request.system, request.user) == ("Be terse.", "2 + 2?")


def test_without_a_system_prompt_none_is_sent():
    with serve(["4"]) as server:
        ModelCall(opened(server))(Variable("2 + 2?"))
    assert [message["role"] for message in server.requests[0].body["messages"]] == ["user"]


def test_the_backward_pass_asks_for_a_criticism_of_each_input_that_requires_a_gradient():
    question = Variable("2 + 2?", role="question", requires_grad=True)
    system = Variable("Be terse.", role="system prompt")
    with serve(["4", "Ask for a sentence."]) as server:
        answer = ModelCall(opened(server), system=system)(question)
        criticised(answer, "Too short.", "No reason given.").backward()
    assert (texts(question), texts(system)) == (["Ask for a sentence."], [])
    asked = server.requests[1].user
    assert all(part in asked for part in ("2 + 2?", "Be terse.", "Too short.", "No reason given.", "question"))
    assert "\n4\n" in asked


def test_several_inputs_are_criticised_in_their_own_calls():
    def reply(request):
        return "On the system prompt." if "\nsystem prompt\n" in request.user else "On the question."

    question = Variable("2 + 2?", role="question", requires_grad=True)
    system = Variable("Be terse.", role="system prompt", requires_grad=True)
    with serve(["4", reply, reply]) as server:
        criticised(ModelCall(opened(server), system=system)(question), "Too short.").backward()
    assert (texts(question), texts(system)) == (["On the question."], ["On the system prompt."])


def test_long_texts_are_shown_whole():
    long = " ".join(str(number) for number in range(5000))
    question = Variable(long, requires_grad=True)
    with serve(["4", "Shorter."]) as server:
        criticised(ModelCall(opened(server))(question), "Bad.").backward()
    assert long in server.requests[1].user


def test_an_answer_that_was_not_criticised_costs_no_second_call():
    question = Variable("2 + 2?", requires_grad=True)
    with serve(["4"]) as server:
        answer = ModelCall(opened(server))(question)
        Variable("fine", predecessors=(answer,), backward_fn=lambda _: [None]).backward()
    assert (texts(question), len(server.requests)) == ([], 1)


def test_a_call_at_the_root_is_a_loss():
    question, fixed = Variable("2 + 2?", role="question", requires_grad=True), Variable("German")
    with serve(["It is no sentence.", "Write a sentence."]) as server:
        call = FormattedCall(opened(server), "Is $question good $language?")
        evaluation = call(question=question, language=fixed)
        evaluation.backward()
    assert (texts(question), texts(evaluation), texts(fixed)) == (["Write a sentence."], [], [])
    asked = server.requests[1].user
    assert "# Evaluation\n\n```\nIt is no sentence.\n```" in asked
    assert "Criticisms" not in asked


def test_each_call_in_a_sum_is_a_loss_of_its_own():
    def reply(request):
        return f"On {'one' if 'It is one' in request.user else 'two'}."

    question = Variable("2 + 2?", requires_grad=True)
    with serve(["It is one.", "It is two.", reply, reply]) as server:
        call = ModelCall(opened(server))
        losses = [call(question), call(question)]
        operations.sum([operations.sum(losses[:1]), losses[1]]).backward()
    assert texts(question) == ["On one.", "On two."]
    assert [texts(loss) for loss in losses] == [[], []]


def test_the_criticism_is_of_the_text_as_it_was_when_the_call_was_made():
    question = Variable("old", requires_grad=True)
    with serve(["4", "Bad."]) as server:
        answer = ModelCall(opened(server))(question)
        question.value = "new"
        criticised(answer, "Wrong.").backward()
    assert "old" in server.requests[1].user
    assert "new" not in server.requests[1].user.split("# Task")[0]


def test_another_model_may_be_the_critic():
    question = Variable("2 + 2?", requires_grad=True)
    with serve(["4", "Better."]) as server:
        call = ModelCall(opened(server), critic=opened(server, name="openai/critic"))
        criticised(call(question), "Wrong.").backward()
    assert [request.body["model"] for request in server.requests] == ["scripted", "critic"]


def test_the_evidence_of_a_criticism_travels_on():
    question, report = Variable("2 + 2?", requires_grad=True), object()
    with serve(["4", "Better."]) as server:
        answer = ModelCall(opened(server))(question)
        answer.add_gradient(Gradient("Wrong.", report))
        answer.backward()
    assert question.gradients[0].evidence is report


def test_a_template_is_filled_with_the_values_of_its_fields():
    with serve(["Hallo"]) as server:
        answer = FormattedCall(opened(server), "Translate $text to $language. $$1")(
            text=Variable("hello $x"), language=Variable("German", requires_grad=True)
        )
    assert server.requests[0].user == "Translate hello $x to German. $1"
    assert [variable.value for variable in answer.predecessors] == ["hello $x", "German"]


def test_a_variable_in_two_fields_is_criticised_once():
    word = Variable("hello", requires_grad=True)
    with serve(["Hallo", "Another word."]) as server:
        answer = FormattedCall(opened(server), "$a or $b")(a=word, b=word)
        criticised(answer, "Wrong.").backward()
    assert texts(word) == ["Another word."]
    assert len(server.requests) == 2


@pytest.mark.parametrize("fields", [{}, {"a": "1", "b": "2"}, {"b": "1"}])
def test_the_fields_must_be_those_of_the_template(fields):
    with serve([]) as server:
        call = FormattedCall(opened(server), "$a")
        with pytest.raises(TypeError, match=r"takes the fields \['a'\]"):
            call(**{name: Variable(value) for name, value in fields.items()})
    assert server.requests == []


def test_a_malformed_template_is_refused_at_once():
    with serve([]) as server, pytest.raises(ValueError, match=r"write \$\$"):
        FormattedCall(opened(server), "costs $5")


def test_calls_count_in_the_budget_and_running_out_leaves_no_gradient():
    meter = Meter(Budget(max_calls=2))
    question = Variable("2 + 2?", requires_grad=True)
    system = Variable("Be terse.", requires_grad=True)
    with serve(["4", "One.", "Two."]) as server:
        answer = criticised(ModelCall(opened(server, meter), system=system)(question), "Wrong.")
        with pytest.raises(BudgetExhausted):
            answer.backward()
    assert (meter.calls, texts(question), texts(system)) == (2, [], [])


def test_within_no_grad_a_call_leaves_no_history():
    with serve(["4"]) as server, no_grad():
        answer = ModelCall(opened(server))(Variable("2 + 2?", requires_grad=True))
    assert (answer.value, answer.predecessors) == ("4", ())
