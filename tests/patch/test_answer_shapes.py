"""The shapes in which models write one and the same repair: each is read as meant, and what is in doubt is refused."""

from __future__ import annotations

import json
import re
import textwrap
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coderefine.errors import PatchError
from coderefine.patch import read_answer
from coderefine.patch.reply.placeholders import is_placeholder

F = "```"
SOURCE = '''\
from bisect import insort
from typing import List

LIMIT = 10


def kept(values: List[int]) -> List[int]:
    return values[:LIMIT]


class Median:
    """The median of what was added."""

    def __init__(self):
        self.values = []

    def add(self, value: int) -> None:
        insort(self.values, value)

    def median(self) -> float:
        n = len(self.values)
        middle = n // 2
        if n % 2 == 0:
            return self.values[middle]
        return (self.values[middle - 1] + self.values[middle]) / 2
'''
OLD = "        if n % 2 == 0:\n"
NEW = "        if n % 2 == 1:\n"
FIXED = SOURCE.replace(OLD, NEW)
METHOD = FIXED[FIXED.index("    def median") :]
CLASS = FIXED[FIXED.index("class Median") :]
ADD = FIXED[FIXED.index("    def add") : FIXED.index("    def median")]
PLAIN = f"        middle = n // 2\n-{OLD[:-1]}\n+{NEW[:-1]}\n"
HUNK = f"@@ -22,3 +22,3 @@\n         middle = n // 2\n-{OLD}+{NEW}             return self.values[middle]\n"
SEARCH = f"<<<<<<< SEARCH\n{OLD}=======\n{NEW}>>>>>>> REPLACE\n"


def block(text, label="python", fence=F):
    return f"{fence}{label}\n{text}{fence}\n"


def numbered(text, form):
    return "".join(form.format(number, line) for number, line in enumerate(text.splitlines(keepends=True), 1))


DIFF = block(HUNK, "diff")
WHOLE = block(FIXED)

