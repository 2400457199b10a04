"""Objects that a candidate makes to look like the test's own, or to decide the test themselves."""

import pytest

from coderefine.judge.verdict import Verdict
from coderefine.problem.problem import Limits
from tests.hostile.containment import each
from tests.judge.test_codetests import problem

ANY = "class AnyInt:\n    def __eq__(s, o): return isinstance(o, (int, AnyInt))\n"
MINE = "class AnyInt: pass\n"
GIVE = "def f(x): return AnyInt()\n"
LIAR = """
class Liar{base}:
    def __eq__(s, o): return True
    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__
    __hash__ = {base_}.__hash__
    def __sub__(s, o): return 0
    __rsub__ = __add__ = __radd__ = __mod__ = __rmod__ = __xor__ = __rxor__ = __and__ = __floordiv__ = __sub__
    def __instancecheck__(s, o): return True
"""
PLAIN_LIAR = LIAR.format(base="", base_="object")
# A candidate, the test, and the prelude.
FORGED = {
    "a class of the test's name": (MINE + GIVE, ANY),
    "a subclass of the test's name": ("class Base: pass\nclass AnyInt(Base): pass\n" + GIVE, ANY),
    "slots": ("class AnyInt:\n    __slots__ = ('a', 'b')\n" + GIVE, ANY),
    "an int of the test's name": ("class AnyInt(int): pass\n" + GIVE, ANY),
    "an own __reduce__": ("class AnyInt:\n    def __reduce__(s): return (AnyInt, ())\n" + GIVE, ANY),
    "a named tuple": (
        "from collections import namedtuple\nAnyInt = namedtuple('AnyInt', '')\n" + GIVE,
        "from collections import namedtuple\nclass AnyInt(namedtuple('AnyInt', '')):\n    def __eq__(s, o): return True\n",
    ),
    "an enum": (
        "import enum\nclass AnyInt(enum.Enum):\n    A = 1\ndef f(x): return AnyInt.A\n",
        "import enum\nclass AnyInt(enum.Enum):\n    A = 1\n    def __eq__(s, o): return True\n",
    ),
    "a dataclass": (
        "from dataclasses import dataclass\n@dataclass\nclass AnyInt:\n    a: int = 0\n" + GIVE,
        "from dataclasses import dataclass\n@dataclass\nclass AnyInt:\n    a: int = 0\n    def __eq__(s, o): return True\n",
    ),
    "a metaclass": (
        "class Meta(type):\n    def __instancecheck__(c, o): return True\nclass AnyInt(metaclass=Meta): pass\n" + GIVE,
        "class Meta(type):\n    def __instancecheck__(c, o): return True\n" + ANY.replace("AnyInt:", "AnyInt(metaclass=Meta):"),
    ),
    "a name and a module of the test's": (MINE + "AnyInt.__module__ = 'test'\nAnyInt.__qualname__ = 'AnyInt'\n" + GIVE, ANY),
    "__class__": ("class Other:\n    __class__ = property(lambda s: int)\ndef f(x): return Other()\n", ANY),
    "a class of the prelude that is made": (GIVE, "", ANY),
    "a class of the prelude that is replaced": (MINE + GIVE, "", ANY),
    "a class of the prelude that is extended": ("class AnyInt(AnyInt): pass\n" + GIVE, "", ANY),
    "a class of the prelude that refuses to be made": (
        "def f(x): return Key.__new__(Key)\n",
        "",
        "class Key:\n    def __init__(s, word):\n        if word != 'x' * 7: raise ValueError\n        s.word = word\n    def __int__(s): return 7\n"
        "    def __eq__(s, o): return True\n",
    ),
    "a class of the prelude with a new of its own": (
        "def f(x): return object.__new__(Key)\n",
        "",
        "class Key:\n    def __new__(cls): raise ValueError\n    def __eq__(s, o): return True\n",
    ),
    "an instance like one that was passed": (
        "def f(x): return x.__class__()\n",
        "class Node:\n    def __init__(s, v=1): s.v = v\n    def __eq__(s, o): return isinstance(o, (int, Node))\nARGUMENT = Node()\n",
    ),
    "the description of another class": (
        "class Any: pass\nAny.__name__ = Any.__qualname__ = 'ANY'\ndef f(x): return Any()\n",
        "from unittest.mock import ANY\nimport unittest.mock\n",
    ),
    "lying comparisons": (PLAIN_LIAR + "def f(x): return Liar()\n", ""),
    "lying comparisons of an int": (LIAR.format(base="(int)", base_="int") + "def f(x): return Liar(1)\n", ""),
    "lying comparisons of a text": (LIAR.format(base="(str)", base_="str") + "def f(x): return Liar('')\n", ""),
    "lying comparisons of a list": (LIAR.format(base="(list)", base_="object") + "def f(x): return Liar()\n", ""),
    "lying comparisons of a fraction": (
        "from fractions import Fraction\n" + LIAR.format(base="(Fraction)", base_="Fraction") + "def f(x): return Liar(1)\n",
        "",
    ),
    "a function that equals": ("def f(x): return f\nf.__eq__ = lambda o: True\n", ""),
    "a class that equals": (
        "class Meta(type):\n    def __eq__(c, o): return True\n    __hash__ = type.__hash__\nclass A(metaclass=Meta): pass\ndef f(x): return A\n",
        "",
    ),
    "a class as an exception": ("class A(Exception):\n    def __eq__(s, o): return True\ndef f(x): return A()\n", ""),
    "a name that the test uses": ("int = len = isinstance = abs = lambda *a: True\nAssertionError = ValueError\ndef f(x): return 1\n", ""),
}  # fmt: skip
CLAIMS = (
    "assert candidate(ARGUMENT) == 7",
    "assert 7 == candidate(ARGUMENT)",
    "assert not candidate(ARGUMENT) != 7",
    "assert candidate(ARGUMENT) > 6",
    "assert candidate(ARGUMENT) in (7, 8)",
    "assert [candidate(ARGUMENT)] == [7] and {'a': candidate(ARGUMENT)} == {'a': 7}",
    "assert 7 in candidate(ARGUMENT)",
    "assert candidate(ARGUMENT) - 7 == 0",
    "assert abs(7 - candidate(ARGUMENT)) < 1e-6",
    "assert isinstance(candidate(ARGUMENT), int) and int(candidate(ARGUMENT)) == 7",
    "import unittest\nunittest.TestCase().assertEqual(candidate(ARGUMENT), 7)",
    "import math\nassert math.isclose(candidate(ARGUMENT), 7)",
)


