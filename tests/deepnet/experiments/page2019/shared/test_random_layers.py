"""Random nets layer by layer: their measures against plain NumPy, their layers against nets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from companion.scale import Scale
from deepnet import ops
from deepnet.experiments.context import Context
from deepnet.experiments.page2019 import random_conv_net
from deepnet.experiments.page2019.shared.random_layers import (
    CONV_LAYERS,
    Dense,
    conv,
    correlation,
    dense,
    draw,
    layers,
    linear,
    quantiles,
    share_of_means,
    shifted,
    spread_of_variances,
)
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import NoNorm, Recording, norm_named
from tests.close import discretised, rounded, sampled

CONFIG = {"dense_width": 12, "depth": 5, "inputs": 40, "nets": 2}
seeds = st.integers(0, 99)


# ----- Measures -----


@given(seed=seeds, examples=st.integers(2, 9), channels=st.integers(1, 5))
def test_constant_channels_have_all_of_the_mean_square(seed, examples, channels):
    constants = np.random.default_rng(seed).uniform(1, 2, channels)
    z = np.broadcast_to(constants, (examples, 3, channels))
    assert rounded(share_of_means(z), 1)
    assert rounded(correlation(z[:, 0]), 1)


def over_channels(measure, z):
    """The measure of each of a hundred groups of channels."""
    return [measure(part) for part in np.split(z, 100, axis=-1)]


#: The mean of a ratio of two means over a thousand channels is off by the order of one in them.
RATIO = 1 / 1000


def test_the_share_is_unbiased():
    """Channels of mean 0 have none of it on average, with few examples too; and those of mean 1,
    variance 1, half."""
    rng = np.random.default_rng(0)
    for mean, share in ((0, 0), (1, 0.5)):
        z = mean + rng.standard_normal((4, 2, 100_000))
        assert sampled(over_channels(share_of_means, z), share, bias=RATIO)
    alike = np.repeat(rng.standard_normal((4, 1, 100_000)), 2, axis=1)
    assert sampled(over_channels(share_of_means, alike), 0, bias=RATIO)


@given(seed=seeds, factor=st.floats(0.1, 10))
def test_the_correlation_does_not_see_lengths(seed, factor):
    z = np.random.default_rng(seed).standard_normal((6, 4))
    scaled = z * np.array([factor, 1, 1, factor, 1, 1])[:, None]
    assert rounded(correlation(scaled), correlation(z), 1)
    pairs = [np.corrcoef(np.r_[a, -a], np.r_[b, -b])[0, 1] for a, b in z.reshape(3, 2, 4)]
    assert rounded(correlation(z), np.mean(pairs), 1)


def test_the_spread_of_variances_is_unbiased():
    rng = np.random.default_rng(0)
    z = rng.standard_normal((5, 100_000))
    assert sampled(over_channels(spread_of_variances, z), 0, bias=RATIO)
    scales = np.sqrt(rng.choice([0.5, 1.5], 100_000))
    assert sampled(over_channels(spread_of_variances, z * scales), 0.25, bias=RATIO)


def test_quantiles_hold_the_extremes():
    z = np.random.default_rng(0).standard_normal((7, 3, 4))
    values = quantiles(z, 2, 5)
    assert values.shape == (2, 5)
    assert rounded(values[:, 0], z[..., :2].min(axis=(0, 1)))
    assert rounded(values[:, -1], z[..., :2].max(axis=(0, 1)))
    assert rounded(values[:, 2], np.median(z[..., :2], axis=(0, 1)))


# ----- Dense -----


def test_shifted_has_mean_0_and_variance_1_where_the_variance_is_2():
    middles = (np.arange(400_000) + 0.5) / 400_000
    h = np.sqrt(2) * stats.norm.ppf(middles).astype("float64")[:, None]
    y = shifted(h)
    assert discretised(y.mean(), 0, 1 / 400_000)
    assert discretised(y.var(), 1, np.log(400_000) / 400_000)  # of the tails beyond the last middle


@pytest.mark.parametrize("norm", ["none", "active"])
def test_layers_are_those_of_the_engines_net(norm):
    rng, depth, width = np.random.default_rng(0), 4, 6
    weights = list(draw(rng, Dense(), width, depth))
    x = rng.standard_normal((5, width), dtype=np.float32)
    net, seen = mlp([width] * (depth + 1), ops.relu), []
    named = {f"dense{number}": w for number, w in enumerate(weights, 1)}
    norm = norm_named(norm)
    last = net.forward(named, x, Recording(norm, lambda layer, *sides: seen.append(sides)))
    ours = list(layers(Dense(), iter(weights), x, norm))
    for layer, (before, after) in zip(ours, seen, strict=False):
        assert np.array_equal(layer.outputs, before)
        assert np.array_equal(layer.sums, after)
    assert np.array_equal(ours[-1].outputs, last)


def test_shortcuts_add_to_the_sums_below():
    rng, width = np.random.default_rng(0), 6
    first, second, third = weights = list(draw(rng, Dense(), width, 3))
    x = rng.standard_normal((5, width), dtype=np.float32)
    passed = list(layers(Dense(shortcuts=True), iter(weights), x, NoNorm()))
    one = x @ first.T
    two = one + np.maximum(one, 0) @ second.T
    three = two + np.maximum(two, 0) @ third.T
    assert rounded(passed[0].sums, one)
    assert rounded(passed[2].outputs, three - two, np.abs(three).max())
    assert rounded(passed[2].sums, three)


@pytest.mark.parametrize("shortcuts", [False, True])
@pytest.mark.parametrize("norm", ["none", "active"])
def test_stretches_are_those_of_the_matrix(norm, shortcuts):
    """With batch norm at the statistics of the batch, by finite differences of none: the product of
    the layers' matrices, rows over the standard deviations that NumPy finds."""
    context, width = Context(CONFIG, None, 3, None, None), CONFIG["dense_width"]
    net = Dense(linear, 1.0, norm, shortcuts)
    stretches = dense(net, context)["stretches"]
    rng = context.rng("random nets", 0)
    x = rng.standard_normal((CONFIG["inputs"], width), dtype=np.float32)
    M = np.eye(width)
    for number, w in enumerate(draw(rng, net, width, CONFIG["depth"]), 1):
        branch = w.astype(float) @ M
        if norm == "active":
            branch /= np.sqrt(np.var(x @ branch.T, axis=0) + 1e-5)[:, None]
        M = M + branch if shortcuts and number > 1 else branch
    assert stretches.shape == (3, width)  # layers 1, 2 and 5
    assert rounded(np.float32(stretches[-1]), np.linalg.svdvals(M))


# ----- Convolutional -----


def _conv(norm):
    config = random_conv_net.configuration(Scale.TINY)
    images = np.random.default_rng(0).standard_normal((4, 32, 32, 3), dtype=np.float32)
    return conv(images, Context(config, None, 0, None, None), norm)


def test_without_norm_nothing_changes_between_before_and_after():
    arrays = _conv("none")
    assert np.array_equal(arrays["share"], arrays["share_before"])
    assert arrays["values"].shape[0] == len(CONV_LAYERS)


def test_batch_norm_leaves_means_to_the_classifier_alone():
    arrays = _conv("active")
    assert np.abs(arrays["share"][:-1]).max() < 0.1
    assert arrays["share"][-1] == arrays["share_before"][-1] > 0.5
