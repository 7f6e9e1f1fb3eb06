"""Nulls lie in the band where one net shows the same as two, by chance or along its training."""

import itertools

import numpy as np
import pytest

from deepnet.experiments.oxford2021 import along_training, loss_surfaces
from deepnet.experiments.oxford2021.shared.landscapes import NUMBERS


def observed(module, name):
    """The observation of this name."""
    (observation,) = (o for o in module.OBSERVATIONS if o.name.endswith(f".{name}"))
    return observation


def falling(values):
    """The values, the largest first."""
    return sorted(values, reverse=True)


def surfaces(**numbers):
    """LeNet's surfaces: each mode has the same value of all numbers for each direction seed."""
    arrays = {}
    for mode, values in numbers.items():
        arrays[f"lenet:{mode}:joint:trained"] = np.array(True)
        column = np.array(values, float)[:, None]
        arrays[f"lenet:{mode}:joint:numbers"] = np.repeat(column, len(NUMBERS), axis=1)
    return arrays


@pytest.mark.parametrize(
    ("name", "above", "below", "by_chance"),
    [
        ("highest_batch_over_none", ("batch", [1, 3, 2]), ("none", [5, 7, 6]), sorted),
        ("steepest_batch_over_none", ("batch", [1, 3, 2]), ("none", [5, 10, 7]), sorted),
        ("highest_running_over_batch", ("running", [7, 8, 5]), ("batch", [3, 4, 2]), falling),
        (
            "negative_curvature_batch_less_none",
            ("batch", [0.8, 0.9, 0.7]),
            ("none", [0.3, 0.4, 0.2]),
            falling,
        ),
    ],
)
def test_two_modes_say_nothing_if_the_draws_of_each_are_in_the_order_of_the_statement(
    name, above, below, by_chance
):
    observation, modes = observed(loss_surfaces, name), (above, below)
    many = 20  # equal runs of a share say little if there are few
    assert observation.finding([surfaces(**dict(modes))] * many).verdict == "agrees"
    ordered = surfaces(**{mode: by_chance(values) for mode, values in modes})
    assert observation.finding([ordered] * 2).verdict == "uninformative"


def test_three_draws_of_each_mode_are_in_the_order_of_a_statement_in_one_of_36_cases():
    observation = observed(loss_surfaces, "highest_batch_over_none")
    orders = list(itertools.permutations((1, 2, 3)))
    inside = [
        observation.null(surfaces(batch=one, none=other)) <= 1 for one in orders for other in orders
    ]
    assert (sum(inside), len(inside)) == (1, 36)


def test_a_single_direction_seed_has_no_null():
    observation = observed(loss_surfaces, "highest_batch_over_none")
    found = observation.finding([surfaces(batch=[1], none=[2])] * 2)
    assert (found.null, found.verdict) == (None, "unresolved")


def test_a_larger_variation_says_nothing_if_it_falls_along_a_training():
    observation = observed(along_training, "largest_variation_lenet")
    for early, verdict in ((0.5, "agrees"), (3, "uninformative")):
        arrays = {
            f"lenet:{kind}:joint:{quantity}": value
            for kind, widths in (("none", [early, early, 1, 1]), ("active", [0.1] * 4))
            for quantity, value in (
                ("trained", np.array(True)),
                ("gradient:losses", np.array([[0, width] for width in widths])),
            )
        }
        assert observation.finding([arrays] * 2).verdict == verdict
