"""What nobody meant stays within its part, and is told in one line."""

import random
import re

import pytest

from coderefine.accidents import Accidents, describe
from coderefine.errors import Accident, StoreError, UsageError
from coderefine.outside import read_bytes


@pytest.fixture
def told():
    return []


@pytest.fixture
def accidents(told):
    return Accidents(told.append)


def test_an_error_stays_in_its_part_and_is_told(accidents, told):
    with accidents.survive("cooking", "there is bread"):
        raise ValueError("burnt")
    assert told == accidents.lines
    assert re.fullmatch(r"cooking failed; there is bread: ValueError in test_accidents.py:\d+ \(\w+\): burnt", told[0])
    assert "cooking" in accidents
    assert "eating" not in accidents


def test_each_part_is_told_of_once(accidents, told):
    for part in ("cooking", "cooking", "eating"):
        with accidents.survive(part):
            raise ValueError
    assert [line.split()[0] for line in told] == ["cooking", "eating"]


def test_a_teller_that_fails_as_well_changes_nothing():
    def tell(line):
        raise OSError

    accidents = Accidents(tell)
    with accidents.survive("cooking"):
        raise ValueError
    assert len(accidents.lines) == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_asks_for_the_end_passes_through(accidents, error):
    with pytest.raises(error), accidents.survive("cooking"):
        raise error
    assert accidents.lines == []


def test_errors_of_one_kind_may_pass_through_but_no_accident(accidents):
    with pytest.raises(UsageError), accidents.survive("cooking", but=StoreError.__base__):
        raise UsageError("say which")
    with accidents.survive("cooking", but=StoreError.__base__):
        raise Accident("ValueError in there")
    assert accidents.lines == ["cooking failed; the rest goes on: ValueError in there"]


def test_leaving_what_was_entered_must_not_fail_where_all_went_well(accidents, tmp_path):
    class Door:
        def __enter__(self):
            return "inside"

        def __exit__(self, *error):
            raise OSError("it jams")

    with accidents.within("closing the door", Door()) as where:
        assert where == "inside"
    assert "closing the door failed" in accidents.lines[0]
    with pytest.raises(OSError, match="it jams"), accidents.within("closing the door", Door()):
        raise ValueError


def test_a_manager_that_takes_an_error_in_still_does(accidents):
    with accidents.within("outer", accidents.survive("inner")):
        raise ValueError
    assert [line.split()[0] for line in accidents.lines] == ["inner"]


def test_a_deliberate_error_says_it_all():
    assert describe(StoreError("the disk\nis full")) == "the disk is full"


def test_an_error_from_a_library_names_our_place_too(tmp_path):
    with pytest.raises(OSError, match="No such file") as caught:
        read_bytes(tmp_path / "nothing")
    assert re.match(
        r"FileNotFoundError in pathlib\.py:\d+ \(open\), called in outside\.py:\d+ \(read_bytes\): ",
        describe(caught.value),
    )


def test_a_message_is_one_line_of_some_length():
    with pytest.raises(ValueError, match="long") as caught:
        raise ValueError("long\n" * 10_000)
    line = describe(caught.value)
    assert "\n" not in line
    assert len(line) < 600


def test_an_error_that_was_never_raised_has_no_place():
    assert describe(random.choice([ValueError("x")])).startswith("ValueError in nowhere:0: x")


def test_an_error_whose_text_cannot_be_had_is_described():
    class Unspeakable(Exception):
        def __str__(self):
            raise IndexError

    assert describe(Unspeakable()).startswith("Unspeakable in ")


def raised(call, *args):
    try:
        call(*args)
    except Exception as error:  # noqa: BLE001 - whatever it is
        return describe(error)
    raise AssertionError("nothing was raised")


def test_only_what_our_code_did_is_to_be_reported_to_us():
    """Also where a library raises it; not what a user's engine did, and libraries that it called."""
    assert "please report" in raised(Accidents.note, None, "cooking", ValueError(), "")
    assert "please report" in raised(read_bytes, object())
    assert "please report" not in raised(lambda: random.choice([]))
