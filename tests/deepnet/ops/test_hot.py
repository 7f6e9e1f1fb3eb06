"""The compiled form of each hot function does what the plain one does."""

import inspect
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from deepnet.ops import hot, pointwise
from tests.close import rounded
from tests.deepnet.ops.hot_cases import HOT, OF_PAIRS, alike, arguments, images

pytest.importorskip("numba")
compiled = pytest.importorskip("deepnet.ops.compiled")
convolution = pytest.importorskip("deepnet.ops.compiled.convolution")

seeds = st.integers(0, 2**32 - 1)
dtypes = st.sampled_from(["float32", "float64"])
layouts = st.sampled_from(["plain", "fortran", "strided", "read-only"])


CONVOLUTIONS = {"correlate", "pull_input", "pull_weight", *OF_PAIRS}


@pytest.mark.parametrize("name", sorted(HOT.keys() - CONVOLUTIONS))
@settings(max_examples=40)
@given(
    seed=seeds,
    dtype=dtypes,
    layout=layouts,
    n=st.integers(1, 5),
    size=st.integers(1, 3),
    c=st.integers(1, 9) | st.sampled_from([16, 32]),
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
        if plain.dtype == np.uint8:
            assert np.array_equal(fast, plain)
        else:
            size = 1 + max(np.abs(a).max() for a in (*arrays, plain)) ** 3
            assert rounded(*alike(fast, plain), size)


#: Arguments that choose a kernel, each a compilation: dtype, channels, filters, stride.
KERNELS = [
    ("float32", 3, 6, 1),
    ("float32", 2, 20, 2),
    ("float32", 4, 64, 1),
    ("float64", 1, 3, 3),
]


@settings(max_examples=60)
@given(
    seed=seeds,
    kind=st.sampled_from(KERNELS),
    layout=st.sampled_from(["plain", "fortran", "strided"]),
    n=st.sampled_from([1, 9]),
    kernel=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    rows=st.integers(1, 6),
    columns=st.sampled_from([1, 17]),
    more=st.integers(0, 2),
    pad=st.tuples(*[st.integers(-1, 4)] * 4),
    work=st.sampled_from([1, convolution.WORK]),
)
def test_compiled_convolution_does_what_plain_does(
    seed, kind, layout, n, kernel, rows, columns, more, pad, work
):
    dtype, c, k, stride = kind
    rng = np.random.default_rng(seed)
    framed = [
        size + stride * (out - 1) + min(more, stride - 1)
        for size, out in zip(kernel, (rows, columns), strict=True)
    ]
    shape = [framed[0] - pad[0] - pad[1], framed[1] - pad[2] - pad[3]]
    assume(min(shape) > 0)
    x, w = images(rng, dtype, layout, n, *shape, c), images(rng, dtype, layout, k, *kernel, c)
    y = HOT["correlate"].plain(x, w, stride, pad)
    terms = w[0].size * np.abs(x).max() * np.abs(w).max()
    with patch.object(convolution, "WORK", work):  # one image a block, or all
        assert rounded(*alike(compiled.correlate(x, w, stride, pad), y), terms)

    same = max(0, pad[0], *((f + 1 - size) // 2 for f, size in zip(kernel, shape, strict=True)))
    o, q = HOT["correlate"].plain(x, w, stride, (same,) * 4).shape[1:3]
    g = images(rng, dtype, layout, n, o, q, k)
    pulled = HOT["pull_weight"].plain(g, x, w.shape, stride, same)
    terms = n * o * q * np.abs(x).max() * np.abs(g).max()
    with patch.object(convolution, "WORK", work):
        assert rounded(*alike(compiled.pull_weight(g, x, w.shape, stride, same), pulled), terms)


@settings(max_examples=20)
@given(
    seed=seeds,
    layout=st.sampled_from(["plain", "strided"]),
    n=st.sampled_from([1, 6, 16]),
    kernel=st.sampled_from([(1, 1), (2, 3)]),
)
def test_images_as_pixels_do_what_filters_of_their_size_do(seed, layout, n, kernel):
    rng, k = np.random.default_rng(seed), 20
    x, w = images(rng, "f4", layout, n, *kernel, 2), images(rng, "f4", layout, k, *kernel, 2)
    g = images(rng, "f4", layout, n, 1, 1, k)
    faces = {
        "correlate": ((x, w, 1, (0,) * 4), w[0].size),
        "pull_weight": ((g, x, w.shape), n),
        "pull_input": ((g, w, x.shape), k),
    }
    for name, (arrays, terms) in faces.items():
        fast = getattr(compiled, name)(*arrays)
        if fast is NotImplemented:
            assert name == "pull_input" and kernel == (1, 1)
            continue
        size = terms * np.prod([np.abs(a).max() for a in arrays[:2]])
        assert rounded(*alike(fast, HOT[name].plain(*arrays)), size)


def test_convolution_of_read_only_images():
    x, w = (images(np.random.default_rng(0), "f4", "read-only", 8, 4, 4, 3) for _ in "xw")
    y = compiled.correlate(x, w, 1, (2,) * 4)
    assert rounded(*alike(y, HOT["correlate"].plain(x, w, 1, (2,) * 4)), 100)


def test_what_compiled_convolution_does_not_serve():
    x = np.ones((1, 5, 5, 3))
    assert compiled.correlate(x, np.ones((8, 3, 3, 3), "f4"), 1, (1,) * 4) is NotImplemented
    assert compiled.pull_weight(x.astype("f4"), x, (3, 3, 3, 3), 1, 1) is NotImplemented
    g, w = np.ones((1, 1, 1, 8), "f4"), np.ones((8, 5, 5, 3))
    assert compiled.pull_input(g, w, x.shape) is NotImplemented
    assert compiled.pull_input(g, w.astype("f4"), (1, 3, 3, 3), 1, 1) is NotImplemented


def test_sums_over_images_do_not_depend_on_the_threads(monkeypatch):
    rng = np.random.default_rng(0)
    g, x = (rng.normal(size=(240, 8, 8, 8)).astype(np.float32) for _ in "gx")
    gradients = []
    for number in (1, 2):
        monkeypatch.setenv("OMP_NUM_THREADS", str(number))
        gradients.append(compiled.pull_weight(g, x, (8, 3, 3, 8), 1, 1))
    assert np.array_equal(*gradients)


def test_means_over_several_blocks_are_those_of_one_and_of_any_threads(monkeypatch):
    x = np.random.default_rng(0).normal(size=(40, 8, 8, 12)).astype(np.float32)
    whole = compiled.moments(x)
    monkeypatch.setattr("deepnet.ops.compiled.kernels.BLOCK", 1 << 12)
    results = []
    for number in (1, 2):
        monkeypatch.setenv("OMP_NUM_THREADS", str(number))
        results.append(compiled.moments(x))
    for one, two, all_at_once in zip(*results, whole, strict=True):
        assert np.array_equal(one, two)
        assert rounded(*alike(one, all_at_once), 4)


def test_compiled_softplus_has_no_subnormal_values():
    x = -np.linspace(0, 20, 2001, dtype=np.float32)[:, None]
    for array in compiled.softplus_and_slope(x, beta=10.0):
        assert array.dtype == np.float32
        assert not np.any((array != 0) & (np.abs(array) < np.finfo(np.float32).tiny))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_compiled_softplus_is_right_to_a_few_units_in_the_last_place(dtype):
    x = np.linspace(-7, 7, 50_001, dtype=dtype)[:, None]
    z = (x.dtype.type(10) * x).astype(np.longdouble)
    exact = (np.maximum(z, 0) + np.log1p(np.exp(-abs(z)))) / 10, 1 / (1 + np.exp(-z))
    for found, expected in zip(compiled.softplus_and_slope(x, beta=10.0), exact, strict=True):
        kept = expected > 2 * pointwise.TINY
        assert np.all(found[~kept] <= 4 * pointwise.TINY)
        relative = np.abs(found[kept] / expected[kept] - 1).max()
        assert relative <= 8 * np.finfo(dtype).eps


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
    """It is asked at each call, so that nobody's answer stays behind."""
    monkeypatch.delenv("DEEPNET_PLAIN", raising=False)
    assert hot.compiles()
    monkeypatch.setenv("DEEPNET_PLAIN", "1")
    assert not hot.compiles()
    monkeypatch.delenv("DEEPNET_PLAIN")
    assert hot.compiles()
