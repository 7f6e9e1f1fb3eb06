"""The nulls of the lecture's observations: each can fall inside the band."""

import numpy as np
import pytest

from deepnet.experiments.grosse2021 import full_batch_edge, variants
from deepnet.experiments.grosse2021.shared import variant_nets
from deepnet.experiments.grosse2021.shared.edge_settings import SETTINGS
from tests.close import rounded


def named(module, statement):
    (found,) = (o for o in module.OBSERVATIONS if o.name.endswith(f".{statement}"))
    return found


# ----- The edge of stability -----


def descents(**levels):
    """Runs that rise to ``levels`` and stay there. The rest of the runs stay at 1."""
    names = {name: levels.get(name.replace(", ", "_").replace(" ", "_"), 1.0) for name in SETTINGS}
    arrays = {f"{name}:sharpness": np.array([1.0, level, level]) for name, level in names.items()}
    return arrays | {f"{name}:diverged": np.array(False) for name in SETTINGS}


def test_a_run_that_hardly_passes_the_threshold_says_nothing():
    """At a rate of 0.05 the threshold is 40, and the band reaches to 1.4 of it."""
    observation = named(full_batch_edge, "level_none_at_0.05")
    for past, verdict in ((45.0, "uninformative"), (60.0, "agrees")):
        runs = [descents(**{"none_0.05": 42.0, "none_heavy_ball": past})] * 2
        assert observation.finding(runs).verdict == verdict


def test_a_level_without_momentum_that_is_as_high_says_nothing():
    """The heavy ball's threshold is 190. Descent at a rate of 0.05 should stay near 40."""
    observation = named(full_batch_edge, "level_with_heavy_ball")
    for without, verdict in ((191.0, "uninformative"), (48.0, "agrees")):
        levels = {"batch_norm_0.05": without, "batch_norm_heavy_ball": 195.0}
        runs = [descents(**levels)] * 2
        assert observation.finding(runs).verdict == verdict
        assert rounded(
            observation.null(runs[0]), without / SETTINGS["batch norm, heavy ball"].threshold
        )


# ----- Variants -----


def seeds(apart):
    """Variants of loss 1 whose other seeds have the loss 1 + ``apart``, (rates,)."""
    names = [*variant_nets.VARIANTS, *(f"{name} again" for name in variant_nets.AGAIN)]
    losses = {name: 1 + apart.get(name.removesuffix(" again"), 0) for name in names}
    arrays = {f"{name}:mark": np.zeros(4, int) for name in names}
    arrays |= {f"{name}:loss": np.ones(4) for name in variant_nets.VARIANTS}
    arrays |= {
        f"{name} again:loss": losses[f"{name} again"] * np.ones(4) for name in variant_nets.AGAIN
    }
    return arrays | {"classes": np.array(10)}


@pytest.mark.parametrize(
    ("statement", "net", "sign"),
    [
        ("logistic_is_worst_without_batch_norm", "logistic, none", -1),
        ("batch_norm_helps_logistic_at_small_rates", "logistic", 1),
        ("batch_norm_of_scale_four_helps_logistic_at_each_rate", "logistic", 1),
        ("detached_is_worse_than_active", "active", 1),
    ],
)
def test_two_seeds_of_one_net_can_differ_by_the_band(statement, net, sign):
    """One net of six differs by 0.1 at each rate: by sqrt 6 times the spread over the six."""
    observation = named(variants, statement)
    for direction in (sign, -sign):
        null = observation.null(seeds({net: 0.1 * direction * np.ones(4)}))
        assert rounded(null, direction * sign * 6**0.5, condition=10)
        assert (observation.limits[0] <= null) == (direction == sign)
