"""The lecture's blocks and steps: the second layer's block, outliers along the mean, invariance."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.scale import Scale
from deepnet import ops
from deepnet.curvature import Batches, exact_block
from deepnet.curvature.exact_block import Gram
from deepnet.data import textures
from deepnet.experiments.grosse2021 import knockout, variants
from deepnet.experiments.grosse2021.invariant_steps import (
    QuasiDiagonal,
    logistic_from_tanh,
)
from deepnet.experiments.grosse2021.shared import protocol, second_layer
from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import mlp
from deepnet.nets.noise import Gaussian, Noise
from deepnet.nets.norm_mode import Norm
from deepnet.problem import Problem
from deepnet.training import beginning
from tests.close import rounded

CONFIG = protocol.configuration(Scale.TINY)


@cache
def tiny_images():
    return protocol.images(CONFIG, textures(64, 32))


NOISE = Noise(shift=Gaussian(0, 2), shift_spread=0, scale_spread=0, by_position=False)
seeds = st.integers(0, 2**32 - 1)


# ----- The second layer's block -----


def _dense(block):
    return block.rows.T @ block.rows


def _whole(recipe, state, norm):
    """The same block of the whole net, on the first ten images."""
    x, targets = (each[:10] for each in protocol.whole(tiny_images(), dtype="float64"))
    weights = {name: w.astype(float) for name, w in state.weights.items()}
    of = protocol.problem(recipe, tiny_images()).with_norm(norm)
    return _dense(exact_block(Batches(of, weights, [(x, targets)]), "dense2"))


@pytest.mark.parametrize("noise", [None, NOISE])
@pytest.mark.parametrize("mode", ["none", "frozen", "active"])
def test_it_is_the_block_of_the_whole_net(mode, noise):
    """All of whose batch norms are frozen at the statistics of these images, or it has none; of two
    hidden layers there is none behind the second, so that the first may be active as well."""
    norm = "none" if mode == "none" else "active"
    recipe = protocol.dense(CONFIG, norm=norm, noise=noise)
    state = beginning(protocol.weights(recipe, tiny_images(), 2), recipe.training)
    net = second_layer.second_layer(recipe, state, tiny_images(), 10, step=3)
    seen = {}
    x, _ = (each[:10] for each in protocol.whole(tiny_images(), dtype="float64"))
    active = Norm(norm, noise=noise, step=3, seen=seen)
    weights = {name: w.astype(float) for name, w in state.weights.items()}
    protocol.problem(recipe, tiny_images()).with_norm(active).outputs(weights, x)
    # dense1's statistics do not depend on dense2: its mode makes no difference to the block
    norms = {"none": active, "active": active, "frozen": Norm("frozen", seen, noise=noise, step=3)}
    expected = _whole(recipe, state, norms[mode])
    found = _dense(second_layer.block(net.mode(mode)))
    assert rounded(found, expected)


def test_constants_are_constants_whether_frozen_or_detached():
    recipe = protocol.dense(CONFIG, norm="none", activation="logistic")
    state = beginning(protocol.weights(recipe, tiny_images(), 0), recipe.training)
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
    pairs = second_layer.leading(Gram(rows), 6, rng)
    found = second_layer.alignments(pairs, m)
    assert second_layer.outliers(found) == planted
    assert rounded(found[:planted], 1)
    assert rounded(found[planted:], 0, 1)


# ----- Variants -----


@given(seed=seeds)
def test_batch_centring_centres_the_inputs_in_the_gradient(seed):
    """The lecture's derivation, by hand in one hidden layer: S' times the centred A."""
    rng = np.random.default_rng(seed)
    of = Problem(mlp((5, 4, 3), ops.relu), Norm("centring"))
    weights = {name: rng.standard_normal(shape) for name, shape in of.net.shapes.items()}
    a, targets = rng.standard_normal((9, 5)) + 3, np.eye(3)[rng.integers(0, 3, 9)]
    s = a @ weights["dense1"].T
    centred = s - s.mean(0)
    z = np.maximum(centred, 0) @ weights["dense2"].T
    p = np.exp(z - z.max(1, keepdims=True))
    slopes = ((p / p.sum(1, keepdims=True) - targets) / 9 @ weights["dense2"]) * (centred > 0)
    found = of.linearise(weights, a, targets).grad()["dense1"]
    assert rounded(found, slopes.T @ (a - a.mean(0)))


def test_detached_it_does_not():
    """What the statistics path takes off is there again: the inputs' own mean."""
    rng = np.random.default_rng(0)
    a, targets = rng.standard_normal((9, 5)) + 3, np.eye(3)[np.arange(9) % 3]
    net = mlp((5, 4, 3), ops.relu)
    weights = {name: rng.standard_normal(shape) for name, shape in net.shapes.items()}
    means = {}
    for mode in ("active", "detached"):
        gradient = Problem(net, Norm(mode)).linearise(weights, a, targets).grad()["dense1"]
        moved = Problem(net, Norm(mode)).linearise(weights, a + 10, targets).grad()["dense1"]
        means[mode] = abs(moved - gradient).max()
    assert means["active"] < 1e-12
    assert means["detached"] > 0.1


