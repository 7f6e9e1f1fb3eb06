"""Descent on the bulk at the best rates, with momentum and without."""

from collections.abc import Callable
from functools import partial

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Link, because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.eigenvalues import largest, smallest_positive
from theory.functions.matrices import pinv
from theory.functions.rates import largest_over, least, radius, root_size
from theory.functions.stated import argmin
from theory.proofs.intervals import root_above
from theory.proofs.rules import large, rates
from theory.proofs.tactics import cited, equal, nonnegative, positive
from theory.proofs.theorems import dynamics
from theory.proofs.theorems.random_matrices import bai_yin_largest, bai_yin_smallest_positive
from theory.proofs.unevaluated import value_at
from theory.spectra.letters import (
    ABOVE_ONE,
    CENTRED,
    INDEPENDENT,
    LARGE,
    LARGE_R,
    LOWER,
    SOURCE,
    UNDER_ROOT,
    UNIT_R,
    UPPER,
    A,
    Z,
    alpha,
    eta,
    finite_edge,
    lam,
    limit,
    n,
    on_random_data,
    v,
    y,
)

HIGH, LOW = largest(LARGE_R), smallest_positive(LARGE_R)
beta = s.beta.symbol


def over_modes(value: sp.Expr) -> sp.Expr:
    """The largest that ``value`` is at the positive eigenvalues lam of random data."""
    return largest_over(value, lam, LOW, HIGH)


def modes_apart(step: sp.MatrixExpr, right: sp.Expr) -> Link:
    """The link from the radius of a step to the largest of its modes."""
    return because(
        "On the eigenvectors of R the modes separate.",
        dynamics.spectral_radius_by_modes(step, LARGE_R, lam),
        right,
    )


def to_the_edges(function: Callable[[sp.Expr, sp.Expr], sp.Expr]) -> tuple[Link, ...]:
    """From the limit of a function of the extreme eigenvalues to the edges of the bulk."""
    high, low = limit(largest(UNIT_R)), limit(smallest_positive(UNIT_R))
    over, under = ((1 + sign * sp.sqrt(1 / alpha)) ** 2 for sign in (1, -1))
    return (
        because("R is v ZZ'/p. A continuous function of the extreme eigenvalues tends to the "
                "function of their limits.",
                large.continuous(), function(v * high, v * low)),
        because("Z has 1/alpha rows per column, so the largest eigenvalue tends to the upper edge.",
                bai_yin_largest(Z), function(v * over, v * low)),
        because("In the same way the smallest eigenvalue that is not zero by rank tends to the "
                "lower edge.",
                bai_yin_smallest_positive(Z), function(v * over, v * under)),
        calculated("Simplify the expression in the edges."),
    )  # fmt: skip


def two_over_sum(high: sp.Expr, low: sp.Expr) -> sp.Expr:
    """The best rate between two eigenvalues."""
    return 2 / (high + low)


def difference_over_sum(high: sp.Expr, low: sp.Expr) -> sp.Expr:
    """What the best rate shrinks by."""
    return (high - low) / (high + low)


@claim(
    "limit",
    (s.alpha, s.v),
    (cite("paquette2020"), cite(SOURCE, "optimal step size")),
    (INDEPENDENT, CENTRED, LARGE),
)
def bulk_rate() -> Derivation:
    """On the bulk the best fixed rate of descent is eta = alpha/(v (1 + alpha)). At this rate the
    distance to the minimum shrinks by the factor 2 sqrt(alpha)/(1 + alpha) per step."""
    best, rate = alpha / (v * (1 + alpha)), 2 * sp.sqrt(alpha) / (1 + alpha)
    low, high = finite_edge(-1), finite_edge(1)
    step = on_random_data((sp.Identity(n) - eta * A) * pinv(A) * A)
    size = sp.Abs(1 - eta * lam)
    ends = sp.Max(*(size.subs(lam, end) for end in (LOW, HIGH)))
    found = {"eta": two_over_sum, "rate": difference_over_sum}

    def asked(value: sp.Expr) -> dict[str, sp.Expr]:
        return {"eta": limit(argmin(eta, value, (eta,))), "rate": limit(least(value, (eta,)))}

    return Derivation(
        definition=asked(radius(step)),
        closed_form={"eta": best, "rate": rate},
        steps=(
            equal(
                "At eta = alpha/(v (1 + alpha)) the displacement at the lower edge is "
                "multiplied by 2 sqrt(alpha)/(1 + alpha).",
                1 - best * LOWER,
                rate,
            ),
            equal(
                "At the upper edge the displacement is multiplied by the same factor with "
                "the other sign. Between the edges every displacement shrinks faster.",
                best * UPPER - 1,
                rate,
            ),
            positive(
                "A rate larger by the factor 1 + y makes eta lambda+ larger, so the factor "
                "eta lambda+ - 1 at the upper edge is worse.",
                ((1 + y) * best * UPPER - 1) - (best * UPPER - 1),
            ),
            nonnegative(
                "A rate smaller by the factor 1 - y makes eta lambda- no larger, so the "
                "factor 1 - eta lambda- at the lower edge is no better.",
                (1 - (1 - y) * best * LOWER) - (1 - best * LOWER),
            ),
        ),
        twins={
            "one over the upper edge": {"eta": 1 / UPPER, "rate": 1 - LOWER / UPPER},
        },
        chain=chain(
            outputs={
                key: (
                    modes_apart(step, asked(over_modes(size))[key]),
                    because(
                        "|1 - eta lam| is convex in lam, so that one of the extreme modes "
                        "is the slowest.",
                        large.under_limit(by=rates.convex_at_the_ends()),
                        asked(ends)[key],
                    ),
                    because(
                        "As eta grows, the factor of one extreme mode falls and the factor "
                        "of the other rises. The larger of them is least where both are "
                        "equal.",
                        large.under_limit(by=rates.lines_meet()),
                        limit(best_of(HIGH, LOW)),
                    ),
                    *to_the_edges(best_of),
                )
                for key, best_of in found.items()
            }
        ),
        finite_size={"eta": 2 / (high + low) - best, "rate": (high - low) / (high + low) - rate},
    )


