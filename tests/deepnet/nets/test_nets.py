"""Each net against PyTorch's facts and its sources' numbers; biases, scales, noise; training."""

import math
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from scipy import stats

from deepnet import ops
from deepnet.curvature import hessian
from deepnet.data import textures
from deepnet.nets.initialise import LAWS, initialise
from deepnet.nets.lenet import lenet
from deepnet.nets.mlp import deep_linear, mlp
from deepnet.nets.modes import (
    Active,
    Centring,
    DeviationDetached,
    MeanDetached,
    Noisy,
    NoNorm,
    Power,
    Scaling,
    norm_named,
)
from deepnet.nets.net import fan_in
from deepnet.nets.noise import Gaussian, Noise, Uniform
from deepnet.nets.page import page
from deepnet.nets.resnet import resnet, tempered
from deepnet.nets.vgg import vgg
from deepnet.problem import Problem
from deepnet.training import SGD, State, Training, beginning, evaluate, settle, train
from deepnet.training.epoch import epoch_batches
from deepnet.training.schedules import constant
from tests.close import rounded
from tests.deepnet.device_cases import PASSES
from tests.deepnet.facts.nets_problems import BUILD, of_recipe
from tests.deepnet.facts.nets_recipe import CASES, NORMS
from tests.paths import NETS_FACTS

EPS = np.finfo(float).eps


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("name", CASES)
def test_the_facts_are_reproduced(name, norm):
    recipe, batches = of_recipe(name, norm)
    with np.load(NETS_FACTS, allow_pickle=False) as facts:
        assert rounded(recipe.digest(), facts[f"{name}:digest"]), "NumPy draws other numbers"
        assert rounded(batches.loss(), facts[f"{name}:{norm}:loss"], condition=PASSES)
        assert rounded(
            recipe.summary(batches.gradient()), facts[f"{name}:{norm}:grad"], condition=PASSES
        )
        assert rounded(
            recipe.summary(hessian(batches) @ recipe.v),
            facts[f"{name}:{norm}:hv"],
            condition=PASSES,
        )


# ----- What sources and arithmetic say of the number of weights -----


@pytest.mark.parametrize(
    "net, parameters",
    [
        (lenet(), 62_006),
        (vgg("vgg_a"), 9_750_922),
        (vgg("vgg16"), 14_714_688 + 2 * 512 * 513 + 513 * 10),
        (resnet(14, Fraction(1, 4)), 10_934),
        (resnet(20), 268_346),  # the sources print 0.27 and 0.46 million
        (resnet(32), 461_882),
        (deep_linear(), 2_500),
        (mlp((768, 64, 64, 64, 10)), 57_984),
        (page(affine=True), 4_651_712 + 2 * (64 + 2 * 128 + 2 * 256 + 2 * 512)),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_the_number_of_weights(net, parameters):
    assert net.parameters == parameters


@pytest.mark.parametrize("build", [*BUILD.values(), page, partial(vgg, "vgg_a")])
def test_scale_and_shift_add_two_weights_a_channel_of_each_norm(build):
    plain, affine = build(Fraction(1, 8)), build(Fraction(1, 8), affine=True)
    channels = sum(plain.shapes[layer][0] for layer in plain.normed)
    assert affine.parameters == plain.parameters + 2 * channels
    assert [name for name in affine.shapes if name in plain.shapes] == list(plain.shapes)
    assert plain.normed == affine.normed


def test_no_residual_net_has_another_depth():
    for depth in (2, 18, 21):
        with pytest.raises(ValueError, match=f"depth {depth}; give 8, 14, 20"):
            resnet(depth)


# ----- Initial weights -----


@pytest.mark.parametrize("law", LAWS)
def test_vectors_take_no_draw_and_start_at_zero_and_one(law):
    """Weights with inputs are those of the net without vectors; PyTorch's biases are drawn."""
    full, bare = lenet(1 / 2, affine=True), lenet(1 / 2, bias=False)
    weights = initialise(full, np.random.default_rng(3), law)
    for name, w in weights.items():
        if name.endswith("_scale"):
            assert (w == 1).all()
        elif name.endswith("_shift") or (name.endswith("_bias") and law != "pytorch"):
            assert (w == 0).all()
    if law != "pytorch":
        for name, w in initialise(bare, np.random.default_rng(3), law).items():
            assert np.array_equal(w, weights[name])


def test_pytorch_s_biases_lie_between_the_bounds_of_their_layer():
    net = lenet()
    weights = initialise(net, np.random.default_rng(0), "pytorch", "float64")
    for name, w in weights.items():
        bound = fan_in(net.shapes[name.removesuffix("_bias")]) ** -0.5
        assert np.abs(w).max() <= bound
        assert stats.kstest(w.ravel(), stats.uniform(-bound, 2 * bound).cdf).pvalue > 1e-6


@pytest.mark.parametrize(
    "law, variance",
    [("glorot_uniform", 2 / 54), ("glorot_normal", 2 / 54), ("lecun_normal", 1 / 18)],
)
def test_laws_have_their_variance(law, variance):
    """A 3 x 3 convolution from 2 to 4 channels: 18 inputs and 36 outputs. 40,000 numbers: the
    variance's standard error is at most sqrt(2/40000), and 5 of them are allowed."""
    w = np.stack([LAWS[law](np.random.default_rng(i), (4, 3, 3, 2)) for i in range(556)])
    assert abs(w.var() / variance - 1) < 5 * np.sqrt(2 / w.size)
    if law == "glorot_uniform":
        assert np.abs(w).max() <= np.sqrt(3 * variance)


def test_layers_may_have_laws_of_their_own():
    net = mlp((5, 4, 3))
    weights = initialise(net, np.random.default_rng(0), "orthogonal", others={"dense2": "pytorch"})
    assert rounded(weights["dense1"] @ weights["dense1"].T, np.eye(4))
    assert np.abs(weights["dense2"]).max() <= 0.5
    assert np.abs(weights["dense2"] @ weights["dense2"].T - np.eye(3)).max() > 0.1
    with pytest.raises(KeyError, match="no initialisation is named 'he'; known: he_uniform"):
        initialise(net, np.random.default_rng(0), others={"dense1": "he"})


def test_tempered_weights_keep_the_sum_of_the_blocks_small():
    weights = initialise(resnet(14, 1 / 4), np.random.default_rng(0))
    for name, w in tempered(weights).items():
        assert w.dtype == np.float32
        factor = 6**-0.5 if name.endswith("conv2") else 1
        assert rounded(w, factor * weights[name])


# ----- Biases, scales and shifts -----


def batch(net, n=6, side=32, seed=0, dtype=float):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, side, side, 3)).astype(dtype)
    return x, ops.smoothed(rng.integers(0, 10, n), 10, 0.0, np.dtype(dtype))


