"""The compiled form of each hot function does what the plain one does."""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepnet.ops import families, hot, linear, norm, pointwise

pytest.importorskip("numba")
compiled = pytest.importorskip("deepnet.ops.compiled")

HOT = {
    name.lstrip("_"): function
    for module in (families, linear, norm, pointwise)
    for name, function in vars(module).items()
    if hasattr(function, "plain")
}
ULPS = 64


def images(rng, dtype, layout, *shape):
    """Normal numbers, laid out as a caller may have them."""
    x = rng.normal(size=shape).astype(dtype)
    if layout == "fortran":
        return np.asfortranarray(x)
    if layout == "strided":
        return np.repeat(x, 2, axis=-1)[..., ::2]
    if layout == "read-only":
        x.flags.writeable = False
    return x


def arguments(name, rng, dtype, layout, n, size, c):
    """Arguments that the hot function ``name`` takes, and its attributes."""
    x, g, dx, dy, dg = (
        images(rng, dtype, layout, n, 2 * size, size, c) for _ in ("x", "g", "dx", "dy", "dg")
    )
    small = images(rng, dtype, layout, n, 2, 1, c)
    choice = rng.integers(0, size**2, small.shape).astype(np.uint8)
    mean, inverse = rng.normal(size=c).astype(dtype), rng.uniform(0.5, 2, c).astype(dtype)
    return {
        "moments": ((x,), {}),
        "standardised": ((x, mean, inverse), {}),
        "jacobian": ((x, inverse, dx), {}),
        "bend_of_normalise": ((x, inverse, g, dx, dy, dg), {}),
        "bend_of_pointwise": ((x, dg, dy, dx, g), {}),
        "softplus_and_slope": ((100 * x,), {"beta": 10.0}),
        "places_of_maxima": ((np.round(2 * x),), {"size": size}),  # with equal ones
        "chosen": ((x, choice), {"size": size}),
        "put_back": ((small, choice), {"size": size}),
    }[name]


@pytest.mark.parametrize("name", HOT)
@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**32 - 1),
    dtype=st.sampled_from(["float32", "float64"]),
    layout=st.sampled_from(["plain", "fortran", "strided", "read-only"]),
    n=st.integers(1, 5),
    size=st.integers(1, 3),
    c=st.integers(1, 9),
)
def test_compiled_does_what_plain_does(name, seed, dtype, layout, n, size, c):
    arrays, attrs = arguments(name, np.random.default_rng(seed), dtype, layout, n, size, c)
    results = [
        found if isinstance(found, tuple) else (found,)
        for found in (
            getattr(compiled, name)(*arrays, **attrs),
            HOT[name].plain(*arrays, **attrs),
        )
    ]
    for fast, plain in zip(*results, strict=True):
        assert fast.dtype == plain.dtype and fast.shape == plain.shape
        if plain.dtype == np.uint8:
            assert np.array_equal(fast, plain)
        else:
            size_of_terms = 1 + max(np.abs(a).max() for a in (*arrays, plain)) ** 3
            assert np.abs(fast - plain).max() <= ULPS * np.finfo(dtype).eps * size_of_terms


def test_compiled_softplus_has_no_subnormal_values():
    x = -np.linspace(0, 20, 2001, dtype=np.float32)[:, None]
    for array in compiled.softplus_and_slope(x, beta=10.0):
        assert array.dtype == np.float32
        assert not np.any((array != 0) & (np.abs(array) < np.finfo(np.float32).tiny))


def test_nan_and_infinity_are_kept():
    x = np.array([[np.nan, np.inf, -np.inf]], np.float32)
    y, slope = compiled.softplus_and_slope(x, beta=10.0)
    assert np.isnan(y[0, 0]) and np.isnan(slope[0, 0])
    assert y[0, 1] == np.inf and slope[0, 1] == 1
    assert y[0, 2] == 0 and slope[0, 2] == 0


def test_each_has_the_signature_of_its_plain_form():
    assert HOT
    for name, function in HOT.items():
        plain = list(inspect.signature(function.plain).parameters)
        assert list(inspect.signature(getattr(compiled, name)).parameters) == plain


def test_the_environment_can_ask_for_the_plain_forms(monkeypatch):
    monkeypatch.setenv("DEEPNET_PLAIN", "1")
    assert not hot.compiles.__wrapped__()
