"""The bulk: its edges, its density, its distribution (Marchenko and Pastur)."""

from typing import Any

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Link, because, by_step, calculated, chain
from theory.claim import Derivation, Step, claim
from theory.functions.eigenvalues import largest, smallest_positive
from theory.functions.large import share
from theory.proofs.covers import placed, squared
from theory.proofs.rules import large, pieces
from theory.proofs.tactics import cited, equal, positive
from theory.proofs.theorems.random_matrices import (
    bai_yin_largest,
    bai_yin_smallest_positive,
    bulk,
    marchenko_pastur,
)
from theory.proofs.uses import Theorem
from theory.spectra.letters import (
    ATOM,
    CENTRE,
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
from theory.spectra.shared_steps import fills, model


def rows() -> Step:
    """The entries of the tridiagonal matrix v BB'/p in the limit."""
    degrees = sp.Symbol("n", positive=True)
    return equal(
        "A chi^2 of n degrees has mean n and variance 2n, so relative to its mean it does not "
        "fluctuate: row x N of v BB'/p has a = v(alpha - x + 1 - x)/alpha on the diagonal and "
        "b = v sqrt((alpha - x)(1 - x))/alpha beside it.",
        sp.Limit(2 * degrees / degrees**2, degrees, sp.oo),
        0,
    )


def row_centre() -> sp.Expr:
    """The diagonal of row x N, a."""
    return v * (alpha - x + 1 - x) / alpha


def row_radius() -> sp.Expr:
    """Twice the entry beside it, 2b."""
    return 2 * v * sp.sqrt((alpha - x) * (1 - x)) / alpha


def edge(extreme: Any, theorem: Theorem, sign: int) -> tuple[Link, ...]:
    """The links from an extreme eigenvalue to the edge of the bulk."""
    return (
        because("R is v ZZ'/p, Z of variance 1.", large.continuous(), v * limit(extreme(UNIT_R))),
        because("There are 1/alpha rows per column.", theorem(Z),
                v * (1 + sign * sp.sqrt(1 / alpha)) ** 2),
        calculated("That is the edge in the claim's letters."),
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
                "Every eigenvalue lies within a row's off-diagonal entries of its diagonal, "
                "between a - 2b and a + 2b of some row x (Gershgorin),",
                cite("hornjohnson2013", "theorem 6.1.1"),
            ),
            cited("and that uniformly over the rows.", cite("silverstein1985")),
            equal(
                "With y = alpha - x, z = 1 - x, both falling along the rows, the upper end is",
                v * (y + z) / alpha + 2 * v * sp.sqrt(y * z) / alpha,
                v * (sp.sqrt(y) + sp.sqrt(z)) ** 2 / alpha,
            ),
            equal(
                "and the lower",
                v * (y + z) / alpha - 2 * v * sp.sqrt(y * z) / alpha,
                v * (sp.sqrt(y) - sp.sqrt(z)) ** 2 / alpha,
            ),
            positive(
                "The upper ends fall along the rows, for sqrt y + sqrt z has the slopes",
                sp.diff(sp.sqrt(y), y) + sp.diff(sp.sqrt(z), z),
            ),
            equal(
                "The lower ends rise: the slope of (sqrt y - sqrt z)^2 is a square over sqrt(yz).",
                -sp.diff((sp.sqrt(y) - sp.sqrt(z)) ** 2, y)
                - sp.diff((sp.sqrt(y) - sp.sqrt(z)) ** 2, z),
                (sp.sqrt(y) - sp.sqrt(z)) ** 2 / sp.sqrt(y * z),
            ),
            equal(
                "So all lies between the ends of the first row, x = 0: above ...",
                (row_centre() + row_radius()).subs(x, 0),
                UPPER,
            ),
            equal("... and below.", (row_centre() - row_radius()).subs(x, 0), LOWER),
            fills("Both ends are reached: the density is positive up to them (spectra.density)."),
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
                "What stands under that root is linear in x: at x = 0 it is that of the claim.",
                row_radius() ** 2 - (lam - row_centre()) ** 2,
                UNDER_ROOT - 4 * lam * v * x / alpha,
            ),
            equal(
                "It ends before the rows do: it is negative at x = 1 ...",
                (UNDER_ROOT - 4 * lam * v * x / alpha).subs(x, 1),
                -((lam - v * (alpha - 1) / alpha) ** 2),
            ),
            equal(
                "... and at x = alpha.",
                (UNDER_ROOT - 4 * lam * v * x / alpha).subs(x, alpha),
                -((lam - v * (1 - alpha) / alpha) ** 2),
            ),
            equal(
                "The integral over x has this antiderivative, which ends at zero ...",
                sp.diff(-alpha * sp.sqrt(UNDER_ROOT - 4 * lam * v * x / alpha), x)
                / (2 * sp.pi * v * lam),
                1 / (sp.pi * sp.sqrt(UNDER_ROOT - 4 * lam * v * x / alpha)),
            ),
            equal(
                "... and begins at minus the density.",
                (
                    alpha * sp.sqrt(UNDER_ROOT - 4 * lam * v * x / alpha) / (2 * sp.pi * v * lam)
                ).subs(x, 0),
                INSIDE,
            ),
            fills("Any other law of the inputs has the same limit."),
        ),
        twins={
            "a semicircle": sp.Piecewise(
                (2 * sp.sqrt(UNDER_ROOT) / (sp.pi * RADIUS**2), IN_BULK), (0, True)
            ),
            "the factor alpha lost": DENSITY / alpha,
        },
        chain=chain(
            because(
                "R is v ZZ'/p, Z of variance 1: it has v times the eigenvalues.",
                large.scaled_density(),
                sp.Subs(unit, x, lam / v) / v,
            ),
            because(
                "There are 1/alpha rows per column.",
                marchenko_pastur(Z, x),
                sp.Subs(bulk(1 / alpha, x), x, lam / v) / v,
            ),
            because("That is the density in the claim's letters.", pieces.same_pieces()),
        ),
        # and a quarter of an eigenvalue more at either edge (baisilverstein2004)
        finite_size=sp.Piecewise((-1 / (2 * sp.pi * N * sp.sqrt(UNDER_ROOT)), IN_BULK), (0, True)),
    )


