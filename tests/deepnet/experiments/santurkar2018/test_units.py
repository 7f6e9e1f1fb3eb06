"""When a net starts to learn, how its units move, and how far other norms spread outputs."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepnet.experiments.santurkar2018 import distributional_stability, power_norms
from deepnet.experiments.santurkar2018.observed.distributional_stability import start
from deepnet.experiments.santurkar2018.shared.movements import layers_of, movement
from deepnet.experiments.santurkar2018.shared.records import recorded
from deepnet.experiments.santurkar2018.shared.unit_activations import units
from tests.close import below, discretised, rounded
from tests.deepnet.experiments.santurkar2018.tiny import CONFIG

# ----- What counts -----


@given(st.integers(0, 120))
def test_a_net_starts_when_the_mean_of_ten_losses_is_below_a_guess(fall):
    """A single loss of 1 among nine of ln 10 brings it below; there must be ten losses."""
    losses = np.where(np.arange(100) < fall, math.log(10), 1.0)
    first = start({"a:loss": losses, "classes": np.array(10)}, "a")
    assert first == (max(10, fall + 1) if fall < 100 else math.inf)
    few = {"a:loss": losses[:9], "classes": np.array(10)}
    assert start(few, "a") == math.inf


# ----- Units -----


@pytest.mark.parametrize("name", ["none", "active", "noisy"])
def test_at_rate_nought_only_noise_moves_the_units(context, name):
    context = context.changed(rate=0.0)
    run = recorded(name, 0.0, context)
    arrays = distributional_stability._units(name, run, context.config)
    for layer in layers_of(arrays):
        for side in ("before", "after"):
            moved = movement(arrays, name, layer, side, "mean")
            assert moved.shape == (5, len(units(run.problem.net, "conv1")) if layer == 2 else 5)
            assert bool(moved.max() > 1e-3) == (name == "noisy")
            if name != "noisy":
                assert moved.max() < 1e-6


def test_batch_norm_gives_its_units_the_shift_and_the_scale(context):
    """Before the first step the shift is 0 and the scale 1; quantiles are of the same values."""
    run = recorded("active", CONFIG["rate"], context)
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
    deviations = {}
    for name in ("l2", "centred_l1", "centred_l2", "centred_linf"):
        deviations |= power_norms.deviations(name, context)
    assert np.all(deviations["centred_l2:deviation"] >= 0.99)
    assert np.all(deviations["centred_l2:deviation"] <= 1)
    assert np.all(deviations["l2:deviation"] <= 1)
    assert np.all(deviations["centred_linf:deviation"] <= 1)
    assert np.all(deviations["centred_l1:deviation"] >= 0.99)
    assert deviations["entries"].tolist() == [
        32 * side**2 for side in (32, 16, 8, 8, 4, 4, 2, 2, 1, 1)
    ]
