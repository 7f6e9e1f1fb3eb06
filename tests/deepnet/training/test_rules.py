"""The rules of descent beside SGD: closed forms, what theory says of their steps, and resuming."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.errors import UsageError
from deepnet import ops
from deepnet.curvature.layers import inputs, layers, slopes
from deepnet.data import Dataset, textures
from deepnet.experiments.outcome import Outcome, by_accuracy
from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import Active, NoNorm, norm_named
from deepnet.nets.net import Net
from deepnet.nets.vgg import vgg
from deepnet.problem import Problem
from deepnet.training import (
    KFAC,
    SGD,
    Adam,
    FixedNorms,
    RMSprop,
    State,
    Training,
    beginning,
    constant,
    did_not_train,
    train,
)
from deepnet.training.fixed_norms import lengths
from deepnet.training.verdict import Chance
from tests.close import rounded
from theory import preconditioning

EPS = np.finfo(float).eps
seeds = st.integers(0, 2**32 - 1)
shares = st.floats(0, 0.99)
#: Undamped, every step with its own factors, of the exact curvature.
NATURAL = KFAC(every=1, averaging=0.0, kind="exact")
RULES = {
    "sgd": SGD(0.9, True, 1e-3),
    "adam": Adam(decay=1e-3),
    "rmsprop": RMSprop(momentum=0.9, decay=1e-3),
    "kfac": KFAC(damping=0.01, every=2, decay=1e-3),
    "fixed": FixedNorms(KFAC(damping=0.01, draws=2), ("dense1", "dense2")),
}


def rng(seed=0):
    return np.random.default_rng(seed)


# --- closed forms ---


@given(seed=seeds, lr=st.floats(1e-4, 1), betas=st.tuples(shares, shares), eps=st.floats(1e-8, 1))
def test_adam_under_a_constant_gradient_moves_evenly(seed, lr, betas, eps):
    """Corrected, both moments are those of the gradient: each step is -lr g/(|g| + eps)."""
    g = rng(seed).normal(size=(2, 3))
    weights, rule = {"w": np.zeros((2, 3))}, Adam(betas, eps)
    memory = rule.start(weights)
    for _ in range(7):
        weights, memory = rule.step(weights, memory, {"w": g}, lr)
    worst = 1 / (1 - max(betas))  # the corrections divide by 1 - beta^t
    expected = -7 * lr * g / (np.abs(g) + eps)
    assert rounded(weights["w"], expected, worst * lr)
    assert memory["steps"] == 7


@given(seed=seeds, lr=st.floats(1e-4, 1), alpha=shares, beta=shares, decay=st.floats(0, 0.1))
def test_rmsprop_under_a_constant_gradient(seed, lr, alpha, beta, decay):
    """The average square after t steps is g^2 (1 - alpha^t); the velocity is their discounted sum.

    The decay is against weights that a rate of 0 keeps where they are, then against one step's.
    """
    start, slope = rng(seed).normal(size=(2, 4))
    g = slope + decay * start
    weights, rule = {"w": start}, RMSprop(alpha, 1e-3, beta, decay)
    memory = rule.start(weights)
    for _ in range(4):
        weights, memory = rule.step(weights, memory, {"w": slope}, 0.0)
    weights, memory = rule.step(weights, memory, {"w": slope}, lr)
    velocity = sum(
        beta ** (5 - t) * g / (np.abs(g) * np.sqrt(1 - alpha**t) + 1e-3) for t in range(1, 6)
    )
    size = np.abs(velocity).max()
    assert rounded(weights["w"], start - lr * velocity, 10 + lr * size)


@given(seed=seeds, decay=st.floats(0.01, 0.5))
def test_decay_enters_the_gradient(seed, decay):
    """A rule with decay is the rule without, at the gradient plus decay times the weights."""
    w, g = rng(seed).normal(size=(2, 3, 2))
    problem = Problem(mlp((2, 3)), NoNorm(), ops.mean_squared_error)
    x, target = rng(seed).normal(size=(5, 2)), rng(seed).normal(size=(5, 3))
    weights = {"dense1": w}
    at = problem.linearise(weights, x, target)
    for plain, decayed in (
        (Adam(), Adam(decay=decay)),
        (RMSprop(), RMSprop(decay=decay)),
        (KFAC(0.1), KFAC(0.1, decay=decay)),
        (SGD(), SGD(decay=decay)),
    ):
        start = plain.start(weights)
        expected, _ = plain.step(weights, start, {"dense1": g + decay * w}, 0.1, at)
        moved, _ = decayed.step(weights, start, {"dense1": g}, 0.1, at)
        assert np.array_equal(moved["dense1"], expected["dense1"])


@pytest.mark.parametrize("name", RULES)
def test_arguments_stay_as_they_are_and_float32_stays(name):
    problem, data, how, start = _setup(RULES[name], dtype="float32")
    before = {k: a.copy() for k, a in start.to_arrays().items()}
    *_, last = train(problem, data, how, start)
    assert all(np.array_equal(before[k], a) for k, a in start.to_arrays().items())
    assert all(w.dtype == np.float32 for w in last.weights.values())
    kinds = {a.dtype for key, a in last.memory.items() if key != "steps"}
    assert kinds == {np.dtype("float32")}


# --- K-FAC: where theory is exact ---


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("examples", [9, 3])
def test_one_step_solves_least_squares(bias, examples):
    """One layer, squared loss: the natural gradient is Newton's step, at rate 1 the solution.

    With three examples of five inputs A is singular: the pseudo-inverse keeps, of all solutions,
    the one nearest to the start.
    """
    net = mlp((5, 3), bias=bias)
    problem = Problem(net, NoNorm(), ops.mean_squared_error)
    weights = initialise(net, rng(1), dtype=float)
    x, target = rng(2).normal(size=(examples, 5)), rng(3).normal(size=(examples, 3))
    (moved, _) = _natural_step(problem, weights, x, target, 1.0)
    X = np.hstack([x, np.ones((examples, 1))]) if bias else x
    start = np.hstack([w.reshape(3, -1) for w in weights.values()])
    expected = start + (np.linalg.pinv(X) @ (target - X @ start.T)).T
    solved = np.hstack([w.reshape(3, -1) for w in moved.values()])
    assert rounded(solved, expected, condition=np.linalg.cond(X) ** 2)  # A is X'X


def _natural_step(problem, weights, x, target, lr, rule=NATURAL):
    at = problem.linearise(weights, x, target)
    return rule.step(weights, rule.start(weights), at.grad(), lr, at)


@given(seed=seeds)
def test_the_move_of_the_outputs_is_the_claim_s(seed):
    """preconditioning.layer_invariance, at the mean and covariance of the examples themselves."""
    draw = rng(seed)
    net = mlp((3, 2), bias=True)
    problem = Problem(net, NoNorm())
    weights = initialise(net, draw, dtype=float)
    x, y = draw.normal(size=(8, 3)) + 0.5, draw.integers(0, 2, 8)
    target = ops.smoothed(y, 2, 0.2, x.dtype)
    at = problem.linearise(weights, x, target)
    rule = KFAC(every=1, kind="empirical")
    moved, memory = rule.step(weights, rule.start(weights), at.grad(), 0.1, at)
    S = memory["S:dense1"]
    change = (problem.outputs(moved, x) - problem.outputs(weights, x)).T
    layer = layers(at)["dense1"]
    (D,) = slopes(at, [layer], 8 * at.cotangents[at.tape.nodes[-1].inputs[0]])
    # softmax slopes of two classes are (d, -d): S has rank one, and S^+ D is (d, -d)/(2 mean d^2)
    d = D[:, 0, :1].T
    expected = preconditioning.layer_invariance(
        D=d, X=x.T, S=np.array([[2 * np.mean(d**2)]]), mu=x.mean(0)[:, None],
        Sigma=np.cov(x.T, bias=True), T=np.eye(3), offset=np.zeros((3, 1)), Q=np.eye(1), eta=0.1,
    )  # fmt: skip
    size = np.abs(expected).max() * np.linalg.cond(memory["A:dense1"])
    assert rounded(change, np.vstack([expected, -expected]), size)
    assert np.linalg.matrix_rank(S) == 1
    assert inputs(at, layer).shape == (8, 1, 4)


@dataclass(frozen=True)
class Twins:
    """Two nets of one function: the second's inputs, and first layer's outputs, are mapped.

    tanh(s) = 2 logistic(2 s) - 1: the second net has logistic units, and takes x T' + c.
    """

    T: np.ndarray
    c: np.ndarray

    def nets(self):
        widths = (3, 4, 2)
        return mlp(widths, ops.tanh, bias=True), mlp(widths, ops.sigmoid, bias=True)

    def inputs(self, x):
        return x, x @ self.T.T + self.c

    def weights(self, w):
        first = 2 * w["dense1"] @ np.linalg.inv(self.T)
        return w, {
            "dense1": first,
            "dense1_bias": 2 * w["dense1_bias"] - first @ self.c,
            "dense2": 2 * w["dense2"],
            "dense2_bias": w["dense2_bias"] - w["dense2"].sum(1),
        }


@pytest.mark.parametrize(
    "rule, invariant",
    [
        (NATURAL, True),
        (KFAC(every=2, averaging=0.5, kind="empirical"), True),
        (KFAC(damping=0.1, every=1, kind="exact"), False),
        (SGD(), False),
        (Adam(), False),
    ],
    ids=["natural", "empirical", "damped", "sgd", "adam"],
)
def test_undamped_steps_do_not_see_affine_maps_of_a_layer(rule, invariant):
    """Inputs mapped by T x + c and tanh written with the logistic function: five steps."""
    draw = rng(5)
    twins = Twins(draw.normal(size=(3, 3)) + 2 * np.eye(3), draw.normal(size=3))
    x, y = draw.normal(size=(20, 3)), draw.normal(size=(20, 2))
    starts = twins.weights(initialise(twins.nets()[0], draw, dtype=float))
    probe = draw.normal(size=(6, 3))  # the functions are compared elsewhere too
    outputs = []
    for net, weights, each, other in zip(
        twins.nets(), starts, twins.inputs(x), twins.inputs(probe), strict=True
    ):
        problem = Problem(net, NoNorm(), ops.mean_squared_error)
        before = problem.outputs(weights, other)
        memory = rule.start(weights)
        for _ in range(5):
            at = problem.linearise(weights, each, y)
            weights, memory = rule.step(weights, memory, at.grad(), 0.1, at)
        outputs.append((before, problem.outputs(weights, other)))
    (first, one), (second, two) = outputs
    assert rounded(first, second)
    assert np.abs(one - first).max() > 1e-3
    assert bool(rounded(one, two, condition=np.linalg.cond(twins.T) ** 2)) == invariant


@pytest.mark.parametrize(
    "rule, immune",
    [(NATURAL, True), (KFAC(damping=1e-2, every=1, kind="exact"), False), (SGD(), False)],
    ids=["natural", "damped", "sgd"],
)
def test_undamped_k_fac_does_not_see_the_length_of_units(rule, immune):
    """invariance.kfac_immunity: each unit scaled by its own factor before an active norm."""
    net = mlp((3, 4, 2), ops.tanh)
    problem = Problem(net, Active(eps=0.0), ops.mean_squared_error)
    x, y = rng(1).normal(size=(12, 3)), rng(2).normal(size=(12, 2))
    start = initialise(net, rng(), dtype=float)
    factors = np.array([3.0, 1.0, 0.5, 7.0])
    paths = []
    for weights in (start, start | {"dense1": factors[:, None] * start["dense1"]}):
        memory = rule.start(weights)
        for _ in range(5):
            at = problem.linearise(weights, x, y)
            weights, memory = rule.step(weights, memory, at.grad(), 0.1, at)
        paths.append(weights["dense1"] / lengths(weights["dense1"])[:, None])
    turned = np.abs(paths[0] - start["dense1"] / lengths(start["dense1"])[:, None]).max()
    assert turned > 1e-3
    lost = (factors.max() / factors.min()) ** 2  # moments are squares
    assert bool(rounded(*paths, condition=lost)) == immune


def test_factors_are_averaged_and_refreshed():
    """Over six steps at rate 0: A is 0.8 of the old and 0.2 of the new at steps 0, 3 alone."""
    net = mlp((3, 2), bias=True)
    problem = Problem(net, NoNorm())
    weights = initialise(net, rng(), dtype=float)
    rule = KFAC(damping=0.1, averaging=0.8, every=3, kind="exact")
    memory, seen, expected = rule.start(weights), [], None
    for step in range(6):
        x = rng(step).normal(size=(5, 3))
        seen.append(x)
        at = problem.linearise(weights, x, ops.smoothed(np.arange(5) % 2, 2, 0.0, x.dtype))
        weights, memory = rule.step(weights, memory, at.grad(), 0.0, at)
        if step in (0, 3):
            X = np.hstack([x, np.ones((5, 1))])
            new = X.T @ X / 5
            expected = new if expected is None else 0.8 * expected + 0.2 * new
        assert rounded(memory["A:dense1"], expected)
    values, vectors = memory["A_values:dense1"], memory["A_vectors:dense1"]
    assert rounded(vectors * values @ vectors.T, expected)


def test_weights_of_no_layer_take_the_plain_step():
    def forward(weights, x, how):
        h = ops.tanh(ops.channel_scale(ops.dense(x, weights["dense1"]), weights["gain"]))
        return ops.dense(h, weights["dense2"])

    net = Net("scaled", {"dense1": (4, 3), "gain": (4,), "dense2": (2, 4)}, (), forward)
    problem = Problem(net, NoNorm(), ops.mean_squared_error)
    weights = {name: rng(7).normal(size=shape) for name, shape in net.shapes.items()}
    x, y = rng(1).normal(size=(12, 3)), rng(2).normal(size=(12, 2))
    gradient = problem.linearise(weights, x, y).grad()
    moved, _ = _natural_step(problem, weights, x, y, 0.1)
    assert np.array_equal(moved["gain"], weights["gain"] - 0.1 * gradient["gain"])
    assert not rounded(moved["dense1"], weights["dense1"] - 0.1 * gradient["dense1"])


def test_k_fac_without_a_linearised_loss_is_refused():
    weights = {"w": np.ones((2, 2))}
    with pytest.raises(ValueError, match="give it as at"):
        NATURAL.step(weights, NATURAL.start(weights), weights, 0.1)


# --- fixed norms ---


@pytest.mark.parametrize("length", [None, 1.0, 3.0])
@pytest.mark.parametrize("name", ["sgd", "adam", "rmsprop", "kfac"])
def test_norms_are_kept_to_rounding(name, length):
    rule = FixedNorms(RULES[name], ("dense1",), length)
    problem, data, how, start = _setup(rule, dtype="float64", epochs=3)
    *_, last = train(problem, data, how, start)
    expected = lengths(start.weights["dense1"]) if length is None else length
    assert rounded(lengths(last.weights["dense1"]), expected)
    free = np.abs(lengths(last.weights["dense2"]) / lengths(start.weights["dense2"]) - 1)
    assert free.min() > 1e-6
    directions = [
        s.weights["dense1"] / lengths(s.weights["dense1"])[:, None] for s in (start, last)
    ]
    assert np.abs(directions[0] - directions[1]).max() > 1e-3


@pytest.mark.parametrize("name", ["sgd", "adam", "rmsprop", "kfac"])
def test_before_a_norm_the_projection_leaves_the_function_as_it_is(name):
    net = mlp((3, 4, 5, 2), ops.tanh)
    weights = initialise(net, rng(), dtype=float)
    x, y = rng(1).normal(size=(12, 3)), rng(2).normal(size=(12, 2))
    for mode, unchanged in (("active", True), ("none", False)):
        problem = Problem(net, norm_named(mode, eps=0.0), ops.mean_squared_error)
        at = problem.linearise(weights, x, y)
        outputs = []
        for rule in (RULES[name], FixedNorms(RULES[name], ("dense1", "dense2"))):
            moved, _ = rule.step(weights, rule.start(weights), at.grad(), 0.5, at)
            outputs.append(problem.outputs(moved, x))
        assert bool(rounded(*outputs)) == unchanged


def test_filters_are_units_too():
    weights = {"conv": rng().normal(size=(4, 3, 3, 2))}
    rule = FixedNorms(SGD(), ("conv",), 2.0)
    moved, _ = rule.step(weights, rule.start(weights), weights, 0.5)
    assert rounded((moved["conv"] ** 2).sum((1, 2, 3)), 4)


def test_layers_that_cannot_be_kept_are_refused():
    weights = {"a": np.ones((2, 2)), "b": np.array([[1.0, 2.0], [0.0, 0.0]])}
    with pytest.raises(UsageError, match="no layer 'c' in the net; it has a, b"):
        FixedNorms(SGD(), ("c",)).start(weights)
    with pytest.raises(UsageError, match="a unit of 'b' has no direction"):
        FixedNorms(SGD(), ("b",)).start(weights)


# --- training ---


def _data(n=48, classes=3, counts=None):
    """Images of three colours in noise."""
    y = np.arange(n) % classes if counts is None else np.repeat(np.arange(len(counts)), counts)
    x = rng(0).integers(0, 120, (len(y), 4, 4, 3)) + 120 * np.eye(3, dtype=int)[y][:, None, None]
    return Dataset("colours", "generated", x.astype(np.uint8), y, x[::2].astype(np.uint8), y[::2])


def _setup(rule, dtype="float64", epochs=2, rate=0.01, norm="active", data=None, net=None):
    net = net or mlp((48, 8, 8, 3), ops.relu)
    how = Training(epochs=epochs, batch=16, schedule=constant(rate), rule=rule, augment=False)
    start = beginning(initialise(net, rng(), dtype=dtype), how)
    return Problem(net, norm_named(norm)), data or _data(), how, start


@pytest.mark.parametrize("name", RULES)
def test_it_goes_on_from_stored_arrays_to_the_same_bits(name, tmp_path):
    problem, data, how, start = _setup(RULES[name], epochs=3)
    states = list(train(problem, data, how, start))
    for state in (start, *states[:-1]):
        np.savez(tmp_path / "state.npz", **state.to_arrays())
        with np.load(tmp_path / "state.npz") as stored:
            restored = State.from_arrays(dict(stored))
        *_, last = train(problem, data, how, restored)
        found, expected = last.to_arrays(), states[-1].to_arrays()
        assert found.keys() == expected.keys()
        assert all(np.array_equal(found[key], expected[key]) for key in found)
        assert all(found[key].dtype == expected[key].dtype for key in found)


@pytest.mark.parametrize("name", RULES)
def test_every_rule_learns(name):
    rate = 0.01 if name in ("adam", "rmsprop") else 0.1
    problem, data, how, start = _setup(RULES[name], epochs=12, rate=rate)
    *_, last = train(problem, data, how, start)
    assert np.mean(last.records["accuracy"][-3:]) > 0.9
    assert by_accuracy(last, data, how) is Outcome.TRAINED


@pytest.mark.parametrize("name", RULES)
def test_inf_and_nan_stop_every_rule(name):
    """A rate beyond all bounds; K-FAC's factors overflow before the loss does, and say nan."""
    problem, data, how, start = _setup(RULES[name], epochs=9, rate=1e200, norm="none")
    if name == "fixed":  # weights of fixed length do not run away; their norm's overflow is nan
        how = Training(**(vars(how) | {"schedule": constant(float("inf"))}))
    *_, last = train(problem, data, how, start)
    assert last.diverged
    assert all(np.isfinite(w).all() for w in last.weights.values())
    assert by_accuracy(last, data, how) is Outcome.DIVERGED