UNDERSTOOD = {
    "a diff that changes nothing before the whole program": f"diff\n@@ -22,1 +22,1 @@\n-{OLD}+{OLD}{F}\n\nAll:\n{block(FIXED)}",
    "a label that lost its marks": f"python\n{FIXED}{F}\n\nThe parity was wrong.",
    "a diff's label that lost its marks": f"diff\n{HUNK}{F}",
    "a label that lost its marks before a block of its own": f"Python:\n{FIXED}{F}\n\n{block('print(1)' + chr(10))}",
    # Where a program can stand.
    "the program and nothing else": FIXED,
    "the program after prose": f"The parity is wrong. Here is the program:\n\n{FIXED}",
    "the program between prose": f"Here is the fix:\n\n{FIXED}\nIt compares with 1 now, because an odd count has a middle.",
    "a fence without a label": block(FIXED, ""),
    "a fence at the end of a line of prose": f"Here is the program: {F}python\n{FIXED}{F}\n",
    "a fence without a label at the end of a line": f"Here is the program: {F}\n{FIXED}{F}\n",
    "a fence in a bullet": f"1. {F}python\n{textwrap.indent(FIXED, '   ')}   {F}\n",
    "a program that begins right behind the marks": f"{F}{FIXED}{F}",
    "a program that begins right behind the label": f"{F}python {FIXED}{F}",
    "a last fence that is not closed": f"Fixed:\n{F}python\n{FIXED}",
    "marks at the end of the last line": f"{F}python\n{FIXED.rstrip()}{F}",
    "a fence of tildes": block(FIXED, fence="~~~"),
    **{
        f"the label {label}": block(FIXED, label)
        for label in ["Python", "python3.12", "py", "PY3", "code", "text", "solution"]
    },
    "the label on the next line": f"{F}\npython\n{FIXED}{F}",
    "a label and a button": f"python\nCopy code\n{FIXED}",
    "prose at the beginning of the block": block(f"Here is the fixed program:\n\n{FIXED}"),
    "prose at the end of the block": block(f"{FIXED}\nThis fixes the parity of the count.\n"),
    "prose after a block that is not closed": f"{F}python\n{FIXED}\n### Explanation\n1. It compares with 1 now.\n2. It's odd.\n",
    "raw data in XML": f"<code><![CDATA[\n{FIXED}]]></code>",
    "an element of a web page": f"<pre>\n{FIXED.replace('>', '&gt;')}</pre>",
    "elements of a web page in each other": (
        f'<div><pre><code class="language-python">{FIXED.replace(">", "&gt;")}</code></pre></div>'
    ),
    "quoted code after prose": "It should be\n\n" + "".join(f"> {line}\n" for line in FIXED.split("\n")),
    "one line in which others are spelled": block(FIXED.replace("\n", "\\n") + "\n"),
    "a string": json.dumps(FIXED),
    "the label python with a title": block(FIXED, 'python title="median.py"'),
    "the label tool_code": block(FIXED, "tool_code"),
    "the label diff without a mark": block(FIXED, "diff"),
    "the names of files above the whole program": block(f"--- a/median.py\n+++ b/median.py\n{FIXED}", "diff"),
    "the name of its file in a comment": block(f"# median.py\n{FIXED}"),
    "its file in a comment": block(f"# File: src/median.py\n\n{FIXED}").replace("\n\nfrom", "\nfrom"),
    "a heading and a file name": f"### median.py\n\n**median.py**\n{WHOLE}",
    # What else an answer holds.
    "an example of use after it": WHOLE + "Usage:\n" + block("m = Median()\nm.add(1)\nprint(m.median())\n"),
    "an example of use in the same block": block(FIXED + "\n\nm = Median()\nm.add(1)\nprint(m.median())\n"),
    "a script at the end of the block": block(FIXED + '\n\nif __name__ == "__main__":\n    print(Median())\n'),
    "its output": WHOLE + "Output:\n" + block("1.5\n", "output"),
    "tests for a shell": block("pip install x\npython median.py\n", "bash") + WHOLE,
    "the original before it": "Original:\n" + block(SOURCE) + "Fixed:\n" + WHOLE,
    "the original after it": "Fixed:\n" + WHOLE + "It was:\n" + block(SOURCE),
    "the line before it": f"The line\n{block(OLD)}is wrong.\n{WHOLE}",
    "the lines as they were and should be before it": f"From\n{block(OLD)}to\n{block(NEW)}In all:\n{WHOLE}",
    "the same program three times": WHOLE * 3,
    "an earlier attempt before it": block(FIXED.replace("== 1", "== 2")) + "No, wait. That is wrong.\n" + WHOLE,
    "a bad diff before it": block(HUNK.replace("n % 2 == 0", "n % 3 == 0"), "diff") + WHOLE,
    "the diff that leads to it": DIFF + "The whole:\n" + WHOLE,
    "a program in another language": block("class Median { }\n", "java") + WHOLE,
    # How it is written.
    "no-break spaces": block(FIXED.replace("    ", "\u00a0" * 4)),
    "typographic quotes": block(FIXED.replace('"""', "\u201c\u201d\u201d").replace("\u201c\u201d\u201d", '"""')),
    "zero-width spaces": block(FIXED.replace("class", "\u200bclass")),
    "escaped for a web page": block(FIXED.replace("->", "-&gt;").replace("'", "&#39;")),
    "tabs": block(FIXED.replace("    ", "\t")),
    "line numbers with a colon": block(numbered(FIXED, "{}: {}")),
    "line numbers with a bar": block(numbered(FIXED, "{:3} | {}")),
    "line numbers with a tab": block(numbered(FIXED, "{:6}\t{}")),
    "line numbers with a stop": block(numbered(FIXED, "{}. {}")),
    "CRLF": WHOLE.replace("\n", "\r\n"),
    "a whole program of plus signs": block("".join(f"+{line}\n" for line in FIXED.splitlines()), "diff"),
    "indented as a quotation": block(textwrap.indent(FIXED, "    ")),
    # Tags, templates, data.
    "TextGrad's tags": f"<IMPROVED_VARIABLE>\n{FIXED}</IMPROVED_VARIABLE>",
    "TextGrad's tags on the program's lines": f"<IMPROVED_VARIABLE>{FIXED.rstrip()}</IMPROVED_VARIABLE>",
    "tags around a fence": f"<answer>\n{WHOLE}</answer>",
    "tags of code": f"I fixed it.\n<code>\n{FIXED}</code>\nDone.",
    "brackets": f"[PYTHON]\n{FIXED}[/PYTHON]",
    "tags without an end": f"<solution>\n{FIXED}",
    "marks of a chat template": f"<|im_start|>assistant\n{WHOLE}<|im_end|>",
    "marks behind the fence": WHOLE.rstrip() + "<|im_end|>",
    "a conversation that goes on": WHOLE + "<|im_end|>\n<|im_start|>user\nThanks!\n" + block("class Median: pass\n"),
    "an end of text": WHOLE + "</s>",
    "JSON": json.dumps({"explanation": "The parity.", "code": FIXED}),
    "JSON in a fence": block(json.dumps({"fixed_code": FIXED}, indent=2) + "\n", "json"),
    "JSON after prose": "Here:\n" + json.dumps({"program": FIXED}),
    "JSON with a fence within": json.dumps({"answer": f"Fixed.\n{WHOLE}"}),
    "JSON with raw line ends": '{"code": "' + FIXED.replace("\\", "\\\\").replace('"', '\\"') + '"}',
    "JSON with a diff": json.dumps({"diff": HUNK}),
    "JSON with old and new text": json.dumps({"old_string": OLD, "new_string": NEW}),
    "a call of a tool": json.dumps({"name": "edit", "arguments": {"path": "median.py", "content": FIXED}}),
    "a call of a tool with JSON in a string": json.dumps({"name": "edit", "arguments": json.dumps({"code": FIXED})}),
    "a list of edits": json.dumps({"edits": [{"search": OLD, "replace": NEW}]}),
    # Reasoning.
    "reasoning before it": f"<think>\nPerhaps\n{block('x = 1')}no.\n</think>\n{WHOLE}",
    "reasoning without its beginning": f"Perhaps\n{block(SOURCE.replace('== 0', '== 3'))}no.\n</think>\n{WHOLE}",
    "reasoning with an open fence": f"<think>\nPerhaps {F}python\nx = 1\n</think>\n{WHOLE}",
    "reasoning with a diff": f"Sure!\n<think>\n{block(HUNK.replace('== 1', '== 3'), 'diff')}</think>\n{DIFF}",
    "reasoning twice": f"<think>a</think>\nHm.\n<think>{block('x = 1')}</think>\n{WHOLE}",
    "reasoning after it": f"{WHOLE}<reasoning>An odd count has a middle.</reasoning>",
    "reasoning in a channel": f"<|channel|>analysis<|message|>{block('x = 1')}<|end|><|channel|>final<|message|>{WHOLE}",
    # Parts of a program.
    "a bare method": block(METHOD),
    "a bare method without its indent": block(textwrap.dedent(METHOD)),
    "a bare method and prose, no fence": f"Change it so:\n\n{METHOD}",
    "the class without what is around it": block(CLASS),
    "the class with one of its methods": block(f"class Median:\n{METHOD}"),
    "two methods, one as it was": block(f"{ADD}{METHOD}"),
    "two methods in two blocks": block(textwrap.dedent(ADD)) + "and\n" + block(textwrap.dedent(METHOD)),
    "the class and an import that is there": block("from bisect import insort\n\n\n" + CLASS),
    "the rest left out in a comment": block(
        "class Median:\n    # ... existing code ...\n\n    def median(self) -> float:\n        n = len(self.values)\n"
        f"        middle = n // 2\n{NEW}        # ... rest unchanged ...\n"
    ),
    "the end left out": block(
        FIXED[: FIXED.index(NEW)] + NEW + "            # ... (rest of the code remains the same)\n"
    ),
    "the beginning left out": block("# ... existing code ...\n\n" + METHOD),
    "dots for the middle": block(
        f"class Median:\n    ...\n\n{METHOD}",
    ),
    "stubs for methods as they were": block(
        "class Median:\n    def __init__(self):\n        pass  # same as before\n\n    def add(self, value):\n        pass\n\n"
        + METHOD
    ),
    "the method as it was, then as it should be": f"Before:\n{block(textwrap.dedent(SOURCE[SOURCE.index('    def median') :]))}"
    f"After:\n{block(textwrap.dedent(METHOD))}",
    # Diffs.
    "the whole program as a diff without marks on context": block(SOURCE.replace(OLD, f"-{OLD}+{NEW}"), "diff"),
    "a diff for apply_patch": f"*** Begin Patch\n*** Update File: median.py\n@@ def median\n-{OLD}+{NEW}*** End Patch\n",
    "an answer that is a quotation": "> " + DIFF.replace("\n", "\n> "),
    "a diff": DIFF,
    "a diff that is not closed": DIFF.removesuffix(f"{F}\n"),
    "a diff without a fence": f"Here:\n\n{HUNK}\nThat is all.",
    "a diff without @@": block(f"-{OLD}+{NEW}", "diff"),
    "a diff without @@ under file names": block(f"--- a/median.py\n+++ b/median.py\n-{OLD}+{NEW}", "diff"),
    "a diff without @@ with context": block(f"         middle = n // 2\n-{OLD}+{NEW}", "diff"),
    "a diff without @@ labelled python": block(f"-{OLD}+{NEW}"),
    "a diff without @@ or a fence": f"The fix:\n\n-{OLD}+{NEW}",
    "a diff with a blank after the mark": block(f"@@ -23 +23 @@\n- {OLD}+ {NEW}", "diff"),
    "a diff with a blank after each mark": block(
        f"         middle = n // 2\n- {OLD}+ {NEW}".replace(" middle", "  middle"), "diff"
    ),
    "a diff without indent": block(f"@@ -23 +23 @@\n-{OLD.strip()}\n+{NEW.strip()}\n", "diff"),
    "a diff without indent of lines at two depths": block(
        f"@@ @@\n-middle = n // 2\n-{OLD.strip()}\n-return self.values[middle]\n"
        f"+middle = n // 2\n+{NEW.strip()}\n+return self.values[middle]\n",
        "diff",
    ),
    "a diff with wrong numbers": block(HUNK.replace("-22,3 +22,3", "-1,9 +7"), "diff"),
    "a diff with a name for numbers": block(HUNK.replace("@@ -22,3 +22,3 @@", "@@ def median @@"), "diff"),
    "a diff with a typographic minus": block(HUNK.replace("n // 2", "n \u2215\u2215 2").replace("\u2215", "/"), "diff"),
    "a diff with no-break spaces": block(HUNK.replace("        ", "\u00a0" * 8), "diff"),
    "a diff twice": DIFF * 2,
    "a diff twice in one block": block(HUNK * 2, "diff"),
    "a diff and the same as SEARCH/REPLACE": DIFF + block(SEARCH, ""),
    "a diff with blank lines between its marks": block(f"@@ -23 +23 @@\n-{OLD}\n+{NEW}", "diff"),
    "a diff with dots for lines left out": block(f"@@ ... @@\n ...\n-{OLD}+{NEW} ...\n", "diff"),
    "a diff with line numbers": block(f"22          middle = n // 2\n23 -{OLD}23 +{NEW}", "diff"),
    "a diff of two hunks with dots between": block(
        f"@@ @@\n     def median(self) -> float:\n ...\n-{OLD}+{NEW}", "diff"
    ),
    "a diff without options": f"23c23\n< {OLD}---\n> {NEW}",
    # SEARCH/REPLACE and the like.
    "a SEARCH block": block(SEARCH, ""),
    "a SEARCH block without a fence": f"I change one line.\n\n{SEARCH}",
    "a SEARCH block labelled python": block(SEARCH),
    "a SEARCH block with a file name": f"median.py\n{block(SEARCH)}",
    "a SEARCH block without its end": block(SEARCH.removesuffix(">>>>>>> REPLACE\n"), ""),
    "a SEARCH block with other words": block(SEARCH.replace("SEARCH", "ORIGINAL").replace("REPLACE", "UPDATED"), ""),
    "a SEARCH block with longer marks": block(
        SEARCH.replace("<<<<<<<", "<<<<<<<<<").replace("=======", "========="), ""
    ),
    "a SEARCH block without indent": block(SEARCH.replace("        if", "if"), ""),
    "a SEARCH block twice": block(SEARCH, "") * 2,
    "a SEARCH block with context": block(
        SEARCH.replace(OLD, f"        middle = n // 2\n{OLD}").replace(NEW, f"        middle = n // 2\n{NEW}"), ""
    ),
    "a SEARCH block with line numbers": block(SEARCH.replace(OLD, f"23: {OLD}").replace(NEW, f"23: {NEW}"), ""),
    "tags for old and new text": f"<search>\n{OLD}</search>\n<replace>\n{NEW}</replace>",
    "lines to replace and lines to replace them with": f"Replace\n{block(OLD)}with\n{block(NEW)}",
    "a sentence": "The parity is wrong. Change `n % 2 == 0` to `n % 2 == 1`.",
    "a sentence with whole lines": "On line 23, replace the condition `if n % 2 == 0:` with `if n % 2 == 1:`. That is all.",
    "a sentence below a diff that changes nothing": (
        f"diff\n@@ -23 +23 @@\n-{OLD}+{OLD}{F}\n\nI changed the condition `n % 2 == 0` to `n % 2 == 1`."
    ),
    "a sentence below the program as it was": block(SOURCE) + "I have replaced `n % 2 == 0` by `n % 2 == 1`.",
    "a line and an arrow": "- `n % 2 == 0` \u2192 `n % 2 == 1`\n",
    "lines without indent to replace": f"Change this line:\n{block(OLD.strip() + chr(10))}It should be\n{block(NEW.strip() + chr(10))}",
}


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_an_answer_is_read_as_it_was_meant(name):
    assert read_answer(SOURCE, UNDERSTOOD[name]).after.rstrip() == FIXED.rstrip()


