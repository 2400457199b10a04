"""kill -9 at random moments, then --resume: the same table, and no answered call is made again.

CODEREFINE_SOAK=10 kills that often; `python -m tests.benchmarks.score --kills 10` tells more.
"""

import pytest

from tests.benchmarks.score import soak
from tests.conftest import need
from tests.soak import times


@pytest.mark.parametrize("model", [False, True], ids=["given", "model"])
def test_a_killed_run_resumes_to_the_same_table(forks, model):
    need("local")
    assert soak(forks, times(2), seed=5, model=model, problems=3 if model else 15) == []
