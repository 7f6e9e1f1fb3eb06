"""The bulk: its edges, its density, its width (Marchenko and Pastur)."""

from typing import Any

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Link, because, by_step, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.eigenvalues import largest, smallest_positive
from theory.functions.large import share
from theory.proofs.rules import large, pieces
from theory.proofs.tactics import cited, equal, positive
from theory.proofs.theorems.random_matrices import (
    bai_yin_largest,
    bai_yin_smallest_positive,
    bulk,
    marchenko_pastur,
)
from theory.proofs.unevaluated import derivative, value_at
from theory.proofs.uses import Theorem
from theory.spectra.letters import (
    CENTRED,
    DENSITY,
    IN_BULK,
    INDEPENDENT,
    INSIDE,
    LARGE,
    LARGE_R,
    LOWER,
    RADIUS,
    SOURCE,
    UNDER_ROOT,
    UNIT_R,
    UPPER,
    N,
    Z,
    alpha,
    finite_edge,
    lam,
    limit,
    v,
    x,
    y,
    z,
)
from theory.spectra.shared_steps import fills, model, row_centre, row_radius, rows


def edge(extreme: Any, theorem: Theorem, sign: int) -> tuple[Link, ...]:
    """The links from an extreme eigenvalue to the edge of the bulk."""
    return (
        because("R is v ZZ'/p, where the entries of Z have the variance 1.",
                large.continuous(), v * limit(extreme(UNIT_R))),
        because("Z has 1/alpha rows per column, so this eigenvalue of ZZ'/p tends to its edge.",
                theorem(Z), v * (1 + sign * sp.sqrt(1 / alpha)) ** 2),
        calculated("The factor v and one over alpha go into the square."),
    )  # fmt: skip


@claim(
    "limit",
    (s.alpha, s.v),
    (
        cite(SOURCE, "lambda-, lambda+"),
        cite("lecun1991"),
        cite("johnstone2001", "th. 1.1"),
    ),
    (INDEPENDENT, CENTRED, LARGE),
)
def edges() -> Derivation:
    """The eigenvalues of the inputs' second-moment matrix R that are not zero by rank fill the
    interval from v(1 - sqrt alpha)^2/alpha to v(1 + sqrt alpha)^2/alpha."""
    return Derivation(
        definition={
            "lower": limit(smallest_positive(LARGE_R)),
            "upper": limit(largest(LARGE_R)),
        },
        closed_form={"lower": LOWER, "upper": UPPER},
        steps=(
            model(),
            rows(),
            cited(
                "By Gershgorin's theorem every eigenvalue lies, for some row x, between a - "
                "2b and a + 2b: its distance from the diagonal entry is at most the sum of "
                "the other entries",
                cite("hornjohnson2013", "theorem 6.1.1"),
            ),
            cited(
                "The entries of the rows converge uniformly over the rows.", cite("silverstein1985")
            ),
            equal(
                "Put y = alpha - x and z = 1 - x, which both fall along the rows. The upper "
                "end a + 2b of a row is v (sqrt y + sqrt z)^2/alpha.",
                v * (y + z) / alpha + 2 * v * sp.sqrt(y * z) / alpha,
                v * (sp.sqrt(y) + sp.sqrt(z)) ** 2 / alpha,
            ),
            equal(
                "The lower end a - 2b of a row is v (sqrt y - sqrt z)^2/alpha.",
                v * (y + z) / alpha - 2 * v * sp.sqrt(y * z) / alpha,
                v * (sp.sqrt(y) - sp.sqrt(z)) ** 2 / alpha,
            ),
            positive(
                "The upper ends fall along the rows, because sqrt y + sqrt z rises with y "
                "and with z.",
                derivative(sp.sqrt(y), y) + derivative(sp.sqrt(z), z),
            ),
            equal(
                "The lower ends rise along the rows, because (sqrt y - sqrt z)^2 has a "
                "derivative along the rows that is a square over sqrt(yz).",
                -derivative((sp.sqrt(y) - sp.sqrt(z)) ** 2, y)
                - derivative((sp.sqrt(y) - sp.sqrt(z)) ** 2, z),
                (sp.sqrt(y) - sp.sqrt(z)) ** 2 / sp.sqrt(y * z),
            ),
            equal(
                "So all eigenvalues lie between the two ends of the first row, x = 0. Its "
                "upper end is lambda+.",
                value_at(row_centre() + row_radius(), {x: 0}),
                UPPER,
            ),
            equal(
                "The lower end of the first row is lambda-.",
                value_at(row_centre() - row_radius(), {x: 0}),
                LOWER,
            ),
            fills(
                "The extreme eigenvalues reach both ends, since the density is positive up to "
                "the ends (spectra.density)."
            ),
            cited("Any other law of the inputs has the same edges.", cite("baiyin1993")),
        ),
        twins={
            "alpha upside down": {
                "lower": v * (1 - sp.sqrt(alpha)) ** 2,
                "upper": v * (1 + sp.sqrt(alpha)) ** 2,
            },
            "the population's, v": {"lower": v, "upper": v},
        },
        chain=chain(
            outputs={
                "lower": edge(smallest_positive, bai_yin_smallest_positive, -1),
                "upper": edge(largest, bai_yin_largest, 1),
            }
        ),
        finite_size={"lower": finite_edge(-1) - LOWER, "upper": finite_edge(1) - UPPER},
    )