@claim(
    "identity",
    (s.lam, s.alpha, s.v),
    (cite("marchenkopastur1967", "theorem 1"),),
)
def semicircle() -> Derivation:
    """Weighted by the eigenvalue, the bulk is a semicircle: lam rho(lam), with rho the bulk's
    density, is v times the density of the semicircle of centre v(1 + 1/alpha) and radius 2v/sqrt
    alpha."""

    def disc(centre: sp.Expr, radius: sp.Expr) -> sp.Expr:
        inside = 2 * sp.sqrt(radius**2 - (lam - centre) ** 2) / (sp.pi * radius**2)
        return sp.Piecewise((inside, sp.Abs(lam - centre) < radius), (0, True))

    return Derivation(
        definition=lam * DENSITY,
        closed_form=v * disc(CENTRE, RADIUS),
        steps=(
            equal(
                "The product of the distances to the two ends is that of a circle.",
                UNDER_ROOT,
                RADIUS**2 - (lam - CENTRE) ** 2,
            ),
            equal(
                "The factors agree: alpha/(2 pi v) is v times 2/(pi radius^2).",
                alpha / (2 * sp.pi * v),
                v * 2 / (sp.pi * RADIUS**2),
            ),
        ),
        twins={
            "half the radius": v * disc(CENTRE, RADIUS / 2),
            "centred at v": v * disc(v, RADIUS),
        },
        chain=chain(
            because(
                "Both are zero outside the bulk. In it the product of the distances to the ends is "
                "that of a circle.",
                pieces.pieces(),
            ),
            covers=(squared(alpha), placed(lam, LOWER, UPPER)),
        ),
    )


