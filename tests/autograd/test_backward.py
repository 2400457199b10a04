"""Independent nodes run side by side, and nobody can tell from the gradients."""

from __future__ import annotations

import contextvars
import os
import signal
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coderefine.autograd.mode import no_grad, recording
from coderefine.autograd.variable import Gradient, Variable, backward, zero_grad
from coderefine.budget import Budget, Meter
from coderefine.errors import BudgetExhausted
from coderefine.models.metered import MeteredModel
from coderefine.models.model import Answer, Prompt
from tests.soak import examples

GRAPHS = st.lists(st.lists(st.integers(0, 30), max_size=3), min_size=1, max_size=12)


def leaf(name, *, requires_grad=True):
    return Variable(name, requires_grad=requires_grad)


def node(name, *predecessors, wait=lambda: None):
    """A node that turns its gradients g1, g2 into `name.0(g1+g2)` for its first predecessor, and so on."""

    def run(variable):
        wait()
        inner = "+".join(gradient.text for gradient in variable.gradients)
        return [Gradient(f"{name}.{at}({inner})") for at in range(len(predecessors))]

    return Variable(name, predecessors=predecessors, backward_fn=run)


def texts(variable):
    return [gradient.text for gradient in variable.gradients]


def graph(edges, wait=lambda: None):
    """The leaves x and y (which requires no gradient), and a node for each list of picks."""
    nodes = [leaf("x"), leaf("y", requires_grad=False)]
    for index, picks in enumerate(edges):
        nodes.append(node(f"n{index}", *(nodes[pick % len(nodes)] for pick in picks), wait=wait))
    return nodes


def by_recursion(root, variable):
    """What `variable` is to receive: asked from below, over the users in the order in which a walk from above ends."""
    order = []

    def visit(each):
        if each in order or not each.requires_grad:
            return
        for predecessor in reversed(each.predecessors):
            visit(predecessor)
        order.append(each)

    visit(root)
    found = []
    for user in reversed(order):
        for at, predecessor in enumerate(user.predecessors):
            if predecessor is variable:
                inner = "+".join(by_recursion(root, user))
                found.append(f"{user.value}.{at}({inner})")
    return found


@settings(deadline=None, max_examples=examples(50))
@given(GRAPHS)
def test_any_graph_agrees_with_a_recursive_reference(edges):
    nodes = graph(edges)
    if not nodes[-1].requires_grad:
        with pytest.raises(ValueError, match="no gradient can pass"):
            nodes[-1].backward()
        return
    nodes[-1].backward()
    for variable in nodes:
        expected = by_recursion(nodes[-1], variable) if variable.requires_grad else []
        assert texts(variable) == expected


@settings(deadline=None, max_examples=examples(30))
@given(GRAPHS.filter(lambda edges: graph(edges)[-1].requires_grad), st.randoms())
def test_the_order_is_that_of_one_thread_whichever_call_ends_first(edges, random):
    pauses = [random.random() / 1000 for _ in range(100)]
    side_by_side = graph(edges, wait=lambda: time.sleep(pauses.pop() if pauses else 0))
    in_turn = graph(edges)
    backward(side_by_side[-1])
    backward(in_turn[-1], max_threads=1)
    assert [texts(variable) for variable in side_by_side] == [texts(variable) for variable in in_turn]


def test_independent_nodes_run_at_the_same_time():
    both = threading.Barrier(2, timeout=20)  # breaks unless two are there at once
    x = leaf("x")
    node("L", node("A", x, wait=both.wait), node("B", x, wait=both.wait)).backward()
    assert texts(x) == ["A.0(L.0())", "B.0(L.1())"]


def test_at_most_so_many_threads_run():
    running, most = set(), []

    def wait():
        running.add(threading.get_ident())
        most.append(len(running))
        time.sleep(0.01)
        running.discard(threading.get_ident())

    x = leaf("x")
    backward(node("L", *(node(f"n{at}", x, wait=wait) for at in range(9))), max_threads=2)
    assert max(most) == 2


def test_a_chain_stays_in_the_thread_of_the_caller():
    seen = []
    x = leaf("x")
    chain = node("A", node("B", x, wait=lambda: seen.append(threading.get_ident())))
    chain.backward()
    assert seen == [threading.get_ident()]


def fail(message):
    def run(_):
        raise RuntimeError(message)

    return run


