"""Max-pooling, and the means that reach the classifier."""

from dataclasses import replace
from itertools import combinations

import sympy as sp

from companion.references import cite
from theory.chain import Link, because, by_step, chain
from theory.claim import Derivation, Step, claim
from theory.functions.heads_of_chance import E, Prob
from theory.laws import Normal, standard_pair
from theory.proofs.rules import areas, chance, orthants, parts
from theory.proofs.tactics import equal
from theory.propagation.correlation import U, V
from theory.propagation.letters import (
    GAUSSIAN_HE,
    SOURCE,
    WIDE,
    c,
    cdf,
    half,
    m,
    mean_over,
    pdf,
    relu,
    v,
    x,
)

POOL = cite(SOURCE, "max-pooling layers which also act to increase channel-wise means")
CLASSIFIER = cite(SOURCE, "these inputs have substantial positive means already")
FOUR = "four independent standard Gaussians in each 2 x 2 window"
DENSITY = 4 * pdf(x) * cdf(x) ** 3  # of the largest of four
# A narrower Gaussian t, two standard ones a, b, and pairs of two correlations
t, tt, a, b = sp.symbols("t t_3 a b", real=True)
NEAR, HALF = (sp.symbols(f"u_{name} w_{name}", real=True) for name in "3 2".split())
third = sp.Rational(1, 3)
LINE, ABOVE = (x, -sp.oo, sp.oo), (x, 0, sp.oo)

MAX_MEAN = 6 * sp.atan(sp.sqrt(2)) / sp.pi ** sp.Rational(3, 2)
POOLED_MEAN = (6 + sp.sqrt(2)) / (4 * sp.sqrt(sp.pi))
POOLED_SQUARE = sp.Rational(15, 16) + (9 + 8 * sp.sqrt(3)) / (12 * sp.pi)


def by_parts() -> Step:
    """The density times x, as a slope and what is left."""
    return equal(
        "The density is 4 phi Phi^3, and -phi has the slope x phi: by parts, x times it is the "
        "slope of -4 phi Phi^3 and 12 phi^2 Phi^2,",
        sp.diff(-4 * pdf(x) * cdf(x) ** 3, x) + 12 * pdf(x) ** 2 * cdf(x) ** 2,
        x * DENSITY,
    )


