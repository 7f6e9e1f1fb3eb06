"""Tools that watch a training: activations, units, covariate shift, sharpness."""

from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kurtosis, skew

from deepnet import ops
from deepnet.curvature import Batches, batch_gradients, chance, dominant_shares, hessian, lanczos
from deepnet.landscape import smoothness
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import Noisy, NoNorm, norm_named
from deepnet.nets.noise import Noise
from deepnet.problem import Problem
from deepnet.training import SGD, Adam, State, constant, train, usual
from deepnet.watch import (
    Sharpness,
    activations,
    covariate_shift,
    dead,
    every,
    moments,
    of_activations,
    of_covariate_shift,
    of_smoothness,
    saturated,
)
from tests.close import discretised, rounded
from tests.deepnet.tiny import convolutional, dense, perceptron
from tests.deepnet.training.colours import colours, end_of, setting

# --- activations ---

FUNCTIONS = {
    "relu": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
}


@pytest.mark.parametrize("place", ["pre", "post"])
@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("mode", ["active", "none"])
def test_activations_are_those_of_a_forward_by_hand(name, mode, place):
    net = perceptron(mode, activation=getattr(ops, name), norm=place, bias=True)
    (x, _), f = net.data[0], FUNCTIONS[name]
    weights = {n: w + (0.3 if n.endswith("bias") else 0) for n, w in net.weights.items()}
    seen, h = activations(net.problem, weights, x), x
    assert list(seen) == ["dense1", "dense2"]
    for layer, activation in seen.items():
        z = h @ weights[layer].T + weights[f"{layer}_bias"]
        norm = lambda z: (z - z.mean(0)) / np.sqrt(z.var(0) + 1e-5)  # noqa: E731
        if mode == "none":
            norm = lambda z: z  # noqa: E731
        before = norm(z) if place == "pre" else z
        h = f(before) if place == "pre" else norm(f(before))
        assert activation.function == name
        assert rounded(activation.before, before)
        assert rounded(activation.after, f(before))
        step = 1e-5
        slope = (f(before + step) - f(before - step)) / (2 * step)
        largest = 0.25 if name == "sigmoid" else 1
        size = np.abs(f(before)).max()
        assert discretised(activation.slope, slope / largest, step**2, size, condition=1 / step)


def test_activations_of_a_convolutional_net_end_in_its_outputs():
    net = convolutional()
    (x, _) = net.data[0]
    seen = activations(net.problem, net.weights, x)
    assert list(seen) == list(net.problem.net.normed)
    assert seen["prep"].after.shape == (6, 32, 32, 1)
    last = seen["layer3_extra"].after.max((1, 2)) @ net.weights["classifier"][:, 0, 0].T
    outputs = net.problem.outputs(net.weights, x)
    assert rounded(last * 0.125 / 6**0.5, outputs)


def test_a_layers_second_activation_has_a_name():
    def forward(weights, x, how):
        h = ops.tanh(ops.relu(ops.dense(x, weights["a"])))
        return ops.dense(ops.square(h), weights["b"])

    from deepnet.nets.net import Net

    net = Net("twice", {"a": (3, 2), "b": (2, 3)}, (), forward)
    weights = {"a": np.ones((3, 2)), "b": np.ones((2, 3))}
    seen = activations(Problem(net, NoNorm()), weights, np.ones((4, 2)))
    assert {layer: activation.function for layer, activation in seen.items()} == {
        "a": "relu",
        "a.2": "tanh",
    }


@given(st.integers(0, 2**32 - 1), st.integers(3, 40))
def test_moments_are_scipys(seed, n):
    z = np.random.default_rng(seed).gamma(2, size=(n, 3, 2)) + 5
    for pooled, rows in ((False, z.reshape(-1, 2)), (True, z.reshape(-1, 1))):
        computed = moments(z, pooled)
        expected = rows.mean(0), rows.var(0), skew(rows), kurtosis(rows, fisher=False)
        for got, value in zip(vars(computed).values(), expected, strict=True):
            assert got.shape == (() if pooled else (2,))
            size = max(1, np.abs(value).max())
            assert rounded(got, value, size, np.abs(rows).max() / rows.std(0).min())


def test_constant_values_have_no_shape():
    computed = moments(np.full((7, 2), 0.1) * [1, 0])
    assert computed.variance.tolist() == [0, 0]
    assert np.isnan(computed.skewness).all()
    assert np.isnan(computed.kurtosis).all()