# --- did not train ---


@pytest.mark.parametrize("counts", [(16, 16, 16), (12, 30, 6)])
def test_a_net_that_always_answers_the_same_did_not_train(counts):
    """Zero weights and rate 0: the answer is the first class, right as often as that occurs."""
    data = _data(counts=counts)
    problem, data, how, start = _setup(SGD(), rate=0.0, norm="none", data=data)
    start = beginning({name: w * 0 for name, w in start.weights.items()}, how)
    *_, last = train(problem, data, how, start)
    chance = Chance.of(data, how)
    assert chance.accuracy == max(counts) / 48
    assert chance.stderr == np.sqrt(chance.accuracy * (1 - chance.accuracy) / 48)
    assert did_not_train(last, data, how)
    assert by_accuracy(last, data, how) is Outcome.DID_NOT_TRAIN


def test_the_line_is_three_standard_errors_over_the_last_epoch():
    """One third of 48: 16 + 3 sqrt(48 2/9) = 25.8 of the last epoch's images, whatever before."""
    _, data, how, start = _setup(SGD())

    def after(*hits):
        return State(
            start.weights, {}, {}, {"accuracy": [hit / 16 for hit in hits]}, len(hits) // 3
        )

    assert did_not_train(after(8, 9, 8), data, how)
    assert not did_not_train(after(8, 9, 9), data, how)
    assert did_not_train(after(16, 16, 16, 8, 9, 8), data, how)
    assert not did_not_train(after(0, 0, 0, 8, 9, 9), data, how)
    with pytest.raises(ValueError, match="2 accuracies are recorded; an epoch has 3"):
        did_not_train(after(8, 9), data, how)


