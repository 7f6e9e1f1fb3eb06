"""Other norms than batch norm and parts of it: their laws, a claim's closed form, batch norm."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepnet import ops
from deepnet.nets.modes import Frozen, norm_named, recording
from deepnet.ops.power_norm import statistics
from tests.about import about
from tests.close import rounded
from tests.deepnet.ops.check_op import check_op
from theory.normalisation.norms import power_norm_gradient

few = settings(max_examples=25)
seeds = st.integers(0, 2**32 - 1)
powers = st.sampled_from([1.0, 1.5, 2.0, 3.0, math.inf])


def batch(seed, *shape):
    """Channels of at least four numbers, none near zero or the mean, one far larger than others.

    The laws hold where no sign changes and no other number becomes the largest.
    """
    rng = np.random.default_rng(seed)
    size = math.prod(shape[:-1])
    sizes = np.linspace(0.3, 2.3, size)
    sizes[-1] += 0.3
    columns = []
    while len(columns) < shape[-1]:
        column = rng.permutation(sizes) * rng.choice([-1.0, 1.0], size)
        if abs(column.mean()) < 0.1:
            columns.append(column + rng.uniform(-5e-3, 5e-3, size))
    return np.stack(columns, -1).reshape(shape)


@few
@given(seed=seeds, n=st.integers(2, 6), pixels=st.integers(1, 2), c=st.integers(1, 3), power=powers)
@pytest.mark.parametrize("centring", ["active", "off"])
@pytest.mark.parametrize("raw", [False, True])
def test_laws(raw, centring, seed, n, pixels, c, power):
    x = batch(seed, 2 * n, pixels, pixels, c)
    attrs = {"power": power, "raw": raw, "centring": centring, "eps": 1e-3}
    check_op(ops.power_normalise, x, seed=seed, **attrs)


@few
@given(seed=seeds, n=st.integers(2, 6), c=st.integers(1, 3))
def test_laws_of_what_has_no_scale(seed, n, c):
    x, scale, shift = np.random.default_rng(seed).normal(size=(3, n, c))
    check_op(ops.power_normalise, x, seed=seed, scaling="off")
    check_op(ops.power_normalise, x, seed=seed, scaling="off", centring="off")
    check_op(ops.perturb, x, seed=seed, scale=scale, shift=shift)
    check_op(ops.pad_channels, x, seed=seed, channels=c + 2)


def everything(operation, x, attrs, seed=1):
    """Outputs, push, pull and bend along random directions; None is zero."""
    rng = np.random.default_rng(seed)
    dx, g, dg = rng.normal(size=(3, *x.shape))
    y, saved = operation.forward(x, **attrs)
    dy = operation.push(saved, dx)
    parts = [
        y,
        dy,
        operation.pull(saved, g, [True])[0],
        operation.bend(saved, (dx,), dy, g, dg, [True])[0],
        operation.bend(saved, (dx,), dy, g, None, [True])[0],
        operation.bend(saved, (None,), None, g, dg, [True])[0],
    ]
    return np.array([np.zeros_like(x) if part is None else part for part in parts])


@pytest.mark.parametrize("shape", [(6, 3), (4, 3, 2, 5)])
def test_power_two_is_batch_norm(shape):
    x = batch(0, *shape)
    whole = {"centring": "detached", "scaling": "detached"}
    for kind, plain in (
        ({}, ops.normalise),
        (whole, ops.normalise_detached),
        ({"scaling": "off"}, ops.centre),
    ):
        assert rounded(everything(ops.power_normalise, x, kind), everything(plain, x, {}))


def test_the_derivatives_with_a_part_detached_are_those_with_it_constant():
    """Of (x - mean)/s the mean constant leaves scaling of x - mean, s constant centring."""
    x, eps = batch(0, 8, 3), 1e-3
    mean, s = x.mean(0), np.sqrt(x.var(0) + eps)
    kind = {"eps": eps}
    detached = everything(ops.power_normalise, x, kind | {"scaling": "detached"})
    centred = everything(ops.centre, x, {})
    assert rounded(detached, centred / s)
    # f(x) = (x - mean)/s(x - mean) with mean constant: raw scaling at x - mean
    detached = everything(ops.power_normalise, x, kind | {"centring": "detached"})
    scaled = everything(ops.power_normalise, x - mean, kind | {"centring": "off", "raw": True})
    assert rounded(detached, scaled)
    assert np.abs(detached[1] - everything(ops.normalise, x, kind)[1]).max() > 0.01


@about(power_norm_gradient)
@few
@given(seed=seeds, power=st.sampled_from([1, 2, 3]))
def test_the_gradient_is_the_claim_s(claim, seed, power):
    rng = np.random.default_rng(seed)
    x, g = batch(seed, 8, 1), rng.normal(size=(8, 1))
    _, saved = ops.power_normalise.forward(x, power=power, eps=0.0)
    (pulled,) = ops.power_normalise.pull(saved, g, [True])
    claimed = claim(y=x[:, 0], g=g[:, 0], order=power)
    assert rounded(pulled[:, 0], np.ravel(claimed))


@pytest.mark.parametrize("raw", [False, True])
@pytest.mark.parametrize("power", [1.0, 3.0, math.inf])
def test_the_outputs_have_norm_one(power, raw):
    x = batch(3, 5, 2, 2, 3) + 1.0
    z = ops.power_normalise(x, power=power, raw=raw, eps=0.0)
    v = x if raw else x - x.mean((0, 1, 2))
    rows = np.abs(v).reshape(-1, 3)
    norm = np.linalg.norm(rows, power, axis=0) / len(rows) ** (1 / power)
    assert rounded(z, (x - x.mean((0, 1, 2))) / norm)


def test_of_equal_largest_deviations_the_first_has_the_gradient():
    x = np.array([[2.0], [-2.0], [1.0], [-1.0]])
    _, saved = ops.power_normalise.forward(x, power=math.inf, raw=True, eps=0.0)
    (pulled,) = ops.power_normalise.pull(saved, np.array([[1.0], [0.0], [0.0], [0.0]]), [True])
    # z_1 = (x_1 - mean)/|x_1|: slope (1 - 1/4)/2 - z_1/2 at the first, -1/8 elsewhere
    assert rounded(pulled[:, 0], [3 / 8 - 1 / 2, -1 / 8, -1 / 8, -1 / 8])


@pytest.mark.parametrize("power", [1.0, 2.0, math.inf])
@pytest.mark.parametrize("raw", [False, True])
def test_a_channel_of_zeros_stays_zero(power, raw):
    x = np.zeros((4, 2))
    for part in everything(ops.power_normalise, x, {"power": power, "raw": raw}):
        assert np.isfinite(part).all()


@pytest.mark.parametrize(
    "mode", ["power", "centring", "scaling", "mean_detached", "deviation_detached"]
)
@pytest.mark.parametrize("power, raw", [(2.0, False), (1.0, True), (math.inf, False)])
def test_frozen_with_what_was_seen_computes_the_same(mode, power, raw):
    x = batch(1, 7, 2)
    norm, seen = recording(norm_named(mode, power=power, raw=raw))
    y = norm("layer", x)
    assert rounded(y, Frozen(seen)("layer", x))
    if mode == "power":
        assert rounded(seen["layer"][1], statistics(x, power, raw)[1])


def test_bad_norms_are_refused():
    with pytest.raises(ValueError, match=r"power of a norm is 0.5; it must be 1 or more"):
        ops.power_normalise(np.ones((3, 2)), power=0.5)
    with pytest.raises(ValueError, match="power of a norm is nan"):
        ops.power_normalise(np.ones((3, 2)), power=math.nan)
    with pytest.raises(ValueError, match="over a single value"):
        ops.power_normalise(np.ones((1, 2)), power=1)
