"""What the claims on max-pooling share: the largest of four, and events in place of integrals."""

from dataclasses import replace
from itertools import combinations

import sympy as sp

from theory.chain import Link, because
from theory.claim import Step
from theory.functions.heads_of_chance import E, Prob
from theory.laws import Normal
from theory.proofs.rules import areas, chance, orthants, parts, tails
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import derivative, unevaluated
from theory.propagation.correlation import U, V
from theory.propagation.letters import (
    c,
    cdf,
    half,
    mean_over,
    pdf,
    relu,
    x,
)

WINDOW = sp.symbols("z1:5", real=True)  # four standard Gaussians
LARGEST = sp.Max(*WINDOW)
WINDOW_LAWS = dict.fromkeys(WINDOW, Normal())
DENSITY = 4 * pdf(x) * cdf(x) ** 3  # of the largest of four
# A narrower Gaussian t, two standard ones a, b, and pairs of two correlations
t, tt, a, b = sp.symbols("t t_3 a b", real=True)
NEAR, HALF = sp.symbols("u_3 w_3", real=True), sp.symbols("u_2 w_2", real=True)
third = sp.Rational(1, 3)
LINE, ABOVE = (x, -sp.oo, sp.oo), (x, 0, sp.oo)


def by_parts() -> Step:
    """The density times x, as a slope and what is left."""
    return equal(
        "The density is 4 phi Phi^3, and -phi has the slope x phi. So x times the density is "
        "the slope of -4 phi Phi^3 plus 12 phi^2 Phi^2.",
        derivative(-4 * pdf(x) * cdf(x) ** 3, x) + 12 * pdf(x) ** 2 * cdf(x) ** 2,
        x * DENSITY,
    )


def narrower() -> Step:
    """The square of the normal density."""
    return equal(
        "Here phi^2 is 1/(2 sqrt pi) times a Gaussian density of variance 1/2.",
        unevaluated(pdf(x)) ** 2,
        1 / (2 * sp.sqrt(sp.pi)) * sp.sqrt(2) * pdf(sp.sqrt(2) * x),
    )


def narrow(variance: sp.Expr) -> sp.Expr:
    """The density of a Gaussian of mean 0."""
    return mean_over(sp.Integer(1), 0, variance).function


def pair_is_positive(
    before: sp.Expr, event: Prob, pair: tuple[sp.Symbol, sp.Symbol], correlation: sp.Expr
) -> tuple[tuple[Link, ...], sp.Expr]:
    """Links in which the probability that two forms are positive becomes an angle, and the last."""
    forms = dict(zip(pair, (each.gts for each in event.args[0].args), strict=True))
    standard = Prob(sp.And(*(x > 0 for x in pair)))
    middle = before.xreplace({event: standard})
    known = (sp.pi - sp.acos(correlation)) / (2 * sp.pi)
    after = before.xreplace({event: known})
    return (
        because(
            "Divided by their deviations both Gaussians are standard, with a known correlation.",
            parts.part(of=event, is_=standard, by=chance.gaussian_form(forms=forms)),
            middle,
        ),
        because(
            "Both are positive with a known probability (propagation.both_active).",
            parts.claimed(
                claim="propagation.both_active", at={c: correlation, U: pair[0], V: pair[1]}
            ),
            after,
        ),
    ), after