REFUSED = {
    "an added line of which nothing says where": (block(f"@@ -23,1 +23,1 @@\n+{NEW}", "diff"), "nothing says where"),
    "a part of a function": (block(f"{NEW}            return self.values[middle]\n"), "whole new file"),
    "an example of use and no program": (block("m = Median()\nprint(m.median())\n"), "whole new file"),
    "the program as it was": (block(SOURCE), "changes nothing"),
    "the program as it was, and prose": (f"All is well:\n\n{SOURCE}", "changes nothing"),
    "a method as it was": (
        block(SOURCE[SOURCE.index("    def add") : SOURCE.index("    def median")]),
        "changes nothing",
    ),
    "a diff and another program": (DIFF + block(FIXED.replace("== 1", "!= 0 and n")), "differ"),
    "two versions of a method": (
        block(textwrap.dedent(METHOD)) + block(textwrap.dedent(METHOD.replace("== 1", "!= 0"))),
        "two different versions",
    ),
    "a diff that fits nowhere": (block(HUNK.replace("n // 2", "n // 3"), "diff"), "Copy the old lines exactly"),
    "a SEARCH block that fits nowhere": (block(SEARCH.replace("== 0", "== 7"), ""), "Copy the old lines exactly"),
    "a SEARCH block that fits in two places": (
        block("<<<<<<< SEARCH\n        self.values\n=======\n        x\n>>>>>>> REPLACE\n", ""),
        "Copy the old lines exactly",
    ),
    "an empty SEARCH block": (block("<<<<<<< SEARCH\n=======\nx = 1\n>>>>>>> REPLACE\n", ""), "nothing says where"),
    "a SEARCH block that changes nothing": (block(SEARCH.replace("== 1", "== 0"), ""), "changes nothing"),
    "a SEARCH block without new lines": (f"<<<<<<< SEARCH\n{OLD}", "no end"),
    "code left out without a trace": (
        block("class Median:\n    # ... existing code ...\n\n    def other(self):\n        return 1\n"),
        "leaves out",
    ),
    "code left out in a diff": (
        block(
            f"@@ @@\n         middle = n // 2\n-{OLD}-            return self.values[middle]\n+        # ... existing code ...\n",
            "diff",
        ),
        "leaves out",
    ),
    "reasoning alone": ("<think>\nThe parity. " + WHOLE, "reasoning"),
    "reasoning with an end and nothing after it": (f"<think>\n{WHOLE}</think>\n", "reasoning"),
    "another language": (block("class Median { double median() { return 1; } }\n", "java"), "neither a diff nor"),
    "a list of remarks": ("- the parity is wrong\n- compare with 1\n", "neither a diff nor"),
    "its own prompt": (
        "# Program\n\n" + block(SOURCE) + "\n# Task\n\nRepair the program. Send one ```diff block.",
        "changes nothing",
    ),
    "a sentence about what stands in several places": ("Change `middle` to `n`.", "neither a diff nor"),
    "a sentence that warns": ("Do not change `n % 2 == 0` to `n % 2 == 1`.", "neither a diff nor"),
    "a sentence and a part of a program": (
        "Change `n % 2 == 0` to `n % 2 == 1`:\n" + block(f"{NEW}            return 0\n"),
        "whole new file",
    ),
    "two sentences": ("Change `n % 2 == 0` to `n % 2 == 1`. Change `LIMIT = 10` to `LIMIT = 9`.", "neither a diff nor"),
    "a sentence that leaves no program": ("Change `n % 2 == 0` to `n is`.", "neither a diff nor"),
    "one line in a fence": (f"{F}python class Median: pass {F}", "neither a diff nor"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_answer_in_doubt_is_refused_with_what_to_send(name):
    answer, says = REFUSED[name]
    with pytest.raises(PatchError, match=re.escape(says)) as caught:
        read_answer(SOURCE, answer)
    assert re.search(r"send|copy|give|write|changes nothing", str(caught.value), re.IGNORECASE)


def test_a_search_text_that_stands_in_two_places_is_refused():
    answer = "<<<<<<< SEARCH\nx = 1\n=======\nx = 2\n>>>>>>> REPLACE\n"
    with pytest.raises(PatchError, match="match in 2 places"):
        read_answer("x = 1\ny = x\nx = 1\n", answer)


def test_a_method_that_two_classes_have_is_refused():
    source = "class A:\n    def f(self):\n        return 1\n\n\nclass B:\n    def f(self):\n        return 2\n"
    with pytest.raises(PatchError, match="2 classes have them"):
        read_answer(source, block("def f(self):\n    return 3\n"))


@pytest.mark.parametrize(
    "name", ["a last fence that is not closed", "a diff", "a SEARCH block", "a bare method and prose, no fence"]
)
def test_of_an_answer_that_was_cut_off_only_a_closed_program_counts(name):
    with pytest.raises(PatchError, match="truncated"):
        read_answer(SOURCE, UNDERSTOOD[name], truncated=True)
    assert read_answer(SOURCE, f"{WHOLE}And so on, and so", truncated=True).after == FIXED


def test_the_names_say_which_program_of_a_first_draft_is_meant():
    answer = block("def helper():\n    return 1\n") + block("def solve():\n    return 2\n") + block("print(solve())\n")
    assert read_answer("", answer, ["solve"]).after == "def solve():\n    return 2\n"


def test_a_new_function_and_import_come_with_the_function_that_uses_them():
    source = "def f(x):\n    return g(x)\n\n\ndef g(x):\n    return x\n"
    answer = block("import math\n\n\ndef root(x):\n    return math.sqrt(x)\n\n\ndef g(x):\n    return root(x)\n")
    after = read_answer(source, answer).after
    space: dict = {}
    exec(after, space)
    assert space["f"](9) == 3


def test_what_a_block_sets_besides_its_functions_is_set():
    answer = block("import sys\n\nsys.setrecursionlimit(9999)\nLIMIT = 20\n\n\n" + CLASS + "\n\nprint(Median())\n")
    after = read_answer(SOURCE, answer).after
    assert after.replace("import sys\n", "").replace("sys.setrecursionlimit(9999)\n", "") == FIXED.replace("10", "20")
    assert after.index("import sys") < after.index("sys.set") < after.index("class Median")


def test_several_diffs_may_each_be_of_the_program_as_it_was():
    source = "a = 1\nb = 2\nc = 3\n"
    answer = block("@@ @@\n a = 1\n-b = 2\n+b = 4\n", "diff") + block("@@ @@\n b = 2\n-c = 3\n+c = 5\n", "diff")
    assert read_answer(source, answer).after == "a = 1\nb = 4\nc = 5\n"


@pytest.mark.parametrize("label", ["diff", ""])
def test_an_insertion_that_is_sent_twice_is_made_once(label):
    hunk = "@@ @@\n a = 1\n+b = 2\n c = 3\n"
    answer = block(hunk * 2, "diff") if label else block(hunk, "diff") * 2
    assert read_answer("a = 1\nc = 3\n", answer).after == "a = 1\nb = 2\nc = 3\n"


def test_a_call_at_the_end_that_is_no_trial_is_kept():
    program = f"import sys\n{FIXED}\n\nsys.setrecursionlimit(9999)\n"
    assert read_answer(SOURCE, block(program)).after == program


def test_a_comment_about_the_rest_in_a_whole_program_is_a_comment():
    program = FIXED.replace("    n = len", "    # the two in the middle, for an even count\n        n = len")
    assert read_answer(SOURCE, block(program)).after == program


# ---- properties

PIECES = st.sampled_from(
    [
        *UNDERSTOOD.values(),
        *(answer for answer, _ in REFUSED.values()),
        "Then:\n",
        "\n",
        F,
        "x = 1\n",
        OLD,
        NEW,
        "    ...\n",
        "@@\n",
        "{",
        '"',
    ]
)


def bare(line):
    """A line without indent, marks, numbers and typographic signs."""
    line = line.replace("\u00a0", " ").replace("\u200b", "").replace("&gt;", ">").replace("&#39;", "'")
    return re.sub(r"^[-+<> \t]*(?:\d+[ \t]*[:|.)]?)?[-+ \t]*", "", line).strip()


@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES, min_size=1, max_size=4), st.integers(0, 10_000), st.booleans())
def test_what_is_read_was_written_by_someone(pieces, cut, whole):
    answer = "".join(pieces)
    answer = answer if whole else answer[: cut % (len(answer) + 1)]
    try:
        after = read_answer(SOURCE, answer).after
    except PatchError as error:
        assert str(error)
        return
    texts = [SOURCE, answer, answer.replace("\\n", "\n").replace('\\"', '"')]
    written = {bare(line) for text in texts for line in text.split("\n")}
    # A tag, the marks of a fence or a brace of JSON may stand on a line of the program.
    joined = "".join(texts)
    spans = re.findall(r"`([^`\n]+)`", answer)

    def is_theirs(line):
        # A sentence says what stands for a part of a line.
        in_part = (span in line and all(part in SOURCE for part in line.split(span)) for span in spans)
        return bare(line) in written or bare(line) in joined or any(in_part)

    assert all(map(is_theirs, after.split("\n")))
    assert not [line for line in after.split("\n") if is_placeholder(line) and line.lstrip().startswith("#")]


