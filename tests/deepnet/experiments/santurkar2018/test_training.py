"""The trainings of santurkar2018: its nets, which runs count, scores, and units of activations."""

import math
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.errors import UsageError
from companion.scale import Scale
from deepnet import ops
from deepnet.data import textures
from deepnet.experiments.context import Context
from deepnet.experiments.santurkar2018 import distributional_stability, power_norms
from deepnet.experiments.santurkar2018.shared import protocol
from deepnet.experiments.santurkar2018.shared.curves import curves, gain, gain_before
from deepnet.experiments.santurkar2018.shared.records import recorded
from deepnet.experiments.santurkar2018.shared.scores import scores
from deepnet.experiments.santurkar2018.shared.unit_activations import inputs_of, layer_names, units
from deepnet.experiments.trained import Trained
from deepnet.nets.initialise import initialise
from deepnet.training import State, evaluate, settle, verdict
from tests.close import below, discretised, rounded

CONFIG = protocol.configuration(Scale.TINY) | protocol.noise_configuration(Scale.TINY)
NAMES: tuple[protocol.Name, ...] = get_args(protocol.Name)


@pytest.fixture
def context(tmp_path):
    return Context(textures(CONFIG["train"], CONFIG["test"]), 0, tmp_path / "parts", tmp_path)


# ----- Nets and trainings -----


def test_all_nets_of_a_seed_start_from_the_same_weights(context):
    config = {**CONFIG, "epochs": 0}
    first = protocol.trained("none", 0.1, config, context).state.weights
    assert all(not np.any(first[f"{layer}_bias"]) for layer in ("conv1", "dense3"))
    for name in NAMES[1:]:
        weights = protocol.trained(name, 0.1, config, context).state.weights
        assert all(np.array_equal(weights[layer], first[layer]) for layer in first)


@pytest.mark.parametrize("name", NAMES)
def test_only_nets_with_a_norm_have_scale_and_shift(name):
    shapes = protocol.net(name, CONFIG).shapes
    assert ("conv1_scale" in shapes) == (name not in ("none", "none_noisy"))
    assert "dense3_scale" not in shapes


def test_the_norm_of_the_deviations_with_power_two_is_batch_norm(context):
    data, gradients = context.data, []
    for name in ("active", "centred_l2"):
        own = protocol.problem(name, CONFIG, context)
        weights = initialise(own.net, np.random.default_rng(1), "glorot_uniform", "float64")
        x = data.normalised(data.x_train[:16], np.float64)
        targets = ops.smoothed(data.y_train[:16], 10, 0.0, x.dtype)
        gradients.append(own.linearise(weights, x, targets).grad())
    size = max(np.abs(one).max() for one in gradients[0].values())
    for layer, one in gradients[0].items():
        assert rounded(gradients[1][layer], one, size)


def test_a_training_is_the_same_whatever_is_recorded(context):
    plain = protocol.trained("noisy", 0.1, CONFIG, context).state
    watched = recorded("noisy", 0.1, CONFIG, context).state
    assert set(plain.records) < set(watched.records)
    assert plain.records["loss"] == watched.records["loss"]
    assert all(np.array_equal(plain.weights[w], watched.weights[w]) for w in plain.weights)


@pytest.mark.parametrize("law", ["uniform", "gaussian"])
def test_both_laws_of_the_noise_have_the_same_two_moments(law):
    config = CONFIG | {"noise_law": law}
    noise = replace(protocol.noise(config, 0), shift_spread=0, scale_spread=0)
    scale, shift = noise.draw("conv1", (1, 1, 1, 200_000), 0)
    for found, mean, deviation in ((shift, 0, 1 / 12**0.5), (scale, 1.125, 0.25 / 12**0.5)):
        error = deviation / 200_000**0.5
        assert abs(found.mean() - mean) < 6 * error
        assert abs(found.std() - deviation) < 6 * error


