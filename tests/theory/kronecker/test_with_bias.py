"""A layer with a bias: its eigenvalues and their ratio."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, rounded
from tests.theory.kronecker.drawn import means
from theory import kronecker


def with_bias(mu):
    """The second moment of inputs of covariance I and a constant one."""
    extended = np.append(mu, 1.0)
    matrix = np.outer(extended, extended)
    matrix[:-1, :-1] += np.eye(len(mu))
    return matrix


@about(kronecker.bias)
@given(mu=means())
def test_a_constant_input(claim, mu):
    value = claim(mu=mu)
    found = np.linalg.eigvalsh(with_bias(mu))
    size = 16 * len(mu) * (2 + mu @ mu)
    assert rounded(value["largest"], found[-1], size)
    assert rounded(value["smallest"], found[0], size)
    assert rounded(value["largest"] * value["smallest"], 1, 4), "the determinant is 1"
    assert rounded(value["largest"] + value["smallest"], 2 + mu @ mu, size)
    assert value["smallest"] <= 1 <= value["largest"]
    assert rounded(found[1:-1], 1, size)


@about(kronecker.bias_condition)
@given(mu=means(), factor=st.floats(1.1, 10))
def test_a_bias_squares_the_condition_number(claim, mu, factor):
    bounds, ends = claim(mu=mu), kronecker.bias(mu=mu)
    condition = ends["largest"] / ends["smallest"]
    assert below(bounds["lower"], condition, 8 * condition)
    assert below(condition, bounds["upper"], 8 * condition)
    assert claim(mu=factor * mu)["lower"] >= bounds["lower"]


@about(kronecker.bias_condition)
@given(N=st.integers(1, 4))
def test_without_a_mean_nothing_is_lost(claim, N):
    assert claim(mu=np.zeros(N))["lower"] == 1
    assert kronecker.bias(mu=np.zeros(N)) == {"largest": 1, "smallest": 1}


@about(kronecker.bias_condition)
@given(length=st.floats(5, 1e4))
def test_it_grows_as_the_fourth_power(claim, length):
    bounds = claim(mu=[length])
    for side in bounds.values():
        assert side / length**4 >= 1 and below(side / length**4, (1 + 2 / length**2) ** 2)
