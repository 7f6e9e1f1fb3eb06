"""Covariate shift and smoothness along the trainings of santurkar2018: what must be exact."""

from functools import partial

import numpy as np
import pytest

from companion.scale import Scale
from deepnet.data import textures
from deepnet.experiments.context import Context
from deepnet.experiments.santurkar2018 import internal_covariate_shift, loss_smoothness
from deepnet.experiments.santurkar2018.shared import protocol, readings
from deepnet.experiments.santurkar2018.shared import shifts_and_slopes as records
from deepnet.landscape import smoothness
from deepnet.nets.initialise import initialise
from deepnet.training import beginning, train
from tests.close import discretised

# ----- VGG -----


@pytest.fixture(scope="module")
def arrays(tmp_path_factory):
    """Of both experiments, from the same trainings."""
    out, by_experiment = tmp_path_factory.mktemp("results"), {}
    for experiment in (internal_covariate_shift, loss_smoothness):
        config = experiment.configuration(Scale.TINY)
        context = Context(config, textures(config["train"], config["test"]), 0, out / "parts", out)
        by_experiment[experiment] = experiment.run(context)
    return by_experiment


def test_the_first_layer_of_vgg_has_exactly_no_shift(arrays):
    shifts = arrays[internal_covariate_shift]
    for label in ("none:rate", "active:rate", "none:small_rate", "active:small_rate"):
        assert set(shifts[f"{label}:shift"][:, 0]) == {0}
        assert set(shifts[f"{label}:cosine"][:, 0]) == {1}
        assert (shifts[f"{label}:shift"][:, 1:] > 0).all()
        assert shifts[f"{label}:shift"].shape[1] == 11  # VGG-A
    first, *_ = internal_covariate_shift.OBSERVATIONS
    assert first.finding([shifts] * 2).verdict == "agrees"


def test_what_is_recorded_is_the_smoothness_of_the_first_step(arrays):
    config = loss_smoothness.configuration(Scale.TINY)
    recorded = arrays[loss_smoothness]
    context = Context(config, textures(config["train"], config["test"]), 0, None, None)
    seen = []

    def look(step):
        seen.append(step)
        return {}

    training = protocol.training(config["rate"], context)
    own = protocol.problem("active", context)
    weights = initialise(own.net, context.rng("weights"), config["init"])
    next(train(own, context.data, training, beginning(weights, training), [look]))
    steps = [m * config["rate"] for m in records.MULTIPLES]
    data = [(seen[0].x, seen[0].targets)]
    exact = smoothness(own, weights, steps, data, seen[0].gradient)
    assert np.array_equal(recorded["active:rate:beta"][0], exact.beta)
    band = exact.among(steps[2:])
    assert recorded["active:rate:variation"][0] == band.variation
    assert recorded["active:rate:largest_beta"][0] == band.effective_beta


# ----- What is compared -----


def run(label, losses, step, mark=0, edge=2.25):
    """A course by hand, flat until the loss is below ``edge``."""
    losses, step = np.asarray(losses, float), np.asarray(step)
    flat = ~np.logical_or.accumulate(losses < edge)
    return {
        f"{label}:loss": losses,
        f"{label}:step": step,
        f"{label}:plateau": flat[step],
        f"{label}:mark": np.array(mark),
    }


def test_plateaus_and_runs_that_did_not_train_are_left_out():
    step, losses = np.arange(0, 40, 10), np.r_[np.full(15, 2.3), np.full(25, 1.0)]
    arrays = run("a", losses, step) | run("b", losses, step, mark=1)
    assert records.compared(arrays, "a").tolist() == [2, 3]
    assert records.compared(arrays, "b").tolist() == []
    assert records.at_equal_loss(arrays, "b", "a").tolist() == []
    assert records.at_equal_loss(arrays, "a", "b").tolist() == []
    assert np.isnan(records.median(np.array([])))
    assert np.isnan(records.largest(np.array([])))
    arrays |= {f"{label}:variation": np.array([9.0, 9, 1, 2]) for label in "ab"}
    reading = partial(readings.Reading, records.median, readings.variation)
    assert np.isnan(reading("a", "b")(arrays))
    assert reading("a", "a")(arrays) == 1


def test_at_equal_losses_a_run_that_learns_ten_times_as_fast_is_as_smooth():
    """Measures that depend on the loss alone differ by the speed, but not at equal loss."""
    step = np.arange(0, 2000, 10)
    slow, fast = (np.exp(-np.arange(2000) / time) for time in (1000, 100))
    arrays = run("slow", slow, step) | run("fast", fast, step)
    for label, losses in (("slow", slow), ("fast", fast)):
        arrays[f"{label}:variation"] = losses[step] ** 2
    reading = partial(readings.Reading, records.median, readings.variation)
    assert reading("slow", "fast")(arrays) > 100
    between = 2 * 10 / 100  # of two records the square of the loss falls by this
    assert discretised(reading("slow", "fast", equal_loss=True)(arrays), 1, between)