def pooled_mean() -> tuple[Link, ...]:
    """By parts, then the probability that a Gaussian exceeds 0 and two others."""
    factor, start = 12 / (2 * sp.sqrt(sp.pi)), 1 / (2 * sp.sqrt(2 * sp.pi))
    integral = sp.Integral(narrow(half) * cdf(x) ** 2, ABOVE)
    whole = sp.Integral(narrow(half) * sp.Heaviside(x, 0) * cdf(x) ** 2, LINE)
    average = E(sp.Heaviside(t, 0) * cdf(t) ** 2)
    forms = [sp.sqrt(2) * t, *(sp.sqrt(2 * third) * (t - each) for each in (a, b))]
    every = Prob(sp.And(*(form > 0 for form in forms)))
    pairs = [Prob(sp.And(x > 0, y > 0)) for x, y in combinations(forms, 2)]
    total = factor * (sp.Add(*pairs) / 2 - sp.Rational(1, 4)) + start
    links: tuple[Link, ...] = ()
    for event, pair, correlation in zip(
        pairs, (NEAR, NEAR, (U, V)), (1 / sp.sqrt(3), 1 / sp.sqrt(3), third), strict=True
    ):
        more, total = pair_is_positive(total, event, pair, correlation)
        links += more
    return (
        *from_zero(1, -4 * pdf(x) * cdf(x) ** 3, 12 * pdf(x) ** 2 * cdf(x) ** 2, start),
        *to_probability(2, factor, start, integral, whole, average, every),
        because(
            "Three are all positive with half the sum of the pairs' probabilities, less 1/4.",
            parts.part(
                of=every,
                is_=sp.Add(*pairs) / 2 - sp.Rational(1, 4),
                by=orthants.three_positive(),
            ),
            factor * (sp.Add(*pairs) / 2 - sp.Rational(1, 4)) + start,
        ),
        *links,
        because(
            "The angle arccos(1/3) is pi less twice the angle arccos(1/sqrt 3).",
            parts.part(
                of=sp.acos(third),
                is_=sp.pi - 2 * sp.acos(1 / sp.sqrt(3)),
                by=orthants.same_cosine(),
            ),
        ),
    )


def pooled_square(boundary: sp.Expr) -> tuple[Link, ...]:
    """By parts, then the probability that a Gaussian exceeds 0 and another."""
    factor, start = 12 / (2 * sp.pi * sp.sqrt(3)), 1 - boundary.subs(x, 0)
    integral = sp.Integral(narrow(third) * cdf(x), ABOVE)
    whole = sp.Integral(narrow(third) * sp.Heaviside(x, 0) * cdf(x), LINE)
    average = E(sp.Heaviside(tt, 0) * cdf(tt))
    both = Prob(sp.And(sp.sqrt(3) * tt > 0, sp.sqrt(3) / 2 * (tt - a) > 0))
    links, _ = pair_is_positive(factor * both + start, both, HALF, half)
    return (
        *from_zero(2, boundary, 12 * pdf(x) ** 3 * cdf(x), start),
        *to_probability(3, factor, start, integral, whole, average, both),
        links[0],
        replace(links[1], right=None),
    )


def to_probability(
    power: int, factor: sp.Expr, start: sp.Expr, *nodes: sp.Expr
) -> tuple[Link, ...]:
    """Links from an integral with phi^power to a probability. ``nodes`` are the integral, the same
    over the whole line, the mean that it is, and the event's probability; what stands in the chain
    is ``factor`` times each, plus ``start``."""
    whole, average, event = nodes[1:]
    others = {2: "two standard Gaussians", 3: "a standard Gaussian"}[power]
    steps = (
        (f"phi^{power} is a multiple of a Gaussian density of variance 1/{power}.",
         areas.cut(at=())),
        ("A step cuts the line at 0.", areas.cut(at=(0,))),
        (f"The integral is a mean over a Gaussian t of variance 1/{power}.",
         parts.part(of=whole, is_=average, by=chance.density())),
        (f"This mean is the probability that t exceeds 0 and {others}.",
         parts.part(of=average, is_=event, by=orthants.given())),
    )  # fmt: skip
    return tuple(
        because(words, rule, factor * node + start)
        for (words, rule), node in zip(steps, nodes, strict=True)
    )


def from_zero(power: int, of: sp.Expr, rest: sp.Expr, start: sp.Expr) -> tuple[Link, ...]:
    """Links from the mean of a power of the rectified largest value to an integral by parts."""
    return (
        because(
            "The largest of four has the density 4 phi Phi^3.",
            tails.largest(),
            sp.Integral(relu(x) ** power * DENSITY, LINE),
        ),
        because(
            "The rectified value is x above 0, and 0 below it.",
            areas.cut(at=(0,)),
            sp.Integral(x**power * DENSITY, ABOVE),
        ),
        because(
            "Integrate by parts: at infinity and at 0 the values are known.",
            areas.by_parts(of=of),
            sp.Integral(rest, ABOVE) + start,
        ),
    )
