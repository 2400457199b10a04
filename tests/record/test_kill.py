"""kill -9 at random moments, then resume: the same result, and no finished call is made twice.

CODEREFINE_SOAK=50 kills that often; `python -m tests.benchmarks.kill` tells more.
"""

import os

from tests.benchmarks.kill import soak
from tests.conftest import open_or_skip


def test_a_killed_run_resumes_to_the_same_result_and_pays_nothing_twice(forks):
    open_or_skip("local").close()
    tally = soak(forks, int(os.environ.get("CODEREFINE_SOAK", "8")), seed=7)
    assert tally.wrong == []
