"""Lines, smoothness, directions and surfaces of a loss: against formulas and plain forwards."""

import sys
import types
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.progress import forecast
from deepnet import ops
from deepnet.curvature import Batches, hessian
from deepnet.landscape import (
    Surface,
    curve,
    estimated,
    filter_normalised,
    interpolation,
    line,
    moved,
    one_dimensional,
    principal_curvatures,
    raw,
    smoothness,
    surface,
    surfaces,
    terrain,
    with_batch,
    with_frozen,
    with_reestimated,
    with_running,
)
from deepnet.landscape.directions import cosine
from deepnet.landscape.surface import OWN
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import NoNorm
from deepnet.problem import Problem
from deepnet.training import in_eval, train
from deepnet.vectors import from_vector, to_vector
from tests.close import discretised, rounded
from tests.deepnet.tiny import batch, convolutional, dense, perceptron
from tests.deepnet.training.colours import colours, end_of, setting
from theory import smoothness as claims

seeds = st.integers(0, 2**32 - 1)
AT = np.linspace(-1, 1, 5)


def rng(seed=0):
    return np.random.default_rng(seed)


# --- the line ---


@pytest.mark.parametrize("mode", ["active", "none"])
def test_a_line_is_the_loss_and_gradient_at_each_point(mode):
    net = perceptron(mode, sizes=(12, 7))
    direction = from_vector(rng().standard_normal(hessian(net).shape[0]), net.problem.net.shapes)
    steps = [-0.5, 0.0, 0.1, 2.0]
    along = line(net.problem, net.weights, direction, steps, net.data)
    for i, a in enumerate(steps):
        there = {name: w + a * direction[name] for name, w in net.weights.items()}
        batches = Batches(net.problem, there, net.data)
        assert rounded(along.loss[i], batches.loss())
        assert rounded(along.gradient[i], batches.gradient())
    slope = (along.gradient[1] * to_vector(direction)).sum()
    h = 1e-4
    ends = line(net.problem, net.weights, direction, [-2 * h, -h, h, 2 * h], net.data).loss
    far, near = (ends[3] - ends[0]) / (4 * h), (ends[2] - ends[1]) / (2 * h)
    assert discretised(near, slope, abs(far - near), ends.max(), condition=1 / h)


def test_a_line_goes_on_beyond_the_range_of_numbers():
    net = perceptron("none", activation=None)
    along = line(net.problem, net.weights, net.weights, [0.0, 1e200], net.data)
    assert np.isfinite(along.loss[0])
    assert not np.isfinite(along.loss[1])


# --- smoothness, against the theory of the quadratic ---


def quadratic(seed, inputs=4, n=9):
    """A linear unit with squared loss and no bias: L = d'Rd/2 + const, R = X'X/n."""
    generator = rng(seed)
    x = generator.standard_normal((n, inputs))
    optimum = generator.standard_normal((1, inputs))
    problem = Problem(mlp([inputs, 1]), NoNorm(), ops.mean_squared_error)
    d = generator.standard_normal((inputs, 1))
    weights = {"dense1": optimum + d.T}
    return problem, weights, [(x, x @ optimum.T)], x.T @ x / n, d


@given(seed=seeds, a=st.floats(1e-3, 2))
def test_the_measures_on_a_quadratic_are_the_claims(seed, a):
    problem, weights, data, R, d = quadratic(seed)
    measures = smoothness(problem, weights, [a, 2 * a], data)
    size = (1 + np.linalg.norm(R)) ** 3 * (1 + np.linalg.norm(d)) ** 2
    for i, eta in enumerate((a, 2 * a)):
        known = {"R": R, "d": d, "eta": eta}
        assert rounded(measures.predictiveness[i], claims.gradient_predictiveness(**known), size)
        assert rounded(measures.loss - measures.losses[i], claims.fall_of_the_loss(**known), size)
        beta = claims.effective_beta(**known)
        assert rounded(measures.beta[i], beta, size, condition=1 / (eta * measures.gradient_norm))
        assert rounded(measures.ceiling[i], 1 / eta)
    assert measures.variation == abs(measures.losses[0] - measures.losses[1])
    assert measures.effective_beta == measures.beta.max()


