"""kill -9 at random moments, then resume: the same result, and no finished call is made twice.

CODEREFINE_SOAK=50 kills that often; `python -m tests.benchmarks.kill` tells more.
"""

from tests.benchmarks.kill import soak
from tests.conftest import need
from tests.soak import times


def test_a_killed_run_resumes_to_the_same_result_and_pays_nothing_twice(forks):
    need("local")
    tally = soak(forks, times(2), seed=7)
    assert tally.wrong == []
