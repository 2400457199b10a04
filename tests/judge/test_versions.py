"""A program in the syntax of another Python is in the wrong sandbox, not wrong."""

from dataclasses import replace

import pytest

from coderefine import RefineOptions, refine
from coderefine.errors import JudgeError, ProblemError, SandboxUnavailable
from coderefine.judge import opening, versions
from coderefine.judge.judge import Judge
from coderefine.kinds.authors import check_python
from coderefine.kinds.program import PROGRAM
from coderefine.problem.problem import Problem, TestCase
from coderefine.scoring.place import Rules, judged
from tests.conftest import need
from tests.problems_for_tests import function_problem, suite_problem

NEWER = {
    "def f[T](x: T) -> T:\n    return x\n": (3, 12),
    "class Box[T, *Ts, **P](list[T]):\n    pass\n": (3, 12),
    "type Pair[T] = tuple[T, T]\ndef f(x): return x\n": (3, 12),
    "type Row = list[int]\n": (3, 12),
    "if True: type Row = int\n": (3, 12),
    "def f[T = int](x: T) -> T:\n    return x\n": (3, 13),
    'def f(d):\n    return f"{d["a"]}"\n': (3, 12),
    "def f(d):\n    return f'{', '.join(d)} and {d['a']!r:>{d['w']}}'\n": (3, 12),
    'def f(d):\n    return f"{"\\n".join(d)}"\n': (3, 12),
    'def f(d):\n    return f"{\n        d  # all\n    }" "."\n': (3, 12),
    "def f(d):\n    return f'{f'{f'{d}'}'}'\n": (3, 12),
    'def f(d):\n    return f"""{f"{d:{d["w"]}}"=}"""\n': (3, 12),
    'def f(d):\n    return t"{d}"\n': (3, 14),
    "try:\n    pass\nexcept ValueError, TypeError:\n    pass\n": (3, 14),
    "try:\n    pass\nexcept* a.B, OSError:\n    pass\n": (3, 14),
}
WRONG = (
    "def f(x:\n    return x\n",
    "def f[T](x: T) -> T\n    return x\n",
    "def f(d): return f'{d[}'",
    "def f(d): return f'{d['a'}'",
    "def f(d): return f'{d['a' 1]}'",
    "def f(d): return f'{d",
    "def f(d): return '",
    "try:\n    pass\nexcept ValueError, e:\n    print e\n",
    "print 'a'\n",
    "return 1\n",
    "type = = 3\n",
    "x = [\n",
    "'" * 5,
    "f'{" * 3000,
    "",
)
OLD = (
    "type = 3\ntype == 4\nx = {'type': type}\nf\"{x['a']!r:>{type}} {{}} {x!s} {x == type}\"\n",
    "def f(x): return x[0]\nclass A(dict): pass\nb = b'\\x00' br'\\d'\nr'\\\\'\nrf'{b}\\d'\n",
    '"""type X = 3, def f[T](): it\'s f"{"""\n# def f[T]\n\'\'\'f"\'\'\'\n',
    "match = {1: 2}\nfor type in match: print(f'{type=}', f'{lambda_}' if match[type] else '')\n",
)


@pytest.mark.parametrize("source", NEWER)
def test_what_came_later_is_known_by_its_version(source):
    text, least = versions.lowered(source)
    assert least == NEWER[source]
    assert versions.compiles(text), text


@pytest.mark.parametrize("source", WRONG)
def test_what_no_python_compiles_is_no_matter_of_versions(source):
    if not versions.compiles(source):
        assert versions.mismatch(source, "{}.{}".format(*versions.HERE), "local") == ""
    assert versions.lowered(source)[1] == (3, 8) or not versions.compiles(versions.lowered(source)[0])


@pytest.mark.parametrize("source", OLD)
def test_what_all_compile_needs_no_version(source):
    text, least = versions.lowered(source)
    assert versions.compiles(source)
    assert versions.compiles(text), text
    assert least == (3, 8)


@pytest.fixture
def older(any_judge, changed_sandbox, monkeypatch):
    """A judge whose Python is 3.8: it knows no `match`."""
    python_3_8(changed_sandbox)
    judge = Judge(any_judge.backend, opening.local.open_worker, open_suite=opening.local.open_suite, workers=1)
    with judge:
        yield judge


def python_3_8(changed_sandbox):
    changed_sandbox('"python": platform.python_version()', '"python": "3.8.20"')
    changed_sandbox(
        "        program = source if own_tests",
        "        compile(source, file, 'exec', 0x400, True, _feature_version=8)\n        program = source if own_tests",
    )


