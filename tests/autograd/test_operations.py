"""Functions, sums and aggregates, against chains worked out by hand."""

from __future__ import annotations

import pytest

from coderefine.autograd import operations
from coderefine.autograd.function import Function
from coderefine.autograd.variable import Gradient, Variable, evidence_of
from coderefine.budget import Meter
from coderefine.descent.models import open_model
from coderefine.errors import ModelError
from tests.scripted_server import serve


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "dummy-key")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def leaf(name):
    return Variable(name, requires_grad=True)


def criticise(text, variable, evidence=None):
    return Variable(text, predecessors=(variable,), backward_fn=lambda loss: [Gradient(loss.value, evidence)])


def texts(variable):
    return [gradient.text for gradient in variable.gradients]


def test_a_function_computes_its_output_from_the_values_of_its_inputs():
    join = Function(lambda a, b: f"{a}-{b}", role="joined")
    output = join(leaf("x"), leaf("y"))
    assert (output.value, output.role, output.requires_grad) == ("x-y", "joined", True)


def test_a_function_hands_criticism_on_as_it_is_unless_told_otherwise():
    x, y = leaf("x"), leaf("y")
    criticise("Bad.", Function(lambda a, b: a + b)(x, y)).backward()
    assert (texts(x), texts(y)) == (["Bad."], ["Bad."])


def test_the_backward_pass_of_a_function_sees_output_and_inputs():
    def backward(output):
        return [
            Gradient(f"{variable.value}->{output.value}: {output.gradients[0].text}")
            for variable in output.predecessors
        ]

    x = leaf("x")
    criticise("Bad.", Function(str.upper, backward)(x)).backward()
    assert texts(x) == ["x->X: Bad."]


def test_at_the_root_the_text_that_a_function_returns_is_the_criticism():
    x, y = leaf("x"), leaf("y")
    root = Function(lambda a, b: f"{a} repeats {b}.")(x, y)
    root.backward()
    assert (texts(x), texts(y), texts(root)) == (["x repeats y."], ["x repeats y."], [])


def test_at_the_root_no_words_are_no_criticism():
    x = leaf("x")
    Function(lambda _: " ")(x).backward()
    assert texts(x) == []


def test_at_the_root_a_function_may_criticise_by_itself():
    x = leaf("x")
    Function(lambda _: "3 of 4", lambda output: [Gradient(f"{len(output.gradients)} given")], as_root="loss")(
        x
    ).backward()
    assert texts(x) == ["0 given"]


@pytest.mark.parametrize("operation", [operations.sum, operations.aggregate])
def test_at_the_root_of_several_losses_each_is_a_root(operation):
    x, y = leaf("x"), leaf("y")
    operation([Function(lambda _: "First.")(x), Function(lambda _: "Second.")(y), criticise("Third.", y)]).backward()
    assert (texts(x), texts(y)) == (["First."], ["Second.", "Third."])


def test_a_sum_that_was_criticised_hands_that_on_instead():
    x = leaf("x")
    total = operations.sum([Function(lambda _: "First.")(x)])
    total.add_gradient(Gradient("Bad."))
    total.backward()
    assert (texts(x), texts(total)) == (["Bad."], ["Bad."])


def test_a_root_that_leads_nowhere_is_an_error():
    with pytest.raises(ValueError, match="nothing criticises 'the text'"):
        Variable("x", role="the text", requires_grad=True).backward()
    with pytest.raises(ValueError, match="requires_grad=True"):
        Function(str.upper)(Variable("x")).backward()


def test_a_sum_is_the_losses_in_order_and_hands_back_each_ones_criticism_once():
    x = leaf("x")
    total = operations.sum([criticise("First.", x), criticise("Second.", x)])
    assert total.value == "First.\n\nSecond."
    total.backward()
    assert texts(x) == ["First.", "Second."]


def test_a_loss_that_stands_in_a_sum_twice_is_handed_its_criticism_once():
    x = leaf("x")
    loss = Function(str.upper)(x)
    total = operations.sum([loss, loss])
    total.add_gradient(Gradient("Too long."))
    total.backward()
    assert texts(x) == ["Too long."]


def test_an_aggregate_of_one_variable_reduces_its_criticisms_to_one():
    x = leaf("x")
    merged = operations.aggregate([x])
    operations.sum([criticise("First.", merged), criticise("Second.", merged)]).backward()
    assert merged.value == "x"
    assert texts(merged) == ["First.", "Second."]
    assert texts(x) == ["First.\n\nSecond."]


def test_an_aggregate_of_several_variables_reaches_each_of_them_once():
    x, y = leaf("x"), leaf("y")
    merged = operations.aggregate([x, y, x])
    assert merged.value == "x\n\ny\n\nx"
    criticise("Bad.", merged).backward()
    assert (texts(x), texts(y)) == (["Bad."], ["Bad."])


def test_the_reduced_criticism_rests_on_all_evidence():
    x, first, second = leaf("x"), object(), object()
    merged = operations.aggregate([x])
    operations.sum([criticise(str(at), merged, at) for at in (first, second, first)]).backward()
    assert x.gradients[0].evidence == (first, second)


def test_evidence_that_all_share_stays_itself():
    shared = object()
    assert evidence_of([Gradient("a", shared), Gradient("b"), Gradient("c", shared)]) is shared
    assert evidence_of([Gradient("a")]) is None


def test_a_model_merges_several_criticisms_in_one_call():
    x = leaf("the text")
    with serve(["Both."]) as server:
        model = open_model("openai/scripted", api_base=server.url, meter=Meter())
        merged = operations.aggregate([x], model=model)
        operations.sum([criticise("First.", merged), criticise("Second.", merged)]).backward()
    assert texts(x) == ["Both."]
    [request] = server.requests
    assert all(part in request.user for part in ("the text", "First.", "Second."))


def test_a_single_criticism_is_not_worth_a_call():
    x = leaf("x")
    with serve([]) as server:
        model = open_model("openai/scripted", api_base=server.url, meter=Meter())
        criticise("Only.", operations.aggregate([x], model=model)).backward()
    assert (texts(x), server.requests) == (["Only."], [])


def test_a_model_that_fails_leaves_no_gradient():
    x = leaf("x")
    with serve([]) as server:
        model = open_model("openai/scripted", api_base=server.url, meter=Meter())
        merged = operations.aggregate([x], model=model)
        total = operations.sum([criticise("First.", merged), criticise("Second.", merged)])
        with pytest.raises(ModelError):
            total.backward()
    assert (texts(x), texts(merged)) == ([], [])


@pytest.mark.parametrize("operation", [operations.sum, operations.aggregate])
def test_nothing_cannot_be_put_together(operation):
    with pytest.raises(ValueError, match="nothing to put together"):
        operation([])