def test_what_is_unknown_is_refused(context):
    with pytest.raises(UsageError, match="no noise has the law 'cauchy'"):
        protocol.noise(CONFIG | {"noise_law": "cauchy"}, 0)
    with pytest.raises(UsageError, match="no net is named 'l3'"):
        protocol.norm("l3", CONFIG, 0)
    images = {part: getattr(context.data, part)[:, :16] for part in ("x_train", "x_test")}
    with pytest.raises(UsageError, match=r"images \(16, 32, 3\); the nets take \(32, 32, 3\)"):
        protocol.require(replace(context.data, **images))


# ----- What counts -----


@given(st.lists(st.floats(0, 9), max_size=20))
def test_a_plateau_ends_for_good_where_the_loss_first_leaves_it(losses):
    found = protocol.plateau(np.array(losses))
    off = [abs(loss - math.log(10)) > verdict.MARGIN for loss in losses]
    assert found.tolist() == [not any(off[: i + 1]) for i in range(len(off))]


@pytest.mark.parametrize(
    ("loss", "accuracy", "diverged", "mark"),
    [
        (1.0, 0.9, False, ""),
        (2.3, 0.9, False, "did not train"),  # an accuracy leaves chance before the loss does
        (1.0, 0.1, False, "did not train"),
        (float("nan"), 0.9, False, "did not train"),
        (1.0, 0.9, True, "diverged"),
    ],
)
def test_a_run_counts_by_its_accuracy_and_its_loss(context, loss, accuracy, diverged, mark):
    records = {"loss": [loss] * 4, "accuracy": [accuracy] * 4}
    state = State({}, {}, records=records, epoch=2, diverged=diverged)
    assert protocol.mark(state, context.data, CONFIG) == mark


def test_what_did_not_train_is_not_compared():
    arrays = {
        "a:mark": 0,
        "b:mark": 0,
        "a:train": [0.1, 0.4, 0.8, 0.9, 1.0],
        "b:train": [0.2, 0.0, 0.3, 0.4, 0.5],
    }
    arrays = {name: np.array(value) for name, value in arrays.items()}
    assert rounded(gain("a", "b")(arrays), 0.5)
    assert rounded(gain_before("a", "b")(arrays), -0.1, 1)
    assert math.isnan(gain("a", "b")(arrays | {"b:mark": np.array(1)}))
    assert math.isnan(gain("a", "not made")(arrays))


@given(st.integers(0, 120))
def test_a_net_starts_when_the_mean_of_ten_losses_is_below_a_guess(fall):
    """A single loss of 1 among nine of ln 10 brings it below; there must be ten losses."""
    losses = np.where(np.arange(100) < fall, math.log(10), 1.0)
    found = distributional_stability.start({"a:loss": losses, "classes": np.array(10)}, "a")
    assert found == (max(10, fall + 1) if fall < 100 else math.inf)
    few = {"a:loss": losses[:9], "classes": np.array(10)}
    assert distributional_stability.start(few, "a") == math.inf


# ----- Scores -----


def _net(name, context):
    own = protocol.problem(name, CONFIG, context)
    rng = np.random.default_rng(3)
    weights = initialise(own.net, rng, "he_uniform")
    for layer, w in weights.items():  # scales and shifts too
        weights[layer] = (w + 0.3 * rng.normal(size=w.shape)).astype(w.dtype)
    return own, weights


@pytest.mark.parametrize("part", ["train", "test"])
def test_without_a_norm_a_score_is_that_in_eval_mode(context, part):
    own, weights = _net("none", context)
    expected = evaluate(own, State(weights, {}), context.data, part).accuracy
    assert getattr(scores(own, weights, context.data, 32), part) == expected


@pytest.mark.parametrize("name", ["active", "l1"])
def test_one_batch_of_all_images_has_the_statistics_of_all(context, name):
    """Frozen at these the training images score as they do with them."""
    own, weights = _net(name, context)
    data = context.data
    same = replace(data, x_test=data.x_train, y_test=data.y_train)
    found = scores(own, weights, same, len(data.x_train))
    outputs = own.outputs(weights, data.normalised(data.x_train))
    assert found.train == found.test == (outputs.argmax(-1) == data.y_train).mean()


