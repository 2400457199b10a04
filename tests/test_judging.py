from __future__ import annotations

from coderefine.autograd.variable import Gradient, Variable
from coderefine.judging import judge_run
from tests.samples import CODE, PROBLEM


def test_a_run_of_the_judge_is_a_node_that_hands_criticism_to_the_code(any_judge):
    code = Variable(CODE, requires_grad=True)
    results = judge_run(any_judge, PROBLEM, code)
    assert results.value.startswith("1 of 2 tests passed.")
    assert "4711" not in results.value
    results.add_gradient(Gradient("One fails."))
    results.backward()
    [gradient] = code.gradients
    assert gradient.text == "One fails."
    assert (gradient.evidence.passed, gradient.evidence.tests) == (1, "visible")
