"""Max-pooling, and the means that reach the classifier."""

import sympy as sp

from companion.references import cite
from theory.claim import Derivation, Step, claim
from theory.proofs.tactics import equal
from theory.propagation.letters import (
    GAUSSIAN_HE,
    SOURCE,
    WIDE,
    cdf,
    half,
    mean_over,
    pdf,
    relu,
    x,
)

POOL = cite(SOURCE, "max-pooling layers which also act to increase channel-wise means")
CLASSIFIER = cite(SOURCE, "these inputs have substantial positive means already")
FOUR = "four independent standard Gaussians in each 2 x 2 window"
DENSITY = 4 * pdf(x) * cdf(x) ** 3  # of the largest of four
sd = sp.Symbol("s", positive=True)
y = sp.Symbol("y", real=True)

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


@claim("identity", (), (POOL,), (FOUR,))
def max_of_four() -> Derivation:
    """The largest of four independent standard Gaussians has the mean 6 arctan(sqrt 2)/pi^(3/2) =
    1.029. So pooling raises means also where they were zero."""
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
                12 / (2 * sp.sqrt(sp.pi)) * (sp.atan(sp.sqrt(2)) / sp.pi),
                MAX_MEAN,
            ),
        ),
        twins={
            "the largest of three": 3 / (2 * sp.sqrt(sp.pi)),
            "no mean, as before pooling": sp.Integer(0),
            "the extreme-value estimate sqrt(2 log 4)": sp.sqrt(2 * sp.log(4)),
        },
    )


@claim("identity", (), (POOL, CLASSIFIER), (FOUR,))
def pooled_moments() -> Derivation:
    """ReLU and 2 x 2 max-pooling turn independent standard Gaussians into values of mean (6 + sqrt
    2)/(4 sqrt pi) = 1.046 and mean square 15/16 + (9 + 8 sqrt 3)/(12 pi) = 1.544. ReLU alone gives
    1/sqrt(2 pi) = 0.399 and 1/2."""
    phi, below, turn = pdf(x), cdf(x), sp.Symbol("arctan sqrt 2", positive=True)
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
                "Over x > 0, for a Gaussian x of deviation s, Phi - 1/2 has the mean "
                "arctan(s)/(2 pi): both are 0 at s = 0, and their slopes agree (x = sy).",
                sp.Integral(y * pdf(y) * pdf(sd * y), (y, 0, sp.oo)),
                sp.diff(sp.atan(sd) / (2 * sp.pi), sd),
            ),
            equal(
                "Phi^2 is 1/4 + (Phi - 1/2) + (Phi - 1/2)^2, the last even in x: for s^2 = 1/2 "
                "its mean over all x is the orthant of propagation.max_of_four less 1/4. With "
                "arctan(1/sqrt 2) = pi/2 - arctan(sqrt 2), Phi^2 has over x > 0 the mean",
                quarter / 2 + (sp.pi / 2 - turn) / (2 * sp.pi) + (turn / sp.pi - quarter) / 2,
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
                "The mean square: 1 less the value at 0, and the mean of Phi over x > 0 as above, "
                "s^2 = 1/3.",
                1
                - boundary.subs(x, 0)
                + 12 / (2 * sp.pi * sp.sqrt(3)) * (quarter + sp.atan(1 / sp.sqrt(3)) / (2 * sp.pi)),
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
    )


@claim("limit", (), (CLASSIFIER,), (GAUSSIAN_HE, WIDE, f"channels normalised; {FOUR}"))
def classifier_share() -> Derivation:
    """With batch norm in every layer but the classifier, whose inputs passed ReLU, the means of the
    classifier's outputs have the share 1/pi = 0.32 of their mean square. With 2 x 2 max-pooling
    after the ReLU the share is 6 (19 + 6 sqrt 2)/(45 pi + 36 + 32 sqrt 3) = 0.71: pooling, not
    ReLU, makes most of it."""
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
    )
