"""What the claims on two inputs share: means of functions of both, by the angle between them."""

from collections.abc import Callable

import sympy as sp

from theory.chain import Link, because
from theory.claim import Step
from theory.functions.heads_of_chance import E
from theory.laws import Normal, standard_pair
from theory.proofs.rules import areas, chance, parts
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import value_at
from theory.propagation.letters import (
    c,
    map_of,
    pdf,
    phi,
    r,
    relu,
    x,
    y,
)

U, V = sp.symbols("u w", real=True)
PAIR_LAWS = {**standard_pair(U, V, c), x: Normal(), y: Normal()}
theta = sp.Symbol("theta", real=True)
turned = sp.cos(phi - theta)
OVERLAP = (phi, theta - sp.pi / 2, sp.pi / 2)  # where cos phi and cos(phi - theta) are positive


def plane() -> tuple[Step, ...]:
    """Polar coordinates: two projections of a standard Gaussian of the plane."""
    other = sp.cos(theta) * x + sp.sin(theta) * y
    return (
        equal(
            "With independent standard Gaussians x, y put u = x, w = cos theta x + sin "
            "theta y, cos theta = c. At x = r cos phi, y = r sin phi, u is r cos phi, "
            "and w is r cos(phi - theta).",
            value_at(other, {x: r * sp.cos(phi), y: r * sp.sin(phi)}),
            r * turned,
        ),
        equal(
            "In these polar coordinates the density of x, y is exp(-r^2/2)/(2 pi), and dx dy is "
            "r dr dphi.",
            value_at(pdf(x) * pdf(y), {x: r * sp.cos(phi), y: r * sp.sin(phi)}),
            sp.exp(-(r**2) / 2) / (2 * sp.pi),
        ),
    )


def by_angle(
    value: Callable[[sp.Expr], sp.Expr], power: int, above: Callable[[sp.Expr], sp.Expr]
) -> tuple[Link, ...]:
    """The mean of value(u) value(w), as integrals along r and along phi; value(r t) is r^(power)
    value(t), and ``above`` it where t is positive."""
    other = c * x + sp.sqrt(1 - c**2) * y
    theta_c = sp.acos(c)
    along = sp.Integral(r ** (2 * power + 1) * sp.exp(-(r**2) / 2), (r, 0, sp.oo))
    first, second = sp.cos(phi), turned.subs(theta, theta_c)
    density = sp.exp(-(x**2 + y**2) / 2) / (2 * sp.pi)
    around = value(first) * value(second)
    overlap = [each.subs(theta, theta_c) for each in OVERLAP]
    return (
        because(
            "A pair of correlation c is x and c x + sqrt(1 - c^2) y, of independent x, y.",
            chance.gaussian_form(forms={U: x, V: other}),
            E(value(x) * value(other)),
        ),
        because(
            "The mean value is an integral over the plane.",
            chance.density(),
            sp.Integral(value(x) * value(other) * density, (x, -sp.oo, sp.oo), (y, -sp.oo, sp.oo)),
        ),
        because(
            "In polar coordinates the pair is r cos(phi) and r cos(phi - arccos c).",
            areas.polar(),
            sp.Integral(along.function * around / (2 * sp.pi), (r, 0, sp.oo), (phi, -sp.pi, sp.pi)),
        ),
        because(
            "The integrals along r and along phi are apart.",
            areas.separated(),
            along * sp.Integral(around, (phi, -sp.pi, sp.pi)) / (2 * sp.pi),
        ),
        because(
            "Both cosines are positive between two angles.",
            parts.part(
                of=sp.Integral(around, (phi, -sp.pi, sp.pi)),
                is_=sp.Integral(above(first) * above(second), overlap),
                by=areas.cut(at=(-sp.pi / 2, theta_c - sp.pi / 2, sp.pi / 2)),
            ),
            along * sp.Integral(above(first) * above(second), overlap) / (2 * sp.pi),
        ),
    )


def angular() -> sp.Expr:
    """The integral of cos(phi) cos(phi - theta) over the overlap of the half planes."""
    return (sp.sin(theta) + (sp.pi - theta) * sp.cos(theta)) / 2


def as_map() -> tuple[Link, ...]:
    """The mean product over the mean square is the correlation map."""
    square = E(relu(U) ** 2)
    return (
        because(
            "The mean product is known (propagation.arc_cosine).",
            parts.claimed(claim="propagation.arc_cosine"),
            map_of(c) / 2 / square,
        ),
        because("The mean square is 1/2.", chance.expectation(), map_of(c)),
    )
