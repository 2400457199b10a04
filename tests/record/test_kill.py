"""kill -9 at random moments, then resume: the same result, and no finished call is made twice.

CODEREFINE_SOAK=50 kills that often; `python -m tests.benchmarks.kill` tells more.
"""

import os

from tests.benchmarks.kill import soak
from tests.conftest import need


def test_a_killed_run_resumes_to_the_same_result_and_pays_nothing_twice(forks):
    need("local")
    tally = soak(forks, int(os.environ.get("CODEREFINE_SOAK", "6")), seed=7)
    assert tally.wrong == []