def test_a_deep_plain_net_dies_under_adam():
    """Sixteen layers without batch norm at Adam's rate 0.1 stay at chance; with it they train."""
    net = mlp((48, *[12] * 15, 3), ops.relu)
    for norm, expected in (("none", "did not train"), ("active", "")):
        problem, data, how, start = _setup(Adam(), epochs=12, rate=0.1, norm=norm, net=net)
        *_, last = train(problem, data, how, start)
        assert by_accuracy(last, data, how).words == expected


@pytest.mark.landing
@pytest.mark.parametrize(
    ("norm", "rate", "epochs", "expected"),
    [
        ("none", 0.01, 16, "did not train"),
        ("none", 0.001, 16, ""),  # it is the rate, not the net or the time
        ("active", 0.01, 4, ""),
    ],
)
def test_vgg16_without_batch_norm_dies_under_adam(norm, rate, epochs, expected):
    """Adam's usual rate 0.01, as in oxford2021, on a net a sixteenth as wide."""
    data, net = textures(500, 10), vgg("vgg16", Fraction(1, 16), affine=True)
    how = Training(epochs=epochs, batch=25, schedule=constant(rate), rule=Adam(), augment=False)
    start = beginning(initialise(net, rng(), "glorot_uniform"), how)
    *_, last = train(Problem(net, norm_named(norm)), data, how, start)
    assert by_accuracy(last, data, how).words == expected
    if expected:
        assert abs(np.mean(last.records["loss"][-20:]) - np.log(10)) < 0.02
