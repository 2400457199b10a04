"""The codec carries plain data exactly, and nothing else."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coderefine.problem import values

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**4000, max_value=10**5000)
    | st.floats(allow_nan=False)
    | st.text(st.characters())
    | st.binary()
    | st.complex_numbers(allow_nan=False, allow_infinity=True)
)
keys = st.integers() | st.text() | st.tuples(st.integers(), st.text())
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(keys, inner)
        | st.sets(keys)
        | st.frozensets(keys)
    ),
)


def types_of(value):
    """The types of a value and all that is in it."""
    if isinstance(value, (list, tuple)):
        return [type(value), *map(types_of, value)]
    if isinstance(value, dict):
        return [dict, *((types_of(k), types_of(v)) for k, v in value.items())]
    return [type(value)]


@given(anything)
def test_a_value_comes_back_equal_and_of_the_same_types(value):
    back = values.decode(values.encode(value))
    assert back == value
    assert types_of(back) == types_of(value)


@pytest.mark.parametrize(
    "value", [dict.fromkeys(range(30_000), 0), {str(i) for i in range(30_000)}], ids=["ints", "texts"]
)
def test_a_large_dict_or_set_comes_back(value):
    assert values.decode(values.encode(value)) == value


def test_nan_and_lone_surrogates_come_back():
    assert math.isnan(values.decode(values.encode(math.nan)))
    assert values.decode(values.encode("\ud800")) == "\ud800"


class Liar(list):
    """Claims to equal everything and to be empty."""

    def __eq__(self, other):
        return True

    __hash__ = None

    def __iter__(self):
        return iter(())


class Number(int):
    def __add__(self, other):
        return 42


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Liar([1, 2]), [1, 2]),
        (Number(7), 7),
        (type("S", (str,), {})("x"), "x"),
        (type("D", (dict,), {})(a=1), {"a": 1}),
    ],
)
def test_instances_of_subclasses_travel_as_the_builtin_they_extend(value, plain):
    back = values.decode(values.encode(value))
    assert type(back) is type(plain)
    assert back == plain


def cyclic():
    items = []
    items.append(items)
    return items


def nested(depth):
    value = 0
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [object(), len, (i for i in ()), cyclic(), nested(values.MAX_DEPTH + 1), [object()]],
    ids=["object", "builtin", "generator", "cyclic", "nested", "list of object"],
)
def test_what_is_no_plain_data_is_refused(value):
    with pytest.raises(values.Unencodable):
        values.encode(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        b"\xff\xfe",
        "{}",
        '{"$":"tuple"}',
        '{"$":"list","v":[]}',
        '{"$":"dict","v":[[1]]}',
        '{"$":"dict","v":[[[1],2]]}',
        '{"$":"set","v":7}',
        '{"$":["tuple"],"v":[]}',
        '{"$":"int","v":"zz"}',
        '{"$":"float","v":"1.5"}',
        '{"$":"complex","v":["1"]}',
        '{"$":"bytes","v":"0"}',
        "[" * 100_000,
        '{"$":"set","v":%s}' % [i * (2**61 - 1) for i in range(values.MAX_SAME_HASH + 1)],
        "9" * 5000,
    ],
    ids=lambda text: repr(text)[:30],
)
def test_whatever_is_no_encoding_is_malformed(text):
    with pytest.raises(values.Malformed):
        values.decode(text)


@given(st.binary() | st.text())
def test_decoding_any_bytes_raises_nothing_but_malformed(data):
    try:
        values.decode(data)
    except values.Malformed:
        pass
