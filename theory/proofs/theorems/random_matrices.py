"""Theorems about large random matrices with independent entries.

Z has n rows and p columns, of independent entries of mean 0, variance 1 and finite fourth moment; n
and p grow together, n/p towards the ratio y.
"""

from typing import Any

import sympy as sp

from companion.references import cite
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest, smallest, smallest_positive
from theory.functions.large import gaussian, independent, share, tends_to, top, uniform_direction
from theory.functions.matrices import pinv
from theory.functions.stated import rank
from theory.proofs.theorems.dynamics import value
from theory.proofs.uses import Statement, theorem


def ratio_of(Z: Any) -> Any:
    """The limit of rows over columns of a random matrix of independent entries."""
    if not isinstance(Z, independent):
        raise TypeError(f"the entries of {Z} are not said to be independent")
    rows, columns = Z.shape
    ratio = sp.limit(rows / columns, rows, sp.oo)
    if not ratio.is_positive or not ratio.is_finite:
        raise TypeError(f"the sizes of {Z} do not grow together")
    return ratio


def second_moments(Z: Any) -> Any:
    """Of the columns of Z."""
    return Z * Z.T / Z.shape[1]


@theorem(cite("marchenkopastur1967", "theorem 1"))
def marchenko_pastur(Z: Any, x: Any, variance: Any = sp.S.One) -> Statement:
    """The share of the eigenvalues of s ZZ'/p at or below x has the limit density sqrt((b - x)(x -
    a))/(2 pi s y x) between a = s(1 - sqrt y)^2 and b = s(1 + sqrt y)^2, and 0 at other x > 0."""
    spectrum = tends_to(share(second_moments(sp.sqrt(variance) * Z), x), Z.shape[0])
    return Statement(
        sp.Derivative(spectrum, x),
        bulk(ratio_of(Z), x, variance),
        positive=(x, variance),
        free=(variance,),
    )


def bulk(ratio: Any, x: Any, variance: Any = sp.S.One) -> Any:
    """The density of Marchenko and Pastur."""
    inside, low, high = scaled_bulk(variance, ratio, x)
    return sp.Piecewise((inside, sp.And(x > low, x < high)), (0, True))


@theorem(cite("marchenkopastur1967", "theorem 1"))
def law_of_marchenko_pastur(variance: Any, Z: Any, level: Any, x: Any) -> Statement:
    """The share of the eigenvalues of s ZZ'/p at or below a level > 0 tends to max(0, 1 - 1/y), the
    share of zeros, and the integral of the density of Marchenko and Pastur up to the level."""
    spectrum = share(second_moments(sp.sqrt(variance) * Z), level)
    if level.has(x) or variance.has(x):
        raise TypeError(f"{x} stands for an eigenvalue")
    density = bulk(ratio_of(Z), x, variance)
    return Statement(
        tends_to(spectrum, Z.shape[0]),
        sp.Max(0, 1 - 1 / ratio_of(Z)) + sp.Integral(density, (x, 0, level)),
        positive=(variance, level),
        free=(variance, level),
    )


def scaled_bulk(variance: Any, ratio: Any, x: Any) -> tuple[Any, Any, Any]:
    """The density of Marchenko and Pastur in the bulk of a variance, and the bulk's ends."""
    low, high = (variance * (1 + sign * sp.sqrt(ratio)) ** 2 for sign in (-1, 1))
    inside = sp.sqrt((high - x) * (x - low)) / (2 * sp.pi * variance * ratio * x)
    return inside, low, high