def narrower() -> Step:
    """The square of the normal density."""
    return equal(
        "where phi^2 is 1/(2 sqrt pi) times a Gaussian density of variance 1/2.",
        pdf(x) ** 2,
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
            "Over their deviations both are standard, of a correlation that is known.",
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


@claim("identity", (), (POOL,), (FOUR,))
def max_of_four() -> Derivation:
    """The largest of four independent standard Gaussians has the mean 6 arctan(sqrt 2)/pi^(3/2) =
    1.029. So pooling raises means also where they were zero."""
    factor = 12 / (2 * sp.sqrt(sp.pi))
    integral = sp.Integral(narrow(half) * cdf(x) ** 2, LINE)
    both = Prob(sp.And(*(sp.sqrt(2 * third) * (t - other) > 0 for other in (a, b))))
    links, _ = pair_is_positive(factor * both, both, (U, V), third)
    return Derivation(
        definition=sp.Integral(x * DENSITY, (x, -sp.oo, sp.oo)),
        closed_form=MAX_MEAN,
        steps=(
            by_parts(),
            narrower(),
            equal(
                "For such an x the mean of Phi(x)^2 is the probability that it exceeds two "
                "standard Gaussians: the two differences have variance 3/2, covariance 1/2 and so "
                "the correlation",
                half / (half + 1),
                sp.Rational(1, 3),
            ),
            equal(
                "and are both positive with probability (pi - arccos(1/3))/(2 pi) "
                "(propagation.both_active), an angle that is twice arctan sqrt 2: the cosines",
                sp.expand_trig(sp.cos(2 * sp.atan(sp.sqrt(2)))),
                sp.cos(sp.pi - sp.acos(sp.Rational(1, 3))),
            ),
            equal(
                "agree. So Phi^2 has the mean arctan(sqrt 2)/pi.",
                factor * (sp.atan(sp.sqrt(2)) / sp.pi),
                MAX_MEAN,
            ),
        ),
        twins={
            "the largest of three": 3 / (2 * sp.sqrt(sp.pi)),
            "no mean, as before pooling": sp.Integer(0),
            "the extreme-value estimate sqrt(2 log 4)": sp.sqrt(2 * sp.log(4)),
        },
        chain=chain(
            because(
                "By parts: at both ends 4 phi Phi^3 vanishes.",
                areas.by_parts(of=-4 * pdf(x) * cdf(x) ** 3),
                sp.Integral(12 * pdf(x) ** 2 * cdf(x) ** 2, LINE),
            ),
            because(
                "phi^2 is a multiple of a Gaussian density of variance 1/2.",
                areas.cut(at=()),
                factor * integral,
            ),
            because(
                "The integral is a mean over a Gaussian t of variance 1/2.",
                parts.part(of=integral, is_=E(cdf(t) ** 2), by=chance.density()),
                factor * E(cdf(t) ** 2),
            ),
            because(
                "It is the probability that t exceeds two standard Gaussians.",
                parts.part(of=E(cdf(t) ** 2), is_=both, by=orthants.given()),
                factor * both,
            ),
            *links,
            because(
                "The angle has the cosine of twice arctan sqrt 2.",
                parts.part(
                    of=sp.acos(third),
                    is_=sp.pi - 2 * sp.atan(sp.sqrt(2)),
                    by=orthants.same_cosine(),
                ),
            ),
            laws={t: Normal(0, half), a: Normal(), b: Normal(), **standard_pair(U, V, third)},
        ),
    )


@claim("identity", (), (POOL, CLASSIFIER), (FOUR,))
def pooled_moments() -> Derivation:
    """ReLU and 2 x 2 max-pooling turn independent standard Gaussians into values of mean (6 + sqrt
    2)/(4 sqrt pi) = 1.046 and mean square 15/16 + (9 + 8 sqrt 3)/(12 pi) = 1.544. ReLU alone gives
    1/sqrt(2 pi) = 0.399 and 1/2."""
    phi, below, turn = pdf(x), cdf(x), sp.Symbol("arccos(1/sqrt 3)", positive=True)
    quarter = sp.Rational(1, 4)
    boundary = below**4 - 6 * phi**2 * below**2 - 4 * x * phi * below**3
    return Derivation(
        definition={
            "mean": mean_over(4 * relu(x) * cdf(x) ** 3, 0, 1),
            "mean square": mean_over(4 * relu(x) ** 2 * cdf(x) ** 3, 0, 1),
        },
        closed_form={"mean": POOLED_MEAN, "mean square": POOLED_SQUARE},
        steps=(
            by_parts(),
            narrower(),
            equal(
                "Over x > 0 such a Gaussian t exceeds 0 and two standard Gaussians. Three Gaussians "
                "of mean 0 are all positive with half the sum of the probabilities of each two, "
                "less 1/4. t has the correlation 1/sqrt 3 with each difference,",
                half / sp.sqrt(half * (1 + half)),
                1 / sp.sqrt(3),
            ),
            equal(
                "which have 1/3 with each other (propagation.max_of_four). The angle arccos(1/3) is "
                "pi - 2 arccos(1/sqrt 3), and all are positive with probability",
                (2 * (sp.pi - turn) / (2 * sp.pi) + (sp.pi - (sp.pi - 2 * turn)) / (2 * sp.pi)) / 2
                - quarter,
                quarter,
            ),
            equal(
                "The mean: 4 phi Phi^3 at 0, and 12/(2 sqrt pi) times that.",
                (4 * phi * below**3).subs(x, 0) + 12 / (2 * sp.sqrt(sp.pi)) * quarter,
                POOLED_MEAN,
            ),
            equal(
                "By parts again, x^2 times the density is the slope of Phi^4 - 6 phi^2 Phi^2 - "
                "4 x phi Phi^3, and 12 phi^3 Phi,",
                sp.diff(boundary, x) + 12 * phi**3 * below,
                x**2 * DENSITY,
            ),
            equal(
                "where phi^3 is 1/(2 pi sqrt 3) times a Gaussian density of variance 1/3.",
                phi**3,
                1 / (2 * sp.pi * sp.sqrt(3)) * sp.sqrt(3) * pdf(sp.sqrt(3) * x),
            ),
            equal(
                "The mean square: 1 less the value at 0, and the probability that a Gaussian of "
                "variance 1/3 exceeds 0 and a standard one, of correlation 1/2: 1/3.",
                1 - boundary.subs(x, 0) + 12 / (2 * sp.pi * sp.sqrt(3)) * sp.Rational(1, 3),
                POOLED_SQUARE,
            ),
        ),
        twins={
            "the largest of four, not rectified": {
                "mean": MAX_MEAN,
                "mean square": 1 + sp.sqrt(3) / sp.pi,
            },
            "ReLU alone": {"mean": 1 / sp.sqrt(2 * sp.pi), "mean square": sp.Rational(1, 2)},
        },
        chain=chain(
            outputs={"mean": pooled_mean(), "mean square": pooled_square(boundary)},
            laws={
                t: Normal(0, half),
                tt: Normal(0, third),
                a: Normal(),
                b: Normal(),
                **standard_pair(U, V, third),
                **standard_pair(*NEAR, 1 / sp.sqrt(3)),
                **standard_pair(*HALF, half),
            },
        ),
    )


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
        because(
            "phi^2 is a multiple of a Gaussian density of variance 1/2.",
            areas.cut(at=()),
            factor * integral + start,
        ),
        because(
            "A step cuts the line at 0.",
            areas.cut(at=(0,)),
            factor * whole + start,
        ),
        because(
            "The integral is a mean over a Gaussian t of variance 1/2.",
            parts.part(of=whole, is_=average, by=chance.density()),
            factor * average + start,
        ),
        because(
            "It is the probability that t exceeds 0 and two standard Gaussians.",
            parts.part(of=average, is_=every, by=orthants.given()),
            factor * every + start,
        ),
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
            "The third angle is pi less twice the other.",
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
        because(
            "phi^3 is a multiple of a Gaussian density of variance 1/3.",
            areas.cut(at=()),
            factor * integral + start,
        ),
        because(
            "A step cuts the line at 0.",
            areas.cut(at=(0,)),
            factor * whole + start,
        ),
        because(
            "The integral is a mean over a Gaussian t of variance 1/3.",
            parts.part(of=whole, is_=average, by=chance.density()),
            factor * average + start,
        ),
        because(
            "It is the probability that t exceeds 0 and a standard Gaussian.",
            parts.part(of=average, is_=both, by=orthants.given()),
            factor * both + start,
        ),
        links[0],
        replace(links[1], right=None),
    )