def test_an_error_on_one_of_several_threads_leaves_every_gradient_as_it_was():
    x = leaf("x")
    x.add_gradient(Gradient("before"))
    good = node("A", x)
    bad = Variable("B", predecessors=(x,), backward_fn=fail("no answer"))
    root = node("L", good, bad)
    with pytest.raises(RuntimeError, match="no answer"):
        root.backward()
    assert [texts(each) for each in (x, good, bad, root)] == [["before"], [], [], []]


def test_of_several_errors_the_first_in_the_graph_is_raised():
    x = leaf("x")
    slow = Variable("A", predecessors=(x,), backward_fn=lambda _: (time.sleep(0.1), fail("first")(_)))
    quick = Variable("B", predecessors=(x,), backward_fn=fail("second"))
    with pytest.raises(RuntimeError, match="first"):
        node("L", slow, quick).backward()


class Echo:
    name = "echo"

    def complete(self, prompt):
        time.sleep(0.05)
        return Answer("Better.", 10, 1, 0.0, 0.05)


def test_a_budget_holds_also_where_calls_run_side_by_side_and_running_out_is_raised():
    meter = Meter(Budget(max_calls=3))
    model = MeteredModel(Echo(), meter)

    def ask(_):
        return [Gradient(model.complete(Prompt("", "How?")).text)]

    x = leaf("x")
    calls = [Variable(str(at), predecessors=(x,), backward_fn=ask) for at in range(6)]
    with pytest.raises(BudgetExhausted, match="3 model calls"):
        node("L", *calls).backward()
    assert (meter.calls, texts(x)) == (3, [])


def test_ctrl_c_does_not_wait_for_the_calls_under_way_and_leaves_the_gradients():
    release = threading.Event()
    x = leaf("x")
    x.add_gradient(Gradient("before"))
    both = threading.Barrier(2, timeout=20)

    def hang():
        if both.wait() == 0:
            os.kill(os.getpid(), signal.SIGINT)
        release.wait(30)

    started = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            node("L", node("A", x, wait=hang), node("B", x, wait=hang)).backward()
    finally:
        release.set()
    assert time.monotonic() - started < 15
    assert texts(x) == ["before"]


def test_a_backward_function_sees_the_context_of_the_caller_and_records_nothing():
    name = contextvars.ContextVar("name", default="unset")
    seen = []
    x = leaf("x")
    look = lambda: seen.append((name.get(), recording()))  # noqa: E731
    name.set("caller")
    node("L", node("A", x, wait=look), node("B", x, wait=look), wait=look).backward()
    assert seen == [("caller", False)] * 3
    assert recording()


def test_several_gradients_may_be_given_to_one_predecessor():
    x = leaf("x")
    Variable("L", predecessors=(x,), backward_fn=lambda _: [(Gradient("a"), Gradient("b"))]).backward()
    assert texts(x) == ["a", "b"]


def test_what_was_computed_from_a_variable_that_requires_a_gradient_requires_one():
    x, constant = leaf("x"), leaf("c", requires_grad=False)
    assert node("A", constant, x).requires_grad
    assert not node("B", constant).requires_grad


def test_within_no_grad_nothing_is_recorded():
    x = leaf("x")
    with no_grad():
        result = node("A", x)
        assert Variable("leaf", requires_grad=True).requires_grad
    assert (result.predecessors, result.backward_fn, result.requires_grad) == ((), None, False)
    with pytest.raises(ValueError, match="no gradient can pass"):
        result.backward()
    assert node("A", x).predecessors == (x,)


def test_no_grad_ends_with_an_exception_and_does_not_reach_other_threads():
    seen = []
    with pytest.raises(RuntimeError), no_grad():
        other = threading.Thread(target=lambda: seen.append(recording()))
        other.start()
        other.join()
        raise RuntimeError
    assert seen == [True]
    assert recording()


def test_a_function_may_be_decorated_with_no_grad():
    @no_grad()
    def compute(x):
        return node("A", x)

    assert compute(leaf("x")).predecessors == ()


def test_a_detached_variable_has_the_text_and_no_history():
    x = leaf("x")
    result = node("A", x)
    result.role = "answer"
    detached = result.detach()
    assert (detached.value, detached.role, detached.requires_grad, detached.predecessors) == ("A", "answer", False, ())
    node("L", detached, leaf("y")).backward()
    assert texts(x) == []


def test_many_variables_forget_their_gradients_at_once():
    x, y = leaf("x"), leaf("y")
    node("L", x, y).backward()
    zero_grad([x, y])
    assert (texts(x), texts(y)) == ([], [])