@theorem(cite("marchenkopastur1967", "theorem 1"))
def mean_over_eigenvalues(function: Any, letter: Any, variance: Any, Z: Any, x: Any) -> Statement:
    """The mean of f over the eigenvalues of R = s ZZ'/p, tr f(R)/n, tends to the integral of f
    against the density of Marchenko and Pastur, plus f(0) times the share of zeros, max(0, 1 -
    1/y). The function f is continuous; 1/x is where y < 1.

    ``function`` is f of a ``letter`` that stands for R: sums and products of whole powers and
    exponentials, and of the inverse.
    """
    f, matrix = continuous_function(function, letter, variance, Z, x)
    ratio, size = ratio_of(Z), Z.shape[0]
    mean = sp.Trace(matrix) / size
    inside, low, high = scaled_bulk(variance, ratio, x)
    area = sp.Integral(f * inside, (x, low, high))
    zeros = sp.Max(0, 1 - 1 / ratio) * (0 if _inverses(function) else f.subs(x, 0))
    return Statement(
        tends_to(mean, size),
        area + zeros,
        positive=(variance, *_regular(function, ratio)),
        free=(variance,),
    )


def continuous_function(
    function: Any, letter: Any, variance: Any, Z: Any, x: Any
) -> tuple[Any, Any]:
    """F(x), and f(R) for R = s ZZ'/p in place of the ``letter``; refused unless f is known to be
    continuous and depends on nothing else that is random or grows."""
    f, powers = value(function, letter, x, 1 / x), function.atoms(sp.MatPow)
    if not all(each.exp.is_integer for each in powers) or function.has(pinv):
        raise TypeError(f"{function} is not known to be continuous")
    if any(each.base != letter or not each.exp.is_negative for each in _inverses(function)):
        raise TypeError(f"{function} is not known to be continuous")
    if function.has(x) or variance.has(x) or f.has(Z.shape[0]) or f.atoms(sp.MatrixSymbol):
        raise TypeError(f"{function} is no function of {letter} alone")
    return f, function.xreplace({letter: second_moments(sp.sqrt(variance) * Z)}).doit()


def _inverses(function: Any) -> set[Any]:
    """The powers in f(R) that may be negative."""
    return {each for each in function.atoms(sp.MatPow) if each.exp.is_nonnegative is not True}


def _regular(function: Any, ratio: Any) -> tuple[Any, ...]:
    """What must be positive: 1/y - 1 where R has an inverse."""
    return (1 / ratio - 1,) if _inverses(function) else ()


@theorem(cite("baiyin1993", "theorem 1"))
def bai_yin_largest(Z: Any) -> Statement:
    """The largest eigenvalue of ZZ'/p tends to (1 + sqrt y)^2."""
    value = largest(second_moments(Z))
    return Statement(tends_to(value, Z.shape[0]), (1 + sp.sqrt(ratio_of(Z))) ** 2)


@theorem(cite("baiyin1993", "theorem 2"))
def bai_yin_smallest_positive(Z: Any) -> Statement:
    """The smallest eigenvalue of ZZ'/p that is not zero by rank tends to (1 - sqrt y)^2."""
    value = smallest_positive(second_moments(Z))
    return Statement(tends_to(value, Z.shape[0]), (1 - sp.sqrt(ratio_of(Z))) ** 2)


@theorem(cite("baiyin1993", "theorem 2"))
def bai_yin_smallest(Z: Any) -> Statement:
    """With more columns than rows the smallest eigenvalue of ZZ'/p tends to (1 - sqrt y)^2."""
    value, ratio = smallest(second_moments(Z)), ratio_of(Z)
    return Statement(
        tends_to(value, Z.shape[0]), (1 - sp.sqrt(ratio)) ** 2, positive=(1 / ratio - 1,)
    )


@theorem(cite("benaychgeorges2012", "theorem 2.8"))
def spiked_eigenvalue(strength: Any, u: Any, w: Any, Z: Any) -> Statement:
    """A spike theta uw' of rank one, u and w of length 1 and not random, is added to Z/sqrt p: the
    largest squared singular value tends to (1 + theta^2)(y + theta^2)/theta^2 where theta^2 > sqrt
    y, else to the edge (1 + sqrt y)^2."""
    square, ratio = strength**2, ratio_of(Z)
    return Statement(
        tends_to(largest(_spiked(strength, u, w, Z)), Z.shape[0]),
        sp.Piecewise(
            ((1 + square) * (ratio + square) / square, square > sp.sqrt(ratio)),
            ((1 + sp.sqrt(ratio)) ** 2, True),
        ),
        equal=((inner(u, u), 1), (inner(w, w), 1)),
        free=(strength, u, w),
    )


