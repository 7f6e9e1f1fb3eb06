"""The second layer's block, and outliers along the mean."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepnet.curvature import Batches, exact_block
from deepnet.curvature.exact_block import Gram
from deepnet.experiments.grosse2021.shared import protocol, second_layer
from deepnet.experiments.images import whole
from deepnet.nets.modes import Frozen, Ghost, Noisy, Power, recording
from deepnet.nets.noise import Gaussian, Noise
from tests.close import rounded
from tests.deepnet.experiments.grosse2021.tiny import CONFIG, tiny_context, tiny_images

NOISE = Noise(shift=Gaussian(0, 2), shift_spread=0, scale_spread=0, by_position=False)
seeds = st.integers(0, 2**32 - 1)


def _dense(block):
    return block.rows.T @ block.rows


def _whole(recipe, state, norm):
    """The same block of the whole net, on the first ten images."""
    x, targets = (part[:10] for part in whole(tiny_images(), dtype="float64"))
    weights = {name: w.astype(float) for name, w in state.weights.items()}
    problem = protocol.problem(recipe, tiny_images()).with_norm(norm)
    return _dense(exact_block(Batches(problem, weights, [(x, targets)]), "dense2"))


@pytest.mark.parametrize("noise", [None, NOISE])
@pytest.mark.parametrize("mode", ["none", "frozen", "active"])
def test_it_is_the_block_of_the_whole_net(mode, noise):
    """All of whose batch norms are frozen at the statistics of these images, or it has none; of two
    hidden layers there is none behind the second, so that the first may be active as well."""
    norm = "none" if mode == "none" else "active"
    recipe = protocol.dense(CONFIG, norm=norm, noise=noise)
    state = protocol.start(recipe, tiny_context(2))
    net = second_layer.second_layer(recipe, state, tiny_images(), 10, step=3)
    x, _ = (part[:10] for part in whole(tiny_images(), dtype="float64"))
    active, seen = recording(protocol.problem(recipe, tiny_images()).norm.at(3))
    weights = {name: w.astype(float) for name, w in state.weights.items()}
    protocol.problem(recipe, tiny_images()).with_norm(active).outputs(weights, x)
    # dense1's statistics do not depend on dense2: its mode makes no difference to the block
    frozen = Frozen(seen) if noise is None else Noisy(Frozen(seen), noise, step=3)
    norms = {"none": active, "active": active, "frozen": frozen}
    expected = _whole(recipe, state, norms[mode])
    block = _dense(second_layer.block(net.mode(mode)))
    assert rounded(block, expected)


@pytest.mark.parametrize("norm", [Ghost(5), Power(1.0, raw=True), Power(3.0)], ids=repr)
def test_any_norm_stands_in_the_second_layer_with_all_its_options(norm):
    """Behind the second of two hidden layers there is no other batch norm."""
    recipe = protocol.dense(CONFIG)
    state = protocol.start(recipe, tiny_context(2))
    net = second_layer.second_layer(recipe, state, tiny_images(), 10)
    outputs = net.with_norm(norm).problem.outputs(net.weights, net.a)
    expected = np.maximum(norm("dense2", net.a @ net.weights["dense2"].T), 0)
    assert rounded(outputs, expected @ net.weights["dense3"].T)


def test_constants_are_constants_whether_frozen_or_detached():
    recipe = protocol.dense(CONFIG, norm="none", activation="logistic")
    state = protocol.start(recipe, tiny_context())
    net = second_layer.second_layer(recipe, state, tiny_images(), 10)
    frozen, detached = (_dense(second_layer.block(net.mode(m))) for m in ("frozen", "detached"))
    assert rounded(frozen, detached)


@given(seed=seeds, planted=st.integers(0, 3))
def test_planted_outliers_are_counted(seed, planted):
    """Outliers s_i v_i m' with orthonormal v_i stand above a small rest that is orthogonal to m.

    The sizes s_i differ: an eigenvalue that occurs three times is a matter of its own.
    """
    rng = np.random.default_rng(seed)
    m = rng.standard_normal(5)
    v = np.linalg.qr(rng.standard_normal((4, 4)))[0][:planted]
    rest = rng.standard_normal((12, 4, 5))
    rest -= (rest @ m)[..., None] * m / (m @ m)
    sizes = 10.0 + np.arange(planted)
    outliers = sizes[:, None, None] * v[:, :, None] * m
    rows = np.concatenate([outliers, 0.1 * rest]).reshape(-1, 20)
    pairs, certain = second_layer.leading(Gram(rows), 6, rng)
    assert certain
    alignments = second_layer.alignments(pairs, m)
    assert second_layer.outliers(alignments) == planted
    assert rounded(alignments[:planted], 1)
    assert rounded(alignments[planted:], 0, 1)
