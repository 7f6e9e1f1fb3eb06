"""The nulls of the post's experiments can lie inside the bands, for arrays that a run may store."""

import numpy as np
import pytest

from deepnet.experiments.experiment import experiments

LAYERS = 8
EXAMPLES, CLASSES = 16, 4
#: One class takes all examples, whatever is chosen.
ONE_CLASS = np.eye(CLASSES)[np.zeros(EXAMPLES, int)]


def stored(**values):
    return {name.replace("__", ":"): np.array(value) for name, value in values.items()}


#: By experiment: arrays in which the cause of the statement does not matter, and the observations.
ARRAYS = {
    "leading_eigenvalues": (
        stored(
            active__eigenvalues=[1.0],
            frozen__eigenvalues=[10.0],
            none__eigenvalues=[30.0],
            frozen_elsewhere__eigenvalues=[11.0],
            active_before__eigenvalue=0.1,
        ),
        ("frozen_over_active", "none_over_active"),
    ),
    "schedules": (
        stored(
            active__top=[1.0, 0.2, 1.0, 0.1],
            frozen__top=[10.0, 9.0, 9.0, 9.0],
            none__top=[30.0, 30.0, 30.0, 30.0],
            frozen_elsewhere__top=11.0,
        ),
        ("frozen_over_active", "none_over_active"),
    ),
    "frozen_from_start": (
        stored(
            active__top=1.0,
            frozen__top=10.0,
            active_before__top=9.0,
            frozen_elsewhere__top=11.0,
            frozen__means_before=[0.4, 0.2, 0.9],
        ),
        ("top_eigenvalue_over_active", "drift_of_means"),
    ),
    "random_conv_net": (
        stored(normed__share=np.full(LAYERS, 0.95), normed__share_before=np.full(LAYERS, 0.8)),
        ("collapse_on_noise", "means_reach_the_classifier"),
    ),
    "perturbations": (
        stored(
            lengths=[0.01, 0.02, 0.04],
            frozen__outputs_aside=np.stack([ONE_CLASS, ONE_CLASS]),
            none__outputs_aside=np.stack([ONE_CLASS, ONE_CLASS]),
            frozen__shares_aside=[[0.1, 0.6, 0.9], *(CLASSES - 1) * [[0.1, 0.1, 0.0]]],
        ),
        ("frozen_goes_to_the_class", "none_goes_to_the_class", "half_way_frozen"),
    ),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_a_null_lies_in_the_band_where_the_cause_does_not_matter(name):
    arrays, statements = ARRAYS[name]
    by_name = {each.name: each for each in experiments()[name].observations}
    for statement in statements:
        observation = by_name[f"{name}.{statement}"]
        low, high = observation.limits
        assert low <= observation.null(arrays) <= high, statement
