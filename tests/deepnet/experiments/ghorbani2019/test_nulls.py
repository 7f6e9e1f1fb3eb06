"""The nulls of the residual nets' observations: each can fall inside the band."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deepnet.experiments.ghorbani2019 import (
    gradient_and_outliers,
    population_statistics,
    way_to_the_optimum,
)
from deepnet.experiments.ghorbani2019.shared.measures import COUNTS, LEADING
from deepnet.experiments.ghorbani2019.shared.way import GRADIENTS, RANDOM
from tests.close import rounded

positive = st.lists(st.floats(0.1, 10), min_size=2, max_size=4)


def named(module, statement):
    (found,) = (o for o in module.OBSERVATIONS if o.name.endswith(f".{statement}"))
    return found


def inside(observation, arrays):
    low, high = observation.limits
    return low <= observation.null(arrays) <= high


def two_orders(factors):
    """Nets with lambda_1/lambda_10 and loss 1, and a net of another order with these ``factors``.

    Both nets are one before the first step.
    """
    quotients = np.array([1.0, *factors])
    usual = np.ones((len(quotients), 12))
    other = usual * np.where(np.arange(12) == 0, quotients[:, None], 1)
    arrays = {
        f"{name}:{quantity}": array
        for name, values, loss in (
            ("active", usual, np.ones(len(quotients))),
            ("order", other, quotients),
            ("population", usual, np.ones((1, len(quotients)))),
        )
        for quantity, array in (("values", values), ("loss", loss), ("fate", np.array(0)))
    }
    fates = {"population:fates": np.array([0]), "best": np.array(0)}
    return arrays | fates | {"records": np.arange(len(quotients))}


@given(factors=positive)
def test_an_order_above_the_other_at_each_record_is_inside(factors):
    arrays = two_orders(factors)
    ratio = named(population_statistics, "ratio_over_batch_norms")
    loss = named(population_statistics, "loss_over_batch_norms")
    assert rounded(ratio.null(arrays), min(factors))
    assert rounded(loss.null(arrays), min(factors) - 1, 1)
    assert inside(ratio, arrays) == inside(loss, arrays) == (min(factors) >= 1)


def test_the_population_is_set_against_the_larger_loss_of_two_orders():
    arrays = two_orders([3.0, 2.5])
    loss = named(population_statistics, "loss_over_batch_norms")
    assert loss.measure(arrays) == 1 - 2.5
    assert loss.measure(arrays | {"population:loss": np.array([[9.0, 9.0, 4.0]])}) == 1.5
    lost = arrays | {"order:fate": np.array(1)}
    assert np.isnan([loss.measure(lost), loss.null(lost)]).all()


def ways(rng, tilt):
    """Cosines of pure chance for two nets. One random direction has ``tilt`` deviations more."""
    cosines = rng.normal(0, 0.01, (4, GRADIENTS, RANDOM))
    cosines[..., 7] += 0.01 * tilt
    shares = rng.uniform(0, 0.02, (4, len(COUNTS), GRADIENTS))
    return {
        f"{name}:{quantity}": array
        for name in ("active", "none")
        for quantity, array in (
            ("chance", cosines.reshape(4, -1)),
            ("shares", shares),
            ("cosine", rng.normal(0, 0.01, (4, GRADIENTS))),
            ("fate", np.array(0)),
        )
    }


def test_a_random_direction_that_gradients_favour_is_inside():
    """The median of ten cosines has a deviation of .37, and chance with this tilt one of 1.3.

    A tilt of 6 is therefore nine deviations above twice the latter. Without a tilt six medians of
    one direction would have to be five deviations above twice 1.
    """
    observation = named(way_to_the_optimum, "cosine_over_chance")
    assert inside(observation, ways(np.random.default_rng(0), tilt=6))
    assert not inside(observation, ways(np.random.default_rng(0), tilt=0))


def test_gradients_that_favour_no_direction_have_a_small_cosine_everywhere():
    observation = named(way_to_the_optimum, "cosine_is_small")
    arrays = ways(np.random.default_rng(0), tilt=0)
    assert inside(observation, arrays)
    shares = arrays["none:shares"].copy()
    shares[:, COUNTS.index(LEADING)] = 0.36
    both = arrays | {f"{name}:shares": shares for name in ("active", "none")}
    assert rounded(observation.null(both), 0.6)


def test_eigenvectors_behind_the_leading_ones_may_show_the_difference_too():
    shares = np.full((3, len(COUNTS), GRADIENTS), 0.2)
    arrays = {
        f"{name}:{quantity}": array
        for name, after in (("active", 0.1), ("none", 0.3))
        for quantity, array in (
            ("stochastic", shares),
            ("after", np.full((3, GRADIENTS), after)),
            ("covariance:within", np.full(3, 0.2)),
            ("covariance:within_after", np.full(3, after)),
            ("loss", np.array([2.3, 1.5, 1.0])),
            ("fate", np.array(0)),
        )
    }
    for statement in (
        "share_without_more",
        "share_without_more_at_equal_loss",
        "covariance_without_more",
    ):
        observation = named(gradient_and_outliers, statement)
        assert observation.measure(arrays) == 0
        assert rounded(observation.null(arrays), 0.2)
        assert inside(observation, arrays)
