"""NumPy's comparisons of numbers for plain lists, as tests of public sets use them, for a sandbox without NumPy.

They replace `import numpy as np` in the code of a test that uses nothing else of NumPy. The functions below are sent to
the sandbox as text; they run on Python 3.8.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from coderefine.formats.literals import source

_NAMES = {
    "allclose", "isclose", "array_equal", "testing.assert_allclose", "isnan", "ndarray", "float64", "float32", "inf",
    "nan",
}  # fmt: skip
_SOURCE = """\
def _like_numpy():
    import math
    import types

    def flat(value, shape):
        if isinstance(value, (list, tuple)):
            parts = [flat(item, shape + (len(value),)) for item in value]
            if len({sizes for sizes, _ in parts}) > 1:
                raise ValueError("setting an array element with a sequence: the shapes differ")
            inner = parts[0][0] if parts else ()
            return (len(value),) + inner, [number for _, numbers in parts for number in numbers]
        if not isinstance(value, (bool, int, float, complex)):
            raise TypeError("expected numbers, not %s" % type(value).__name__)
        return (), [value]

    def near(one, other, rtol, atol, equal_nan):
        if one != one or other != other:
            return bool(equal_nan and one != one and other != other)
        if one == other:
            return True
        try:
            difference, size = abs(one - other), abs(other)
        except OverflowError:
            return False
        return math.isfinite(difference) and math.isfinite(size) and difference <= atol + rtol * size

    def pairs(one, other):
        (shape, ours), (other_shape, theirs) = flat(one, ()), flat(other, ())
        if shape != other_shape:
            if len(theirs) == 1:
                theirs = theirs * len(ours)
            elif len(ours) == 1:
                ours = ours * len(theirs)
            else:
                raise ValueError("operands could not be broadcast together with shapes %r %r" % (shape, other_shape))
        return list(zip(ours, theirs))

    def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
        return all(near(one, other, rtol, atol, equal_nan) for one, other in pairs(a, b))

    def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
        found = [near(one, other, rtol, atol, equal_nan) for one, other in pairs(a, b)]
        return found if isinstance(a, (list, tuple)) or isinstance(b, (list, tuple)) else found[0]

    def assert_allclose(actual, desired, rtol=1e-07, atol=0, equal_nan=True, err_msg="", verbose=True):
        assert allclose(actual, desired, rtol, atol, equal_nan), "not close: %r and %r" % (actual, desired)

    class ndarray:
        pass

    return types.SimpleNamespace(
        allclose=allclose, isclose=isclose, testing=types.SimpleNamespace(assert_allclose=assert_allclose),
        array_equal=lambda a, b: flat(a, ()) == flat(b, ()), isnan=math.isnan,
        ndarray=ndarray, float64=float, float32=float, inf=math.inf, nan=math.nan,
    )


{name} = _like_numpy()
"""


def without_numpy(statements: Sequence[ast.stmt]) -> list[str]:
    """Return the texts of statements, with the functions above in place of NumPy where they use no more of it."""
    imports = {place: name for place, it in enumerate(statements) if (name := _imported_as(it))}
    if not imports or not all(_used(statements, name) <= _NAMES for name in imports.values()):
        return [source(it) for it in statements]
    return [
        _SOURCE.replace("{name}", imports[place]) if place in imports else source(it)
        for place, it in enumerate(statements)
    ]


def _imported_as(statement: ast.stmt) -> str:
    match statement:
        case ast.Import(names=[ast.alias(name="numpy", asname=name)]):
            return name or "numpy"
    return ""


def _used(statements: Sequence[ast.stmt], name: str) -> set[str]:
    """Return the names of NumPy that are used, such as `allclose`, and `name` itself for any other use."""
    found: set[str] = set()
    inner: set[int] = set()
    for node in (node for statement in statements for node in ast.walk(statement)):
        if isinstance(node, ast.Attribute) and id(node) not in inner:
            chain, at = [node.attr], node.value
            inner.add(id(at))
            while isinstance(at, ast.Attribute):
                chain.append(at.attr)
                at = at.value
                inner.add(id(at))
            if isinstance(at, ast.Name) and at.id == name:
                found.add(".".join(reversed(chain)))
        elif isinstance(node, ast.Name) and node.id == name and id(node) not in inner:
            found.add(name)
    return found
