"""The training panels of the post: what is read off curves, nets and schedules."""

import json

import numpy as np
import pytest

from companion.errors import UsageError
from companion.scale import Scale
from deepnet.experiments.page2019 import frozen_from_start, schedules, stress_test
from deepnet.experiments.page2019.shared import protocol
from deepnet.experiments.trained import Trained
from deepnet.nets.modes import Active, Frozen, recording
from deepnet.training import State, piecewise_linear
from tests.close import rounded
from tests.deepnet.experiments.page2019.tiny import tiny_net
from tests.paths import SHARED

GOLDEN = SHARED / "golden" / "page_2019.json"


# ----- The stress test -----


def _run(accuracies):
    squares = np.outer(np.arange(1.0, len(accuracies) + 1), [1, 2, 3])
    return {
        "classes": np.array(10),
        "batch": np.array(512),
        "net:rate": 2.0 ** np.arange(len(accuracies)),
        "net:accuracy": np.array(accuracies),
        "net:squares": squares,
        "net:squares_before": np.array([1.0, 1.0, 1.0]),
    }


@pytest.mark.parametrize(
    ("accuracies", "limit", "best", "growth"),
    [
        ([0.1, 0.5, 0.9, 0.5, 0.49], 8, 4, 8),  # half as far above guessing: 0.5
        ([0.1, 0.2, 0.3], 4, 4, 6),
        ([0.3, 0.1, 0.2], 4, 1, 6),  # a rate at which it trains again counts
        ([0.9], 1, 1, 2),
    ],
)
def test_the_largest_rate_is_where_half_is_left(accuracies, limit, best, growth):
    run = _run(accuracies)
    assert stress_test.limit(run, "net") == limit
    assert stress_test.best_rate(run, "net") == best
    assert stress_test.growth(run, "net") == growth


def test_rates_double():
    config = {"epochs": 25, "first": 0.005, "doubling": 2}
    rates = stress_test.rates(config)
    assert len(rates) == 26
    assert rounded(rates[2:] / rates[:-2], 2)
    assert (rates[0], rates[2], rates[24]) == (0.005, 0.01, 0.005 * 2**12)
    assert stress_test.configuration(Scale.FULL).items() >= config.items()


def test_the_bands_hold_for_the_source_itself():
    if not GOLDEN.exists():
        pytest.skip("the source's numbers are not here")
    run = {"classes": np.array(10), "batch": np.array(512)}
    stored = json.loads(GOLDEN.read_text())["lr_stress_test"]
    for name, rows in (("active", stored["batch norm"]), ("none", stored["no batch norm"])):
        run[f"{name}:rate"] = np.array([row["learning rate"] for row in rows])
        run[f"{name}:accuracy"] = np.array([row["train acc"] for row in rows])
    largest, best, _ = stress_test.OBSERVATIONS
    assert 90 < largest.measure(run) < 91
    assert 7.9 < best.measure(run) < 8.1
    assert all(low <= o.measure(run) <= high for o in (largest, best) for low, high in [o.band])
    for number in stress_test.PUBLISHED:
        assert rounded(number.measure(run), number.theirs)


def test_rates_that_no_net_lasts_are_refused(context):
    config = stress_test.configuration(Scale.TINY) | {"first": 1e30, "epochs": 1}
    context = context.changed(**config)
    with pytest.raises(UsageError, match=r"does not last an epoch at rates from 1e\+30 on"):
        stress_test.run(context)


# ----- The three conclusions -----


def test_settings_are_the_protocol_at_other_times_and_rates():
    config = schedules.configuration(Scale.QUICK)
    for norm in ("active", "none"):
        usual, end, half, double = (schedules.recipe(s, norm, config) for s in schedules.SETTINGS)
        rates = [piecewise_linear(*recipe.schedule) for recipe in (usual, end, half, double)]
        assert usual == protocol.recipe(norm, config)
        assert end.after == usual
        assert rounded(rates[1](0), rates[0](usual.epochs))
        assert rates[1](end.epochs) == 0
        for part in (0.1, 0.2, 0.5):
            epoch = part * config["other_epochs"]
            assert rounded(rates[2](epoch), rates[0](part * config["epochs"]) / 2)
            assert rounded(rates[3](epoch), rates[2](epoch) * 4)
        assert half.epochs == config["other_stop"]
    full = schedules.configuration(Scale.FULL)
    assert full["stop"] + full["rest"] == full["epochs"] == full["other_epochs"]


# ----- Frozen from the start -----


def test_the_frozen_net_is_trained_as_the_one_without():
    recipes = frozen_from_start.recipes(protocol.configuration(Scale.QUICK))
    frozen, none = recipes["frozen"], recipes["none"]
    assert frozen.norm == "frozen"
    assert (frozen.schedule, frozen.epochs, frozen.batch) == (none.schedule, none.epochs, 128)
    assert frozen.after is not None
    assert (frozen.after.norm, frozen.after.epochs, frozen.after.after) == ("active", 0, None)


def _shares(norm, statistics=None, x=None):
    problem, weights, images, _ = tiny_net(norm)
    if statistics is not None:
        problem = problem.with_norm(Frozen(statistics))
    net = Trained(problem, State(weights, {}))
    return frozen_from_start.shares_of_means(net, images if x is None else x)


def test_means_are_zero_where_a_batch_is_normalised_by_itself():
    problem, weights, x, _ = tiny_net("active")
    norm, seen = recording(Active())
    problem.with_norm(norm).outputs(weights, x)
    active, frozen = _shares("active"), _shares("active", seen)
    assert active[:-1].max() == 0
    assert frozen[:-1].max() < 1e-9
    assert rounded(active[-1], frozen[-1])
    moved = {name: (mean + var**0.5, var) for name, (mean, var) in seen.items()}
    assert rounded(np.float32(_shares("active", moved)[0]), 0.5)  # one standard deviation


def test_means_have_all_where_there_is_one_input():
    _, _, x, _ = tiny_net("none")
    assert rounded(_shares("none", x=np.repeat(x[:1], 8, axis=0))[-1], 1)


def test_without_batch_norm_the_means_are_those_of_the_layers():
    """The first layer by hand: a convolution of the images over sqrt(2)."""
    problem, weights, x, _ = tiny_net("none")
    padded = np.pad(x / 2**0.5, ((0, 0), (1, 1), (1, 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    z = np.einsum("nhwcrs,krsc->nhwk", windows, weights["prep"])
    share = np.sum(z.mean((0, 1, 2)) ** 2) / np.sum((z**2).mean((0, 1, 2)))
    shares = _shares("none")
    condition = share**-0.5  # means are that much smaller than values
    assert rounded(shares[0], share, condition=condition)
    outputs = problem.outputs(weights, x)
    assert rounded(shares[-1], np.sum(outputs.mean(0) ** 2) / np.sum((outputs**2).mean(0)))