@claim(
    "limit",
    (s.lam, s.alpha, s.v),
    (cite("marchenkopastur1967", "theorem 1"),),
    (INDEPENDENT, CENTRED, LARGE),
)
def distribution() -> Derivation:
    """The share of eigenvalues of the inputs' second-moment matrix at or below lam is max(0, 1 -
    alpha), the atom at zero, plus, inside the bulk, alpha/(2 pi v) [sqrt(r^2 - (lam - lambda_c)^2)
    + lambda_c (pi/2 + arcsin((lam - lambda_c)/r)) - lambda_g (pi/2 + arcsin((lambda_c lam -
    lambda_g^2)/(r lam)))]. Here lambda_c = v(1 + 1/alpha) is the bulk's centre, r = 2v/sqrt alpha
    its radius and lambda_g = v|1 - alpha|/alpha the geometric mean of its edges."""
    q = v * sp.Abs(1 - alpha) / alpha
    root = sp.sqrt(UNDER_ROOT)
    first = sp.atan2(lam - CENTRE, root) + sp.pi / 2
    second = sp.atan2(CENTRE * lam - q**2, q * root) + sp.pi / 2
    inside = alpha / (2 * sp.pi * v) * (root + CENTRE * first - q * second)
    bulk = sp.Piecewise((0, lam <= LOWER), (inside, lam < UPPER), (sp.Min(1, alpha), True))
    return Derivation(
        definition=ATOM + sp.Integral(DENSITY.subs(lam, x), (x, 0, lam)),
        closed_form=ATOM + bulk,
        steps=(
            fills(),
            equal("Inside the bulk the derivative is the density.", sp.diff(inside, lam), INSIDE),
            equal(
                "At the lower edge the root is zero and the arguments of both angles are negative, "
                "so both angles are 0. Both arguments vanish with the root ...",
                UNDER_ROOT.subs(lam, LOWER),
                0,
            ),
            equal("... since lambda_c - lambda- = r ...", CENTRE - LOWER, RADIUS),
            equal(
                "... and lambda_g^2 - lambda_c lambda- = r lambda-.",
                q**2 - CENTRE * LOWER,
                RADIUS * LOWER,
            ),
            equal(
                "At the upper edge both arguments are positive, so both angles are pi.",
                CENTRE * UPPER - q**2,
                RADIUS * UPPER,
            ),
            equal(
                "What is gained in between is the mass of the bulk, min(1, alpha).",
                alpha / (2 * sp.pi * v) * (CENTRE * sp.pi - q * sp.pi),
                sp.Min(1, alpha).rewrite(sp.Abs),
            ),
            equal(
                "With the atom that makes 1.",
                (ATOM + sp.Min(1, alpha)).rewrite(sp.Abs),
                1,
            ),
        ),
        twins={
            "without the atom": bulk,
            "a semicircle's": ATOM
            + sp.Min(1, alpha)
            * sp.Piecewise(
                (0, lam <= LOWER),
                ((first + (lam - CENTRE) * root / RADIUS**2) / sp.pi, lam < UPPER),
                (1, True),
            ),
        },
        finite_size=sp.Piecewise(
            (-sp.atan2(lam - CENTRE, root) / (2 * sp.pi * N), IN_BULK), (0, True)
        ),
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
            equal("The difference of the edges.", UPPER - LOWER, 4 * v / sp.sqrt(alpha)),
            equal("It vanishes,", sp.Limit(4 * v / sp.sqrt(alpha), alpha, sp.oo), 0),
            equal("and the upper edge tends to v.", sp.Limit(UPPER, alpha, sp.oo), v),
        ),
        twins={"its radius": 2 * v / sp.sqrt(alpha), "4v/alpha": 4 * v / alpha},
        chain=chain(
            because(
                "The difference tends to that of the limits. R is v ZZ'/p, Z of variance 1.",
                large.continuous(),
                v * (highest - lowest),
            ),
            because(
                "There are 1/alpha rows per column: above,", bai_yin_largest(Z), v * (over - lowest)
            ),
            because("and below.", bai_yin_smallest_positive(Z), v * (over - under)),
            by_step("The edges differ by this.", 1),
        ),
        finite_size=finite_edge(1) - finite_edge(-1) - 4 * v / sp.sqrt(alpha),
    )