@theorem(cite("benaychgeorges2012", "theorem 2.9"))
def spiked_eigenvector(strength: Any, u: Any, w: Any, Z: Any) -> Statement:
    """With the same spike the squared product of u with the first left singular vector tends to 1 -
    y (1 + theta^2)/(theta^2 (theta^2 + y)) where theta^2 > sqrt y, else to 0."""
    square, ratio = strength**2, ratio_of(Z)
    return Statement(
        tends_to(inner(u, top(_spiked(strength, u, w, Z))) ** 2, Z.shape[0]),
        sp.Piecewise(
            (1 - ratio * (1 + square) / (square * (square + ratio)), square > sp.sqrt(ratio)),
            (0, True),
        ),
        equal=((inner(u, u), 1), (inner(w, w), 1)),
        free=(strength, u, w),
    )


def _spiked(strength: Any, u: Any, w: Any, Z: Any) -> Any:
    if sp.sympify(strength).has(Z.shape[0]):
        raise TypeError(f"the strength {strength} depends on the size")
    data = strength * u * w.T + Z / sp.sqrt(Z.shape[1])
    return data * data.T


@theorem(cite("muirhead1982", "theorem 3.1.4"))
def rank_of_independent(X: Any, M: Any) -> Statement:
    """Where the entries of X are independent and have a density, XM has as large a rank as X's rows
    and the rank of M admit, with probability 1; M is not random."""
    if not isinstance(X, independent):
        raise TypeError(f"the entries of {X} are not said to be independent")
    return Statement(rank(X * M), sp.Min(X.shape[0], rank(M)), free=(M,))


@theorem(cite("muirhead1982", "theorem 3.1.2"))
def sample_covariance(value: Any, A: Any, mean: Any, deviation: Any, Z: Any, Y: Any) -> Statement:
    """Gaussian examples X = mean 1' + s Z, p of them, centred: X(I - 11'/p)X' has the law of s^2
    YY', where Y has p - 1 columns of independent standard normal entries.

    ``value`` is any function of the matrix ``A``, which is one or the other, and of nothing else
    that is random.
    """
    if not (isinstance(Z, gaussian) and isinstance(Y, gaussian)):
        raise TypeError(f"{Z} and {Y} are not said to be Gaussian")
    size, count = Z.shape
    data = mean * sp.OneMatrix(1, count) + deviation * Z
    centred = data - data * sp.OneMatrix(count, count) / count
    return Statement(
        tends_to(value.xreplace({A: centred * centred.T}), size),
        tends_to(value.xreplace({A: deviation**2 * Y * Y.T}), size),
        equal=((Y.shape[0], size), (Y.shape[1], count - 1)),
        free=(value, mean, deviation),
    )


@theorem(cite("vershynin2018", "theorem 6.2.1"))
def random_direction(d: Any, function: Any, letter: Any, variance: Any, Z: Any) -> Statement:
    """In a random direction d the quadratic form of f(R), R = s ZZ'/p and f continuous, d'f(R)d
    over d'd, tends to the mean of the eigenvalues, tr f(R)/n: they are bounded (Bai and Yin).

    ``function`` is f of a ``letter`` that stands for R.
    """
    size = d.shape[0]
    if not isinstance(d, uniform_direction) or size != Z.shape[0]:
        raise TypeError(f"{d} is not said to be a random direction of {size} dimensions")
    x = sp.Dummy("x", positive=True)
    _, matrix = continuous_function(function, letter, variance, Z, x)
    return Statement(
        tends_to(inner(d, matrix * d) / inner(d, d), size),
        tends_to(sp.Trace(matrix) / size, size),
        positive=(variance, *_regular(function, ratio_of(Z))),
        free=(variance,),
    )
