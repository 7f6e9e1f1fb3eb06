"""One expression drives NumPy and exact arithmetic, and refuses what lies outside its domain."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from companion.errors import UsageError
from theory import symbols as s
from theory.domain import DomainError, Integer, Real
from theory.formula import Formula
from theory.functions.eigenvalues import largest, smallest, smallest_positive
from theory.functions.matrices import pinv
from theory.values import assignments

RATIO = Formula(s.alpha.symbol / s.v.symbol, (s.alpha, s.v))
QUADRATIC = Formula(s.W.symbol.T * s.R.symbol * s.W.symbol, (s.W, s.R))


def test_numbers_arrays_and_exact_agree():
    assert RATIO(alpha=1, v=4) == 0.25
    assert RATIO(alpha=np.array([1.0, 2.0]), v=4).tolist() == [0.25, 0.5]
    assert str(RATIO.exact(30, alpha=Fraction(1), v=Fraction(3))) == "0." + 30 * "3"
    assert RATIO.exact(None, alpha=Fraction(1), v=Fraction(3)) == sp.Rational(1, 3)


def test_matrices_and_vectors():
    values = {"W": [1, 2], "R": [[2, 1], [1, 2]]}
    assert QUADRATIC(**values) == 14
    assert QUADRATIC.exact(None, **values) == 14


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"alpha": 1}, "parameter v is missing"),
        ({"alpha": 1, "v": 1, "w": 1}, "no parameter 'w'; the parameters are alpha, v"),
        ({"alpha": -1, "v": 1}, "alpha = -1: alpha is a number > 0"),
        ({"alpha": float("nan"), "v": 1}, "alpha = nan"),
        ({"alpha": float("inf"), "v": 1}, "alpha = inf"),
        ({"alpha": [[1, 2], [3]], "v": 1}, "rows of one length"),
        ({"alpha": np.array([1, -1]), "v": 1}, "alpha = -1"),
    ],
)
def test_scalars_outside_the_domain(values, complaint):
    with pytest.raises(DomainError, match=complaint):
        RATIO(**values)


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"W": [1, 2], "R": [[2, 1], [0, 2]]}, "positive semidefinite"),
        ({"W": [1, 2], "R": [[1, 2], [2, 1]]}, "positive semidefinite"),
        ({"W": [1, 2], "R": [[1, 2, 3], [2, 1, 3]]}, "R is a positive semidefinite"),
        ({"W": [1, 2, 3], "R": [[2, 1], [1, 2]]}, "N = 2, but N = 3 elsewhere"),
        ({"W": [[1, 2]], "R": [[2, 1], [1, 2]]}, "W is a vector of N numbers"),
        ({"W": 1, "R": [[2, 1], [1, 2]]}, "W = 1: W is a vector"),
        ({"W": [1, float("inf")], "R": [[2, 1], [1, 2]]}, "W holds inf"),
    ],
)
def test_matrices_outside_the_domain(values, complaint):
    with pytest.raises(DomainError, match=complaint):
        QUADRATIC(**values)


@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_functions_of_a_matrix_mean_the_same_exactly_and_in_numpy(size, seed):
    matrix = np.random.default_rng(seed).integers(-4, 5, size=(size, size))
    gram = (matrix @ matrix.T + np.eye(size, dtype=int)).tolist()
    R = s.R.symbol
    magnitude = float(np.trace(gram))
    for function in (largest, smallest, smallest_positive):
        formula = Formula(function(R), (s.R,))
        exact = float(formula.exact(20, R=gram))
        assert abs(formula(R=gram) - exact) <= 64 * np.finfo(float).eps * magnitude
    inverse = Formula(s.W.symbol.T * pinv(R) * s.W.symbol, (s.W, s.R))
    W = [1] * size
    condition = np.linalg.cond(gram)
    difference = abs(inverse(W=W, R=gram) - float(inverse.exact(20, W=W, R=gram)))
    assert difference <= 64 * np.finfo(float).eps * condition * size


def test_equal_eigenvalues_cancel_exactly():
    """-1/log(1 - kappa^-1) at kappa = 1 is 0, not what rounding leaves of log(0)."""
    R = s.R.symbol
    slow = Formula(-1 / sp.log(1 - smallest_positive(R) / largest(R)), (s.R,))
    assert slow.exact(20, R=[[1, 1], [1, 1]]) == 0
    assert slow(R=[[1, 1], [1, 1]]) == 0


@given(st.decimals(-100, 100, places=4), st.fractions())
def test_decimals_and_fractions_are_read_exactly(decimal, fraction):
    read = assignments([f"a={decimal}", f"b={fraction}", f"c=[{decimal},{fraction}]"])
    assert read["a"] == Fraction(decimal)
    assert read["b"] == fraction
    assert read["c"] == [Fraction(decimal), fraction]


@pytest.mark.parametrize(
    "word",
    [
        "N",
        "=3",
        "N=",
        "N=three",
        "N=1/0",
        "N=nan",
        "N=inf",
        "R=[[1,2]",
        "R=[]",
        "R={}",
        'R=["x"]',
        "R=[true]",
        "R=[null]",
        "R=[NaN]",
        "R=[Infinity]",
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(word):
    with pytest.raises(UsageError) as refused:
        assignments([word])
    assert "\n" not in str(refused.value)


def test_a_letter_given_twice_is_refused():
    with pytest.raises(UsageError, match="N is given twice"):
        assignments(["N=1", "N=2"])


def test_domains_speak():
    assert str(Real(0)) == "a number > 0"
    assert str(Real(0, 1, closed=True)) == "a number in [0, 1]"
    assert str(Integer(2)) == "a whole number >= 2"
