"""The lecture's hidden rates: the hooks, rules and readings of its experiments."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepnet.data import textures
from deepnet.experiments.grosse2021 import full_batch_edge, loss_against_rate
from deepnet.experiments.grosse2021.decay_as_schedule import Twin, twins
from deepnet.experiments.grosse2021.full_batch_edge import at_the_edge
from deepnet.experiments.grosse2021.shared.rules import GrowingRates, OwnRates
from deepnet.experiments.grosse2021.shared.turns import Turns, angles, apart, cosines
from deepnet.experiments.grosse2021.weight_decay import SETTINGS, settled
from deepnet.training import SGD
from tests.close import ULPS, rounded

seeds = st.integers(0, 2**32 - 1)

# ----- Units -----


@given(seed=seeds, size=st.floats(1e-7, 3))
def test_the_angle_between_a_weight_and_one_turned_by_it(seed, size):
    rng = np.random.default_rng(seed)
    w = rng.standard_normal((3, 5))
    across = rng.standard_normal((3, 5))
    across -= np.einsum("ki,ki->k", across, w)[:, None] / np.sum(w**2, 1)[:, None] * w
    across *= np.linalg.norm(w, axis=1)[:, None] / np.linalg.norm(across, axis=1)[:, None]
    turned = 0.3 * (np.cos(size) * w + np.sin(size) * across)
    assert rounded(angles(w, turned), size, size + 4 / ULPS)  # of directions of length 1
    assert rounded(cosines(w, turned), np.cos(size), 1)


def test_a_unit_without_gradient_has_no_cosine_with_it():
    assert cosines(np.ones((1, 2)), np.zeros((1, 2))) == 0


def test_turns_see_every_second_step():
    turns = Turns(["a"], every=2)
    w = np.array([[3.0, 4.0]])
    for number in range(3):
        step = SimpleNamespace(
            lr=0.1,
            before={"a": w},
            after={"a": np.array([[4.0, -3.0]])},
            gradient={"a": np.array([[0.0, 1.0 + number]])},
        )
        assert turns(step) == {}
    seen = turns.arrays
    assert seen["step"].tolist() == [0, 2]
    assert rounded(seen["a:r"], 25)
    assert rounded(seen["a:G"], [[5.0], [15.0]])
    assert rounded(seen["a:angle"], np.pi / 2)
    assert rounded(seen["a:along"], 0.8)


def test_paths_are_compared_row_by_row():
    one, other = np.eye(2), np.array([[1.0, 0.0], [0.0, -1.0]])
    assert rounded(apart([one, one], [one, other]), [0, 2])


# ----- Rules -----


def rayleigh(w: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """The gradient of w'Mw/|w|^2, a loss that does not see |w|."""
    square = w @ w
    return 2 * (matrix @ w - w * (w @ matrix @ w) / square) / square


def descend(rule: GrowingRates, w: np.ndarray, lr: float, matrices: list[np.ndarray]) -> np.ndarray:
    """The directions on the way, (steps, n)."""
    weights = {"a": w}
    memory, path = rule.start(weights), []
    for matrix in matrices:
        gradient = {"a": rayleigh(weights["a"], matrix)}
        weights, memory = rule.step(weights, memory, gradient, lr)
        path.append(weights["a"] / np.linalg.norm(weights["a"]))
    return np.array(path)


@given(seed=seeds, beta=st.sampled_from([0.0, 0.5, 0.9]))
def test_decay_is_the_schedule_and_its_twins_are_not(seed, beta):
    rng = np.random.default_rng(seed)
    w = rng.standard_normal(6)
    matrices = [np.diag(rng.standard_normal(6)) for _ in range(40)]
    config = {"rate": 0.05, "decay": 0.01 if beta == 0.9 else 0.2}
    usual = {"layers": ["a"], "beta": beta}
    paths = {"decay": descend(GrowingRates(**usual, decay=config["decay"]), w, 0.05, matrices)}
    for name, twin in twins(beta, config).items():
        rule = GrowingRates(**usual, root=twin.root, buffer=twin.buffer)
        paths[name] = descend(rule, w, 0.05, matrices)
    distance = {n: np.abs(path - paths["decay"]).max() for n, path in paths.items()}
    assert distance.pop("exact") < 1e-9
    assert all(each > 1e-7 for name, each in distance.items() if name != "decay")