def test_dead_and_saturated_units():
    net = mlp([2, 3, 1], ops.relu, bias=True)
    weights = {
        "dense1": np.eye(3, 2),
        "dense1_bias": np.array([0.0, -9, 1]),  # half the time, never, always
        "dense2": np.ones((1, 3)),
        "dense2_bias": np.zeros(1),
    }
    x = np.array([[1.0, 1], [-1, 2], [2, -1], [-2, -2]])
    seen = activations(Problem(net, NoNorm()), weights, x)["dense1"]
    assert dead(seen).tolist() == [False, True, False]
    assert saturated(seen).tolist() == [0.5, 1, 0]
    bounded = Problem(mlp([2, 3, 1], ops.tanh, bias=True), NoNorm())
    seen = activations(bounded, weights, x)["dense1"]
    assert saturated(seen).tolist() == [0, 1, 0]  # |tanh 2| = 0.964
    assert saturated(seen, 0.08).tolist() == [0.5, 1, 0]  # 1 - 0.964^2 = 0.0707
    assert dead(seen, 0.05).tolist() == [False, True, False]


# --- hooks ---


def test_hooks_record_every_so_many_steps_also_after_a_stop():
    problem, how, start = setting("active", epochs=4)  # three steps an epoch
    x = colours().normalised(colours().x_train[:8])
    hooks = (usual, every(2, 3, of_activations(problem, x), "inside"))
    whole = end_of(train(problem, colours(), how, start, hooks))
    assert whole.records["inside:step"] == [0, 2, 4, 6, 8, 10]
    assert len(whole.records["dense2:kurtosis"]) == 6
    assert "dense3:mean" not in whole.records
    first = next(train(problem, colours(), how, start, hooks))
    hooks = (usual, every(2, 3, of_activations(problem, x), "inside"))
    assert end_of(train(problem, colours(), how, first, hooks)).records == whole.records
    seen = activations(problem, start.weights, x)["dense1"]
    assert whole.records["dense1:mean"][0] == moments(seen.after, pooled=True).mean
    assert whole.records["dense1:dead"][0] == dead(seen).mean()
    assert whole.records["dense1:saturated"][0] == (seen.after == 0).mean()
    with pytest.raises(ValueError, match="1 or more"):
        every(0, 3, usual)


def test_chosen_channels_are_recorded_one_by_one():
    problem, how, start = setting("active", epochs=1)
    x = colours().normalised(colours().x_train[:8])
    hook = of_activations(problem, x, channels=(0, 5))
    state = end_of(train(problem, colours(), how, start, (hook,)))
    seen = moments(activations(problem, start.weights, x)["dense2"].after)
    assert state.records["dense2:variance:5"][0] == seen.variance[5]
    assert "dense2:variance" not in state.records


# --- hooks of the step itself ---


def deep(norm="active", rule=None, **how):
    """A training in float64 of three weight layers, as in ``_setup``; three steps an epoch."""
    options = {"norm": norm, "dtype": "float64", "rule": rule or SGD(0.9, nesterov=True)}
    return setting(**(options | how))


@pytest.mark.parametrize("norm", ["active", "none"])
def test_a_step_shows_the_batch_and_the_weights_before_and_after(norm):
    seen = []
    problem, how, start = deep(norm, epochs=2)
    problem = problem.with_norm(Noisy(norm_named(norm), Noise(seed=3)))

    def look(step):
        again = step.problem.linearise(step.before, step.x, step.targets)
        assert again.loss == step.loss
        seen.append((step.before, step.after))
        return {}

    last = end_of(train(problem, colours(), how, start, (look,)))
    assert seen[0][0] is start.weights
    for (_, after), (before, _) in pairwise(seen):
        assert before is after
    assert last.weights is seen[-1][1]


@pytest.mark.parametrize("rule", [SGD(0.9, nesterov=True), Adam()], ids=["sgd", "adam"])
@pytest.mark.parametrize("norm", ["active", "none"])
def test_the_first_layer_shifts_by_nothing_at_any_step(norm, rule):
    problem, how, start = deep(norm, rule, epochs=3)
    exact = []

    def by_hand(step):
        by_layer = covariate_shift(problem, step.before, step.after, step.x, step.targets)
        exact.append([by_layer.norm, by_layer.relative, by_layer.cosine])
        return {}

    records = end_of(train(problem, colours(), how, start, (of_covariate_shift, by_hand))).records
    names = ("dense1:shift", "dense1:shift:relative", "dense1:shift:cosine")
    assert [set(records[name]) for name in names] == [{0}, {0}, {1}]
    for i, layer in enumerate(("dense2", "dense3"), 1):
        shifts = np.array(records[f"{layer}:shift"])
        assert (shifts[:-1] > 0).all()
        assert shifts[-1] == 0 if isinstance(rule, Adam) else shifts[-1] > 0  # the rate ends at 0
        for j, name in enumerate((":shift", ":shift:relative", ":shift:cosine")):
            assert records[layer + name] == [row[j][i] for row in exact]