def test_a_bias_before_active_batch_norm_changes_nothing_and_has_no_gradient():
    net = lenet(1 / 2, affine=True)
    weights = initialise(net, np.random.default_rng(1), "pytorch", "float64")
    x, targets = batch(net)
    problem = Problem(net, Active())
    at = problem.linearise(weights, x, targets)
    moved = {n: w + 3 * n.endswith("_bias") * (n != "dense3_bias") for n, w in weights.items()}
    assert rounded(problem.outputs(moved, x), at.outputs)
    frozen = problem.with_norm(NoNorm())
    assert np.abs(frozen.outputs(moved, x) - frozen.outputs(weights, x)).max() > 0.1
    gradient = at.grad()
    size = max(np.abs(g).max() for g in gradient.values())
    for layer in net.normed:
        assert rounded(gradient[f"{layer}_bias"], 0, size)
        assert np.abs(gradient[f"{layer}_shift"]).max() > 1e-6 * size


@pytest.mark.parametrize("mode", ["active", "none", "detached"])
@pytest.mark.parametrize("build", [*BUILD.values(), page])
def test_at_the_start_scale_and_shift_do_nothing(build, mode):
    plain, affine = build(Fraction(1, 16)), build(Fraction(1, 16), affine=True)
    weights = initialise(affine, np.random.default_rng(1), dtype="float64")
    x, _ = batch(plain, n=4)
    own = {name: weights[name] for name in plain.shapes}
    outputs = Problem(plain, norm_named(mode)).outputs(own, x)
    assert np.array_equal(outputs, Problem(affine, norm_named(mode)).outputs(weights, x))


def test_a_scale_and_shift_follow_the_norm_at_once():
    """Of post-activation norms too: a scale of 0 leaves the shift, whatever the images."""
    net = lenet(1 / 2, ops.tanh, "post", affine=True)
    weights = initialise(net, np.random.default_rng(1), dtype="float64")
    weights["dense2_scale"] *= 0
    weights["dense2_shift"] += 0.5
    outputs = Problem(net, Active()).outputs(weights, batch(net)[0])
    shifted = 0.5 * weights["dense3"].sum(1)
    assert all(rounded(row, shifted) for row in outputs)


