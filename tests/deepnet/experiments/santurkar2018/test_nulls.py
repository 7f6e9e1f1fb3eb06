"""Nulls without batch norm lie in the band where the net without it shows the same by itself."""

import numpy as np
import pytest

from deepnet.experiments.santurkar2018 import (
    accuracy_at_rates,
    deep_linear,
    internal_covariate_shift,
    loss_smoothness,
    power_norms,
)
from deepnet.experiments.santurkar2018.shared.shifts_and_slopes import MULTIPLES


def judged(module, name, arrays):
    """The verdict of two equal runs."""
    (observation,) = (o for o in module.OBSERVATIONS if o.name.endswith(f".{name}"))
    return observation.finding([arrays] * 2).verdict


# ----- Accuracy -----


@pytest.mark.parametrize(
    ("module", "name", "above", "below"),
    [
        (accuracy_at_rates, "gain_of_batch_norm", "active:0.1", "none:0.1"),
        *((power_norms, f"gain_of_{norm}", norm, "none") for norm in power_norms.NORMS),
    ],
)
def test_a_gain_says_nothing_if_three_epochs_bring_as_much_without_a_norm(
    module, name, above, below
):
    verdicts = []
    for earlier in (0.39, 0.1):
        scores = {above: [0.9] * 6, below: [earlier] * 3 + [0.4] * 3}
        arrays = {f"{label}:train": np.array(train) for label, train in scores.items()}
        arrays |= {f"{label}:mark": np.array(0) for label in scores}
        verdicts.append(judged(module, name, arrays))
    assert verdicts == ["agrees", "uninformative"]


# ----- The deep linear net -----


def test_a_final_loss_says_nothing_if_the_other_net_is_still_descending():
    active = np.linspace(10, 2, 11)
    for half_way, verdict in ((10.5, "agrees"), (20.0, "uninformative")):
        none = np.r_[np.full(6, half_way), np.full(5, 10.0)]
        arrays = {"active:rate:loss": active, "none:rate:loss": none}
        assert judged(deep_linear, "final_loss_over_none", arrays) == verdict


def test_a_shift_says_nothing_if_it_grows_as_much_along_the_other_training():
    for growth, verdict in ((2, "agrees"), (20, "uninformative")):
        none = np.repeat([[1.0], [growth]], 3, axis=0) * np.ones(5)
        arrays = {"none:small_rate:relative": none, "active:small_rate:relative": 1000 * none}
        assert judged(deep_linear, "relative_shift_over_none", arrays) == verdict


# ----- VGG -----


def course(label):
    """Four recorded steps of a run that trained, none of them on the plateau."""
    return {f"{label}:mark": np.array(0), f"{label}:plateau": np.zeros(4, bool)}


def test_a_larger_shift_says_nothing_if_the_shift_grows_along_a_training():
    for growth, verdict in ((0.5, "agrees"), (2, "uninformative")):
        none = np.array([1, 1, growth, growth])[:, None] * np.ones(3)
        arrays = course("none:rate") | course("active:rate")
        arrays |= {"none:rate:shift": none, "active:rate:shift": 10 * none}
        assert judged(internal_covariate_shift, "batch_norm_over_none", arrays) == verdict


def test_a_training_that_did_not_leave_the_plateau_has_no_null():
    arrays = course("none:rate") | course("active:rate")
    arrays |= {f"{net}:rate:shift": np.ones((4, 3)) for net in ("none", "active")}
    arrays["none:rate:plateau"] = np.ones(4, bool)
    assert judged(internal_covariate_shift, "batch_norm_over_none", arrays) == "unresolved"


def test_beta_does_not_follow_the_rate_if_nets_of_one_rate_differ_as_much():
    for without, verdict in ((1.5, "agrees"), (5, "uninformative")):
        arrays = {}
        for label, beta in (("active:rate", 1), ("active:small_rate", 10), ("none:rate", without)):
            arrays |= course(label) | {f"{label}:beta": np.full((4, len(MULTIPLES)), float(beta))}
        assert judged(loss_smoothness, "beta_follows_the_rate", arrays) == verdict
