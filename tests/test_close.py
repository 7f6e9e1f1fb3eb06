"""The ways of being close: each accepts what is right and refuses what is slightly wrong."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.close import ULPS, below, discretised, exact, rounded, sampled

EPS = np.finfo(float).eps
numbers = st.floats(1e-200, 1e200)


# ----- The same -----


@pytest.mark.parametrize(
    "value",
    [
        3,
        "three",
        None,
        float("nan"),
        np.array([1.0, np.nan, -0.0]),
        {"a": (np.arange(3), [np.float32(2)]), "b": {}},
        SimpleNamespace(to_arrays=lambda: {"w": np.ones(2)}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_is_the_same_as_itself(value):
    assert exact(value, value)


@pytest.mark.parametrize(
    "one, other, why",
    [
        (1.0, 1.0 + EPS, "not the same"),
        (float("nan"), 1.0, "not the same"),
        (np.array([0.0]), np.array([-0.0]), "not the same"),
        (np.ones(2), np.ones(2, np.float32), "not the same"),
        (np.ones(2), np.ones((2, 1)), "not the same"),
        ((1, 2), (1, 2, 3), "2 and 3 of them"),
        ({"a": [1, 2]}, {"a": [1, 3]}, "not the same at 1 at a"),
        ({"a": 1}, {"b": 1}, "keys ['a', 'b']"),
    ],
)
def test_what_differs_is_said(one, other, why):
    assert not exact(one, other)
    assert repr(exact(one, other)) == f"apart: {why}"


# ----- Rounding -----


@given(value=numbers, size=st.floats(1, 1e3), condition=st.floats(1, 1e3))
def test_rounding_is_64_units_of_the_size_and_the_condition(value, size, condition):
    allowed = ULPS * EPS * value * size * condition
    near, far = value + 0.9 * allowed, value + 1.1 * allowed
    assert rounded(near, value, value * size, condition)
    assert not rounded(far, value, value * size, condition)
    assert below(near, value, value * size, condition)
    assert not below(far, value, value * size, condition)
    assert below(-far, value, value * size, condition)


def test_the_size_is_the_largest_that_is_expected():
    assert rounded([1.0, 1e-15], [1.0, 0.0]) and not rounded([1.0, 1e-13], [1.0, 0.0])
    assert rounded(0, 0) and not rounded(1e-300, 0), "nothing is added up to zero: state a size"
    assert rounded([np.inf, 1.0], [np.inf, 1.0]) and not rounded([np.inf, 1.1], [np.inf, 1.0])


def test_the_coarser_dtype_decides():
    third = np.float32(1) / np.float32(3)
    assert rounded(third, 1 / 3) and rounded(1 / 3, third)
    assert not rounded(float(third), 1 / 3)


@pytest.mark.parametrize("one", [np.nan, [1.0, np.nan], [[1.0], [1.0]], [1.0, 1.0, 1.0], [1, 2]])
def test_no_number_another_shape_and_another_number_are_far(one):
    assert not rounded(one, [1.0, 1.0])


@pytest.mark.parametrize("size", [np.inf, np.nan, -1.0])
def test_a_size_that_is_none_allows_nothing(size):
    assert not rounded(1.0, 2.0, size) and not rounded(1.0, 1.0, condition=size)
    assert not below(2.0, 1.0, size) and not discretised(1.0, 2.0, size)


def test_printed_decimals_are_off_by_half_a_unit():
    assert rounded(0.12345, 0.123, decimals=3) and rounded(0.1235, 0.123, decimals=3)
    assert not rounded(0.1236, 0.123, decimals=3)


def test_numbers_that_wrap_or_cancel_are_subtracted_in_float64():
    assert not rounded(np.uint8([1]), np.uint8([2]))
    assert rounded(np.array([1 + 1j]), np.array([1 + 1j])) and not rounded(1 + 1j, 1 - 1j)


def test_a_bound_is_passed_by_rounding_alone():
    assert below([1.0, 2.0], 2.0) and below(2 + 1e-15, 2.0) and below(-np.inf, 2.0)
    assert not below(2 + 1e-13, 2.0) and not below(np.nan, 2.0)


# ----- Discretisation -----


@pytest.mark.parametrize("step", [1e-2, 1e-3, 1e-4])
def test_a_quotient_of_differences_is_off_by_its_order(step):
    """That of exp at 0 in both directions: 1 + step^2/6; one half fits, one tenth does not."""
    slope = (np.exp(step) - np.exp(-step)) / (2 * step)
    assert discretised(slope, 1, step**2 / 2, condition=1 / step)
    assert not discretised(slope, 1, step**2 / 10)
    assert not discretised(slope, 1 + step, step**2 / 2, condition=1 / step)


# ----- Sampling -----


def test_draws_are_of_their_law_and_of_no_other():
    x = np.random.default_rng(0).normal(2, 3, (1000, 4))
    error = 3 / 1000**0.5
    assert sampled(x, 2) and sampled(x, np.full(4, 2.0)) and sampled(x.mean(0), 2, stderr=error)
    assert not sampled(x, 2 + 8 * error) and not sampled(x.mean(0), 2 + 8 * error, stderr=error)
    assert not sampled(x, [2, 2, 2, 2 + 8 * error])
    assert sampled(x, 2 + 8 * error, bias=8 * error)


def test_constant_draws_are_their_value():
    assert sampled(np.ones(64), 1) and not sampled(np.ones(64), 1 + 1e-9)


def test_few_draws_have_no_known_law():
    with pytest.raises(ValueError, match="64 draws"):
        sampled(np.zeros(63), 0)


# ----- What is said -----


def test_a_failure_says_by_how_much():
    assert repr(rounded(1 + ULPS * EPS * 3, 1)) == "apart: 3 times what is allowed"
    assert repr(rounded([1, 2], [1, 2, 3])) == "apart: shapes (2,) and (3,)"