@each(FORGED)
def test_an_object_of_the_candidates_passes_no_test(judge, case):
    source, helper, prelude = (*case, "")[:3]
    codes = [f"ARGUMENT = 1\n{helper}\n{claim}" for claim in CLAIMS]
    report = judge.run(problem(*codes, limits=Limits(time_s=2.0), prelude=prelude), source)
    passed = [result.code.rpartition("\n")[2] for result in report.cases if result.verdict is Verdict.AC]
    assert passed == []
    assert Verdict.JE not in [result.verdict for result in report.cases]
    assert judge.run(problem("assert candidate(1) == 1"), "def f(x): return x").accepted


SWALLOWED = {
    "a context manager": (
        "class f:\n    def __init__(s, x): pass\n    def __enter__(s): return 1\n    def __exit__(s, *a): return True\n",
        "with candidate(1) as x:\n    assert x == 7",
    ),
    "a context manager, of what the test raises because of what it saw": (
        "class f:\n    def __init__(s, x): pass\n    def __enter__(s): return 1\n    def __exit__(s, *a): return True\n",
        "with candidate(1) as x:\n    if x != 7:\n        raise ValueError",
    ),
    "a context manager, of an error that it made happen": (
        "class f:\n    def __init__(s, x): pass\n    def __enter__(s): return 1\n    def __exit__(s, *a): return True\n",
        "with candidate(1) as x:\n    assert x.y == 7\n    raise ValueError",
    ),
    "an asynchronous context manager": (
        "class f:\n    def __init__(s, x): pass\n    async def __aenter__(s): return 1\n    async def __aexit__(s, *a): return True\n",
        "import asyncio\nasync def go():\n    async with candidate(1) as x: assert x == 7\nasyncio.run(go())",
    ),
    "a coroutine that stops a loop of the test's": (
        "async def f(x): raise StopAsyncIteration\n",
        "import asyncio\nasync def go():\n    async for x in candidate(1): assert x == 7\n    assert x == 7\nasyncio.run(go())",
    ),
    "a mock that is told what it saw": (
        "def f(m):\n    m.assert_called_once_with = m.called = lambda *a: True\n",
        "from unittest.mock import Mock\nm = Mock()\ntry: candidate(m)\nexcept Exception: pass\nm.assert_called_once_with(7)",
    ),
    "a mock whose calls are made up": (
        "def f(m):\n    m.call_args_list = m.mock_calls = m._mock_mock_calls = [7]\n    m.call_count = 1\n",
        "from unittest.mock import Mock\nm = Mock()\ntry: candidate(m)\nexcept Exception: pass\nassert m.call_count == 1",
    ),
    "a context manager, of its own error where it was asked": (
        "class f:\n    def __init__(s, x): pass\n    def __enter__(s): return s\n    def __exit__(s, *a): return True\n"
        "    def get(s): raise ValueError\n",
        "with candidate(1) as x: assert x.get() == 7",
    ),
    "a context manager, of what stands behind a return": (
        "class f:\n    def __init__(s, x): pass\n    def __enter__(s): return 1\n    def __exit__(s, *a): return True\n",
        "def go():\n    with candidate(1) as x:\n        if x == 7: return True\n        raise ValueError\ngo()\nassert go()",
    ),
    "a task that cancels itself": (
        "import asyncio\nasync def f(x): raise asyncio.CancelledError\n",
        "import asyncio\nasync def check():\n    assert await candidate(1) == 7\nasync def go():\n"
        "    task = asyncio.ensure_future(check())\n    await asyncio.wait([task])\n"
        "    if not task.cancelled(): task.result()\nasyncio.run(go())",
    ),
    "a mock that gets another's method": (
        "class L:\n    def assert_called_once_with(s, *a): pass\ndef f(m): m.save = L()\n",
        "from unittest.mock import Mock\nm = Mock()\ntry: candidate(m)\nexcept Exception: pass\nm.save.assert_called_once_with(7)",
    ),
    "a mock that gets a class": (
        "class L:\n    @staticmethod\n    def assert_called_once_with(*a): pass\ndef f(m): m.save = L\n",
        "from unittest.mock import Mock\nm = Mock()\ntry: candidate(m)\nexcept Exception: pass\nm.save.assert_called_once_with(7)",
    ),
    "a mock that gets a namespace": (
        "import types\ndef f(m): m.save = types.SimpleNamespace(assert_called_once_with=lambda *a: None)\n",
        "from unittest.mock import Mock\nm = Mock()\ntry: candidate(m)\nexcept Exception: pass\nm.save.assert_called_once_with(7)",
    ),
    "a mock that gets a function": (
        "def check(*a): pass\ndef f(m):\n    check.assert_called_once_with = check\n    m.save = check\n",
        "from unittest.mock import Mock\nm = Mock()\ntry: candidate(m)\nexcept Exception: pass\nm.save.assert_called_once_with(7)",
    ),
    "a mock that gets a list of them": (
        "class L:\n    def assert_called_once_with(s, *a): pass\ndef f(m): m.save = [L()]\n",
        "from unittest.mock import MagicMock\nm = MagicMock()\ntry: candidate(m)\nexcept Exception: pass\nm.save[0].assert_called_once_with(7)",
    ),
    "a context manager, where a call and a look share a line": (
        "class X:\n    def __enter__(s): return s\n    def __exit__(s, *a): return True\n    def go(s): pass\n"
        "    def get(s): raise ValueError\ndef f(x): return X()\n",
        "with candidate(1) as x: x.go(); assert x.get() == 7",
    ),
    "a context manager, where a list of the test looks": (
        "class X:\n    v = 0\n    def __enter__(s): return s\n    def __exit__(s, *a): return True\ndef f(x): return X()\n",
        "want = [7]\nwith candidate(1) as x:\n    want.remove(x.v)",
    ),
    "a spy whose method is covered": (
        "def f(s): s.verify = lambda *a: None\n",
        "class Spy:\n    def verify(self, x): assert x == 8\ns = Spy()\ntry: candidate(s)\nexcept Exception: pass\ns.verify(7)",
    ),
    "a text that answers for itself": (
        "class S(str):\n    def startswith(s, x): return True\ndef f(x): return S('no')\n",
        "assert candidate(1).startswith('7')",
    ),
    "a type that is made to order": (
        "import gc\ndef f(x):\n    s = next(o for o in gc.get_objects() if type(o).__name__ == 'Service')\n"
        "    made = s.ask({'do': 'call', 'target': type, 'kwargs': {},\n"
        "        'args': ['X', (), {'__eq__': bool, '__module__': 'test', '__hash__': None}]})\n    return made()\n",
        "assert candidate(1) == 7",
    ),
    "an iterator": ("class f:\n    def __init__(s, x): pass\n    def __iter__(s): return s\n    def __next__(s): raise StopIteration\n",
        "for x in candidate(1):\n    assert x == 7\n    break\nelse: assert False"),
    "a generator that stops a loop of the test's": ("def f(x): raise StopIteration\n", "assert list(map(candidate, [1])) == [7]"),
    "an exception that is an assertion": ("def f(x): raise AssertionError\n", "candidate(1)"),
    "an exception of a base": ("class E(BaseException): pass\ndef f(x): raise E\n", "try: candidate(1)\nexcept Exception: pass\nelse: assert False"),
    "a generator exit": ("def f(x): raise GeneratorExit\n", "candidate(1)\nassert False"),
}  # fmt: skip


