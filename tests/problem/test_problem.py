"""A problem as frozen data."""

import dataclasses

import pytest

from tests.samples import PROBLEM


def test_a_name_is_no_kind():
    with pytest.raises(TypeError, match=r"one of coderefine.KINDS, such as KINDS\['function'\], not 'function'"):
        dataclasses.replace(PROBLEM, kind="function")
