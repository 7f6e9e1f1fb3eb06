"""The matrices of Winograd's convolutions F(m, r): m outputs of a filter of r numbers.

With n = m + r - 1 and the points p of ``POINTS``, of which infinity is the last,

    y = A' [(G g) * (B' x)]     y_i = sum_j x_{i+j} g_j     i < m, j < r, * entry by entry

is a product of polynomials, written transposed: A and G evaluate polynomials with m and r
coefficients at the points, and B multiplies interpolating polynomials. B depends on n alone. It
serves F(m, 3), by which images meet filters, and F(3, m), by which images meet cotangents.

The points 1/2 and -2 instead of 2 and -2 cost the same and lose half as many digits.
"""

from fractions import Fraction
from math import prod

Matrix = tuple[tuple[Fraction, ...], ...]
#: The finite points, by n.
POINTS = {
    n: tuple(map(Fraction, points))
    for n, points in {4: ("0", "1", "-1"), 6: ("0", "1", "-1", "1/2", "-2")}.items()
}


def sums(m: int, n: int) -> Matrix:
    """A' (m, n)."""
    return tuple(
        (*(point**i for point in POINTS[n]), Fraction(i == m - 1))  # 0**0 is 1
        for i in range(m)
    )


def filtered(r: int, n: int) -> Matrix:
    """G (n, r)."""
    finite = tuple(
        tuple(point**i / prod(point - other for other in _others(point, n)) for i in range(r))
        for point in POINTS[n]
    )
    return (*finite, tuple(Fraction(i == r - 1) for i in range(r)))


def entered(n: int) -> Matrix:
    """B' (n, n)."""
    finite = tuple((*_monic(_others(point, n)), Fraction(0)) for point in POINTS[n])
    return (*finite, _monic(POINTS[n]))


def _others(point: Fraction, n: int) -> tuple[Fraction, ...]:
    return tuple(other for other in POINTS[n] if other != point)


def _monic(roots: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    """The coefficients of the product of all x - root, the lowest first."""
    product: tuple[Fraction, ...] = (Fraction(1),)
    for root in roots:
        shifted, scaled = (Fraction(0), *product), (*product, Fraction(0))
        product = tuple(a - root * b for a, b in zip(shifted, scaled, strict=True))
    return product


#: B' of n = 6 in two steps of fewer terms: x (x + 3/2) - 1 divides most of its rows' polynomials.
_ROWS = (
    (
        "-1 3/2 1 0 0 0",
        "0 -1 3/2 1 0 0",
        "0 0 -1 3/2 1 0",
        "0 0 0 -1 3/2 1",
        "0 -1 0 1 0 0",
        "0 0 -1 0 1 0",
    ),
    (
        "-1 0 1 0 0 0",
        "0 1 1 0 0 0",
        "0 -1 1 0 0 0",
        "0 0 0 0 2 1",
        "0 0 0 0 -1/2 1",
        "0 -1 0 1 0 0",
    ),
)
STEPS: dict[int, tuple[Matrix, ...]] = {
    6: tuple(tuple(tuple(map(Fraction, row.split())) for row in rows) for rows in _ROWS)
}
#: The sizes m that are compiled, and their five transforms.
SIZES = (2, 4)
NAMES = ("image", "filter", "output", "cotangent", "gradient")
#: The matrices that each transform applies one after another, by ``number_of``.
MATRICES: tuple[tuple[Matrix, ...], ...] = tuple(
    matrices
    for m in SIZES
    for matrices in (
        STEPS.get(m + 2, (entered(m + 2),)),
        (filtered(3, m + 2),),
        (sums(m, m + 2),),
        (filtered(m, m + 2),),
        (sums(3, m + 2),),
    )
)


def number_of(name: str, m: int) -> int:
    """The place of the transform ``name`` of F(m, 3) and F(3, m) in ``MATRICES``."""
    return SIZES.index(m) * len(NAMES) + NAMES.index(name)