def test_the_small_step_gives_the_turn_of_the_hessian():
    net = perceptron("active")
    matrix, g = dense(hessian(net)), net.gradient()
    step = 1e-5
    measures = smoothness(net.problem, net.weights, [step, 0.05, 0.1], net.data)
    exact = np.linalg.norm(matrix @ g) / np.linalg.norm(g)
    assert discretised(measures.beta[0], exact, 10 * step * exact, 1, condition=1 / step)
    band = measures.among([0.05, 0.1])
    assert band.steps.tolist() == [0.05, 0.1]
    assert band.effective_beta == measures.beta[1:].max()
    assert band.variation == np.ptp(measures.losses[1:])
    with pytest.raises(ValueError, match="not all among"):
        measures.among([0.05, 0.2])


def test_along_another_direction_the_distance_is_its_own():
    net = perceptron("active")
    direction = {n: 3 * w for n, w in filter_normalised(net.weights, rng()).items()}
    measures = smoothness(net.problem, net.weights, [0.1], net.data, direction)
    there = {n: w - 0.1 * direction[n] for n, w in net.weights.items()}
    change = np.linalg.norm(Batches(net.problem, there, net.data).gradient() - net.gradient())
    assert rounded(measures.predictiveness[0], change)
    distance = 0.1 * np.linalg.norm(to_vector(direction))
    assert rounded(measures.beta[0], change / distance)
    assert rounded(measures.ceiling[0], np.linalg.norm(net.gradient()) / distance)


def test_a_ratio_at_the_ceiling_is_flagged():
    """On a parabola it is its curvature 4 whatever the step: the ceiling only near a = 1/4."""
    problem = Problem(mlp([1, 1]), NoNorm(), ops.mean_squared_error)
    weights, data = {"dense1": np.array([[3.0]])}, [(np.array([[2.0]]), np.zeros((1, 1)))]
    for least, flagged in ((0.01, False), (0.19, False), (0.22, True), (0.25, True), (0.32, False)):
        measures = smoothness(problem, weights, [least], data)
        assert rounded(measures.beta[0], 4)
        assert rounded(measures.ceiling[0], 1 / least)
        assert measures.saturated == flagged
    net = perceptron("none", widths=(5, 3), sizes=(1,))  # a long step puts it right
    long = smoothness(net.problem, net.weights, [50.0, 100, 200], net.data)
    assert long.saturated
    assert abs(long.effective_beta * 50 - 1) <= 0.2


@pytest.mark.parametrize("steps", [[], [0.0], [1.0, -1]])
def test_steps_must_be_positive(steps):
    net = perceptron()
    with pytest.raises(ValueError, match="positive"):
        smoothness(net.problem, net.weights, steps, net.data)
    with pytest.raises(ValueError, match="is zero"):
        still = {n: 0 * w for n, w in net.weights.items()}
        smoothness(net.problem, net.weights, [0.1], net.data, still)


# --- directions ---


@pytest.mark.parametrize("make", [partial(perceptron, bias=True), convolutional])
def test_each_filter_of_a_direction_is_as_long_as_its_own(make):
    weights = make().weights
    direction = filter_normalised(weights, rng())
    for name, w in weights.items():
        if w.ndim == 1:
            assert not direction[name].any()
        else:
            lengths = [np.linalg.norm(v.reshape(len(v), -1), axis=1) for v in (w, direction[name])]
            assert rounded(lengths[0], lengths[1], lengths[0].max())
    assert one_dimensional(weights) == tuple(n for n in weights if n.endswith("_bias"))


