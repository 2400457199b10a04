"""What stands in the folder in which a page's commands run: the files that its text speaks of.

A file that a page shows (a block whose title is a file's name) is written by the page itself.
"""

import gzip
import json
import shutil
import sys

from tests.documents.pages import ROOT
from tests.hook.repositories import Repo
from tests.report.recorded import single_run

TWO_SUM = ROOT / "problems/two-sum/submissions"
FIXTURES = ROOT / "tests/formats/fixtures"
STATS = '''def largest(values):
    """Return the largest of some numbers.

    >>> largest([3, 8, 1])
    8
    >>> largest([-2, -9])
    -2
    """
    best = 0
    for value in values:
        best = max(best, value)
    return best


def mean(values):
    return sum(values) / len(values)
'''
PAGE = """Parcels

Return the places of the two parcels that weigh target together.

Example 1:

Input: nums = [8,3,14,5], target = 19
Output: [2,3]

Example 2:

Input: nums = [4,4], target = 8
Output: [0,1]

class Solution:
    def two_sum(self, nums: List[int], target: int) -> List[int]:
"""
# coderefine is installed, on a machine whose clipboard can be read; and one that has the command of SQLite.
COMMANDS = {
    "coderefine": f'#!/bin/sh\nexec {sys.executable} -m coderefine "$@"\n',
    "pbpaste": "#!/bin/sh\ncat <<'END'\n" + PAGE + "END\n",
    "sqlite3": f"#!{sys.executable}\nimport sqlite3, sys\n"
    "with sqlite3.connect(sys.argv[1], isolation_level=None) as db:\n"
    "    for sql in sys.argv[2].split(';'):\n"
    "        for row in db.execute(sql):\n"
    "            print(*row, sep='|')\n",
}


def write(folder, **texts):
    """Write the files of a scene, as they were."""
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def everyday(folder):
    """A folder in which somebody solves problems: solutions, a file of its own, and sets."""
    wrong = (TWO_SUM / "wrong_answer/off_by_one.py").read_text()
    write(folder, stats_dot_py=STATS, solution_dot_py=wrong, page_dot_txt=PAGE)
    if not (folder / "problems").exists():
        Repo.new(folder)
        shutil.copytree(ROOT / "problems", folder / "problems")
        right = {path.parent.parent.parent.name: path for path in folder.glob("problems/*/submissions/accepted/*.py")}
        write(folder, **{f"mine__{slug}_dot_py": path.read_text() for slug, path in right.items()})
        for name in ("HumanEval", "LeetCodeDataset"):
            shutil.copy(
                FIXTURES / f"{'humaneval' if name == 'HumanEval' else 'leetcode'}.jsonl", folder / f"{name}.jsonl"
            )
        (folder / "HumanEval.jsonl.gz").write_bytes(gzip.compress((folder / "HumanEval.jsonl").read_bytes()))
        rows = (FIXTURES / "generic.jsonl").read_text().splitlines()
        (folder / "set.jsonl.gz").write_bytes(gzip.compress(rows[0].encode()))
        (folder / "shop.jsonl").write_text("\n".join(rows))
        first = json.loads((folder / "HumanEval.jsonl").read_text().splitlines()[0])
        sample = {"task_id": first["task_id"], "completion": first["canonical_solution"]}
        (folder / "samples.jsonl").write_text(json.dumps(sample))


def at_most_two(folder):
    """A solution that is right and slow."""
    slow = ROOT / "problems/at-most-two/submissions/time_limit_exceeded/counts_each_time.py"
    write(folder, solution_dot_py=slow.read_text())


CART = "def total(prices, discount):\n    return sum(prices) + discount\n"
TESTS = "from shop.cart import total\n\n\ndef test_total():\n    assert total([3, 4], 2) == 5\n\n\ndef test_none():\n    assert total([], 0) == 0\n"


def shop(folder):
    """A repository with a module that is staged, and wrong."""
    if not (folder / ".git").exists():
        repo = Repo.new(folder)
        repo.write("shop/__init__.py", "")
        repo.write("tests/test_cart.py", TESTS)
        repo.commit()
    Repo(folder).write("shop/cart.py", CART, stage=True)


def recorded(folder):
    """A record with a run in it."""
    if not (folder.parent / "home").exists():
        single_run(folder.parent / "home")


SCENES = {
    "README.md": everyday,
    "docs/editors.md": everyday,
    "docs/fix.md": everyday,
    "docs/problems.md": everyday,
    "docs/score.md": everyday,
    "docs/models.md": everyday,
    "docs/install.md": everyday,
    "docs/runs.md": everyday,
    "docs/results.md": at_most_two,
    "docs/store.md": recorded,
    "docs/pre-commit.md": shop,
}
