"""Steps away from a trained net, as the post's panels 9 to 11, 14 and 17 take them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from companion.errors import UsageError
from deepnet import ops
from deepnet.curvature import Batches, moment_gradients
from deepnet.data.textures import textures
from deepnet.experiments.page2019.shared import steps
from deepnet.experiments.trained import Trained
from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import Active, Frozen, NoNorm, norm_named, recording
from deepnet.nets.page import page
from deepnet.problem import Problem
from deepnet.training import State
from deepnet.vectors import to_vector
from tests.close import rounded


def trained(net, weights, norm=None):
    """As if ``net`` had been trained to ``weights``."""
    state = State(weights, {name: 0 * w for name, w in weights.items()})
    return Trained(Problem(net, norm or NoNorm()), state)


def linear(rng, inputs=6, classes=4):
    """A net whose outputs are W x."""
    return trained(mlp([inputs, classes]), {"dense1": rng.standard_normal((classes, inputs))})


seeds = st.integers(0, 2**32 - 1)


# ----- Steps -----


@given(seed=seeds, length=st.floats(1e-6, 10), size=st.floats(1e-3, 1e3))
def test_a_step_has_its_length_and_its_direction(seed, length, size):
    rng = np.random.default_rng(seed)
    net = linear(rng)
    direction = size * rng.standard_normal(24)
    before = to_vector(net.state.weights)
    taken = to_vector(steps.stepped(net, direction, length).state.weights) - before
    rounding = 64 * np.finfo(float).eps * np.linalg.norm(before) * (1 + length)
    assert abs(np.linalg.norm(taken) - length * np.linalg.norm(before)) < rounding
    unit = direction / np.linalg.norm(direction)
    assert np.linalg.norm(taken - unit * (unit @ taken)) < rounding
    assert unit @ taken > 0


def test_a_step_leaves_the_net_it_starts_from_and_batch_norms_constants(context):
    rng = np.random.default_rng(0)
    net = page(1 / 32)
    weights = initialise(net, rng)
    fixed = {name: (np.ones(s[0], "f4"), np.ones(s[0], "f4")) for name, s in net.shapes.items()}
    start = trained(net, weights, Frozen(fixed))
    before = {name: w.copy() for name, w in weights.items()}
    end = steps.stepped(start, steps.random_direction(start, context), 0.1)
    assert all(np.array_equal(start.state.weights[name], before[name]) for name in before)
    assert end.problem == start.problem
    assert all(w.dtype == np.float32 for w in end.state.weights.values())
    changed = np.linalg.norm(to_vector(end.state.weights) - to_vector(before))
    assert rounded(
        np.float32(changed / steps.weights_length(start)), 0.1, 1
    )  # of weights in float32


def test_a_step_along_nothing_is_refused():
    net = linear(np.random.default_rng(0))
    with pytest.raises(ValueError, match="direction of a step is zero"):
        steps.stepped(net, np.zeros(24), 0.1)


def test_too_few_images_are_refused(context):
    data = textures(60, 10)
    context = replace(context, data=data).changed(examples=40, look=30)
    with pytest.raises(UsageError, match="60 training images; give 70"):
        steps.looked_at(context)
    expected = data.normalised(data.x_train[40:60])
    assert np.array_equal(steps.looked_at(context.changed(look=20)), expected)


# ----- Half-way -----


@given(
    seed=seeds,
    at=st.floats(0.02, 5.0),
    steepness=st.floats(0.2, 3.0),
)
def test_half_way_is_exact_where_the_share_is_straight_over_log_length(seed, at, steepness):
    lengths = np.sort(np.exp(np.random.default_rng(seed).uniform(np.log(0.01), np.log(10), 12)))
    shares = 0.5 + steepness * np.log(lengths / at)
    expected = np.clip(at, lengths[0], lengths[-1])
    assert rounded(steps.half_way(lengths, shares), expected)


def test_half_way_is_the_first_crossing_and_an_end_where_there_is_none():
    lengths = np.array([1.0, 2.0, 4.0, 8.0])
    assert steps.half_way(lengths, np.array([0.1, 0.2, 0.3, 0.4])) == 8
    assert steps.half_way(lengths, np.array([0.6, 0.2, 0.3, 0.4])) == 1
    assert steps.half_way(lengths, np.array([0.0, 0.5, 0.1, 0.9])) == 2
    assert rounded(steps.half_way(lengths, np.array([0.0, 1.0, 0.0, 1.0])), 2**0.5)


@given(seed=seeds)
def test_half_way_on_a_linear_model_is_known(seed):
    """Output c of example i grows by t x_i m/|m| along the gradient of its mean, m the mean input,
    and no other output moves: it wins from t_i = (largest other - z_ic)|m|/(x_i m) on."""
    rng = np.random.default_rng(seed)
    net, x, chosen = linear(rng), 2 + 0.3 * rng.standard_normal((41, 6)), 2
    gradient = np.zeros((4, 6))
    gradient[chosen] = x.mean(0)
    z = x @ net.state.weights["dense1"].T
    others = np.delete(z, chosen, axis=1).max(1)
    pace = x @ x.mean(0) / np.linalg.norm(x.mean(0))
    known = np.median((others - z[:, chosen]) / pace) / steps.weights_length(net)
    assume(known > 0.02)  # else half of the examples have, or nearly have, the class already
    lengths = known * 2 ** np.linspace(-2, 2, 101)
    ends = [steps.outputs(steps.stepped(net, gradient.ravel(), t), x) for t in lengths]
    half_way = steps.half_way(lengths, np.array([steps.share(end, chosen) for end in ends]))
    assert abs(np.log(half_way / known)) <= 4 / 100 * np.log(2)  # one length further or less


@given(seed=seeds, length=st.floats(1e-3, 10))
def test_first_order_is_exact_in_the_means_of_a_linear_model(seed, length):
    rng = np.random.default_rng(seed)
    net, x = linear(rng), rng.standard_normal((17, 6)) + rng.standard_normal(6)
    batches = Batches(net.problem, net.state.weights, [(x, np.eye(4)[np.zeros(17, int)])])
    gradients = moment_gradients(batches)["mean"]
    z = steps.outputs(net, x)
    first = steps.moved(z, gradients, 1, length * steps.weights_length(net))
    end = steps.outputs(steps.stepped(net, gradients[1], length), x)
    assert rounded(first.mean(0), end.mean(0))
    assert rounded(first - first.mean(0), z - z.mean(0), np.abs(first).max())


@given(seed=seeds, chosen=st.integers(0, 3))
def test_half_of_the_examples_go_to_the_class_once_the_gap_is_bridged(seed, chosen):
    z = np.random.default_rng(seed).standard_normal((31, 4))
    lift = np.eye(4)[chosen]
    gap = steps.gap(z, chosen)
    assert steps.share(z + (gap + 1e-9) * lift, chosen) >= 0.5
    if gap > 0:
        assert steps.share(z + (gap - 1e-9) * lift, chosen) < 0.5


@given(seed=seeds, factor=st.floats(0.1, 10))
def test_the_length_needed_bridges_the_gap_to_first_order(seed, factor):
    rng = np.random.default_rng(seed)
    net, x, gradients = linear(rng), rng.standard_normal((9, 6)), rng.standard_normal((4, 24))
    lengths = steps.needed(net, gradients, x)
    z = steps.outputs(net, x)
    for chosen in range(4):
        slope = np.linalg.norm(gradients[chosen])
        lift = (lengths[chosen] + 1e-9) * steps.weights_length(net) * slope * np.eye(4)[chosen]
        assert steps.share(z + lift, chosen) >= 0.5
    assert rounded(steps.needed(net, factor * gradients, x) * factor, lengths)


# ----- Through the layers -----


@pytest.mark.parametrize("mode", ["none", "active", "frozen"])
def test_layers_are_what_batch_norm_gives(mode):
    rng = np.random.default_rng(1)
    net = mlp([5, 7, 3], ops.tanh)
    weights = {name: rng.standard_normal(shape) for name, shape in net.shapes.items()}
    x = rng.standard_normal((40, 5)) + 1
    h = x @ weights["dense1"].T
    fixed = {"dense1": (h.mean(0) + 1, 4 * h.var(0))}
    given = {
        "none": h,
        "active": (h - h.mean(0)) / np.sqrt(h.var(0) + 1e-5),
        "frozen": (h - h.mean(0) - 1) / np.sqrt(4 * h.var(0) + 1e-5),
    }[mode]
    start = trained(net, weights, norm_named(mode, statistics=fixed))
    by_layer = steps.layers(start, x)
    assert list(by_layer) == ["dense1", "dense2"]
    assert rounded(by_layer["dense1"], given.T)
    assert rounded(by_layer["dense2"], (np.tanh(given) @ weights["dense2"].T).T)
    np.testing.assert_array_equal(by_layer["dense2"].T, steps.outputs(start, x))


@pytest.mark.landing
def test_a_narrow_net_is_moved_less_in_proportion_to_its_width():
    """|w| and the gradient of a mean output both grow like the root of the width: what a step of a
    given share of |w| moves has a power of the width between 0.8 and 1.2, 1 in the limit."""
    data = textures(32, 1)
    x = data.normalised(data.x_train)
    widths, reach = np.array([1 / 16, 1 / 8, 1 / 4]), []
    for width in widths:
        net, products = page(width), []
        for seed in range(2):
            weights = initialise(net, np.random.default_rng(seed))
            norm, seen = recording(Active())
            Problem(net, norm).outputs(weights, x)
            problem = Problem(net, Frozen(seen))
            part = problem.linearise(weights, x, np.eye(10, dtype="f4")[np.zeros(32, int)])
            for chosen in range(3):
                u = np.zeros((32, 10), "f4")
                u[:, chosen] = 1 / 32
                gradient = np.linalg.norm(to_vector(part.vjp(u)).astype(float))
                products.append(gradient * np.linalg.norm(to_vector(weights).astype(float)))
        reach.append(np.mean(products))
    power = np.polyfit(np.log(widths), np.log(reach), 1)[0]
    assert 0.8 < power < 1.2
