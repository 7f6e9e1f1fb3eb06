"""The lecture's hidden rates: decay as a schedule, and what its experiments read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepnet.data import textures
from deepnet.experiments.grosse2021 import full_batch_edge, loss_against_rate
from deepnet.experiments.grosse2021.decay_as_schedule import Twin, twins
from deepnet.experiments.grosse2021.observed.full_batch_edge import at_the_edge
from deepnet.experiments.grosse2021.shared import edge_settings
from deepnet.experiments.grosse2021.shared.rules import GrowingRates
from deepnet.experiments.grosse2021.weight_decay import SETTINGS, settled
from tests.close import rounded
from tests.deepnet.experiments.grosse2021.tiny import tiny

seeds = st.integers(0, 2**32 - 1)


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
    assert all(farthest > 1e-7 for name, farthest in distance.items() if name != "decay")


def test_without_momentum_the_root_is_what_decay_leaves():
    ((name, twin),) = twins(0.0, {"rate": 0.1, "decay": 0.5}).items()
    assert (name, twin) == ("exact", Twin(twin.root))
    assert rounded(twin.root, 0.95)


# ----- Readings -----


def test_the_edge_begins_once_the_start_has_come_down():
    arrays = {"run:sharpness": np.array([9.0, 7, 4, 6, 4, 6])}
    assert at_the_edge(arrays, "run", 5.0).tolist() == [False, False, False, True, True, True]
    assert at_the_edge(arrays, "run", 3.0).tolist() == [False, False, False, True, True, True]
    assert not at_the_edge(arrays, "run", 10.0).any()
    assert not at_the_edge({"run:sharpness": np.array([9.0, 8])}, "run", 5.0).any()


def test_nothing_is_said_of_a_run_that_is_not_sharp_enough():
    below = {f"{name}:sharpness": np.ones(3) for name in edge_settings.SETTINGS}
    below |= {f"{name}:diverged": np.array(False) for name in edge_settings.SETTINGS}
    below |= {f"{name}:loss": np.ones(600) for name in edge_settings.SETTINGS}
    levels = full_batch_edge.OBSERVATIONS[:5]
    assert all(observation.finding([below]).verdict == "unresolved" for observation in levels)


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
    shuffled = loss_against_rate.shuffled(tiny(data))
    assert sorted(shuffled.y_train) == sorted(data.y_train)
    assert (shuffled.y_train != data.y_train).any()
    np.testing.assert_array_equal(shuffled.x_train, data.x_train)


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