def test_a_raw_direction_is_as_long_in_all_and_normal():
    weights = perceptron(widths=(40, 30, 20), bias=True).weights
    flat, normalised = (to_vector(draw(weights, rng())) for draw in (raw, filter_normalised))
    assert rounded(np.linalg.norm(flat), np.linalg.norm(normalised), np.linalg.norm(flat))
    draws = rng()
    normal = [draws.standard_normal(weights[n].shape) for n in ("dense1", "dense2")]
    expected = np.concatenate([normal[0].ravel(), np.zeros(30), normal[1].ravel(), np.zeros(20)])
    assert rounded(flat @ expected, np.linalg.norm(flat) * np.linalg.norm(expected))


def test_nets_with_and_without_biases_share_their_directions():
    with_bias, without = (perceptron(bias=bias).weights for bias in (True, False))
    shared = {name: with_bias[name] for name in without}
    drawn = [filter_normalised(weights, rng(3)) for weights in (with_bias, shared)]
    assert all(np.array_equal(drawn[0][name], drawn[1][name]) for name in shared)


# --- surfaces ---


def statistics_of(net):
    return estimated(net.problem, net.weights, [batch(50, net.data[0][0].shape[1:], 3, 9)])


def losses(net, statistics=None):
    """The four losses of a net, by the kind of their statistics."""
    others = [batch(30, net.data[0][0].shape[1:], 3, 5)]
    problem, data = net.problem, net.data
    return {
        "running": with_running(problem, data, statistics or statistics_of(net)),
        "frozen": with_frozen(problem, data, net.weights),
        "batch": with_batch(problem, data),
        "reestimated": with_reestimated(problem, data, others),
    }


def scaled(net, by, layer="dense1", unit=2):
    """The same net with one filter, and its bias, multiplied."""
    weights = {name: w.copy() for name, w in net.weights.items()}
    for name in (layer, f"{layer}_bias"):
        if name in weights:
            weights[name][unit] *= by
    return Batches(net.problem, weights, net.data)


def scaled_statistics(statistics, by, layer="dense1", unit=2):
    mean, variance = (part.copy() for part in statistics[layer])
    mean[unit] *= by
    variance[unit] *= by**2
    return {**statistics, layer: (mean, variance)}


def test_the_centre_is_the_training_loss():
    for mode in ("active", "none"):
        net = perceptron(mode, sizes=(12, 9), bias=True)
        for kind, loss in losses(net).items():
            grid = surface(loss, net.weights, directions(net.weights), AT)
            assert grid.centre == grid.loss[2, 2]
            if kind in ("batch", "frozen") or mode == "none":
                assert rounded(grid.centre, net.loss())
    fixed = in_eval(net.problem, statistics_of(net))
    assert rounded(losses(net)["running"](net.weights), fixed_loss(fixed, net))


def fixed_loss(problem, net):
    return Batches(problem, net.weights, net.data).loss()


def directions(weights, seed=0, draw=filter_normalised):
    generator = rng([seed, OWN])  # the weights are drawn from rng(seed)
    return draw(weights, generator), draw(weights, generator)


def test_a_surface_is_the_loss_at_each_point():
    net = perceptron("active", sizes=(12, 9))
    one, other = directions(net.weights)
    grid = surface(with_batch(net.problem, net.data), net.weights, (one, other), AT)
    for i, a in enumerate(AT):
        for j, b in enumerate(AT):
            there = {n: w + a * one[n] + b * other[n] for n, w in net.weights.items()}
            exact = Batches(net.problem, there, net.data).loss()
            assert rounded(grid.loss[i, j], exact)
    assert abs(grid.cosine - cosine(one, other)) == 0
    assert abs(grid.cosine) <= 6 / np.sqrt(len(to_vector(one)))
    assert grid.at_rest == ()
    along = curve(with_batch(net.problem, net.data), net.weights, one, AT)
    assert np.array_equal(along, grid.loss[:, 2])