def test_residual_nets_and_the_post_s_take_smaller_images():
    for net in (resnet(8, 1 / 8), page(1 / 32)):
        weights = initialise(net, np.random.default_rng(1), dtype="float64")
        x, _ = batch(net, side=16)
        assert Problem(net, Active()).outputs(weights, x).shape == (6, 10)


def test_a_residual_net_of_zero_blocks_is_its_shortcut():
    """Second convolutions of zero: what is left is conv1, pooled twice, and zeros."""
    net = resnet(8, 1 / 8)
    weights = initialise(net, np.random.default_rng(1), dtype="float64")
    for name in weights:
        if name.endswith("_conv2"):
            weights[name] *= 0
    x, _ = batch(net)
    outputs = Problem(net, NoNorm()).outputs(weights, x)
    first = np.maximum(ops.conv(x, weights["conv1"], stride=1, pad=1), 0).mean((1, 2))
    expected = first @ weights["dense"][:, :2].T + weights["dense_bias"]
    assert rounded(outputs, expected)


# ----- The statistics' path: S'A against S'A-tilde -----


def test_the_gradient_before_a_norm_sees_centred_inputs_only_if_the_mean_has_a_path():
    """With S the loss's gradient in the outputs of centring, the gradient in the weights before it
    is S'A through a detached mean, and S'(A - mean A) through an active one (grosse2021)."""
    rng = np.random.default_rng(0)
    net = mlp((5, 6, 4, 3), ops.sigmoid)
    weights = initialise(net, rng, dtype="float64")
    x, targets = rng.normal(size=(20, 5)), np.eye(3)[rng.integers(0, 3, 20)]
    for mode, centring in (("centring", True), ("detached", False)):
        at = Problem(net, norm_named(mode)).linearise(weights, x, targets)
        nodes = at.tape.nodes
        norm = [i for i, n in enumerate(nodes) if n.operation and "norm" in n.operation.name][1]
        (before,) = nodes[norm].inputs
        a = nodes[before].saved[0]  # the inputs of dense2
        s = at.cotangents[norm]
        if mode == "detached":
            s = s * nodes[norm].saved["inverse"]
        plain, centred = s.T @ a, s.T @ (a - a.mean(0))
        right, wrong = (centred, plain) if centring else (plain, centred)
        computed = at.grad()["dense2"]
        assert rounded(computed, right)
        assert np.abs(computed - wrong).max() > 0.1 * np.abs(right).max()


# ----- Noise -----


def test_noise_has_the_laws_it_says():
    noise = Noise(seed=4)
    scale, shift = noise.draw("conv1", (40, 5, 5, 200), 7)
    assert scale.shape == shift.shape == (40, 5, 5, 200)
    mu, sigma = shift.mean((0, 1, 2)), scale.mean((0, 1, 2))  # the unit's own, to .1/sqrt(1000)
    near = 6 * 0.1 / np.sqrt(1000)
    assert (np.abs(mu) < 0.5 + near).all()
    assert ((sigma > 1 - near) & (sigma < 1.25 + near)).all()
    assert stats.kstest(mu, stats.uniform(-0.5, 1).cdf).pvalue > 1e-6
    assert stats.kstest(sigma, stats.uniform(1, 0.25).cdf).pvalue > 1e-6
    first = shift[..., 0].ravel()
    assert np.ptp(first) < 0.2
    assert stats.kstest(first, stats.uniform(mu[0] - 0.1, 0.2).cdf).pvalue > 1e-6
    assert stats.kstest(scale[..., 0].ravel(), stats.norm(sigma[0], 0.1).cdf).pvalue > 1e-6


def test_noise_of_one_size_a_unit_and_of_one_an_example():
    fixed = Noise(shift=Gaussian(0, 2), scale=Uniform(0.5, 2), shift_spread=0, scale_spread=0)
    scale, shift = fixed.draw("a", (6, 3, 3, 2000), 0)
    assert scale.shape == shift.shape == (2000,)
    assert stats.kstest(shift, stats.norm(0, 2).cdf).pvalue > 1e-6
    whole = replace(fixed, scale_spread=0.1, by_position=False)
    assert whole.draw("a", (6, 3, 3, 2), 0)[0].shape == (6, 1, 1, 2)


def test_noise_depends_on_seed_step_and_layer_alone():
    def drawn(seed=0, step=3, layer="conv1", redrawn=True):
        return Noise(seed=seed, redrawn=redrawn).draw(layer, (4, 2), step)[0]

    assert np.array_equal(drawn(), drawn())
    others = [drawn(seed=1), drawn(step=4), drawn(layer="conv2"), drawn(redrawn=False)]
    assert not any(np.array_equal(drawn(), other) for other in others)
    assert np.array_equal(drawn(redrawn=False), drawn(step=9, redrawn=False))


