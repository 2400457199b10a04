"""Repairs of names and attributes."""

import pytest

from tests.search.asking import diagnosed, failing

HEAD = "class Solution:\n    def helper(self, x):\n        return x\n\n    def f(self, nums, k):\n        total = 0\n"


@pytest.mark.parametrize(
    ("broken", "repaired", "message"),
    [
        ("return totl", "return total", ""),
        ("return total_sum", "return total", ""),
        ("return helper(k)", "return self.helper(k)", ""),
        ("return self.helpr(k)", "return self.helper(k)", ""),
        ("return self.max(nums)", "return max(nums)", ""),
        ("return lenn(nums)", "return len(nums)", ""),
        ("return HashMap()", "return dict()", ""),
        ("return nums.length", "return len(nums)", "'list' object has no attribute 'length'"),
        ("return nums.size()", "return len(nums)", "'list' object has no attribute 'size'"),
        ("nums.push(k)", "nums.append(k)", "'list' object has no attribute 'push'"),
        ("nums.add(k)", "nums.append(k)", "'list' object has no attribute 'add'"),
        ("return k.lowr()", "return k.lower()", "'str' object has no attribute 'lowr'"),
        ("return k.contains(total)", "return (total in k)", "'set' object has no attribute 'contains'"),
        ("return nums.sum()", "return sum(nums)", "'list' object has no attribute 'sum'"),
        ("console.log(k)\n        return k", "return k", ""),
        ("return self.get_max(nums)", "return max(nums)", ""),
        ("return reverse_list(nums)", "return nums[::-1]", ""),
        ("return self.unknown(nums[k])", "return nums[k]", ""),
        ("return self.min(nums) + self.max(nums)", "return min(nums) + max(nums)", ""),
        ("return nums.push(k)", "return nums.append(k)", ""),
        ("return k.getVal()", "return k.val", ""),
        ("return self.helper(undefined_thing)", "return self.helper(0)", ""),
        ("return max(total, undefined_thing)", "return max(total, total)", ""),
        ("return total - undefined_thing", "return total", ""),
        ("for x in nums:\n            brek", "for x in nums:\n            break", ""),
        ("undefined_thing += 1", "total += 1", ""),
        ("return slf.helper(k)", "return self.helper(k)", ""),
        ("return value.helper(k)", "return self.helper(k)", ""),
        ("last: numList[int] = nums", "last: List[int] = nums", ""),
        ("last: outcome[int] = nums", "last = nums", ""),
        ("min = sorted(nums)\n        return tail", "tail = sorted(nums)\n        return tail", ""),
        ("for _ in nums:\n            total += x", "for x in nums:\n            total += x", ""),
        ("return nums[k + 1] - undefined_thing", "return nums[k + 1] - nums[k]", ""),
        ("return nums[k] > undefined_thing", "return nums[k] > nums[k + 1]", ""),
        ("return nums.undefinedMethod(k)", "return nums.index(k)", ""),
        ("nums.undefinedMethod(k)\n        return nums", "nums.append(k)\n        return nums", ""),
        ("k.let = k.right", "k.left = k.right", ""),
        ("return k.depth + k.left.size + k.left", "return k.val + k.left.size + k.left", ""),
    ],
)
def test_finds_the_repair_among_the_first_patches(broken, repaired, message):
    afters = [it.text for it in diagnosed(HEAD + f"        {broken}\n", failing(message))]
    assert HEAD + f"        {repaired}\n" in afters[:5]


def test_an_unknown_name_is_replaced_at_all_its_places():
    after = diagnosed("def f(value):\n    return vlaue + vlaue\n")[0].text
    assert after == "def f(value):\n    return value + value\n"


@pytest.mark.parametrize(
    ("broken", "repaired", "message"),
    [
        (
            "from itertools import after\nx = accumulate([1])\n",
            "from itertools import accumulate\nx = accumulate([1])\n",
            "",
        ),
        ("from itertools import acumulate\n", "from itertools import accumulate\n", ""),
        ("from typing import _, Any\nx: List[Any] = []\n", "from typing import List, Any\nx: List[Any] = []\n", ""),
        ("from typing import nothing\nx = 1\n", "x = 1\n", ""),
        ("from itertoos import chain\n", "from itertools import chain\n", ""),
        ("from self import List\n", "from typing import List\n", ""),
        (
            "class A:\n    def f(sef, a):\n        return self, a\n",
            "class A:\n    def f(self, a):\n        return self, a\n",
            "",
        ),
        (
            "def f(a):\n    for self in a:\n        print(b)\n",
            "def f(a):\n    for b in a:\n        print(b)\n",
            "",
        ),
        ("import colections\n", "import collections\n", ""),
        ("def f(a) -> undefinedList[int]:\n    return a\n", "def f(a) -> List[int]:\n    return a\n", ""),
        ("def f(a) -> unknown:\n    return a\n", "def f(a) :\n    return a\n", ""),
        ("def f(a: unknown[int] = 1):\n    return a\n", "def f(a = 1):\n    return a\n", ""),
        ("def f(a: null):\n    return a\n", "def f(a: None):\n    return a\n", ""),
        (
            "class A:\n    def _init__(self):\n        self.a = 1\n",
            "class A:\n    def __init__(self):\n        self.a = 1\n",
            "",
        ),
        (
            "class A:\n    def __lst__(self, other):\n        return 1\n",
            "class A:\n    def __lt__(self, other):\n        return 1\n",
            "",
        ),
        (
            "def is_od(a):\n    return a % 2\n",
            "def is_odd(a):\n    return a % 2\n",
            "the solution does not define `is_odd`",
        ),
        ("class Stak:\n    a = 1\n", "class Stack:\n    a = 1\n", "the solution does not define `Stack`"),
        (
            "class A:\n    def shw(self):\n        return 1\n",
            "class A:\n    def show(self):\n        return 1\n",
            "'A' object has no attribute 'show'",
        ),
    ],
)
def test_repairs_what_is_imported_annotated_or_looked_up(broken, repaired, message):
    afters = [it.text for it in diagnosed(broken, failing(message))]
    assert repaired in afters[:2]