def test_without_momentum_the_root_is_what_decay_leaves():
    ((name, twin),) = twins(0.0, {"rate": 0.1, "decay": 0.5}).items()
    assert (name, twin) == ("exact", Twin(twin.root))
    assert rounded(twin.root, 0.95)


@given(seed=seeds)
def test_only_the_layers_named_are_decayed_and_rescheduled(seed):
    rng = np.random.default_rng(seed)
    weights = {name: rng.standard_normal(3) for name in "ab"}
    gradient = {name: rng.standard_normal(3) for name in "ab"}
    rules = {
        "a": SGD(momentum=0.5, decay=0.3),
        "b": SGD(momentum=0.5),
    }
    ours, here = GrowingRates(layers=["a"], beta=0.5, decay=0.3), weights
    memory = ours.start(weights)
    theirs = {name: rule.start(weights) for name, rule in rules.items()}
    there = dict.fromkeys(rules, weights)
    for _ in range(3):
        here, memory = ours.step(here, memory, gradient, 0.1)
        for name, rule in rules.items():
            there[name], theirs[name] = rule.step(there[name], theirs[name], gradient, 0.1)
    for name in rules:
        assert rounded(here[name], there[name][name])


def test_a_rate_of_its_own():
    weights, gradient = {"a": np.ones(2), "b": np.ones(2)}, {"a": np.ones(2), "b": np.ones(2)}
    rule = OwnRates({"a": 4.0})
    moved, _ = rule.step(weights, rule.start(weights), gradient, 0.1)
    assert rounded(moved["a"], 0.6)
    assert rounded(moved["b"], 0.9)


# ----- Readings -----


def test_the_edge_begins_once_the_start_has_come_down():
    arrays = {"run:sharpness": np.array([9.0, 7, 4, 6, 4, 6])}
    assert at_the_edge(arrays, "run", 5.0).tolist() == [False, False, False, True, True, True]
    assert at_the_edge(arrays, "run", 3.0).tolist() == [False, False, False, True, True, True]
    assert not at_the_edge(arrays, "run", 10.0).any()
    assert not at_the_edge({"run:sharpness": np.array([9.0, 8])}, "run", 5.0).any()


def test_nothing_is_said_of_a_run_that_is_not_sharp_enough():
    below = {f"{name}:sharpness": np.ones(3) for name in full_batch_edge.SETTINGS}
    below |= {f"{name}:diverged": np.array(False) for name in full_batch_edge.SETTINGS}
    below |= {f"{name}:loss": np.ones(600) for name in full_batch_edge.SETTINGS}
    levels = full_batch_edge.OBSERVATIONS[:5]
    assert all(observation.verdict([below]) == "unresolved" for observation in levels)


@pytest.mark.parametrize(("last", "expected"), [(1.0, ["layer1"]), (1.6, [])])
def test_a_layer_whose_gradient_grows_has_not_settled(last, expected):
    steps = np.arange(0, 400, 10)
    late = steps >= steps[-1] - SETTINGS["strong"].time / 2
    arrays = {
        "strong:layers": np.array(2),
        "strong:step": steps,
        "strong:layer1:G": np.where(late, last, 1.0)[:, None] * np.ones(4),
    }
    assert settled(arrays, "strong") == expected
    soon = {name: column[:10] for name, column in arrays.items() if name != "strong:layers"}
    assert settled(arrays | soon, "strong") == []


def test_shuffled_labels_are_the_same_labels():
    data = textures(40, 20)
    found = loss_against_rate.shuffled(data, seed=0)
    assert sorted(found.y_train) == sorted(data.y_train)
    assert (found.y_train != data.y_train).any()
    np.testing.assert_array_equal(found.x_train, data.x_train)


def test_in_a_range_of_losses_a_lost_run_is_a_constant_answer():
    rates = loss_against_rate.RATES
    losses, marks = np.linspace(1, 2, len(rates)), np.zeros(len(rates))
    arrays = {"classes": np.array(10), "x:loss": losses, "x:mark": marks}
    inside = loss_against_rate.range_of("x", rates[0], rates[-1])
    assert inside(arrays) == 2
    assert loss_against_rate.first_lost("x")(arrays) == np.inf
    arrays["x:mark"][-1] = 2
    assert inside(arrays) == np.log(10)
    assert loss_against_rate.first_lost("x")(arrays) == rates[-1]
    assert loss_against_rate.range_of("x", rates[0], rates[-2])(arrays) == losses[-2]
