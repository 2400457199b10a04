"""Texts that were copied, and what they were before."""

import ast

import pytest

from coderefine.search.pasted.normal import normal_forms

PLAIN = 'def f(n):\n    if n <= 1:\n        return "a-b"\n    return n - 1\n'
COPIED = {
    "non-breaking blanks": PLAIN.replace("    ", "\u00a0" * 4).replace("n -", "n\u00a0-"),
    "blanks of many widths": PLAIN.replace(" - ", "\u2009-\u3000"),
    "signs of no width": PLAIN.replace("return", "re\u200bturn").replace("def", "\ufeffdef"),
    "typographic quotes": PLAIN.replace('"a-b"', "\u201ca-b\u201d"),
    "quotes of another country": PLAIN.replace('"a-b"', "\u201ea-b\u201c"),
    "a dash": PLAIN.replace("n - 1", "n \u2013 1"),
    "a true minus": PLAIN.replace("n - 1", "n \u2212 1"),
    "signs of full width": PLAIN.replace(":", "\uff1a").replace("(n)", "\uff08n\uff09"),
    "signs of mathematics": PLAIN.replace("<=", "\u2264"),
    "entities": PLAIN.replace("<", "&lt;").replace('"', "&quot;"),
    "a fence": f"Sure, here it is:\n\n```python\n{PLAIN}```\n\nIt returns a number.\n",
    "a fence without words": f"```\n{PLAIN}```",
    "prompts": "".join(f"{'...' if at else '>>>'} {line}\n" for at, line in enumerate(PLAIN.splitlines())) + "... \n",
    "prompts and answers": "".join(f"{'...' if at else '>>>'} {line}\n" for at, line in enumerate(PLAIN.splitlines()))
    + "Traceback (most recent call last):\n  something\n",
    "line numbers": "".join(f"{at:3} {line}\n" for at, line in enumerate(PLAIN.splitlines(), 9)),
    "line numbers and points": "".join(f"{at}. {line}\n" for at, line in enumerate(PLAIN.splitlines(), 1)),
    "line numbers and bars": "".join(f"{at} | {line}\n" for at, line in enumerate(PLAIN.splitlines(), 1)),
    "an indentation": "".join(f"    {line}\n" for line in PLAIN.splitlines()),
    "tabs and blanks": PLAIN.replace("        return", "\treturn"),
    "several of it": "```py\n"
    + "".join(f"{at} {line}\n" for at, line in enumerate(PLAIN.splitlines(), 1)).replace('"a-b"', "\u201ca-b\u201d")
    + "```\n",
}
PYTHON2 = {
    'print "x", n': 'print("x", n)',
    "print n,": 'print(n, end=" ")',
    'print "%d, %s" % (n, "b")  # , c': 'print("%d, %s" % (n, "b"))  # , c',
    "if n: print n; n = 2": "if n: print(n); n = 2",
    "print >>sys.stderr, n": "print(n, file=sys.stderr)",
    "if n <> 3: pass": "if n != 3: pass",
    "n = `m`": "n = repr(m)",
    "n = 0777 + 10L": "n = 0o777 + 10",
    "n = ur'\\d' + u'e'": "n = r'\\d' + u'e'",
    "for i in xrange(3): pass": "for i in range(3): pass",
    "n = d.has_key('a b')": "n = ('a b' in d)",
    "for k, v in d.iteritems(): print k": "for k, v in d.items(): print(k)",
    "try: pass\nexcept Exception, e: pass": "try: pass\nexcept Exception as e: pass",
    "try: pass\nexcept (A, B), e: pass": "try: pass\nexcept (A, B) as e: pass",
    'raise ValueError, "x, y"': 'raise ValueError("x, y")',
    'exec "n = 1"': 'exec("n = 1")',
    "n = raw_input()": "n = input()",
}
FINE = [
    PLAIN,
    "def f(n):\n    return '\u201c' + n + '\u00a0'\n",
    "def f(n)\n    return n\n",
    "def f(n):\n\tif n:\n\t\treturn 1\n",
    "xrange = range\nfor i in xrange(3): print(i)\n",
    "def f(n):\n    retrun n\n",
    "1\n2\n",
]


@pytest.mark.parametrize("text", COPIED.values(), ids=list(COPIED))
def test_a_copied_text_is_what_it_was(text):
    form, *others = normal_forms(text)
    assert not others
    assert ast.dump(ast.parse(form.text)) == ast.dump(ast.parse(PLAIN))
    assert form.note.startswith("pasted: without ")


@pytest.mark.parametrize("text", PYTHON2)
def test_python_2_is_translated(text):
    assert normal_forms(f"{text}\n")[0].text == f"{PYTHON2[text]}\n"


def test_where_only_the_tests_can_tell_there_are_several_forms():
    forms = [form.text for form in normal_forms("n = input()\nprint n / 2\n")]
    assert forms == [
        "n = input()\nprint(n / 2)\n",
        "n = input()\nprint(n // 2)\n",
        "n = int(input())\nprint(n / 2)\n",
        "n = int(input())\nprint(n // 2)\n",
    ]
    assert normal_forms("n = raw_input()\n")[1:] == []


def test_a_string_keeps_its_signs():
    (form,) = normal_forms("x\u00a0= '\u00a0\u2013' + \u201c\u00e9\u2019\u201d\n")
    assert form.text == "x = '\u00a0\u2013' + \"\u00e9\u2019\"\n"


@pytest.mark.parametrize("text", FINE)
def test_what_was_not_copied_is_left_alone(text):
    assert normal_forms(text) == []


def test_a_program_with_doctests_is_no_transcript():
    source = 'def f(x):\n    """\n    >>> f(1)\n    2\n    """\n    if not x\n        return 2\n'
    assert normal_forms(source) == []
