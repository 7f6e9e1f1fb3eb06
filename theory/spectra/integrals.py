"""Means over the bulk: moments, and the mean inverse eigenvalue."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.proofs.intervals import root_above
from theory.proofs.rules import binomials, substitution
from theory.proofs.tactics import cited, equal
from theory.proofs.unevaluated import derivative
from theory.spectra.letters import (
    ABOVE_ONE,
    CENTRE,
    CENTRED,
    INDEPENDENT,
    INSIDE,
    LARGE,
    LARGE_R,
    LOWER,
    ORDER,
    RADIUS,
    UNDER_ROOT,
    UPPER,
    A,
    N,
    alpha,
    first_order,
    j,
    lam,
    limit,
    n,
    phi,
    v,
    x,
)
from theory.spectra.shared_steps import catalan, circle, fills, to_the_bulk


@claim(
    "limit",
    (ORDER, s.alpha, s.v),
    (cite("marchenkopastur1967"), cite("letacmassam2004")),
    (INDEPENDENT, CENTRED, LARGE),
)
def moments() -> Derivation:
    """The mean of lam^order over the eigenvalues lam of the inputs' second-moment matrix is v^order
    sum_i C(order,i) C(order-1,i)/((i+1) alpha^i), i = 0 ... order - 1, with binomial coefficients
    C. For the orders 1, 2, 3 the mean is v, v^2(1 + 1/alpha), v^3(1 + 3/alpha + 1/alpha^2)."""
    order, i = ORDER.symbol, sp.Symbol("i", integer=True, nonnegative=True)
    narayana = sp.binomial(order, i) * sp.binomial(order - 1, i) / (i + 1)
    q = order - 1
    over = sp.Sum(sp.binomial(q, i) * sp.binomial(q, i + 2) / alpha ** (i + 1), (i, 0, q))
    over_less = sp.Sum(sp.binomial(q, i - 1) * sp.binomial(q, i + 1) / alpha**i, (i, 0, q))
    third = 3 / alpha + 3 / alpha**2 + 4 / (alpha**2 * N)
    return Derivation(
        definition=limit(sp.Trace(LARGE_R**order) / n),
        closed_form=v**order * sp.Sum(narayana / alpha**i, (i, 0, order - 1)),
        steps=(
            fills(),
            *circle(),
            equal(
                "By the binomial theorem the mean of lam^(order-1) = (lambda_c + r cos "
                "phi)^(order-1) is the sum over j of C(order-1, 2j) lambda_c^(order-1-2j) "
                "r^(2j) a_j. The factor r^(2j) a_j is alpha^(-j) v^(2j) Cat_j.",
                (RADIUS ** (2 * j)) * catalan(j) / 4**j,
                v ** (2 * j) * alpha ** (-j) * catalan(j),
            ),
            equal(
                "The power (1 + 1/alpha)^(order-1-2j) has the terms C(order-1-2j, i-j) "
                "alpha^(-(i-j)), i >= j. So the factor of v^order alpha^(-i) is a sum over "
                "j of products of binomial coefficients, and each product can be written "
                "with C(i, j) C(order-i, j+1).",
                sp.binomial(order - 1, 2 * j) * sp.binomial(order - 1 - 2 * j, i - j) * catalan(j),
                sp.binomial(order - 1, i)
                / (order - i)
                * sp.binomial(i, j)
                * sp.binomial(order - i, j + 1),
            ),
            cited(
                "The sum of C(i, j) C(order - i, j + 1) over j is C(order, i + 1) (Vandermonde).",
                cite("graham1994", "eq. (5.22)"),
            ),
            equal(
                "With Vandermonde's sum the factor of v^order alpha^(-i) is C(order, i) "
                "C(order-1, i)/(i + 1), a Narayana number.",
                sp.binomial(order - 1, i) * sp.binomial(order, i + 1) / (order - i),
                narayana,
            ),
        ),
        twins={
            "all eigenvalues v": v**order,
            "binomials for Narayana numbers": v**order
            * sp.Sum(sp.binomial(order - 1, i) / alpha**i, (i, 0, order - 1)),
        },
        chain=chain(
            to_the_bulk(sp.Integer(1), A**order),
            because(
                "Put lam = lambda_c + r cos phi, with the bulk's centre lambda_c and radius "
                "r. Then lam is v |1 + e^(i phi)/sqrt alpha|^2.",
                substitution.substitution(image=CENTRE + RADIUS * sp.cos(phi)),
                v**order
                * 2
                / sp.pi
                * sp.Integral(
                    (1 + 1 / alpha + 2 * sp.cos(phi) / sp.sqrt(alpha)) ** q * sp.sin(phi) ** 2,
                    (phi, 0, sp.pi),
                ),
            ),
            because(
                "Expand by the binomial theorem, with sin^2 phi = (1 - cos 2 phi)/2.",
                binomials.circle_power(ratio=1 / sp.sqrt(alpha)),
                v**order * (sp.Sum(sp.binomial(q, i) ** 2 / alpha**i, (i, 0, q)) - over),
            ),
            because(
                "Shift the second sum by one. The terms that enter and leave are zero.",
                binomials.shifted(of=over, by=1),
                v**order * (sp.Sum(sp.binomial(q, i) ** 2 / alpha**i, (i, 0, q)) - over_less),
            ),
            because(
                "The first sum less the second is one sum, whose coefficients are the "
                "Narayana numbers.",
                binomials.term_by_term(),
            ),
        ),
        finite_size=sp.Piecewise(  # exact up to the third (letacmassam2004)
            (0, sp.Eq(order, 1)),
            (v**2 / (alpha * N), sp.Eq(order, 2)),
            (v**3 * third / N, sp.Eq(order, 3)),
            (first_order(lam**order), True),
        ),
    )


@claim(
    "limit",
    (ABOVE_ONE, s.v),
    (cite("marchenkopastur1967"), cite("muirhead1982", "chapter 3")),
    (INDEPENDENT, CENTRED, LARGE),
)
def inverse_moment() -> Derivation:
    """For alpha > 1 the mean inverse eigenvalue of the inputs' second-moment matrix is alpha/(v
    (alpha - 1)). For N Gaussian inputs and p examples the expected mean is p/(v (p - N - 1)) at
    every size."""
    q, root = v * (alpha - 1) / alpha, sp.sqrt(UNDER_ROOT)
    first, second = sp.atan2(lam - CENTRE, root), sp.atan2(CENTRE * lam - q**2, q * root)
    antiderivative = alpha / (2 * sp.pi * v) * (-root / lam - first + CENTRE / q * second)
    closed = alpha / (v * (alpha - 1))
    front, width, below = alpha / (sp.pi * v), UPPER - LOWER, UPPER + x**2 * LOWER
    angle = sp.atan(x * sp.sqrt(LOWER / UPPER)) / sp.sqrt(LOWER * UPPER)
    return Derivation(
        definition=limit(sp.Trace(LARGE_R.I) / n),
        closed_form=closed,
        steps=(
            fills(),
            equal(
                "The density over lam has an antiderivative, with the centre lambda_c and "
                "the radius r of the bulk and lambda_g = v(alpha - 1)/alpha. Its derivative "
                "is the density over lam.",
                derivative(antiderivative, lam),
                INSIDE / lam,
            ),
            equal(
                "The root is zero at both edges, and each of the two angles grows by pi "
                "(spectra.distribution). So the antiderivative grows by alpha/(v (alpha - "
                "1)).",
                alpha / (2 * sp.pi * v) * (CENTRE / q - 1) * sp.pi,
                closed,
            ),
        ),
        twins={"inverse of the mean": 1 / v, "alpha + 1": alpha / (v * (alpha + 1))},
        chain=chain(
            to_the_bulk(sp.Integer(1), A.I),
            because(
                "Put lam = (lambda+ + w^2 lambda-)/(1 + w^2), w > 0.",
                substitution.substitution(image=(UPPER + x**2 * LOWER) / (1 + x**2)),
                front * sp.Integral((width * x) ** 2 / (1 + x**2) / below**2, (x, 0, sp.oo)),
            ),
            because(
                "Partial fractions give an antiderivative with inverse tangents.",
                substitution.antiderivative_in_coordinates(
                    of=width * x / below / 2 + CENTRE * angle - sp.atan(x)
                ),
            ),
            covers=(root_above(ABOVE_ONE),),
        ),
        finite_size=alpha * N / (v * (alpha * N - N - 1)) - closed,
    )
