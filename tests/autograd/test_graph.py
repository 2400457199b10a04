from __future__ import annotations

import shutil
import subprocess

import pytest

from coderefine.autograd.graph import to_dot, to_text
from coderefine.autograd.variable import Gradient, Variable


def example():
    code = Variable("x = 1", role="code", requires_grad=True)
    problem = Variable("Set x.", role="problem")
    left = Variable("left", predecessors=(code, problem))
    right = Variable("right", predecessors=(code,))
    code.add_gradient(Gradient("Wrong:\nuse 2."))
    return Variable("y" * 100, role='a "loss" \\', predecessors=(left, right))


def test_the_text_has_a_line_for_each_variable_and_its_criticisms_below():
    assert to_text(example(), limit=10) == "\n".join(
        [
            "#1* code: 'x = 1'",
            "    criticism: 'Wrong:\\nuse 2.'",
            "#2 problem: 'Set x.'",
            "#3* text <- #1, #2: 'left'",
            "#4* text <- #1: 'right'",
            "#5* a \"loss\" \\ <- #3, #4: 'yyyyyyyyyy ...[90 more characters]'",
        ]
    )


def test_the_drawing_has_each_variable_and_each_edge_once():
    dot = to_dot(example())
    assert [line.strip() for line in dot.splitlines() if "->" in line and "label" not in line] == [
        "n1 -> n3;",
        "n2 -> n3;",
        "n1 -> n4;",
        "n3 -> n5;",
        "n4 -> n5;",
    ]
    assert dot.count("label=") == 5
    assert '[label="a \\"loss\\" \\\\\\l' in dot


def test_graphviz_reads_the_drawing():
    if not shutil.which("dot"):
        pytest.skip("Graphviz is not installed")
    done = subprocess.run(["dot", "-Tsvg"], input=to_dot(example()), capture_output=True, text=True, check=True)
    assert done.stdout.count("<text") >= 5


def test_a_variable_used_twice_by_one_node_is_drawn_once():
    x = Variable("x")
    assert to_dot(Variable("xx", predecessors=(x, x))).count("n1 -> n2") == 1


def test_a_very_deep_graph_is_shown_without_recursion():
    top = Variable("x")
    for _ in range(5_000):
        top = Variable("n", predecessors=(top,))
    assert to_text(top).count("\n") == 5_000


def test_control_characters_of_a_text_do_not_reach_the_terminal():
    assert "\x1b" not in to_text(Variable("\x1b[2J", role="\x1b[2J")) + to_dot(Variable("\x1b[2J", role="\x1b[2J"))