@pytest.mark.parametrize(
    "answer",
    [
        "{" * 500_000,
        '{"a": ' * 150_000,
        "[" * 500_000,
        "<a>\n" * 250_000,
        "<code>\n</code>\n" * 60_000,
        "<think>" * 140_000,
        "</think>" * 120_000,
        "<|x|>" * 200_000,
        "<<<<<<< SEARCH\n=======\n" * 40_000,
        "<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n" * 20_000,
        "- x\n+ y\n" * 120_000,
        f"-{OLD}+{NEW}" * 15_000,
        "def f():\n" * 100_000,
        "class A: pass\n\n" * 60_000,
        "# ... \n" * 130_000,
        "a\n# ...\n" * 100_000,
        block("def add(self):\n    pass\n") * 20_000,
        f"{F}python\n" + "# ... rest unchanged\n" * 40_000 + F,
        f"{F}python\n" + "        n = len(self.values)\n    # ...\n" * 20_000 + F,
        "1: x\n" * 200_000,
        "a " * 500_000 + F,
        " " * 1_000_000 + "x",
        "# " + "rest " * 200_000,
        "3c3\n" * 250_000,
        "3c3\n< x\n" * 120_000,
        "(" * 1_000_000,
        "x=" * 500_000,
        "@" * 1_000_000,
        "import a\n" * 110_000,
        "from a import b\n" * 60_000,
        "change `a` to `b` " * 60_000,
        "<pre>x" + "</pre>" * 150_000 + "y",
        "x\\n" * 300_000,
        f"{F}diff\n" + "1 +x\n" * 20_000 + F,
    ],
    ids=lambda text: repr(text[:20]),
)
@pytest.mark.parametrize("source", [SOURCE, SOURCE + "        n = len(self.values)\n" * 2_000], ids=["short", "long"])
def test_no_answer_takes_long(source, answer):
    began = time.process_time()
    try:
        read_answer(source, answer[: 2**16])
    except PatchError:
        pass
    assert time.process_time() - began < 3