@pytest.mark.parametrize("norm", ["active", "none"])
def test_at_rate_zero_nothing_shifts_and_no_loss_varies(norm):
    problem, how, start = deep(norm, schedule=constant(0.0))
    hooks = (of_covariate_shift, of_smoothness(), of_smoothness((1,), "update"))
    records = end_of(train(problem, colours(), how, start, hooks[:2])).records
    still = [n for n in records if n.endswith((":shift", ":relative")) or n == "variation"]
    assert len(still) == 7
    for name in [*still, "predictiveness:0.5", "predictiveness:4", "saturated"]:
        assert not any(records[name])
        assert len(records[name]) == 9
    assert set(records["dense3:shift:cosine"]) == {1}
    assert np.isnan(records["beta"]).all()
    usual_losses = end_of(train(problem, colours(), how, start)).records["loss"]
    assert records["loss:1"] == usual_losses
    assert not any(end_of(train(problem, colours(), how, start, hooks[2:])).records["variation"])


@pytest.mark.parametrize("rule", [SGD(0.9, nesterov=True), Adam()], ids=["sgd", "adam"])
def test_the_loss_along_the_update_is_what_the_next_step_finds(rule):
    """One batch of all images, so that a step's loss is that of the same function."""
    whole = {"batch": 48, "augment": False, "epochs": 5, "schedule": constant(0.05)}
    problem, how, start = deep("active", rule, **whole)
    hooks = (usual, of_smoothness((0.5, 1, 2), "update"))
    records = end_of(train(problem, colours(), how, start, hooks)).records
    ahead, found = np.array(records["loss:1"][:-1]), np.array(records["loss"][1:])
    assert rounded(ahead, found)  # the images come in another order
    losses = np.array([records[f"loss:{m}"] for m in ("0.5", "1", "2")])
    assert np.array_equal(np.ptp(losses, axis=0), records["variation"])
    assert np.array_equal(np.max([records["beta:0.5"], records["beta:1"], records["beta:2"]], 0),
                          records["beta"])  # fmt: skip


@pytest.mark.parametrize("norm", ["active", "none"])
def test_smoothness_along_a_training_is_that_of_its_steps(norm):
    """For plain descent the update is the gradient times the rate."""
    problem, how, start = deep(norm, SGD(), epochs=1, schedule=constant(0.3))
    exact = []

    def by_hand(step):
        steps = [m * step.lr for m in (0.5, 1, 2, 4)]
        exact.append(smoothness(problem, step.before, steps, [(step.x, step.targets)]))
        return {}

    one = end_of(train(problem, colours(), how, start, (of_smoothness(), by_hand))).records
    other = end_of(train(problem, colours(), how, start, (of_smoothness(along="update"),))).records
    hook = of_smoothness(along=lambda step: step.gradient)
    assert end_of(train(problem, colours(), how, start, (hook,))).records == one
    assert one["variation"] == [measured.variation for measured in exact]
    assert one["predictiveness:2"] == [measured.predictiveness[2] for measured in exact]
    assert one["beta:0.5"] == [measured.beta[0] for measured in exact]
    assert one["saturated"] == [measured.saturated for measured in exact]
    assert one.keys() == other.keys()
    for name in one:
        assert rounded(one[name], other[name])


def test_a_step_that_is_no_part_of_the_band_is_recorded_beside_it():
    problem, how, start = deep("active", SGD(), epochs=1, schedule=constant(0.3))
    hooks = [of_smoothness((0.01, 0.5, 1, 2), band=(0.5, 1, 2)), of_smoothness((0.5, 1, 2))]
    wide, narrow = (end_of(train(problem, colours(), how, start, [h])).records for h in hooks)
    assert {name: wide[name] for name in narrow} == narrow
    assert wide.keys() - narrow.keys() == {"loss:0.01", "predictiveness:0.01", "beta:0.01"}
    for band in ((), (0.5, 3)):
        with pytest.raises(ValueError, match="is not of the multiples"):
            of_smoothness((0.5, 1), band=band)


