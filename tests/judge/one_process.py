"""A program and a test of it in one process of Python, which says what a judge should make of the two."""

from tests.judge.test_codetests import problem


def run_in_one_process(program, test):
    """Run a test of a program that defines `f`; raises what the two raise."""
    names = {}
    exec(compile(program, "solution.py", "exec"), names)
    exec(compile(test, "test", "exec"), {**names, "candidate": names["f"]})


def assert_passes_as_in_one_process(judge, program, test):
    run_in_one_process(program, test)
    report = judge.run(problem(test), program)
    assert report.accepted, report.cases