@pytest.mark.parametrize(
    "source",
    [
        "import numpy\nimport os.path\nfrom string import ascii_lowercase\nfrom . import a\nfrom typing import *\n",
        "class A:\n    def __init__(self):\n        self._a = 1\n    def _count(self):\n        return self._a\n",
        "class A:\n    def __int__(self):\n        return 1\n    def __init__(self):\n        pass\n",
        "def f(a):\n    b = collections.Counter(a)\n    return b.most_common(1), math.inf\n",
    ],
)
def test_imports_attributes_and_special_methods_that_exist_are_left_alone(source):
    assert not (diagnosed(source))


def test_a_method_after_its_class_moves_into_it():
    source = "class Solution:\n    x = 1\n\ndef f(self):\n    return self.x\n"
    assert diagnosed(source)[0].text == "class Solution:\n    x = 1\n\n    def f(self):\n        return self.x\n"


def test_a_forgotten_initialisation_is_copied_from_a_similar_name():
    source = "def f(n):\n    rows_seen = [0] * n\n    cols_seen[0] = 1\n"
    assert any("    cols_seen = [0] * n\n" in it.text for it in diagnosed(source))


@pytest.mark.parametrize(
    ("use", "first"),
    [
        ("new.append(k)", "[]"),
        ("seen.add(k)", "set()"),
        ("queue.popleft()", "deque()"),
        ("table[k] += 1", "defaultdict(int)"),
        ("table[k] = 1", "{}"),
        ("table[k].append(1)", "defaultdict(list)"),
    ],
)
def test_a_name_that_is_never_assigned_starts_as_its_use_asks(use, first):
    name = use.split(".")[0].split("[")[0]
    source = HEAD + f"        for x in nums:\n            {use}\n"
    wanted = HEAD + f"        {name} = {first}\n" + source.removeprefix(HEAD)
    assert wanted in [it.text for it in diagnosed(source)][:8]


@pytest.mark.parametrize(
    ("use", "first"),
    [
        ("self.seen.append(k)", "[]"),
        ("self.seen[k] = 1", "{}"),
        ("self.seen.move_to_end(k)", "OrderedDict()"),
        ("return self.seen + k", "0"),
    ],
)
@pytest.mark.parametrize(
    ("constructor", "begun"),
    [("pass", "self.seen = {}"), ("self.size = 1", "self.size = 1\n        self.seen = {}")],
)
def test_what_self_never_got_starts_in_the_constructor(use, first, constructor, begun):
    source = "class A:\n    def __init__(self):\n        {}\n\n    def f(self, k):\n        {}\n"
    afters = [it.text for it in diagnosed(source.format(constructor, use))]
    assert source.format(begun.replace("{}", first), use) in afters[:3]


def test_statements_that_use_an_element_get_their_loop():
    source = "def f(roads, g):\n    g.add(road[0])\n    g.add(road[1])\n    return g\n"
    looped = "def f(roads, g):\n    for road in roads:\n        g.add(road[0])\n        g.add(road[1])\n    return g\n"
    assert diagnosed(source)[0].text == looped


def test_a_body_that_stands_outside_its_function_moves_into_it():
    source = "class Solution:\n    def f(self, n):\n        x = n\n    return x\n"
    assert diagnosed(source)[0].text == source.replace("    return", "        return")


def test_correct_names_give_no_patches():
    source = HEAD + "        seen = {x: (y := x) for x in nums}\n        return self.helper(y) + inf + len(seen)\n"
    assert diagnosed(source, failing("division by zero", "ZeroDivisionError")) == []


def test_a_header_too_many_goes_and_its_body_ends_the_method_before():
    head = "class Solution:\n    def f(self, nums):\n        total = sum(nums)\n"
    broken = head + "\n    def run(self):\n        return total\n"
    assert diagnosed(broken)[0].text == head + "\n        return total\n"
    assert not (diagnosed(broken.replace("return total", "return 1")))


def test_what_the_tests_look_up_and_stands_elsewhere_is_moved_and_not_renamed():
    source = "class A:\n    def g(self):\n        return 1\n\ndef f(self):\n    return 2\n"
    notes = [it.note for it in diagnosed(source, failing("'A' object has no attribute 'f'"))]
    assert notes == ["place: move the function in line 5 into the class"]


def test_functions_without_their_class_are_put_into_it():
    source = (
        "import math\n\ndef helper(x):\n    return x\n\ndef solve(a):\n    for b in a:\n\n        return helper(b)\n"
    )
    first = diagnosed(source, failing("the solution does not define `Solution`", "NameError"))[0]
    assert first.text == (
        "import math\n\nclass Solution:\n    def helper(self, x):\n        return x\n\n"
        "    def solve(self, a):\n        for b in a:\n\n            return helper(b)\n"
    )


OF_A_PROJECT = "import report\n\n\ndef main(args):\n    return report.render(args.file, args.totals)\n"


def test_a_module_of_a_project_may_have_attributes_that_no_usual_type_has():
    assert any("args." in it.note for it in diagnosed(OF_A_PROJECT))
    assert not (diagnosed(OF_A_PROJECT, is_alone=False))
    message = "'Namespace' object has no attribute 'totals'"
    assert any("args.totals" in it.note for it in diagnosed(OF_A_PROJECT, failing(message), is_alone=False))
