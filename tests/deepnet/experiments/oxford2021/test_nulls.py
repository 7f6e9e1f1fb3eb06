"""Nulls lie in the band where one net shows the same as two, by chance or along its training."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepnet.experiments.oxford2021 import along_training, loss_surfaces
from deepnet.experiments.oxford2021.shared.landscapes import NUMBERS


def observed(module, name):
    """The observation of this name."""
    (observation,) = (o for o in module.OBSERVATIONS if o.name.endswith(f".{name}"))
    return observation


def surfaces(**numbers):
    """LeNet's surfaces: each mode has the same value of all numbers for each direction seed."""
    arrays = {}
    for mode, values in numbers.items():
        arrays[f"lenet:{mode}:joint:trained"] = np.array(True)
        column = np.array(values, float)[:, None]
        arrays[f"lenet:{mode}:joint:numbers"] = np.repeat(column, len(NUMBERS), axis=1)
    return arrays


@pytest.mark.parametrize(
    ("name", "numbers", "ordered"),
    [
        ("highest_batch_over_none", {"batch": [1, 1, 1], "none": [3, 2, 4]}, [2, 3, 4]),
        ("steepest_batch_over_none", {"batch": [1, 1, 1], "none": [3, 2, 4]}, [2, 3, 4]),
        ("highest_running_over_batch", {"running": [5, 5, 5], "batch": [3, 2, 4]}, [4, 3, 2]),
        (
            "negative_curvature_batch_less_none",
            {"batch": [0.9, 0.9, 0.9], "none": [0.3, 0.2, 0.4]},
            [0.4, 0.3, 0.2],
        ),
    ],
)
def test_two_surfaces_say_nothing_if_the_draws_of_one_net_are_in_the_same_order(
    name, numbers, ordered
):
    observation, reference = observed(loss_surfaces, name), list(numbers)[1]
    assert observation.finding([surfaces(**numbers)] * 2).verdict == "agrees"
    by_chance = surfaces(**numbers | {reference: ordered})
    assert observation.finding([by_chance] * 2).verdict == "uninformative"


@given(st.permutations(range(1, 4)))
def test_the_draws_of_three_seeds_are_in_the_order_of_a_height_in_one_of_six_cases(draws):
    observation = observed(loss_surfaces, "highest_batch_over_none")
    inside = observation.null(surfaces(none=draws)) <= 1
    assert inside == (draws == sorted(draws))


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
