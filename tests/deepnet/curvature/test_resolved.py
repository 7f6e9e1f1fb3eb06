"""Eigenvalues that Lanczos tells exactly: their multiplicities are right whenever they are told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.linalg import LinearOperator, aslinearoperator
from scipy.stats import binom

from deepnet.curvature import quadrature
from deepnet.curvature.resolved import _hidden
from tests.close import FALSE_ALARM, discretised, rounded, sampled
from tests.deepnet.tiny import EPS

seeds = st.integers(0, 2**32 - 1)
BULK = np.linspace(-1, 1, 60)


def told(rules):
    """{eigenvalue: multiplicity} of what is known exactly, from each probe."""
    rows = zip(rules.rule.nodes, rules.multiplicity, strict=True)
    return [dict(zip(t[k > 0].tolist(), k[k > 0].tolist(), strict=True)) for t, k in rows]


def of(values, probes, steps, seed=0):
    return quadrature(aslinearoperator(np.diag(values)), np.random.default_rng(seed), probes, steps)


def in_float32(values, seed=0):
    """A symmetric matrix whose products are rounded to float32, and its eigenvalues."""
    n = len(values)
    q = np.linalg.qr(np.random.default_rng(seed).standard_normal((n, n)))[0]
    A = ((q * values) @ q.T).astype("float32")
    A = (A + A.T) / 2

    def multiply(v):
        return (A @ v.astype("float32")).astype(float)

    shape = {"shape": (n, n), "dtype": np.dtype("float32")}
    return LinearOperator(matvec=multiply, matmat=multiply, **shape), np.linalg.eigvalsh(A * 1.0)


@given(
    multiplicities=st.dictionaries(st.integers(-9, 9), st.integers(1, 30), min_size=1, max_size=5),
    bulk=st.booleans(),
    probes=st.integers(2, 10),
    steps=st.integers(8, 40),
    seed=seeds,
)
def test_a_multiplicity_that_is_told_is_right(multiplicities, bulk, probes, steps, seed):
    values = np.repeat(list(map(float, multiplicities)), list(multiplicities.values()))
    if bulk:
        values = np.append(values, BULK * 0.77 + 0.1)
    rules = of(values, probes, steps, seed)
    size = np.abs(values).max()
    for found in told(rules) if steps < len(values) else []:
        for value, multiplicity in found.items():
            assert (np.abs(values - value) <= EPS**0.5 * max(size, 1)).sum() == multiplicity
    assert not len(rules.eigenvalues) or np.isin(rules.eigenvalues.round(6), values.round(6)).all()
    assert rules.ghosts() == 0


@pytest.mark.parametrize("multiplicity", range(1, 13))
def test_multiplicities_below_the_number_of_probes_are_told(multiplicity):
    """With as many dimensions as probes, or one less, chance may hide a dimension: not told."""
    values = np.append(BULK, [9.0] * multiplicity)
    found = told(of(values, 10, 30))
    assert [list(each.values()) for each in found] == [[multiplicity] * (multiplicity < 9)] * 10


@pytest.mark.parametrize(
    ("dimensions", "probes", "error"),
    [(2, 3, 0.01), (2, 5, 0.05), (4, 4, 1e-4), (4, 6, 0.01), (9, 10, 0.001), (10, 10, 1e-4)],
)
def test_the_chance_that_a_dimension_is_hidden_is_bounded(dimensions, probes, error):
    """The smallest eigenvalue of the cosines of random directions, by exact binomial bounds."""
    draws = 20_000
    x = np.random.default_rng(0).standard_normal((draws, dimensions, probes))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    hidden = (np.linalg.eigvalsh(x @ x.transpose(0, 2, 1))[:, 0] < error).sum()
    bound = _hidden(dimensions, probes, error)
    assert hidden <= binom.isf(FALSE_ALARM / 6, draws, bound)
    assert bound < 0.1


def test_a_cluster_nearer_than_the_resolution_counts_as_one():
    rules = of(np.append(BULK, [9.0, 9 + 1e-9, 9 + 2e-9]), 10, 8)
    assert all(list(each.values()) == [3] for each in told(rules))
    assert rounded(rules.eigenvalues, [9.0] * 3, condition=1e6)
    apart = of(np.append(BULK, [9.0, 9.5]), 10, 40)
    assert all(list(each.values()) == [1, 1] for each in told(apart))


@given(separation=st.floats(-11, -0.5), steps=st.integers(6, 50), seed=seeds)
def test_near_eigenvalues_are_told_apart_or_not_told(separation, steps, seed):
    """What is told is as near to as many eigenvalues as half of the digits of the gap."""
    values = np.sort(np.concatenate([BULK, [5.0, 5 * (1 + 10**separation), 8.0]]))
    for found in told(of(values, 6, steps, seed)):
        for value, multiplicity in found.items():
            distances = np.sort(np.abs(values - value))
            assert distances[multiplicity - 1] <= EPS**0.5 * 8 * distances[multiplicity]


@given(seed=seeds, steps=st.integers(6, 40))
def test_products_in_float32_tell_less_but_nothing_wrong(seed, steps):
    operator, values = in_float32(np.concatenate([BULK, [5.0, 5.001, 9.0]]), seed % 7)
    rules = quadrature(operator, np.random.default_rng(seed), 12, steps)
    half = np.finfo("float32").eps ** 0.5
    for found in told(rules):
        for value, multiplicity in found.items():
            distances = np.sort(np.abs(values - value))
            assert distances[multiplicity - 1] <= half * 9
            assert distances[multiplicity] > 0.02  # the bulk's are 0.03 apart, a pair 0.001
    if steps >= 20:
        assert discretised(rules.eigenvalues[-1], values[-1], half * 9)


@given(seed=seeds, power=st.integers(-20, 20), sign=st.sampled_from([1.0, -1.0]))
def test_the_same_is_told_of_a_multiple(seed, power, sign):
    """Powers of 2 are exact, so that Lanczos does the same. A negative multiple turns the order."""
    c = sign * 2.0**power
    values = np.concatenate([BULK, [4.0, 4.0, -6.0, 7.5]])
    one, other = of(values, 6, 20, seed), of(c * values, 6, 20, seed)
    turned = slice(None, None, 1 if sign > 0 else -1)
    assert np.array_equal(other.multiplicity, one.multiplicity[:, turned])
    assert rounded(other.eigenvalues, c * one.eigenvalues[turned], condition=64)
    assert len(one.eigenvalues) == 4


def test_the_rest_is_estimated_without_bias():
    values = np.append(np.linspace(0, 1, 40) ** 2, [6.0, 6.0, 9.0])
    estimates = [of(values, 5, 14, seed) for seed in range(200)]
    assert all(len(each.eigenvalues) == 3 for each in estimates)
    found = [[each.integral(f).mean for f in (np.positive, np.square)] for each in estimates]
    assert sampled(found, [values.mean(), (values**2).mean()])
    assert np.std(found, axis=0)[1] < 0.02 * (values**2).mean()


def test_a_multiplicity_that_only_the_rest_can_have_is_exact():
    """Twenty copies are too many for four probes, but nothing else is left."""
    rules = of(np.repeat([1.0, 4.0], [20, 1]), 4, 6)
    assert rounded(rules.eigenvalues, [4.0])
    trace = rules.integral(np.positive)
    assert rounded([trace.mean, trace.low, trace.high], 24 / 21)


def test_without_reorthogonalisation_nothing_is_told():
    operator = aslinearoperator(np.diag(np.append(BULK, 9.0)))
    rules = quadrature(operator, np.random.default_rng(0), 10, 20, reorthogonalise=False)
    assert not rules.multiplicity.any()
    assert not len(rules.eigenvalues)


def test_after_n_steps_all_is_told_whatever_repeats():
    values = np.repeat([0.0, 1.0, 1 + 1e-14, 3.0], [30, 4, 3, 1])
    rules = of(values, 2, 50)
    assert rounded(rules.eigenvalues, values)
    squares = rules.integral(np.square)
    assert rounded(squares.mean, (values**2).mean())
    assert (squares.stderr, squares.quadrature) == (0, 0)
    assert squares.low == squares.mean == squares.high