def test_running_statistics_of_one_batch_give_the_same_test_score(context):
    own, weights = _net("active", context)
    how = protocol.training(0.1, CONFIG | {"batch": 64}, 0)
    state = State(weights, {})
    state = replace(state, statistics=settle(own, context.data, how, state))
    expected = evaluate(own, state, context.data).accuracy
    assert scores(own, weights, context.data, 64).test == expected


def test_noise_is_scored_only_where_asked_for(context):
    quiet, weights = _net("active", context)
    loud, _ = _net("noisy", context)
    without = scores(quiet, weights, context.data, 32)
    assert scores(loud, weights, context.data, 32) == without
    assert scores(quiet, weights, context.data, 32, noisy=True) == without
    assert scores(loud, weights, context.data, 32, noisy=True) != without


def test_a_net_that_diverged_has_no_score_at_the_end(context):
    run = protocol.trained("none", 0.1, CONFIG, context)
    records = run.state.records | {"score:step": [0], "score:train": [0.1], "score:test": [0.1]}
    lost = Trained(run.problem, replace(run.state, records=records, diverged=True))
    found = curves("lost", lost, CONFIG, context)
    assert verdict.MARKS[int(found["lost:mark"])] == "diverged"
    assert found["lost:train"].tolist() == found["lost:test"].tolist() == [0.1]
    assert found["lost:step"].tolist() == [0]


# ----- Units -----


def test_the_input_of_a_layer_comes_from_the_one_before():
    net = protocol.net("none", CONFIG)
    assert len(layer_names(net)) == 11
    assert inputs_of(net, "2 6 10") == {2: "conv1", 6: "conv5", 10: "dense1"}
    assert len(set(units(net, "conv5"))) == 5


@pytest.mark.parametrize("name", ["none", "active", "noisy"])
def test_at_rate_nought_only_noise_moves_the_units(context, name):
    config = CONFIG | {"rate": 0.0}
    run = recorded(name, 0.0, config, context)
    arrays = distributional_stability._units(name, run, config)
    for layer in distributional_stability.layers_of(arrays):
        for side in ("before", "after"):
            moved = distributional_stability.movement(arrays, name, layer, side, "mean")
            assert moved.shape == (5, len(units(run.problem.net, "conv1")) if layer == 2 else 5)
            assert bool(moved.max() > 1e-3) == (name == "noisy")
            if name != "noisy":
                assert moved.max() < 1e-6


def test_batch_norm_gives_its_units_the_shift_and_the_scale(context):
    """Before the first step the shift is 0 and the scale 1; quantiles are of the same values."""
    run = recorded("active", CONFIG["rate"], CONFIG, context)
    arrays = distributional_stability._units("active", run, CONFIG)
    for layer in (2, 6, 10):
        assert rounded(np.float32(arrays[f"active:{layer}:before:mean"][0]), 0, 1)
        variance = arrays[f"active:{layer}:before:variance"][0]
        assert np.all(variance >= 0.99) and below(np.float32(variance), 1)  # eps takes the rest
        law = arrays[f"active:{layer}:quantiles"]
        assert np.all(np.diff(law, axis=1) >= 0)
        mean = arrays[f"active:{layer}:before:mean"][arrays["active:law_step"].astype(int), 0]
        half = np.ptp(law, axis=1) / law.shape[1] / 2  # the midpoint rule, of a monotone function
        assert discretised(law.mean(1), mean, half)


def test_other_norms_spread_the_outputs_as_their_inequalities_say(context):
    """A power mean grows with its power; that of raw outputs is at least their deviation at 2."""
    found = {}
    for name in ("l2", "centred_l1", "centred_l2", "centred_linf"):
        found |= power_norms.deviations(name, CONFIG, context)
    assert np.all(found["centred_l2:deviation"] >= 0.99)
    assert np.all(found["centred_l2:deviation"] <= 1)
    assert np.all(found["l2:deviation"] <= 1)
    assert np.all(found["centred_linf:deviation"] <= 1)
    assert np.all(found["centred_l1:deviation"] >= 0.99)
    assert found["entries"].tolist() == [32 * side**2 for side in (32, 16, 8, 8, 4, 4, 2, 2, 1, 1)]
