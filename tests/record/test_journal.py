"""A record that cannot be read costs no more than doing the work anew."""

import pytest

from coderefine.errors import NotRecordedError
from coderefine.record.store import Store
from coderefine.refining.observers import Observers
from coderefine.runs import tasks
from coderefine.runs.tasks import Options
from tests.samples import CODE, FIXED, PROBLEM


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE reports SET report = '{'",
        "UPDATE searches SET patches = 'x'",
        "UPDATE searches SET account = '[]'",
        "UPDATE checks SET outcome = '[]'",
    ],
)
def test_what_cannot_be_read_is_done_anew_or_ends_a_replay(any_judge, tmp_path, damage):
    told = []
    with Store.open(tmp_path) as store:
        task = tasks.begin(store, PROBLEM, CODE, Options(), any_judge.backend)
        assert tasks.go_on(store, task, any_judge).source == FIXED
        store.execute(damage)
        again = tasks.go_on(store, tasks.load(store, task.run), any_judge, Observers(warn=told.append))
        assert again.source == FIXED
        assert told
        assert all(
            line.startswith(("reading the record failed; what cannot be read is done anew", "hardening failed"))
            for line in told
        )
        store.execute(damage)
        with pytest.raises(NotRecordedError):
            tasks.replay(tasks.load(store, task.run))
