"""What ended a run is raised again from its JSON form."""

import json

import pytest

from coderefine.errors import BudgetExhausted, CoderefineError, JudgeError, ModelError, ProblemError, UsageError
from coderefine.models.model import Answer, UnusableAnswerError
from coderefine.record.endings import ending_of, raise_ending


class NewError(ModelError):
    """A class that takes only a message comes back as itself."""


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ModelError("down"), ModelError),
        (NewError("new"), NewError),
        (JudgeError("judge"), JudgeError),
        (UsageError("typo"), UsageError),
        (ProblemError("file", "field", "expected text"), UsageError),
        (UnusableAnswerError("empty", Answer("", 1, 1, None, 0.1)), ModelError),
        (BudgetExhausted("calls", "spent"), BudgetExhausted),
        (CoderefineError("ours"), CoderefineError),
        (RuntimeError("a bug"), CoderefineError),
    ],
)
def test_an_error_comes_back_with_its_message_as_the_nearest_class(error, kind):
    with pytest.raises(CoderefineError) as caught:
        raise_ending(json.loads(json.dumps(ending_of(error))))
    assert (type(caught.value), str(caught.value)) == (kind, str(error))
    assert getattr(caught.value, "limit", None) == getattr(error, "limit", None)


def test_an_interrupt_comes_back_as_one():
    with pytest.raises(KeyboardInterrupt):
        raise_ending(ending_of(KeyboardInterrupt()))
