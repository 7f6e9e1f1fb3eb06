"""The bulk's shape: a semicircle when weighted, and its distribution."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.functions.large import share
from theory.proofs.intervals import beside_one, placed, squared
from theory.proofs.rules import pieces, substitution
from theory.proofs.tactics import equal
from theory.proofs.theorems.random_matrices import law_of_marchenko_pastur, scaled_bulk
from theory.proofs.unevaluated import derivative, unevaluated, value_at
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
    UNDER_ROOT,
    UPPER,
    N,
    Z,
    alpha,
    lam,
    limit,
    r,
    v,
    x,
    y,
)
from theory.spectra.shared_steps import fills


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
                "The product of the distances to the two edges is r^2 less the squared "
                "distance from the centre, as in a circle of radius r = 2v/sqrt alpha.",
                UNDER_ROOT,
                RADIUS**2 - (lam - CENTRE) ** 2,
            ),
            equal(
                "The two constant factors agree: alpha/(2 pi v) is v times 2/(pi r^2), with "
                "the radius r.",
                alpha / (2 * sp.pi * v),
                value_at(2 * v / (sp.pi * r**2), {r: RADIUS}),
            ),
        ),
        twins={
            "half the radius": v * disc(CENTRE, RADIUS / 2),
            "centred at v": v * disc(v, RADIUS),
        },
        chain=chain(
            because(
                "Both sides are zero outside the bulk. Inside, the product of the distances "
                "to the two edges is r^2 less the squared distance from the centre.",
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
    law = law_of_marchenko_pastur(v, Z, lam, x)
    here, low, high = scaled_bulk(v, 1 / alpha, x)
    parts = sp.Piecewise(
        (0, lam <= low),
        (sp.Integral(here, (x, low, lam)), lam < high),
        (sp.Integral(here, (x, low, high)), True),
    )
    gained = substitution.antiderivative_along(
        of=inside.subs(lam, x), image=(LOWER + y**2 * UPPER) / (1 + y**2), letter=y
    )
    return Derivation(
        definition=limit(share(LARGE_R, lam)),
        closed_form=ATOM + bulk,
        steps=(
            fills(),
            equal(
                "Inside the bulk the derivative of the stated function is the density.",
                derivative(inside, lam),
                INSIDE,
            ),
            equal(
                "At the lower edge lambda- the root is zero, and so is each angle pi/2 + "
                "arcsin, whose argument is -1 there.",
                value_at(UNDER_ROOT, {lam: LOWER}),
                0,
            ),
            equal(
                "The first argument, (lam - lambda_c)/r, is -1 at the lower edge, since "
                "lambda_c - lambda- is the radius r.",
                CENTRE - LOWER,
                RADIUS,
            ),
            equal(
                "The second argument, (lambda_c lam - lambda_g^2)/(r lam), is -1 at the "
                "lower edge, since lambda_g^2 - lambda_c lambda- is r lambda-.",
                q**2 - CENTRE * LOWER,
                RADIUS * LOWER,
            ),
            equal(
                "At the upper edge lambda_c lambda+ - lambda_g^2 is r lambda+, so the "
                "second argument is 1. The first argument is 1, too, and both angles are "
                "pi.",
                CENTRE * UPPER - q**2,
                RADIUS * UPPER,
            ),
            equal(
                "So the function grows from the lower to the upper edge by the mass of the "
                "bulk, min(1, alpha), written with an absolute value.",
                alpha / (2 * sp.pi * v) * (CENTRE * sp.pi - q * sp.pi),
                sp.Min(1, alpha).rewrite(sp.Abs),
            ),
            equal(
                "The mass of the bulk and the mass of the atom add up to 1.",
                ATOM.rewrite(sp.Abs) + unevaluated(sp.Min(1, alpha).rewrite(sp.Abs)),
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
        chain=chain(
            because(
                "Z has 1/alpha rows per column, so the share tends to the atom at zero plus the "
                "integral of the density.",
                law,
                law.statement().right,
            ),
            because("The density is zero outside the bulk.", pieces.support(), ATOM + parts),
            because(
                "Inside, the stated function grows as the density, from 0 at the lower edge.",
                pieces.chosen_piece(by=(None, gained, gained)),
            ),
            covers=(beside_one(alpha), placed(lam, LOWER, UPPER)),
        ),
        finite_size=sp.Piecewise(
            (-sp.atan2(lam - CENTRE, root) / (2 * sp.pi * N), IN_BULK), (0, True)
        ),
    )
