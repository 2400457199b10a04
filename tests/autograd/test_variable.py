"""The backward pass, against chains worked out by hand.

A node named N turns its gradients g1, g2 into `N(g1+g2)` for its first predecessor, `N'(g1+g2)` for its second, and so
on, so that a gradient's text tells the way that it came.
"""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coderefine.autograd.variable import Gradient, Variable


def leaf(name, *, requires_grad=True):
    return Variable(name, requires_grad=requires_grad)


def node(name, *predecessors, calls=None):
    def backward(variable):
        if calls is not None:
            calls.append(name)
        inner = "+".join(gradient.text for gradient in variable.gradients)
        return tuple(Gradient(f"{name}{chr(39) * i}({inner})") for i in range(len(predecessors)))

    return Variable(name, predecessors=predecessors, backward_fn=backward)


def texts(variable):
    return [gradient.text for gradient in variable.gradients]


def test_a_chain_hands_the_gradient_down():
    x = leaf("x")
    node("C", node("B", node("A", x))).backward()
    assert texts(x) == ["A(B(C()))"]


def test_a_fan_out_gives_the_leaf_one_gradient_for_each_use_in_the_order_of_use():
    x = leaf("x")
    node("L", node("A", x), node("B", x), node("C", x)).backward()
    assert texts(x) == ["A(L())", "B(L'())", "C(L''())"]


def test_a_diamond_aggregates_each_gradient_once_before_it_goes_on():
    x = leaf("x")
    shared = node("S", x)
    node("L", node("A", shared), node("B", shared)).backward()
    assert texts(shared) == ["A(L())", "B(L'())"]
    assert texts(x) == ["S(A(L())+B(L'()))"]


def test_a_shortcut_past_a_node_waits_for_the_longer_way():
    x = leaf("x")
    shared = node("S", x)
    node("L", shared, node("A", node("B", shared))).backward()
    assert texts(x) == ["S(L()+B(A(L'())))"]


def test_stacked_diamonds_call_each_node_once():
    calls = []

    def short(variable):
        calls.append(variable)
        return tuple(Gradient("g") for _ in variable.predecessors)

    x = top = leaf("x")
    for _ in range(30):  # 2**30 ways from top to bottom
        sides = tuple(Variable("side", predecessors=(top,), backward_fn=short) for _ in range(2))
        top = Variable("join", predecessors=sides, backward_fn=short)
    top.backward()
    assert len(calls) == len(set(calls)) == 90
    assert texts(x) == ["g", "g"]


def test_a_variable_used_twice_by_one_node_gets_both_gradients():
    x = leaf("x")
    node("L", x, x).backward()
    assert texts(x) == ["L()", "L'()"]


def test_the_gradient_of_the_root_is_handed_on():
    x = leaf("x")
    root = node("L", x)
    root.add_gradient(Gradient("seed"))
    root.backward()
    assert (texts(x), texts(root)) == (["L(seed)"], ["seed"])


def test_a_very_deep_graph_is_walked_without_recursion():
    x = top = Variable("x", requires_grad=True)
    for _ in range(20_000):
        top = Variable("n", predecessors=(top,), backward_fn=lambda _: (Gradient("g"),))
    top.backward()
    assert texts(x) == ["g"]


def test_a_variable_that_requires_no_gradient_gets_none():
    x, constant = leaf("x"), leaf("c", requires_grad=False)
    node("L", constant, x).backward()
    assert (texts(constant), texts(x)) == ([], ["L'()"])


def test_a_node_that_leads_to_no_variable_requiring_a_gradient_is_not_called():
    calls = []
    aside = node("A", leaf("c", requires_grad=False), calls=calls)
    x = leaf("x")
    node("L", aside, x, calls=calls).backward()
    assert calls == ["L"]
    assert texts(aside) == []


def test_a_node_may_give_no_gradient_to_a_predecessor():
    x, y = leaf("x"), leaf("y")
    Variable("L", predecessors=(x, y), backward_fn=lambda _: (None, Gradient("g"))).backward()
    assert (texts(x), texts(y)) == ([], ["g"])


def test_gradients_accumulate_over_passes_until_zero_grad():
    x = leaf("x")
    shared = node("S", x)
    node("L", shared).backward()
    node("M", shared).backward()
    assert texts(x) == ["S(L())", "S(M())"]  # the second pass does not hand the first one's on again
    assert texts(shared) == ["L()", "M()"]
    x.zero_grad()
    assert texts(x) == []


def test_a_pass_that_raises_leaves_every_gradient_as_it_was():
    def fail(_):
        raise RuntimeError("no answer")

    x = leaf("x")
    x.add_gradient(Gradient("before"))
    broken = Variable("B", predecessors=(x,), backward_fn=fail)
    root = node("L", x, broken)
    with pytest.raises(RuntimeError, match="no answer"):
        root.backward()
    assert (texts(x), texts(broken), texts(root)) == (["before"], [], [])


@pytest.mark.parametrize("given_back", [(), (Gradient("a"), Gradient("b"))])
def test_a_node_must_answer_for_each_predecessor(given_back):
    root = Variable("L", predecessors=(leaf("x"),), backward_fn=lambda _: given_back)
    with pytest.raises(ValueError, match="predecessors, not for 1"):
        root.backward()


def test_evidence_travels_with_the_gradient():
    x, report = leaf("x"), object()
    Variable("L", predecessors=(x,), backward_fn=lambda _: (Gradient("g", evidence=report),)).backward()
    assert x.gradients[0].evidence is report


def test_the_value_can_be_set_and_variables_of_equal_value_stay_apart():
    x, y = leaf("same"), leaf("same")
    x.value = "new"
    assert (x.value, y.value) == ("new", "same")
    y.value = "new"
    assert x != y


@given(st.lists(st.lists(st.integers(0, 30), max_size=3), min_size=1, max_size=12))
def test_in_any_graph_every_edge_on_the_way_carries_one_gradient(edges):
    calls = []

    def short(variable):
        calls.append(variable.value)
        return tuple(Gradient("g") for _ in variable.predecessors)

    x = leaf("x")
    nodes = [x]
    for index, picks in enumerate(edges):
        predecessors = tuple(nodes[pick % len(nodes)] for pick in picks)
        nodes.append(Variable(str(index), predecessors=predecessors, backward_fn=short))
    assume(nodes[-1].requires_grad)
    nodes[-1].backward()
    reached, leads_to_x = {nodes[-1]}, {x}
    for variable in reversed(nodes):
        if variable in reached:
            reached.update(variable.predecessors)
    for variable in nodes:
        if leads_to_x & set(variable.predecessors):
            leads_to_x.add(variable)
    alive = [variable for variable in nodes if variable in reached and variable in leads_to_x]
    assert sorted(calls) == sorted(variable.value for variable in alive if variable is not x)
    for variable in alive:
        assert len(variable.gradients) == sum(user.predecessors.count(variable) for user in alive)
