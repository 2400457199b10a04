from coderefine.search.facts.program import Program
from coderefine.search.facts.tree import MAX_CHARS

FAR = "".join(f"\n\ndef far{number}(x):\n    value = x * {number}\n    return value\n" for number in range(1000))
LONG = "import math\n\n\nclass Shop:\n    def near(self, x):\n        return math.floor(x) - 1\n" + FAR


def names(program):
    return {type(node).__name__ for node in program.code}


def test_a_long_program_has_the_facts_of_the_functions_around_some_lines():
    assert len(LONG) > MAX_CHARS
    program = Program(LONG, ("return math.floor(x) - 1",))
    operators = [node for node in program.code if type(node).__name__ == "BinOp"]
    assert [node.lineno for node in operators] == [6]
    assert program.unbound == {}  # what the others define is known


def test_without_such_lines_it_has_none():
    assert Program(LONG).code[1:] == Program(LONG, ("no such line",)).code[1:] == ()


def test_a_line_that_stands_everywhere_tells_no_place():
    assert Program(LONG, ("return value",)).code[1:] == ()


def test_a_short_program_is_taken_as_a_whole():
    short = "def f(x):\n    return x - 1\n\n\ndef g(x):\n    return x + 1\n"
    assert len(Program(short, ("return x - 1",)).code) == len(Program(short).code)