@pytest.mark.parametrize("kind", ["batch", "running", "frozen", "reestimated"])
def test_the_length_of_a_filter_before_a_norm_is_not_seen(kind):
    """By filter-normalised surfaces; raw ones see it."""
    net = perceptron("active", sizes=(12,), bias=True, eps=0.0)
    statistics = statistics_of(net)
    long = scaled(net, 10)
    plain = losses(net, statistics)[kind]
    changed = losses(long, scaled_statistics(statistics, 10))[kind]
    for draw, same in ((filter_normalised, True), (raw, False)):
        before = surface(plain, net.weights, directions(net.weights, draw=draw), AT)
        after = surface(changed, long.weights, directions(long.weights, draw=draw), AT)
        assert before.at_rest == ("dense1_bias", "dense2_bias", "dense3_bias")
        change = np.abs(before.loss - after.loss).max()
        assert change <= 1e-5 if same else change >= 1e-2
        assert rounded(before.centre, after.centre)


def test_the_length_of_a_convolutions_filter_is_not_seen_either():
    """But for eps, which is next to variances of about 1."""
    eps = 1e-12
    net = convolutional(eps=eps)
    long = scaled(net, 10, "layer2", 1)
    pair = [
        surface(with_batch(each.problem, each.data), each.weights, directions(each.weights),
                [-1.0, 0, 1])
        for each in (net, long)
    ]  # fmt: skip
    assert discretised(pair[0].loss, pair[1].loss, eps)


def test_statistics_of_four_kinds_by_hand():
    net = perceptron("active", sizes=(12, 9), widths=(5, 4, 3))
    there = moved(net.weights, (0.3, filter_normalised(net.weights, rng())))
    others = [batch(30, (5,), 3, 5), batch(10, (5,), 3, 6)]

    def by_hand(moments):
        total = 0.0
        for index, (x, targets) in enumerate(net.data):
            z = x @ there["dense1"].T
            mean, variance = moments(index, z)
            h = np.tanh((z - mean) / np.sqrt(variance + 1e-5)) @ there["dense2"].T
            p = np.exp(h) / np.exp(h).sum(1, keepdims=True)
            total += -(targets * np.log(p)).sum()
        return total / 21

    given = statistics_of(net)["dense1"]
    centre = [x @ net.weights["dense1"].T for x, _ in net.data]
    z = [x @ there["dense1"].T for x, _ in others]
    again = [0.75 * f(z[0], 0) + 0.25 * f(z[1], 0) for f in (np.mean, np.var)]
    hands = {
        "running": lambda i, z: given,
        "frozen": lambda i, z: (centre[i].mean(0), centre[i].var(0)),
        "batch": lambda i, z: (z.mean(0), z.var(0)),
        "reestimated": lambda i, z: again,
    }
    by_kind = losses(net) | {"reestimated": with_reestimated(net.problem, net.data, others)}
    values = {kind: by_kind[kind](there) for kind in hands}
    for kind, moments in hands.items():
        assert rounded(values[kind], by_hand(moments))
    assert len({round(value, 6) for value in values.values()}) == 4


def test_surfaces_of_several_seeds_differ_and_repeat():
    net = perceptron("active")
    loss = with_batch(net.problem, net.data)
    by_seed = surfaces(loss, net.weights, (0, 1), [-1.0, 0, 1])
    assert list(by_seed) == [0, 1]
    assert by_seed[0].centre == by_seed[1].centre
    assert np.abs(by_seed[0].loss - by_seed[1].loss).max() > 1e-3
    again = surface(loss, net.weights, directions(net.weights, 1), [-1.0, 0, 1])
    assert np.array_equal(by_seed[1].loss, again.loss)
    assert max(abs(each.cosine) for each in by_seed.values()) <= 6 / np.sqrt(hessian(net).shape[0])


def test_directions_of_a_seed_are_not_along_weights_of_the_same_seed():
    weights = perceptron(seed=4, widths=(30, 20, 10)).weights
    one, _ = directions(weights, 4)
    assert abs(cosine(one, weights)) <= 6 / np.sqrt(len(to_vector(weights)))


