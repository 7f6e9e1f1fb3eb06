"""Every operation obeys its laws: one line each, a name and a domain."""

from functools import partial
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import correlate

from deepnet import ops
from deepnet.ops import bilinear
from deepnet.ops.convolution import convolve
from deepnet.tape import Linearised
from tests.close import rounded
from tests.deepnet.ops.check_op import check_op

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=25)


def normal(seed, *shape, scale=1.0):
    return scale * np.random.default_rng(seed).normal(size=shape)


def away_from(points, seed, *shape):
    """Entries at least 0.01 from each of ``points``, where the operation has a kink or a jump."""
    x = normal(seed, *shape)
    for point in points:
        near = np.abs(x - point) < 0.01
        x[near] = point + 0.02
    return x


def distinct(seed, *shape):
    """Entries that differ by far more than the step of a difference quotient."""
    rng = np.random.default_rng(seed)
    size = int(np.prod(shape))
    return (rng.permutation(size) / 10 + rng.uniform(0, 0.01, size)).reshape(shape)


POINTWISE = {
    "relu": (ops.relu, {}, (0.0,)),
    "softplus": (ops.softplus, {"beta": 3.0}, ()),
    "softplus_literal": (ops.softplus_literal, {"beta": 3.0, "threshold": 2.5}, (2.5 / 3,)),
    "tanh": (ops.tanh, {}, ()),
    "sigmoid": (ops.sigmoid, {}, ()),
    "square": (ops.square, {}, ()),
}


@pytest.mark.parametrize("name", POINTWISE)
@few
@given(seed=seeds)
def test_pointwise(name, seed):
    operation, attrs, kinks = POINTWISE[name]
    check_op(operation, away_from(kinks, seed, 3, 4), seed=seed, **attrs)


@few
@given(seed=seeds, size=st.sampled_from([1, 2, 3]), n=st.integers(1, 3), c=st.integers(1, 3))
def test_pools(seed, size, n, c):
    x = distinct(seed, n, 2 * size, 3 * size, c)
    check_op(ops.max_pool, x, seed=seed, size=size)
    check_op(ops.average_pool, x, seed=seed, size=size)


