"""Max-pooling: what the largest of a window is on average."""

import sympy as sp

from companion.references import cite
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.functions.heads_of_chance import E, Prob
from theory.laws import Normal, standard_pair
from theory.proofs.rules import areas, chance, orthants, parts, tails
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import derivative, unevaluated, value_at
from theory.propagation.correlation import U, V
from theory.propagation.letters import (
    SOURCE,
    cdf,
    half,
    pdf,
    relu,
    v,
    x,
)
from theory.propagation.windows import (
    DENSITY,
    HALF,
    LARGEST,
    LINE,
    NEAR,
    WINDOW_LAWS,
    a,
    b,
    by_parts,
    narrow,
    narrower,
    pair_is_positive,
    pooled_mean,
    pooled_square,
    t,
    third,
    tt,
)

POOL = cite(SOURCE, "max-pooling layers which also act to increase channel-wise means")
CLASSIFIER = cite(SOURCE, "these inputs have substantial positive means already")
FOUR = "four independent standard Gaussians in each 2 x 2 window"

MAX_MEAN = 6 * sp.atan(sp.sqrt(2)) / sp.pi ** sp.Rational(3, 2)
POOLED_MEAN = (6 + sp.sqrt(2)) / (4 * sp.sqrt(sp.pi))
POOLED_SQUARE = sp.Rational(15, 16) + (9 + 8 * sp.sqrt(3)) / (12 * sp.pi)


@claim("identity", (), (POOL,), (FOUR,))
def max_of_four() -> Derivation:
    """The largest of four independent standard Gaussians has the mean 6 arctan(sqrt 2)/pi^(3/2) =
    1.029. So pooling raises means also where they were zero."""
    factor = 12 / (2 * sp.sqrt(sp.pi))
    integral = sp.Integral(narrow(half) * cdf(x) ** 2, LINE)
    both = Prob(sp.And(*(sp.sqrt(2 * third) * (t - other) > 0 for other in (a, b))))
    links, _ = pair_is_positive(factor * both, both, (U, V), third)
    return Derivation(
        definition=E(LARGEST),
        closed_form=MAX_MEAN,
        steps=(
            by_parts(),
            narrower(),
            equal(
                "For a Gaussian x of variance 1/2 the mean of Phi(x)^2 is the probability that "
                "x exceeds two standard Gaussians. The two differences have the variance b = "
                "3/2 and the covariance a = 1/2, and so the correlation 1/3.",
                value_at(a / b, {a: half, b: half + 1}),
                sp.Rational(1, 3),
            ),
            equal(
                "Both differences are positive with probability (pi - arccos(1/3))/(2 pi) "
                "(propagation.both_active), an angle that is twice arctan sqrt 2, as the "
                "cosines agree.",
                2 * value_at(sp.cos(x), {x: sp.atan(sp.sqrt(2))}) ** 2 - 1,
                value_at(sp.cos(sp.pi - x), {x: sp.acos(sp.Rational(1, 3))}),
            ),
            equal(
                "So Phi^2 has the mean arctan(sqrt 2)/pi, and the mean of the largest is "
                "12/(2 sqrt pi) times as large.",
                unevaluated(factor) * (sp.atan(sp.sqrt(2)) / sp.pi),
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
                "The largest of four has the density 4 phi Phi^3.",
                tails.largest(),
                sp.Integral(x * DENSITY, LINE),
            ),
            because(
                "Integrate by parts: at both ends 4 phi Phi^3 vanishes.",
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
                "This mean is the probability that t exceeds two standard Gaussians.",
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
            laws={
                **WINDOW_LAWS,
                t: Normal(0, half),
                a: Normal(),
                b: Normal(),
                **standard_pair(U, V, third),
            },
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
            "mean": E(relu(LARGEST)),
            "mean square": E(relu(LARGEST) ** 2),
        },
        closed_form={"mean": POOLED_MEAN, "mean square": POOLED_SQUARE},
        steps=(
            by_parts(),
            narrower(),
            equal(
                "Over x > 0 the integral is the probability that a Gaussian t of variance v = "
                "1/2 exceeds 0 and two standard Gaussians. Three Gaussians of mean 0 are all "
                "positive with half the sum of the probabilities of each two, less 1/4. The "
                "correlation of t with each of the two differences is 1/sqrt 3.",
                value_at(v / sp.sqrt(v * (1 + v)), {v: half}),
                1 / sp.sqrt(3),
            ),
            equal(
                "The differences have the correlation 1/3 with each other "
                "(propagation.max_of_four). The angle arccos(1/3) is pi - 2 arccos(1/sqrt "
                "3), and all are positive with probability 1/4.",
                (2 * (sp.pi - turn) / (2 * sp.pi) + (sp.pi - (sp.pi - 2 * turn)) / (2 * sp.pi)) / 2
                - quarter,
                quarter,
            ),
            equal(
                "The mean is 4 phi Phi^3 at 0, plus 12/(2 sqrt pi) times this probability 1/4.",
                value_at(4 * phi * below**3, {x: 0}) + 12 / (2 * sp.sqrt(sp.pi)) * quarter,
                POOLED_MEAN,
            ),
            equal(
                "For the mean square, x^2 times the density is the slope of Phi^4 - 6 phi^2 "
                "Phi^2 - 4 x phi Phi^3 plus 12 phi^3 Phi.",
                derivative(boundary, x) + 12 * phi**3 * below,
                x**2 * DENSITY,
            ),
            equal(
                "Here phi^3 is 1/(2 pi sqrt 3) times a Gaussian density of variance 1/3.",
                unevaluated(phi) ** 3,
                1 / (2 * sp.pi * sp.sqrt(3)) * sp.sqrt(3) * pdf(sp.sqrt(3) * x),
            ),
            equal(
                "The first function is 1 at infinity. So the mean square is 1 less its value at "
                "0, plus 12/(2 pi sqrt 3) times the probability that a Gaussian of variance 1/3 "
                "exceeds 0 and a standard Gaussian. The correlation is 1/2, and this "
                "probability 1/3.",
                1 - value_at(boundary, {x: 0}) + 12 / (2 * sp.pi * sp.sqrt(3)) * sp.Rational(1, 3),
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
                **WINDOW_LAWS,
                t: Normal(0, half),
                tt: Normal(0, third),
                a: Normal(),
                b: Normal(),
                **standard_pair(U, V, third),
                **standard_pair(NEAR[0], NEAR[1], 1 / sp.sqrt(3)),
                **standard_pair(HALF[0], HALF[1], half),
            },
        ),
    )