@claim(
    "limit",
    (s.lam, s.alpha, s.v),
    (cite("marchenkopastur1967", "theorem 1"), cite("lecun1991")),
    (INDEPENDENT, CENTRED, LARGE),
)
def density() -> Derivation:
    """Between the edges lambda+- = v(1 +- sqrt alpha)^2/alpha of the bulk the eigenvalues of the
    inputs' second-moment matrix R have the density alpha sqrt((lambda+ - lam)(lam - lambda-))/(2 pi
    v lam). Outside, the density is zero."""
    unit = sp.Derivative(limit(share(UNIT_R, x)), x)
    return Derivation(
        definition=sp.Derivative(limit(share(LARGE_R, lam)), lam),
        closed_form=DENSITY,
        steps=(
            model(),
            rows(),
            cited(
                "The entries change slowly along the rows, so the eigenvalues fill the mean over x "
                "of arcsine laws 1/(pi sqrt((2b)^2 - (lam - a)^2)) of centre a and radius 2b.",
                cite("trotter1984"),
            ),
            equal(
                "The square (2b)^2 - (lam - a)^2 under the root is linear in x. At x = 0 it "
                "is the product under the root of the claim.",
                row_radius() ** 2 - (lam - row_centre()) ** 2,
                UNDER_ROOT - 4 * lam * v * x / alpha,
            ),
            equal(
                "At x = 1, where the rows end if alpha > 1, this square under the root is "
                "not positive. So the arcsine laws end before.",
                value_at(UNDER_ROOT - 4 * lam * v * x / alpha, {x: 1}),
                -((lam - v * (alpha - 1) / alpha) ** 2),
            ),
            equal(
                "At x = alpha, where the rows end if alpha < 1, the square under the root "
                "is not positive, too.",
                value_at(UNDER_ROOT - 4 * lam * v * x / alpha, {x: alpha}),
                -((lam - v * (1 - alpha) / alpha) ** 2),
            ),
            equal(
                "The integral of the arcsine laws over x has this antiderivative, minus "
                "alpha times the root over 2 pi lam v. It is zero where the root ends.",
                derivative(-alpha * sp.sqrt(UNDER_ROOT - 4 * lam * v * x / alpha), x)
                / (2 * sp.pi * v * lam),
                1 / (sp.pi * sp.sqrt(UNDER_ROOT - 4 * lam * v * x / alpha)),
            ),
            equal(
                "At x = 0 the antiderivative is minus the density of the claim. So the "
                "integral over x is the density.",
                value_at(
                    alpha * sp.sqrt(UNDER_ROOT - 4 * lam * v * x / alpha) / (2 * sp.pi * v * lam),
                    {x: 0},
                ),
                INSIDE,
            ),
            fills(
                "Any other law of the inputs, with the assumptions of the claim, has the same "
                "limit."
            ),
        ),
        twins={
            "a semicircle": sp.Piecewise(
                (2 * sp.sqrt(UNDER_ROOT) / (sp.pi * RADIUS**2), IN_BULK), (0, True)
            ),
            "the factor alpha lost": DENSITY / alpha,
        },
        chain=chain(
            because(
                "R is v ZZ'/p, so its eigenvalues are v times the eigenvalues of ZZ'/p.",
                large.scaled_density(),
                sp.Subs(unit, x, lam / v) / v,
            ),
            because(
                "Z has 1/alpha rows per column, so Marchenko and Pastur's theorem gives the "
                "limit for ZZ'/p.",
                marchenko_pastur(Z, x),
                sp.Subs(bulk(1 / alpha, x), x, lam / v) / v,
            ),
            because("The scale v goes into the root and into the ends.", pieces.same_pieces()),
        ),
        # and a quarter of an eigenvalue more at either edge (baisilverstein2004)
        finite_size=sp.Piecewise((-1 / (2 * sp.pi * N * sp.sqrt(UNDER_ROOT)), IN_BULK), (0, True)),
    )


@claim(
    "limit",
    (s.alpha, s.v),
    (cite(SOURCE, "lambda- = lambda+ = v"),),
    (INDEPENDENT, CENTRED, LARGE),
)
def collapse() -> Derivation:
    """The bulk of the eigenvalues is 4v/sqrt(alpha) wide. With ever more examples per input the
    bulk collapses onto v."""
    highest, lowest = limit(largest(UNIT_R)), limit(smallest_positive(UNIT_R))
    over, under = (1 + sp.sqrt(1 / alpha)) ** 2, (1 - sp.sqrt(1 / alpha)) ** 2
    return Derivation(
        definition=limit(largest(LARGE_R) - smallest_positive(LARGE_R)),
        closed_form=4 * v / sp.sqrt(alpha),
        steps=(
            equal(
                "The difference of the edges of the bulk is 4v/sqrt alpha.",
                UPPER - LOWER,
                4 * v / sp.sqrt(alpha),
            ),
            equal(
                "The difference of the edges vanishes as alpha grows.",
                sp.Limit(4 * v / sp.sqrt(alpha), alpha, sp.oo),
                0,
            ),
            equal("The upper edge tends to v as alpha grows.", sp.Limit(UPPER, alpha, sp.oo), v),
        ),
        twins={"its radius": 2 * v / sp.sqrt(alpha), "4v/alpha": 4 * v / alpha},
        chain=chain(
            because(
                "R is v ZZ'/p, and the difference of the extreme eigenvalues tends to the "
                "difference of their limits.",
                large.continuous(),
                v * (highest - lowest),
            ),
            because(
                "Z has 1/alpha rows per column, so the largest eigenvalue tends to the upper edge.",
                bai_yin_largest(Z),
                v * (over - lowest),
            ),
            because(
                "In the same way the smallest eigenvalue that is not zero by rank tends to the "
                "lower edge.",
                bai_yin_smallest_positive(Z),
                v * (over - under),
            ),
            by_step("The difference of the edges is 4v/sqrt alpha.", 1),
        ),
        finite_size=finite_edge(1) - finite_edge(-1) - 4 * v / sp.sqrt(alpha),
    )