@few
@given(
    seed=seeds,
    size=st.integers(1, 3),
    sides=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    c=st.integers(1, 3),
    first=st.integers(0, 3),
    last=st.integers(0, 3),
)
def test_subsample_and_pad_channels(seed, size, sides, c, first, last):
    x = normal(seed, 2, *sides, c)
    check_op(ops.subsample, x, seed=seed, size=size)
    check_op(ops.pad_channels, x, seed=seed, channels=first + c + last, first=first)
    y = ops.subsample(x, size=size)
    assert y.shape == (2, -(-sides[0] // size), -(-sides[1] // size), c)
    for i, j in np.ndindex(y.shape[1:3]):
        assert np.array_equal(y[:, i, j], x[:, size * i, size * j])
    z = ops.pad_channels(x, channels=first + c + last, first=first)
    zeros = [np.zeros((*x.shape[:3], count)) for count in (first, last)]
    assert np.array_equal(z, np.concatenate([zeros[0], x, zeros[1]], -1))


FUSED_STATISTICS = {
    "the batch's": lambda rng, c: {"eps": 0.1},
    "given": lambda rng, c: {"given": (rng.normal(size=c), rng.uniform(0.5, 2, c))},
    "none": lambda rng, c: {"given": ops.IDENTITY},
}


@pytest.mark.parametrize("name", FUSED_STATISTICS)
@pytest.mark.parametrize("affine", [False, True])
@few
@given(seed=seeds, size=st.integers(1, 3), n=st.integers(2, 3), c=st.integers(1, 3))
def test_normalise_activate_pool(name, affine, seed, size, n, c):
    rng = np.random.default_rng(seed)
    x, more = distinct(seed, n, 2 * size, size, c), [rng.uniform(0.5, 2, c), rng.normal(size=c)]
    attrs, more = FUSED_STATISTICS[name](rng, c), more if affine else []
    x = (x - x.mean()) / x.std()
    curve = ops.curve(partial(ops.softplus, beta=2.0), size)
    check_op(ops.normalise_activate_pool, x, *more, seed=seed, curve=curve, **attrs)


@pytest.mark.parametrize("name", FUSED_STATISTICS)
@few
@given(seed=seeds, size=st.integers(1, 3), kind=st.sampled_from(["relu", "softplus"]))
def test_normalise_activate_pool_is_the_composition_of_its_parts(name, seed, size, kind):
    """To second order, ReLU included: the derivatives of a scalar that sees every output."""
    rng = np.random.default_rng(seed)
    shapes = {"x": (3, 2 * size, size, 2), "scale": (2,), "shift": (2,)}
    weights, v = ({n: rng.normal(size=s) for n, s in shapes.items()} for _ in "wv")
    attrs = FUSED_STATISTICS[name](rng, 2)
    activation = {"relu": ops.relu, "softplus": partial(ops.softplus, beta=3.0)}[kind]
    target = rng.normal(size=(3, 4))

    def loss(h):
        outputs = ops.flatten(h)
        return outputs, ops.mean_squared_error(outputs, target)

    def fused(w):
        curve = ops.curve(activation, size)
        return loss(
            ops.normalise_activate_pool(w["x"], w["scale"], w["shift"], curve=curve, **attrs)
        )

    def parts(w):
        h = w["x"]
        if name == "the batch's":
            h = ops.normalise(h, **attrs)
        elif name == "given":
            h = ops.normalise_fixed(h, mean=attrs["given"][0], inverse=attrs["given"][1])
        h = ops.channel_shift(ops.channel_scale(h, w["scale"]), w["shift"])
        return loss(ops.max_pool(activation(h), size=size))

    one, other = Linearised(fused, weights), Linearised(parts, weights)
    assert rounded(one.jvp(v), other.jvp(v))
    for ours, theirs in ((one.grad(), other.grad()), (one.hvp(v), other.hvp(v))):
        for each in shapes:
            assert rounded(ours[each], theirs[each]), each


def test_what_normalise_activate_pool_does_not_take():
    assert ops.curve(None) is None
    assert ops.curve(ops.tanh) is None
    assert ops.curve(partial(ops.softplus_literal, beta=10.0, threshold=2.5)) is None
    x = np.ones((1, 3, 3, 2))
    with pytest.raises(ValueError, match="3 x 3 pixels do not divide"):
        ops.normalise_activate_pool(x, curve=ops.curve(ops.relu, 2))
    with pytest.raises(ValueError, match="single value"):
        ops.normalise_activate_pool(x[:, :1, :1], curve=ops.curve(ops.relu))


@few
@given(seed=seeds, n=st.integers(1, 4))
def test_linear(seed, n):
    x = normal(seed, n, 2, 3, 4)
    check_op(ops.scale, x, seed=seed, by=0.7)
    check_op(ops.flatten, x, seed=seed)
    check_op(ops.centre, x, seed=seed)
    check_op(ops.add, x, normal(seed + 1, n, 2, 3, 4), seed=seed)
    check_op(ops.channel_shift, x, normal(seed + 1, 4), seed=seed)


@few
@given(seed=seeds, n=st.integers(1, 5), i=st.integers(1, 5), k=st.integers(1, 5))
def test_dense_and_channel_scale(seed, n, i, k):
    check_op(ops.dense, normal(seed, n, i), normal(seed + 1, k, i), seed=seed)
    check_op(ops.channel_scale, normal(seed, n, 2, i), normal(seed + 1, i), seed=seed)


@few
@given(seed=seeds, n=st.sampled_from([1, 70, 301]), dtype=st.sampled_from(["f4", "f8"]))
def test_a_large_dense_layer_is_computed_in_blocks_of_rows(seed, n, dtype):
    x, w, g = (normal(seed, *shape).astype(dtype) for shape in ((n, 90), (80, 90), (n, 80)))
    with patch.object(bilinear, "BLOCK", 1 << 18):
        found = [
            ops.dense.apply([(x, w)], None),
            ops.dense.pull_a([(g, w)], x.shape, None),
            ops.dense.pull_b([(g, x)], w.shape, None),
        ]
    faces = ("ni,ki->nk", x, w), ("nk,ki->ni", g, w), ("nk,ni->ki", g, x)
    for face, (how, a, b) in zip(found, faces, strict=True):
        assert face.dtype == np.dtype(dtype)
        expected = np.einsum(how, a.astype(float), b.astype(float))
        assert rounded(face, expected, condition=np.sqrt(n))


@few
@given(
    seed=seeds,
    n=st.integers(1, 3),
    c=st.integers(1, 3),
    k=st.integers(1, 3),
    kernel=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    extra=st.tuples(st.integers(0, 4), st.integers(0, 4)),
    stride=st.integers(1, 3),
    pad=st.integers(0, 3),
)
def test_conv(seed, n, c, k, kernel, extra, stride, pad):
    height, width = kernel[0] + extra[0], kernel[1] + extra[1]
    x, w = normal(seed, n, height, width, c), normal(seed + 1, k, *kernel, c)
    check_op(ops.conv, x, w, seed=seed, stride=stride, pad=pad)
    padded = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    expected = np.stack(
        [
            np.stack(
                [correlate(image, filter_, "valid")[::stride, ::stride, 0] for filter_ in w], -1
            )
            for image in padded
        ]
    )
    assert rounded(convolve(x, w, stride, pad), expected, np.abs(x).sum() * np.abs(w).max())


@few
@given(seed=seeds, n=st.integers(2, 6), pixels=st.integers(1, 3), c=st.integers(1, 3))
def test_norms(seed, n, pixels, c):
    x = normal(seed, 2 * n, pixels, pixels, c)
    check_op(ops.normalise, x, seed=seed, eps=1e-3)
    check_op(ops.normalise, x, seed=seed, eps=1e-3, group=n)
    mean, inverse = normal(seed + 1, c), np.abs(normal(seed + 2, c))
    check_op(ops.normalise_fixed, x, seed=seed, mean=mean, inverse=inverse)


@few
@given(seed=seeds, n=st.integers(2, 6), c=st.integers(1, 4))
def test_detached_norm_has_the_value_of_active_and_the_slope_of_frozen(seed, n, c):
    x, dx = normal(seed, n, c), normal(seed + 1, n, c)
    active, _ = ops.normalise.forward(x, eps=1e-3)
    detached, saved = ops.normalise_detached.forward(x, eps=1e-3)
    assert rounded(active, detached)
    inverse = (x.var(0) + 1e-3) ** -0.5
    assert rounded(ops.normalise_detached.push(saved, dx), dx * inverse)
    (pulled,) = ops.normalise_detached.bend(saved, (dx,), dx, dx, None, [True])
    assert pulled is None


@few
@given(seed=seeds, n=st.integers(1, 5), k=st.integers(2, 5), smoothing=st.floats(0, 1))
def test_losses(seed, n, k, smoothing):
    labels = np.random.default_rng(seed).integers(0, k, n)
    target = ops.smoothed(labels, k, smoothing, np.dtype(float))
    z = normal(seed, n, k, scale=2.0)
    check_op(ops.softmax_cross_entropy, z, target, constant=[1], seed=seed)
    check_op(ops.mean_squared_error, z, target, constant=[1], seed=seed)


@few
@given(seed=seeds, n=st.integers(1, 5), k=st.integers(2, 5), smoothing=st.floats(0, 1))
def test_cross_entropy_is_what_it_says(seed, n, k, smoothing):
    labels = np.random.default_rng(seed).integers(0, k, n)
    z = normal(seed, n, k, scale=2.0)
    p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    expected = np.mean(-np.log(p[np.arange(n), labels]) - smoothing * np.log(p).mean(1))
    target = ops.smoothed(labels, k, smoothing, np.dtype(float))
    loss, _ = ops.softmax_cross_entropy.forward(z, target)
    assert rounded(loss, expected, 1 + abs(expected))


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("step", [1, -1])
def test_any_memory_layout_gives_the_same(order, step):
    x = np.asarray(normal(0, 2, 5, 5, 3), order=order)[:, ::step]
    w = np.asarray(normal(1, 4, 3, 3, 3), order=order)[::step]
    plain = convolve(np.ascontiguousarray(x), np.ascontiguousarray(w), 1, 1)
    assert np.array_equal(convolve(x, w, 1, 1), plain)
    check_op(ops.conv, x, w, stride=1, pad=1)
    check_op(ops.normalise, x, eps=1e-3)


def test_batch_norm_over_a_single_value_is_refused():
    with pytest.raises(ValueError, match="single value"):
        ops.normalise(np.ones((1, 3)))
    with pytest.raises(ValueError, match="single value"):
        ops.normalise(np.ones((4, 3)), group=1)
    with pytest.raises(ValueError, match="do not divide"):
        ops.normalise(np.ones((4, 3)), group=3)


def test_pool_and_add_refuse_shapes_that_do_not_fit():
    with pytest.raises(ValueError, match="5 x 4 pixels do not divide"):
        ops.max_pool(np.ones((1, 5, 4, 1)), size=2)
    with pytest.raises(ValueError, match="must be equal"):
        ops.add(np.ones((2, 3)), np.ones(3))


@pytest.mark.parametrize("operation", [ops.softplus, ops.softplus_literal], ids=lambda o: o.name)
def test_softplus_has_no_subnormal_values(operation):
    attrs = {"beta": 10.0} | ({"threshold": 2.5} if operation is ops.softplus_literal else {})
    x = -np.linspace(0, 20, 2001, dtype=np.float32)
    y, saved = operation.forward(x, **attrs)
    (bent,) = operation.bend(
        saved, (np.ones_like(x),), np.ones_like(x), np.ones_like(x), None, [True]
    )
    for array in (y, saved.slope, saved.second, bent):
        assert array.dtype == np.float32
        assert not np.any((array != 0) & (np.abs(array) < np.finfo(np.float32).tiny))
    assert y[-1] == 0
    assert saved.slope[-1] == 0
