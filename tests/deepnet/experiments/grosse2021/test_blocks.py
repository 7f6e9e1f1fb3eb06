"""The lecture's variants of batch norm, its invariant steps, and shifts of activations."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.scale import Scale
from deepnet import ops
from deepnet.experiments.grosse2021 import knockout
from deepnet.experiments.grosse2021.invariant_steps import (
    QuasiDiagonal,
    logistic_from_tanh,
)
from deepnet.experiments.grosse2021.observed import variants
from deepnet.experiments.grosse2021.shared import noise_kinds
from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import Centring, NoNorm, norm_named
from deepnet.problem import Problem
from tests.close import rounded

seeds = st.integers(0, 2**32 - 1)


# ----- Variants -----


@given(seed=seeds)
def test_batch_centring_centres_the_inputs_in_the_gradient(seed):
    """The lecture's derivation, by hand in one hidden layer: S' times the centred A."""
    rng = np.random.default_rng(seed)
    problem = Problem(mlp((5, 4, 3), ops.relu), Centring())
    weights = {name: rng.standard_normal(shape) for name, shape in problem.net.shapes.items()}
    a, targets = rng.standard_normal((9, 5)) + 3, np.eye(3)[rng.integers(0, 3, 9)]
    s = a @ weights["dense1"].T
    centred = s - s.mean(0)
    z = np.maximum(centred, 0) @ weights["dense2"].T
    p = np.exp(z - z.max(1, keepdims=True))
    slopes = ((p / p.sum(1, keepdims=True) - targets) / 9 @ weights["dense2"]) * (centred > 0)
    gradient = problem.linearise(weights, a, targets).grad()["dense1"]
    assert rounded(gradient, slopes.T @ (a - a.mean(0)))


def test_detached_it_does_not():
    """What the statistics path takes off is there again: the inputs' own mean."""
    rng = np.random.default_rng(0)
    a, targets = rng.standard_normal((9, 5)) + 3, np.eye(3)[np.arange(9) % 3]
    net = mlp((5, 4, 3), ops.relu)
    weights = {name: rng.standard_normal(shape) for name, shape in net.shapes.items()}
    means = {}
    for mode in ("active", "detached"):
        gradient = Problem(net, norm_named(mode)).linearise(weights, a, targets).grad()["dense1"]
        moved = Problem(net, norm_named(mode)).linearise(weights, a + 10, targets).grad()["dense1"]
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
    recipes = {k: noise_kinds.recipe("active", k, config, 0.1) for k in noise_kinds.KINDS[1:]}
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
    return [Problem(net, NoNorm()) for net in nets], weights, x, targets


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
    (problem, _), weights, x, targets = _nets(seed)
    rng = np.random.default_rng(seed)
    scale, shift = rng.uniform(0.5, 2, 5), rng.standard_normal(5)
    W, b = weights["dense1"], weights["dense1_bias"]
    mapped = weights | {"dense1": W / scale, "dense1_bias": b - W @ (shift / scale)}
    rule, outputs = QuasiDiagonal(), []
    for start, inputs in ((weights, x), (mapped, scale * x + shift)):
        loss = problem.linearise(start, inputs, targets)
        after, _ = rule.step(start, {}, loss.grad(), 0.1, loss)
        outputs.append(problem.outputs(after, inputs))
    assert rounded(*outputs, condition=max(_lost(scale * x + shift), *_lost_inside(weights, x)))


def test_a_quasi_diagonal_step_needs_its_loss_and_biases():
    (problem, _), weights, x, targets = _nets(0)
    loss = problem.linearise(weights, x, targets)
    with pytest.raises(ValueError, match="give it as at"):
        QuasiDiagonal().step(weights, {}, loss.grad(), 0.1)
    bare = Problem(mlp((5, 4, 3), ops.tanh), NoNorm())
    weights = {name: w for name, w in weights.items() if name in bare.net.shapes}
    weights["dense2"] = weights["dense2"][:3]
    loss = bare.linearise(weights, x, targets)
    with pytest.raises(ValueError, match="'dense1' has no bias"):
        QuasiDiagonal().step(weights, {}, loss.grad(), 0.1, loss)