@pytest.mark.parametrize("norm", ["active", "none"])
def test_watched_from_within_a_training_goes_on_to_the_same_bits(norm):
    """The rate of the last step is 0; running statistics do not see what hooks compute."""
    problem, how, start = deep(norm, epochs=3)
    inside = lambda step: of_covariate_shift(step) | of_smoothness()(step)  # noqa: E731
    hooks = (usual, every(2, 3, inside))
    states = list(train(problem, colours(), how, start, hooks))
    for state in (start, *states[:-1]):
        restored = State.from_arrays(state.to_arrays())
        last = end_of(train(problem, colours(), how, restored, hooks))
        np.testing.assert_equal(last.to_arrays(), states[-1].to_arrays())  # nan is nan here
    assert states[-1].records["watched:step"] == [0, 2, 4, 6, 8]
    alone = end_of(train(problem, colours(), how, start)).to_arrays()
    for name, array in alone.items():
        assert np.array_equal(array, states[-1].to_arrays()[name])


def test_a_step_that_is_lost_is_still_recorded():
    problem, how, start = deep("none", SGD(), schedule=constant(1e200))
    hooks = (usual, of_covariate_shift, of_smoothness(), of_smoothness(along="update"))
    last = end_of(train(problem, colours(), how, start, hooks))
    assert last.diverged
    assert len(last.records["loss"]) == len(last.records["dense3:shift"])
    assert not np.isfinite(last.records["dense3:shift"][-1])


# --- sharpness ---


def test_sharpness_along_a_training_is_the_dense_hessians():
    small = colours(side=2)
    problem, how, start = setting(
        "active", mlp([12, 4, 3], ops.tanh), dtype="float64", epochs=4, schedule=constant(0.1)
    )
    x = small.normalised(small.x_train, np.float64)
    data = [(x, ops.smoothed(small.y_train, 3, 0.0, x.dtype))]
    exact = []

    def oracle(step):
        matrix = dense(hessian(Batches(problem, step.before, data)))
        exact.append(np.linalg.eigvalsh(matrix)[::-1][:2])
        return {}

    hook = Sharpness(problem, data, 2, tolerance=1e-4)
    records = end_of(train(problem, small, how, start, (hook, oracle))).records
    for column, name in enumerate(("sharpness", "sharpness:2")):
        error = np.abs(np.array(records[name]) - np.array(exact)[:, column])
        assert (error <= np.array(records["sharpness:residual"]) + 1e-12).all()
    cold = [lanczos(hessian(Batches(problem, start.weights, data)), np.random.default_rng(s), 2,
                    tolerance=1e-4).products for s in range(8)]  # fmt: skip
    assert np.mean(records["sharpness:products"][1:]) < np.mean(cold)


def test_a_direction_that_overtakes_the_last_one_is_found():
    """The Hessian of a linear net is block diagonal in inputs that do not overlap."""
    problem = Problem(mlp([30, 1]), NoNorm(), ops.mean_squared_error)
    x = np.eye(30) * np.sqrt(30 * np.linspace(0.1, 1, 30))[:, None]
    x[0, 0], x[1, 1] = np.sqrt([30 * 3, 30 * 2])
    tolerance = 1e-3
    tracker = Sharpness(problem, [(x, np.zeros((30, 1)))], tolerance=tolerance)
    weights = {"dense1": np.zeros((1, 30))}
    assert discretised(tracker.at(weights).values[0], 3, 3 * tolerance)
    x[1, 1] = np.sqrt(30 * 9)
    assert discretised(tracker.at(weights).values[0], 9, 9 * tolerance)


# --- the gradient in the dominant space ---


def test_shares_of_gradients_in_a_dominant_space():
    net = perceptron("active", sizes=(12, 9, 15), eps=0.0)
    gradients = batch_gradients(net.problem, net.weights, net.data)
    for column, each in zip(gradients.T, net.data, strict=True):
        alone = Batches(net.problem, net.weights, [each]).gradient()
        assert rounded(column, alone)
    matrix = dense(hessian(net))
    values, vectors = (part[..., ::-1] for part in np.linalg.eigh(matrix))
    n = len(matrix)
    pairs = lanczos(hessian(net), np.random.default_rng(0), 5, tolerance=1e-10)
    shares = dominant_shares(gradients, pairs.vectors, (1, 2, 5))
    for row, count in enumerate(shares.counts):
        P = vectors[:, :count] @ vectors[:, :count].T
        exact = ((P @ gradients) ** 2).sum(0) / (gradients**2).sum(0)
        gap = values[count - 1] - values[count]
        turned = np.linalg.norm(pairs.residuals[:count]) / gap  # the theorem of Davis and Kahan
        allowed = {"error": 2 * turned, "condition": values[0] / gap}
        assert discretised(shares.stochastic[row], exact, **allowed)
        mean = gradients.mean(1)
        assert discretised(shares.mean[row], mean @ P @ mean / (mean @ mean), **allowed)
    assert rounded(dominant_shares(gradients, vectors, (n,)).stochastic, 1)
    with pytest.raises(ValueError, match="of 5 eigenvectors"):
        dominant_shares(gradients, pairs.vectors, (10,))