def polyak(high: sp.Expr, low: sp.Expr) -> dict[str, sp.Expr]:
    """The best heavy ball between two eigenvalues."""
    ratio = (sp.sqrt(high) - sp.sqrt(low)) / (sp.sqrt(high) + sp.sqrt(low))
    return {"eta": 4 / (sp.sqrt(high) + sp.sqrt(low)) ** 2, "beta": ratio**2, "rate": ratio}


def polyak_part(key: str, high: sp.Expr, low: sp.Expr) -> sp.Expr:
    """One of the three."""
    return polyak(high, low)[key]


@claim(
    "limit",
    (ABOVE_ONE, s.v),
    (cite("polyak1964"), cite("pedregosascieur2020")),
    (INDEPENDENT, CENTRED, LARGE),
)
def bulk_heavy_ball() -> Derivation:
    """On the bulk of alpha > 1 the heavy ball is fastest with the rate eta = 1/v and the momentum
    beta = 1/alpha. The distance to the minimum then shrinks by the factor 1/sqrt alpha per step."""
    zeta = sp.Symbol("zeta")
    kept = pinv(A) * A  # the directions that are not flat
    now = (1 + beta) * kept - eta * A
    step = on_random_data(sp.BlockMatrix([[now, -beta * kept], [kept, sp.ZeroMatrix(n, n)]]))
    modes = over_modes(root_size(1 + beta - eta * lam, beta))

    closed = {"eta": 1 / v, "beta": 1 / alpha, "rate": 1 / sp.sqrt(alpha)}
    best, finite = polyak(UPPER, LOWER), polyak(finite_edge(1), finite_edge(-1))

    def asked(value: sp.Expr) -> dict[str, sp.Expr]:
        both = (eta, beta)
        places = {"eta": argmin(eta, value, both), "beta": argmin(beta, value, both)}
        return {key: limit(each) for key, each in {**places, "rate": least(value, both)}.items()}

    return Derivation(
        definition=asked(radius(step)),
        closed_form=closed,
        steps=(
            equal(
                "Along an eigenvector a step multiplies (V_j(k), V_j(k-1)) by a 2 x 2 "
                "matrix M. The determinant of zeta I - M is its characteristic polynomial "
                "zeta^2 - (1 + beta - eta lam) zeta + beta.",
                sp.Matrix([[1 + beta - eta * lam, -beta], [1, 0]]).charpoly(zeta).as_expr(),
                zeta**2 - (1 + beta - eta * lam) * zeta + beta,
            ),
            equal(
                "At eta = 1/v and beta = 1/alpha the discriminant of this polynomial is "
                "negative exactly on the bulk. There the roots are conjugate with the "
                "product beta, so that both have the modulus sqrt beta.",
                (1 + 1 / alpha - lam / v) ** 2 - 4 / alpha,
                -UNDER_ROOT / v**2,
            ),
            cited(
                "For eigenvalues between lambda- and lambda+ no heavy ball is faster than "
                "Polyak's choice.",
                cite("polyak1964"),
            ),
            equal(
                "Polyak's choice (quadratic.optimal_heavy_ball) at the edges of the bulk "
                "has the rate 1/v. Here sqrt alpha is 1 + y, since alpha > 1.",
                value_at(best["eta"], {alpha: (1 + y) ** 2}),
                1 / v,
            ),
            equal(
                "Polyak's factor at the edges of the bulk is 1/(1 + y) = 1/sqrt alpha. The "
                "momentum, its square, is 1/alpha.",
                value_at(best["rate"], {alpha: (1 + y) ** 2}),
                1 / (1 + y),
            ),
        ),
        twins={
            "plain descent's rate": {
                "eta": alpha / (v * (1 + alpha)),
                "beta": sp.Integer(0),
                "rate": 2 * sp.sqrt(alpha) / (1 + alpha),
            },
            "rate 1/alpha": {"eta": 1 / v, "beta": 1 / alpha**2, "rate": 1 / alpha},
        },
        chain=chain(
            outputs={
                key: (
                    modes_apart(step, asked(modes)[key]),
                    because(
                        "The best choice gives the two extreme modes double roots of one size.",
                        large.under_limit(by=rates.roots_of_one_size()),
                        limit(polyak(HIGH, LOW)[key]),
                    ),
                    *to_the_edges(partial(polyak_part, key)),
                )
                for key in closed
            },
            covers=(root_above(ABOVE_ONE),),
        ),
        finite_size={name: finite[name] - closed[name] for name in closed},
    )