@pytest.mark.parametrize("after", [True, False])
def test_noise_stands_after_scale_and_shift_or_between(after):
    noise = Noise(after_affine=after)
    x, rng = np.random.default_rng(0).normal(size=(5, 3)), np.random.default_rng(1)
    gamma, beta = rng.normal(size=(2, 3))
    s, m = noise.draw("a", x.shape, 2)
    y = ops.normalise(x)
    expected = s * (gamma * y + beta) + m if after else gamma * (s * y + m) + beta
    found = Noisy(Active(), noise).at(2)("a", x, gamma, beta)
    assert rounded(found, expected)


# ----- Trainings -----

PARTS = [Power(1.0), Centring(), Scaling(), MeanDetached(), DeviationDetached()]

TINY = {
    "lenet": (lenet(1 / 2, affine=True), Active()),
    "vgg_a": (vgg("vgg_a", 1 / 32, affine=True), Active()),
    "vgg16": (vgg("vgg16", 1 / 32), NoNorm()),
    "resnet8": (resnet(8, 1 / 8, affine=True), Active()),
    "resnet14": (resnet(14, 1 / 16), NoNorm()),
    "projection": (resnet(8, 1 / 8, affine=True, shortcut="projection"), Active()),
    "L1": (lenet(1 / 2, affine=True), Power(1, raw=True)),
    "L-infinity": (lenet(1 / 2), Power(math.inf)),
    "noisy": (lenet(1 / 2, affine=True), Noisy(Active(), Noise(seed=5))),
    "noisy without norm": (lenet(1 / 2), Noisy(NoNorm(), Noise(seed=5))),
}


@pytest.mark.parametrize("name", TINY)
def test_a_tiny_training_moves_every_weight_and_goes_on_to_the_same_bits(name):
    net, norm = TINY[name]
    data = textures(32, 16, seed=0)
    problem = Problem(net, norm)
    how = Training(epochs=2, batch=16, seed=0, schedule=constant(0.01), rule=SGD(momentum=0.9))
    start = beginning(initialise(net, np.random.default_rng(0)), how)
    first, second = train(problem, data, how, start)
    assert not second.diverged
    restored = State.from_arrays(first.to_arrays())
    (again,) = train(problem, data, how, restored)
    dead = {f"{layer}_bias" for layer in net.normed} if norm.uses_batch else set()
    for weight, w in second.weights.items():
        assert np.array_equal(w, again.weights[weight])
        assert weight in dead or not np.array_equal(w, start.weights[weight])
    assert second.records == again.records
    state = replace(second, statistics=settle(problem, data, how, second))
    assert set(state.statistics) == (set(net.normed) if norm.uses_batch else set())
    assert np.isfinite(evaluate(problem, state, data).loss)


def test_the_noise_of_a_training_is_that_of_its_step_and_evaluation_has_none():
    net = mlp((3072, 6, 10), ops.relu)
    data = textures(32, 16, seed=0)
    how = Training(epochs=2, batch=16, seed=0, schedule=constant(0.0), rule=SGD(), augment=False)
    start = beginning(initialise(net, np.random.default_rng(0)), how)
    outputs = []

    def hook(step):
        outputs.append(step.outputs)
        return {}

    noise = Noise(seed=5)
    noisy = Problem(net, Noisy(Active(), noise))
    _, last = train(noisy, data, how, start, (hook,))
    images = [x for epoch in (0, 1) for x, _ in epoch_batches(data, how, epoch, start.weights, "")]
    for step, (found, x) in enumerate(zip(outputs, images, strict=True)):
        y = ops.normalise(x.reshape(len(x), -1) @ start.weights["dense1"].T)
        s, m = (part.astype(np.float32) for part in noise.draw("dense1", y.shape, step))
        expected = np.maximum(s * y + m, 0) @ start.weights["dense2"].T
        assert rounded(found, expected)
    silent = Problem(net, Active())
    assert evaluate(noisy, last, data) == evaluate(silent, last, data)


@pytest.mark.parametrize("norm", PARTS, ids=repr)
def test_every_part_of_batch_norm_trains(norm):
    net = mlp((3072, 6, 10), ops.relu)
    data = textures(32, 16, seed=0)
    how = Training(epochs=1, batch=16, seed=0, schedule=constant(0.01), rule=SGD())
    start = beginning(initialise(net, np.random.default_rng(0)), how)
    problem = Problem(net, norm)
    (state,) = train(problem, data, how, start)
    assert set(state.statistics) == {"dense1"}
    assert np.isfinite(evaluate(problem, state, data).loss)