def test_what_did_not_train_counts_as_a_constant_answer():
    arrays = {
        "classes": np.array(10),
        "a:loss": np.array([2.29, 1.5, np.nan]),
        "a:mark": np.array([1, 0, 2]),
        "a again:loss": np.array([2.0, 1.3, 1.0]),
        "a again:mark": np.array([0, 0, 0]),
    }
    assert np.array_equal(variants.ranks(arrays, "a"), [np.log(10), 1.5, np.log(10)])
    assert variants.best(arrays, "a") == 1.5
    assert rounded(variants.between_seeds(arrays, "a"), [0.2])


def test_noise_that_is_fixed_is_that_of_every_step():
    config = knockout.configuration(Scale.QUICK)
    recipes = {k: knockout.recipe("active", k, config, 0.1) for k in knockout.KINDS[1:]}
    noise = {kind: recipe.noise for kind, recipe in recipes.items()}
    for kind, same in (("fixed", True), ("redrawn", False)):
        one, two = (noise[kind].draw("dense1", (6, 8), step) for step in (0, 1))
        assert np.array_equal(one[0], two[0]) == np.array_equal(one[1], two[1]) == same
    scale, shift = noise["fixed"].draw("dense1", (6, 100_000), 0)
    assert scale.shape == shift.shape == (100_000,)  # a number a unit, whatever the image
    assert 0.5 <= scale.min() < 0.501
    assert 1.999 < scale.max() <= 2
    assert abs(shift.std() / 2 - 1) < 0.012  # 5 standard errors
    assert abs(shift.mean()) < 5 * 2 / 100_000**0.5


# ----- Steps -----


def _nets(seed, widths=(5, 4, 3, 3)):
    rng = np.random.default_rng(seed)
    nets = [mlp(widths, activation, bias=True) for activation in (ops.tanh, ops.sigmoid)]
    drawn = initialise(nets[0], rng, "lecun_normal", "float64")
    weights = {n: rng.standard_normal(w.shape) if w.ndim == 1 else w for n, w in drawn.items()}
    x = rng.standard_normal((40, 5))
    targets = np.eye(3)[rng.integers(0, 3, 40)]
    return [Problem(net, Norm("none")) for net in nets], weights, x, targets


@given(seed=seeds)
def test_logistic_units_compute_what_tanh_units_do(seed):
    (tanh, logistic), weights, x, _ = _nets(seed)
    one, other = tanh.outputs(weights, x), logistic.outputs(logistic_from_tanh(weights), x)
    assert rounded(one, other)


def _lost(h):
    """What a variance, a mean square less the square of a mean, loses of its digits."""
    return ((h**2).mean(0) / h.var(0)).max()


def _lost_inside(weights, h):
    for name in ("dense1", "dense2", "dense3"):
        yield _lost(h)
        h = np.tanh(h @ weights[name].T + weights[f"{name}_bias"])


@given(seed=seeds)
def test_a_quasi_diagonal_step_does_not_see_the_inputs_units(seed):
    """Each input scaled and shifted, the first layer's weights made up for it: the same function
    before and after the step. A single unit of S and Sigma is divided by, nothing more."""
    (of, _), weights, x, targets = _nets(seed)
    rng = np.random.default_rng(seed)
    scale, shift = rng.uniform(0.5, 2, 5), rng.standard_normal(5)
    W, b = weights["dense1"], weights["dense1_bias"]
    mapped = weights | {"dense1": W / scale, "dense1_bias": b - W @ (shift / scale)}
    rule, outputs = QuasiDiagonal(), []
    for start, inputs in ((weights, x), (mapped, scale * x + shift)):
        at = of.linearise(start, inputs, targets)
        after, _ = rule.step(start, {}, at.grad(), 0.1, at)
        outputs.append(of.outputs(after, inputs))
    assert rounded(*outputs, condition=max(_lost(scale * x + shift), *_lost_inside(weights, x)))


def test_a_quasi_diagonal_step_needs_its_loss_and_biases():
    (of, _), weights, x, targets = _nets(0)
    at = of.linearise(weights, x, targets)
    with pytest.raises(ValueError, match="give it as at"):
        QuasiDiagonal().step(weights, {}, at.grad(), 0.1)
    bare = Problem(mlp((5, 4, 3), ops.tanh), Norm("none"))
    weights = {name: w for name, w in weights.items() if name in bare.net.shapes}
    weights["dense2"] = weights["dense2"][:3]
    at = bare.linearise(weights, x, targets)
    with pytest.raises(ValueError, match="'dense1' has no bias"):
        QuasiDiagonal().step(weights, {}, at.grad(), 0.1, at)


# ----- Shifts after the activation -----


def test_a_shift_is_of_what_the_next_layer_takes():
    """By hand, without batch norm; with it nothing is left of the shift."""
    this = knockout.recipe("none", "plain", knockout.configuration(Scale.TINY), 0.1)
    of = protocol.problem(this, tiny_images())
    weights = {
        name: w.astype(float) for name, w in protocol.weights(this, tiny_images(), 0).items()
    }
    x, _ = protocol.whole(tiny_images(), dtype="float64")
    shift = np.linspace(-2, 2, 8)
    net = knockout.shifted(of.net, this, shift)
    h = np.maximum(x.reshape(64, 48) @ weights["dense1"].T, 0) + shift
    h = np.maximum(h @ weights["dense2"].T, 0) @ weights["dense3"].T
    assert rounded(net.forward(weights, x, Norm("none")), h)
    one, other = (each.forward(weights, x, Norm("active")) for each in (of.net, net))
    assert rounded(one, other)
