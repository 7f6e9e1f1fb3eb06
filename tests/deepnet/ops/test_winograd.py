"""Winograd's convolutions: each face does what the direct one does, wherever it serves."""

from functools import partial
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from deepnet.ops import algorithm, convolution
from deepnet.ops.families import Kept
from tests.close import rounded

pytest.importorskip("numba")
winograd = pytest.importorskip("deepnet.ops.compiled.winograd")
transforms = pytest.importorskip("deepnet.ops.compiled.transforms")

seeds = st.integers(0, 2**32 - 1)
#: Units of rounding of F(m x m) against the direct form, over 64 of the largest entry: 1e-13.
CONDITION = 7.0
FACES = {
    "summed_convolve": lambda x, w, g: ([x, w], ()),
    "summed_pull_input": lambda x, w, g: ([g, w], (x[0].shape,)),
    "summed_pull_weight": lambda x, w, g: ([g, x], (w[0].shape,)),
}


def drawn(seed, dtype, n, size, c, k, pad, pairs=1):
    """Lists of images, filters and cotangents, one of each per pair."""
    rng = np.random.default_rng(seed)
    o, q = (extent + 2 * pad - 2 for extent in size)
    shapes = (n, *size, c), (k, 3, 3, c), (n, o, q, k)
    return tuple([rng.normal(size=s).astype(dtype) for _ in range(pairs)] for s in shapes)


def computed(how, name, x, w, g, pad=1, stride=1):
    """A face of the lists' pairs, by ``how`` of its name."""
    (one, other), shape = FACES[name](x, w, g)
    pairs = list(zip(one, other, strict=True))
    return how(name)(pairs, *shape, Kept(w[0]), stride=stride, pad=pad)


compiled = partial(getattr, winograd)


def plain(name):
    return getattr(convolution, f"_{name}").plain


@pytest.mark.parametrize("m, name", list(product((2, 4), FACES)))
@settings(max_examples=12)
@given(
    seed=seeds,
    n=st.sampled_from([1, 3, 40]),
    tiles=st.tuples(st.integers(1, 2), st.integers(1, 3)),
    c=st.sampled_from([8, 16, 24]),
    k=st.sampled_from([8, 16]),
    pad=st.integers(0, 2),
    pairs=st.integers(1, 2),
)
def test_a_face_is_the_direct_one(m, name, seed, n, tiles, c, k, pad, pairs):
    # the pixels that the face cuts into tiles: the output, or those of the input
    size = [m * count + (0 if name == "summed_pull_input" else 2 - 2 * pad) for count in tiles]
    assume(min(size) >= max(1, 3 - 2 * pad))
    x, w, g = drawn(seed, "float64", n, size, c, k, pad, pairs)
    with algorithm.asking(f"winograd{m}"):
        found = computed(compiled, name, x, w, g, pad)
    assert rounded(found, computed(plain, name, x, w, g, pad), condition=CONDITION)