@each({name: case for name, case in SWALLOWED.items() if name != "an exception of a base"})
def test_the_tests_own_assertion_is_not_swallowed(judge, case):
    source, code = case
    assert judge.run(problem(code), source).verdict not in (Verdict.AC, Verdict.JE)


RAW = """
import json, os, struct, sys
def tell(message):
    # What stands for this process's own answers: the request is read and answered by hand.
    while True:
        head = os.read(3, 12)
        nonce, size = struct.unpack('>8sI', head)
        while size: size -= len(os.read(3, size))
        data = json.dumps(message).encode()
        os.write(4, struct.pack('>8sIdd', nonce, len(data), 1e9, 0.0) + data)
def returned(*heap, root={'@': 0}):
    return ['returned', json.dumps({'heap': list(heap), 'roots': [root]})]
def f(x):
    import os
    data = json.dumps(MESSAGE).encode()
    import gc
    channel = next(o for o in gc.get_objects() if type(o).__name__ == 'Channel')
    channel.send(data)
    while True: tell(MESSAGE)
"""
MESSAGES = {
    "a class of the test by its name": "returned(['object', ['AnyInt', []], -1])",
    "a class of the library": "returned(['object', ['Mock', []], -1])",
    "an origin that is no object": "returned(['object', ['AnyInt', []], 5])",
    "an origin below": "returned(['object', ['AnyInt', []], -7])",
    "a function of the test": "returned(['lent', [0, None], -1])",
    "a handle below": "returned(['lent', [-1, None], -1])",
    "a name in a module": "returned(['named', ['os', '_exit'], -1])",
    "a borrowed function": "returned(['borrowed', [0, 'function', 'x'], -1])",
    "an entry": "returned(['entry', 'f', -1])",
    "a type that is none": "returned(['type', 'eval', -1])",
    "a type that ends a process": "returned(['type', 'SystemExit', -1])",
    "an exception that ends": "returned(['exception', ['KeyboardInterrupt', []], -1])",
    "a class that extends a class of the test": "returned(['foreign', [1, {'@': 1}, None, None], -1], ['class', [2, 'X', [{'@': 2}], None, [], [], None, None, None], -1], ['ours', ['AnyInt', ['object'], 0, []], -1])",
    "a class that extends what is no table type": "returned(['foreign', [1, {'@': 1}, None, None], -1], ['class', [2, 'X', [], 'type', [], [], None, None, None], -1])",
    "a class with methods that are none": "returned(['foreign', [1, {'@': 1}, None, None], -1], ['class', [2, 'X', [], 'int', ['__eq__', '__class__', '__new__'], ['__eq__', 'a b'], ['x y'], None, None], -1])",
    "a value in a class that does not extend it": "returned(['foreign', [1, {'@': 1}, ['int', 7], None], -1], ['class', [2, 'X', [], None, [], [], None, None, None], -1])",
    "a generator by its class": "returned(['foreign', [1, {'@': 1}, None, None], -1], ['class', [2, 'generator', [], None, ['__eq__', '__instancecheck__'], [], None, None, 'generator'], -1])",
    "a coroutine that is none": "returned(['foreign', [1, {'@': 1}, None, None], -1], ['class', [2, 'coroutine', [], None, ['__eq__'], [], None, None, 'coroutine'], -1])",
    "a type of the library that is none": "returned(['foreign', [1, {'@': 1}, None, None], -1], ['class', [2, 'X', [], None, [], [], None, None, 'int'], -1])",
    "a type of the library that is a list": "returned(['foreign', [1, {'@': 1}, None, None], -1], ['class', [2, 'X', [], None, [], [], None, None, []], -1])",
    "a function that is not known": "returned(['function', ['builtins', 'exec'], -1])",
    "a function of a module that is not known": "returned(['function', ['os', '_exit'], -1])",
    "an exception that is not known": "returned(['known exception', ['unittest.case', 'SkipTest', [], []], -1])",
    "an exception that becomes another": "returned(['known exception', ['queue', 'Empty', [], [['__class__', 7], ['__eq__', 7]]], -1])",
    "the globals of what was lent": "['calls', json.dumps({'heap': [['dict', [['do', 'get'], ['target', {'@': 1}], ['name', '__globals__']], -1], ['lent', [0, None], -1]], 'roots': [{'@': 0}]})]",
    "an attribute of what was lent": "['calls', json.dumps({'heap': [['dict', [['do', 'set'], ['target', {'@': 1}], ['name', '__code__'], ['value', 7]], -1], ['lent', [0, None], -1]], 'roots': [{'@': 0}]})]",
    "a special method of a value": "['calls', json.dumps({'heap': [['dict', [['do', 'special'], ['target', 'x'], ['name', '__class__'], ['args', {'@': 1}]], -1], ['list', [], -1]], 'roots': [{'@': 0}]})]",
    "to wait for no coroutine": "['calls', json.dumps({'heap': [['dict', [['do', 'wait'], ['target', 7], ['cancel', True]], -1]], 'roots': [{'@': 0}]})]",
    **{
        f"{kept} that are kept": f"['returned', json.dumps({{'heap': [['list', [7], -1], ['int', 7, -1]], 'roots': [7], 'kept': {kept}}})]"
        for kept in ("[1]", "[2]", "[-1]", "['a']", "[[]]", "[True]", "7", "None", "{'0': 0}", "[0] * 65")
    },
    **{
        f"a chain of {chain}": f"['error', 'ValueError', '7', None, [], json.dumps({{'heap': [['list', [{{'@': 1}}, {chain}], -1], ['exception', ['ValueError', []], -1]], 'roots': [{{'@': 0}}]}})]"
        for chain in ("7", "None", "'abcd'", "{'@': 0}", "{'@': 9}")
    },
    "an int made of a text": "returned(['int', 'seven', -1])",
    "a record of a class that is none": "returned(['record', ['AnyInt', []], -1])",
    "a member of a class that is none": "returned(['member', ['AnyInt', 'A'], -1])",
    "a tuple that contains itself": "returned(['tuple', [{'@': 0}], -1])",
    "no heap": "['returned', '7']",
    "no graph": "['returned', 7]",
    "nothing": "[]",
    "the end of a test": "['passed']",
    "evidence without end": "['evidence', ['evidence', ['passed']]]",
    "calls of nothing": "['calls', '{}']",
    "calls of what was never lent": "['calls', json.dumps({'heap': [['dict', [['do', 'call'], ['target', {'@': 1}], ['args', {'@': 2}], ['kwargs', {'@': 3}]], -1], ['lent', [3, None], -1], ['list', [], -1], ['dict', [], -1]], 'roots': [{'@': 0}]})]",
    "an error that is no exception": "['error', 'StopIteration', '', None, [], json.dumps({'heap': [['list', [], -1]], 'roots': [{'@': 0}]})]",
    "an error that ends the test": "['error', 'SystemExit', '0', None, []]",
}  # fmt: skip


@pytest.mark.parametrize("message", MESSAGES)
def test_no_made_up_message_passes_a_test(judge, message):
    code = ANY + "assert candidate(1) == 7"
    source = RAW.replace("MESSAGE", MESSAGES[message])
    report = judge.run(problem(code, limits=Limits(time_s=1.0)), source)
    assert report.verdict not in (Verdict.AC, Verdict.JE), report.cases[0]
    assert judge.run(problem("assert candidate(1) == 1"), "def f(x): return x").accepted


def test_a_message_made_by_hand_is_read(judge):
    """A canary: what the cases above write does arrive."""
    source = RAW.replace("MESSAGE", "returned(root=7)")
    assert judge.run(problem("assert candidate(1) == 7"), source).accepted