def test_random_gradients_have_the_share_of_chance():
    rng = np.random.default_rng(0)
    basis = np.linalg.qr(rng.standard_normal((60, 6)))[0]
    shares = dominant_shares(rng.standard_normal((60, 800)), basis, (6,))
    law = chance(60, 6)
    assert abs(shares.stochastic[0].mean() - law.mean()) <= 5.3 * law.std() / np.sqrt(800)


def test_gradients_of_normed_units_have_no_part_along_their_own_weights():
    net = perceptron("active", eps=0.0)
    gradient = net.problem.linearise(net.weights, *net.data[0]).grad()
    for layer in net.problem.net.normed:
        along = (gradient[layer] * net.weights[layer]).sum(1)
        assert rounded(along, 0, np.abs(gradient[layer]).max())


# --- internal covariate shift ---


def by_definition(net, after):
    """Every mixed net written out, each with a whole gradient."""
    x, targets = net.data[0]
    names = list(net.weights)
    layers = [name for name in names if net.weights[name].ndim > 1]
    rows = []
    for layer in layers:
        earlier = names[: names.index(layer)]
        mixed = {n: (after if n in earlier else net.weights)[n] for n in names}
        old, new = (net.problem.linearise(w, x, targets).grad()[layer].ravel()
                    for w in (net.weights, mixed))  # fmt: skip
        shift = np.linalg.norm(new - old)
        lengths = np.linalg.norm(old), np.linalg.norm(new)
        rows.append([shift, shift / lengths[0], old @ new / lengths[0] / lengths[1]])
    return tuple(layers), np.array(rows).T


def stepped(net, rate):
    x, targets = net.data[0]
    gradient = net.problem.linearise(net.weights, x, targets).grad()
    rule = SGD(0.9, nesterov=True, decay=1e-2)
    return rule.step(net.weights, rule.start(net.weights), gradient, rate)[0]


NETS = {
    "active": partial(perceptron, "active", bias=True),
    "none": partial(perceptron, "none", bias=True, activation=ops.relu),
    "post": partial(perceptron, "active", norm="post"),
    "convolutional": convolutional,
}


@pytest.mark.parametrize("kind", NETS)
def test_covariate_shift_is_its_definition(kind):
    net = NETS[kind]()
    after = stepped(net, 0.5)
    shift = covariate_shift(net.problem, net.weights, after, *net.data[0])
    layers, exact = by_definition(net, after)
    assert shift.layers == layers
    for got, expected in zip((shift.norm, shift.relative, shift.cosine), exact, strict=True):
        assert rounded(got, expected)
    assert (shift.norm[0], shift.relative[0], shift.cosine[0]) == (0, 0, 1)
    assert (shift.norm[1:] > 0).all()


@pytest.mark.parametrize("kind", NETS)
def test_without_a_step_there_is_no_shift_at_all(kind):
    net = NETS[kind]()
    shift = covariate_shift(net.problem, net.weights, stepped(net, 0.0), *net.data[0])
    assert not shift.norm.any()
    assert not shift.relative.any()
    assert (shift.cosine == 1).all()


@settings(max_examples=10)
@given(rate=st.floats(1e-6, 1e-5), seed=st.integers(0, 99))
def test_shifts_of_small_steps_are_mixed_second_derivatives(rate, seed):
    """G' - G = H[layer, earlier] (step of the earlier layers) + O(step^2)."""
    net = perceptron("active", seed=seed)
    after = stepped(net, rate)
    shift = covariate_shift(net.problem, net.weights, after, *net.data[0])
    at = net.problem.linearise(net.weights, *net.data[0])
    for i, layer in enumerate(shift.layers):
        moved = {n: (after[n] - w) * (j < i) for j, (n, w) in enumerate(net.weights.items())}
        expected = np.linalg.norm(at.hvp(moved)[layer])
        size = np.abs(at.grad()[layer]).max()
        assert discretised(shift.norm[i], expected, 100 * rate * expected, size)


def test_a_zero_gradient_has_no_direction():
    problem = Problem(mlp([2, 2, 1]), NoNorm(), ops.mean_squared_error)
    weights = {"dense1": np.zeros((2, 2)), "dense2": np.zeros((1, 2))}
    shift = covariate_shift(problem, weights, weights, np.ones((3, 2)), np.ones((3, 1)))
    assert shift.norm.tolist() == [0, 0]
    assert np.isnan(shift.cosine[1])