MATCHING = "def f(x):\n    match x:\n        case _:\n            return {}\n"
PROBLEM = function_problem([((1,), 2), ((2,), 3)])


@pytest.mark.parametrize(
    ("problem", "source"),
    [
        (PROBLEM, MATCHING.format("x + 1")),
        (replace(PROBLEM, visible=(TestCase("code", code="assert candidate(1) == 2"),)), MATCHING.format("x + 1")),
        (
            Problem("p", "P", "Do it.", PROGRAM, "", (TestCase("case", ("1\n",), "1\n"),)),
            MATCHING.format("x + 1") + "print(f(0))",
        ),
        (suite_problem("from solution import f\n\n\ndef test_f():\n    assert f(1) == 2\n"), MATCHING.format("x + 1")),
    ],
)
def test_a_program_of_each_kind_that_needs_another_python_is_no_compile_error(older, problem, source):
    report = older.run(problem, source)
    assert {case.verdict for case in report.cases} == {"JE"}
    assert versions.refusal(report).startswith("needs Python 3.10; the sandbox has 3.8: take ")
    assert older.run(problem, "def f(x: return x").verdict == "CE"


def test_nothing_is_repaired_that_is_only_in_the_wrong_sandbox(older):
    with pytest.raises(SandboxUnavailable, match="the program needs Python"):
        refine(PROBLEM, MATCHING.format("x"), judge=older, options=RefineOptions(harden=False))


def test_the_sandbox_that_is_chosen_by_itself_can_compile_the_program(changed_sandbox, monkeypatch):
    """As where the image is older than the Python of this machine."""
    need("local")
    real = opening._open_local
    python_3_8(changed_sandbox)

    def no_docker(*asked):
        judge = Judge("docker", opening.local.open_worker, workers=1, otherwise=asked[-1])
        return opening._tested(judge, ())

    def open_local(*args):
        monkeypatch.undo()
        return real(*args)

    monkeypatch.setattr(opening, "_open_docker", no_docker)
    monkeypatch.setattr(opening, "_open_local", open_local)
    warnings = []
    with opening.open_judge("auto", workers=1) as judge:
        judge.warn = warnings.append
        assert judge.run(PROBLEM, "def f(x): return x + 1").backend == "docker"
        for report in [
            judge.run(PROBLEM, MATCHING.format("x + 1")),
            *judge.run_many(PROBLEM, [MATCHING.format("x + 1")]),
        ]:
            assert (report.verdict, report.backend) == ("AC", "local")
        (screened,) = judge.screen(PROBLEM, [MATCHING.format("x + 1")], 0.1)
        assert screened.accepted
        assert judge.run(PROBLEM, "def f(x): return x + 1").backend == "docker"
        assert judge.run(PROBLEM, "def f(x: return x + 1").verdict == "CE"
    assert len(warnings) == 1


def test_what_this_python_has_and_a_newer_one_has_no_more_is_said_too():
    newer = f"3.{versions.HERE[1] + 2}"
    text = versions.mismatch("x = 1\n", newer, "docker")
    assert text.startswith(
        f"needs a Python older than {newer}; the sandbox has {newer}: take --sandbox local, or --image"
    )


def test_the_search_says_that_it_cannot_read_a_newer_program(any_judge, changed_sandbox):
    newer = next(source for source, least in NEWER.items() if least > versions.HERE and "def f(" in source)
    changed_sandbox(
        "        program = source if own_tests",
        f"        source = b'def f(x): return x' if source == {newer.encode()!r} else source\n"
        "        program = source if own_tests",
    )
    with Judge("local", opening.local.open_worker, workers=1) as judge:
        result = refine(PROBLEM, newer, judge=judge, options=RefineOptions(harden=False))
    assert result.best.source == newer
    assert "the search reads Python" in result.stopped


def test_a_program_that_was_not_judged_for_its_python_counts_for_nothing_in_a_score(older):
    with pytest.raises(JudgeError, match="the program needs Python"):
        judged(older, PROBLEM, MATCHING.format("x + 1"), Rules(fail_fast=True))


def test_an_authors_code_in_a_newer_python_is_said_so(tmp_path):
    source = next(source for source, least in NEWER.items() if least > versions.HERE)
    with pytest.raises(ProblemError, match="it needs Python 3"):
        check_python(tmp_path / "prelude.py", source)
    with pytest.raises(ProblemError) as raised:
        check_python(tmp_path / "prelude.py", "def f(:")
    assert "it needs" not in str(raised.value)