def from_zero(power: int, of: sp.Expr, rest: sp.Expr, start: sp.Expr) -> tuple[Link, ...]:
    """Links from the mean of a power of the rectified largest value to an integral by parts."""
    return (
        because(
            "The rectified value is x above 0, and 0 below it.",
            areas.cut(at=(0,)),
            sp.Integral(x**power * DENSITY, ABOVE),
        ),
        because(
            "By parts: at infinity and at 0 the values are known.",
            areas.by_parts(of=of),
            sp.Integral(rest, ABOVE) + start,
        ),
    )


@claim("limit", (), (CLASSIFIER,), (GAUSSIAN_HE, WIDE, f"channels normalised; {FOUR}"))
def classifier_share() -> Derivation:
    """With batch norm in every layer but the classifier, whose inputs passed ReLU, the means of the
    classifier's outputs have the share 1/pi = 0.32 of their mean square. With 2 x 2 max-pooling
    after the ReLU the share is 6 (19 + 6 sqrt 2)/(45 pi + 36 + 32 sqrt 3) = 0.71: pooling, not
    ReLU, makes most of it."""
    alone = (1 / sp.sqrt(2 * sp.pi)) ** 2
    pooled_square_integral = mean_over(4 * relu(x) ** 2 * cdf(x) ** 3, 0, 1)
    mean, square = sp.symbols("a b", positive=True)
    pooled = 6 * (19 + 6 * sp.sqrt(2)) / (45 * sp.pi + 36 + 32 * sp.sqrt(3))
    return Derivation(
        definition={
            "after ReLU": mean_over(relu(x), 0, 1) ** 2 / mean_over(relu(x) ** 2, 0, 1),
            "after ReLU and pooling": mean_over(4 * relu(x) * cdf(x) ** 3, 0, 1) ** 2
            / mean_over(4 * relu(x) ** 2 * cdf(x) ** 3, 0, 1),
        },
        closed_form={"after ReLU": 1 / sp.pi, "after ReLU and pooling": pooled},
        steps=(
            equal(
                "For N inputs of mean a and mean square b the means of the outputs have the "
                "variance 2 N a^2/N, their variances the mean 2 N (b - a^2)/N "
                "(propagation.channel_means): the share is",
                2 * mean**2 / (2 * mean**2 + 2 * (square - mean**2)),
                mean**2 / square,
            ),
            equal(
                "After ReLU (propagation.rectified_moments),",
                (1 / sp.sqrt(2 * sp.pi)) ** 2 / sp.Rational(1, 2),
                1 / sp.pi,
            ),
            equal(
                "and after pooling (propagation.pooled_moments).",
                POOLED_MEAN**2 / POOLED_SQUARE,
                pooled,
            ),
        ),
        twins={
            "none: batch norm has removed the means": {
                "after ReLU": sp.Integer(0),
                "after ReLU and pooling": sp.Integer(0),
            },
            "pooling adds nothing": {
                "after ReLU": 1 / sp.pi,
                "after ReLU and pooling": 1 / sp.pi,
            },
            "that of the largest of four, not rectified": {
                "after ReLU": 1 / sp.pi,
                "after ReLU and pooling": MAX_MEAN**2 / (1 + sp.sqrt(3) / sp.pi),
            },
        },
        chain=chain(
            outputs={
                "after ReLU": (
                    moment_known(
                        "rectified_moments",
                        "mean",
                        alone / mean_over(relu(x) ** 2, 0, 1),
                        {m: 0, v: 1},
                    ),
                    moment_known("rectified_moments", "mean square", None, {m: 0, v: 1}),
                ),
                "after ReLU and pooling": (
                    moment_known("pooled_moments", "mean", POOLED_MEAN**2 / pooled_square_integral),
                    moment_known("pooled_moments", "mean square", POOLED_MEAN**2 / POOLED_SQUARE),
                    by_step("The share is this number.", 3),
                ),
            }
        ),
    )


def moment_known(
    name: str, output: str, right: sp.Expr | None, at: dict[sp.Symbol, int] | None = None
) -> Link:
    """A link in which a moment has the value that an earlier claim joins."""
    return because(
        f"The {output} is known (propagation.{name}).",
        parts.claimed(claim=f"propagation.{name}", output=output, at=at),
        right,
    )
