"""Laws of random letters: moments and densities for the proofs, draws for simulations.

A law is one object for both. ``Normal``, ``ChiSquared`` and ``Coordinate`` are laws of a number,
``JointNormal`` is that of several together. ``Entries`` is the law of a matrix or a column:
``gaussian_column`` has any covariance, ``independent_entries`` need not be Gaussian. ``Layers`` is
the law of what random layers make of a start, one after another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

Values = Mapping[Any, Any]


@dataclass(frozen=True)
class Normal:
    """A Gaussian number of ``mean`` and ``variance``."""

    mean: Any = 0
    variance: Any = 1

    #: Where its values lie.
    ends = (-sp.oo, sp.oo)

    def density(self, at: Any) -> Any:
        """The density at a value."""
        exponent = -((at - self.mean) ** 2) / (2 * self.variance)
        return sp.exp(exponent) / sp.sqrt(2 * sp.pi * self.variance)

    def moment(self, power: int) -> Any:
        """The mean of a whole power: powers of the mean times even central moments."""
        return sp.Add(
            *(
                sp.binomial(power, k)
                * sp.sympify(self.mean) ** (power - k)
                * sp.factorial2(k - 1)
                * sp.sympify(self.variance) ** (k // 2)
                for k in range(0, power + 1, 2)
            )
        )

    def rectified_moment(self, power: int) -> Any:
        """The mean of a whole power of max(0, x), where the mean of x is 0."""
        size = sp.Rational(2) ** (sp.Rational(power, 2) - 1) * sp.gamma(sp.Rational(power + 1, 2))
        return size / sp.sqrt(sp.pi) * sp.sympify(self.variance) ** sp.Rational(power, 2)

    def draw(self, random: np.random.Generator, count: int, values: Values) -> np.ndarray:
        """``count`` values."""
        middle, spread = number_at(self.mean, values), number_at(self.variance, values)
        return middle + np.sqrt(spread) * random.standard_normal(count)


@dataclass(frozen=True)
class ChiSquared:
    """The sum of the squares of ``freedom`` independent standard Gaussians."""

    freedom: Any

    #: Where its values lie.
    ends = (sp.Integer(0), sp.oo)

    def density(self, at: Any) -> Any:
        """The density at a value."""
        half = sp.sympify(self.freedom) / 2
        return at ** (half - 1) * sp.exp(-at / 2) / (2**half * sp.gamma(half))

    def moment(self, power: int) -> Any:
        """The mean of a whole power, k (k + 2) (k + 4) ..."""
        return sp.Mul(*(sp.sympify(self.freedom) + 2 * j for j in range(power)))

    def draw(self, random: np.random.Generator, count: int, values: Values) -> np.ndarray:
        """``count`` values."""
        return random.chisquare(number_at(self.freedom, values), count)


@dataclass(frozen=True)
class Coordinate:
    """An entry of a unit vector whose direction is uniform in ``dimensions`` dimensions."""

    dimensions: Any

    #: Where its values lie.
    ends = (sp.Integer(-1), sp.Integer(1))

    @property
    def freedom(self) -> Any:
        """Degrees of freedom: where there is none, there is no density."""
        return sp.sympify(self.dimensions) - 1

    def density(self, at: Any) -> Any:
        """The density at a value."""
        half = sp.sympify(self.dimensions) / 2
        mass = sp.sqrt(sp.pi) * sp.gamma(half - sp.Rational(1, 2)) / sp.gamma(half)
        return (1 - at**2) ** (half - sp.Rational(3, 2)) / mass

    def moment(self, power: int) -> Any:
        """The mean of a whole power: 1 3 5 .../(n (n + 2) (n + 4) ...) where it is even."""
        if power % 2:
            return sp.Integer(0)
        size = sp.sympify(self.dimensions)
        return sp.Mul(*((2 * j + 1) / (size + 2 * j) for j in range(power // 2)))

    def draw(self, random: np.random.Generator, count: int, values: Values) -> np.ndarray:
        """``count`` values."""
        size = round(number_at(self.dimensions, values))
        drawn = random.standard_normal((size, count))
        entries: np.ndarray = drawn[0] / np.linalg.norm(drawn, axis=0)
        return entries


@dataclass(frozen=True)
class JointNormal:
    """Gaussian numbers ``letters`` of mean 0 with a ``covariance``."""

    letters: tuple[Any, ...]
    covariance: sp.ImmutableMatrix

    #: Where the values of each lie.
    ends = (-sp.oo, sp.oo)

    def density(self, *at: Any) -> Any:
        """The density at values."""
        column = sp.Matrix(at)
        exponent = sp.factor((column.T * self.covariance.inv() * column)[0, 0])
        scale = (2 * sp.pi) ** len(at) * sp.expand(self.covariance.det())
        return sp.exp(-exponent / 2) / sp.sqrt(scale)

    def moment(self, *powers: int) -> Any:
        """The mean of a product of whole powers: the sum over all pairings (Isserlis)."""
        places = [i for i, power in enumerate(powers) for _ in range(power)]
        return sp.Add(
            *(sp.Mul(*(self.covariance[pair] for pair in pairing)) for pairing in pairings(places))
        )

    def draw(self, random: np.random.Generator, count: int, values: Values) -> np.ndarray:
        """``count`` values of each, one per row."""
        size = len(self.letters)
        root = root_of(matrix_at(sp.ImmutableMatrix(self.covariance), values))
        return root @ random.standard_normal((size, count))


@dataclass(frozen=True)
class Entries:
    """A matrix M + Z, where E z_ij z_kl is ``rows``_ik ``columns``_jl and E z_ij is 0.

    Where it is not ``gaussian``, no more than that is known of its entries.
    """

    mean: Any
    rows: Any
    columns: Any
    gaussian: bool = True

    @property
    def shape(self) -> tuple[Any, Any]:
        """Rows and columns."""
        return self.rows.shape[0], self.columns.shape[0]

    def draw(self, random: np.random.Generator, count: int, values: Values) -> np.ndarray:
        """``count`` matrices. What is not Gaussian is drawn with a skewed law."""
        left = root_of(matrix_at(self.rows, values))
        right = root_of(matrix_at(self.columns, values))
        size = (count, len(left), len(right))
        drawn = random.standard_normal(size) if self.gaussian else random.exponential(size=size) - 1
        return matrix_at(self.mean, values) + left @ drawn @ right


@dataclass(frozen=True)
class Layers:
    """A number or a matrix after ``depth`` layers.

    Each makes ``after`` of the one ``before``, with letters that are ``fresh`` in each layer. So
    are those of the ``start``. In ``after``, ``index`` is the number of layers before.
    """

    before: Any
    after: Any
    start: Any
    depth: Any
    fresh: tuple[tuple[Any, Any], ...]
    index: Any = sp.Symbol("index", integer=True, nonnegative=True)  # noqa: RUF009


@dataclass(frozen=True)
class Stationary:
    """A column that becomes ``after`` in a step, with the law that it had before."""

    after: Any


@dataclass(frozen=True)
class Fresh:
    """A column of a stated squared length that on average, given the others, is orthogonal to
    them."""

    squared: Any


def standard_pair(first: Any, second: Any, correlation: Any) -> dict[Any, JointNormal]:
    """The laws of two standard Gaussians of a ``correlation``."""
    law = JointNormal((first, second), sp.ImmutableMatrix([[1, correlation], [correlation, 1]]))
    return dict.fromkeys(law.letters, law)


def gaussian_column(covariance: Any, mean: Any = None) -> Entries:
    """A Gaussian column with a ``covariance``, of mean 0 where none is given."""
    rows = covariance.shape[0]
    return Entries(sp.ZeroMatrix(rows, 1) if mean is None else mean, covariance, sp.Identity(1))


def independent_entries(
    rows: Any, columns: Any, variance: Any, mean: Any = 0, gaussian: bool = False
) -> Entries:
    """A ``rows`` x ``columns`` matrix of independent entries of one ``mean`` and ``variance``."""
    middle = (
        sp.ZeroMatrix(rows, columns)
        if mean == 0
        else mean * sp.OneMatrix(rows, 1) * sp.OneMatrix(1, columns)
    )
    return Entries(middle, variance * sp.Identity(rows), sp.Identity(columns), gaussian)


def pairings(places: list[Any]) -> list[tuple[tuple[Any, Any], ...]]:
    """All ways to pair what stands in a list; none where its length is odd."""
    if not places:
        return [()]
    first, *rest = places
    return [
        ((first, partner), *others)
        for k, partner in enumerate(rest)
        for others in pairings(rest[:k] + rest[k + 1 :])
    ]


def number_at(expression: Any, values: Values) -> float:
    """A number at values of its letters."""
    return float(sp.sympify(expression).subs(_numbers(values)))


def matrix_at(expression: Any, values: Values) -> np.ndarray:
    """A matrix at values of its sizes and letters."""
    named = {str(x): value for x, value in values.items()}
    here = sp.sympify(expression).subs(_numbers(values))
    factor, matrix = here.as_coeff_mmul() if isinstance(here, sp.MatMul) else (1, here)
    matrix = matrix.doit() if isinstance(matrix, sp.MatMul) else matrix
    if isinstance(matrix, sp.Identity):  # of any size, quickly
        return float(factor) * np.eye(int(matrix.rows))
    if isinstance(here, sp.ZeroMatrix):
        return np.zeros([int(size) for size in here.shape])
    letters = {x: sp.Matrix(named[str(x)]) for x in here.atoms(sp.MatrixSymbol)}
    explicit = here.xreplace(letters).doit()
    return np.array(sp.ImmutableMatrix(explicit).tolist(), dtype=float)


def _numbers(values: Values) -> dict[Any, Any]:
    return {x: value for x, value in values.items() if isinstance(x, sp.Symbol)}


def root_of(covariance: np.ndarray) -> np.ndarray:
    """The symmetric root of a covariance, which may be singular."""
    values, vectors = np.linalg.eigh(covariance)
    root: np.ndarray = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    return root