def test_a_point_beyond_the_range_of_numbers_is_not_finite():
    net = perceptron("none", activation=None)
    grid = surface(with_batch(net.problem, net.data), net.weights, directions(net.weights),
                    [-1e200, 0, 1e200])  # fmt: skip
    assert np.isfinite(grid.loss[1, 1])
    assert not np.isfinite(grid.loss[0, 0])


# --- interpolation ---


@pytest.mark.parametrize("mode", ["active", "none"])
def test_interpolation_goes_from_one_net_to_the_other(mode):
    problem, how, start = setting(mode, dtype="float64", epochs=2)
    ends = list(train(problem, colours(), how, start))
    x = colours().normalised(colours().x_train, np.float64)
    data = [(x, ops.smoothed(colours().y_train, 3, 0.5, x.dtype))]
    along = interpolation(problem, data, ends[0], ends[1], [0.0, 0.5, 1.0])
    for value, state in zip(along[::2], ends, strict=True):
        exact = Batches(in_eval(problem, state.statistics), state.weights, data).loss()
        assert rounded(value, exact)
    half = {n: (w + ends[1].weights[n]) / 2 for n, w in ends[0].weights.items()}
    pairs = {
        layer: tuple((a + b) / 2 for a, b in zip(pair, ends[1].statistics[layer], strict=True))
        for layer, pair in ends[0].statistics.items()
    }
    assert rounded(along[1], Batches(in_eval(problem, pairs), half, data).loss())
    whole = interpolation(problem, data, start, end_of(ends), [0.0])  # no statistics at the start
    assert rounded(whole[0], Batches(problem, start.weights, data).loss())


# --- numbers of a surface ---


def test_the_terrain_of_a_quadratic():
    at = np.linspace(-1, 1, 9)
    a, b = np.meshgrid(at, at, indexing="ij")
    H = np.array([[3.0, 1], [1, -2]])
    loss = 5 + 0.5 * (H[0, 0] * a * a + 2 * H[0, 1] * a * b + H[1, 1] * b * b)
    bowl = Surface(at, loss, 5.0, 0.0, ())
    smaller, larger = principal_curvatures(bowl)
    low, high = np.linalg.eigvalsh(H)
    assert smaller.shape == (7, 7)
    assert rounded(smaller, low)
    assert rounded(larger, high)
    numbers = terrain(bowl)
    assert rounded(numbers.curvature, high)
    assert (numbers.centre, numbers.highest, numbers.negative) == (5, loss.max(), 1)
    near = [0.5 * np.array(p) @ H @ p for p in zip(a.ravel(), b.ravel(), strict=True)
            if p[0] ** 2 + p[1] ** 2 <= 0.25]  # fmt: skip
    assert rounded(numbers.rise, max(near))
    inner = [np.linalg.norm(H @ p) for p in zip(a.ravel(), b.ravel(), strict=True)
             if max(np.abs(p)) < 1]  # fmt: skip
    assert numbers.steepest >= max(inner) - 1e-12
    assert terrain(Surface(at, a * a + b * b, 0.0, 0.0, ())).negative == 0


@pytest.mark.parametrize("at", [[0.0, 1], [-1.0, 0, 3], [-1.0, -0.5, 0.5, 1], [0.0, 1, 2]])
def test_a_terrain_needs_an_even_grid_about_its_centre(at):
    n = len(at)
    with pytest.raises(ValueError, match="grid"):
        terrain(Surface(np.array(at), np.zeros((n, n)), 0.0, 0.0, ()))


# --- the time that it will take ---


def test_a_forecast_is_made_where_somebody_watches(monkeypatch, capsys):
    calls = []
    forecast(10, "surface", lambda: calls.append(1))
    assert calls == []
    told = []
    stream = types.SimpleNamespace(isatty=lambda: True, write=told.append, flush=lambda: None)
    monkeypatch.setattr(sys, "stderr", stream)
    forecast(225, "surface", lambda: calls.append(1))
    assert len(calls) == 2
    assert "".join(told).startswith("surface: 225 points, about ")
