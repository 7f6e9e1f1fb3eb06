"""Depth: the between-channel share grows, and what a deep net computes is nearly constant."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.proofs.rules import calculus, iterates, limits, parts
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems import sequences
from theory.propagation.iterate import correlation_at
from theory.propagation.letters import (
    GAUSSIAN_HE,
    HE_ROW,
    LUTHER,
    NUMBER,
    ROW,
    SOURCE,
    WIDE,
    E,
    N,
    Prob,
    angle,
    c,
    depth,
    half,
    map_of,
    n,
)

CONSTANT = cite(
    SOURCE, "a randomly initialised network likes to compute (almost) constant functions"
)
FIXED_POINT = cite(SOURCE, "At sufficient depth a fixed point is reached")
INDEPENDENT = "independent standard Gaussian inputs"
TWO = sp.MatrixSymbol("x", N, 1), sp.MatrixSymbol("y", N, 1)


@claim(
    "limit",
    (s.depth.within(high=10_000),),  # the map is applied depth times
    (cite(SOURCE, "the variance within channels must decrease at each layer"), LUTHER),
    (GAUSSIAN_HE, INDEPENDENT, WIDE),
)
def between_share() -> Derivation:
    """The means of the channels have the share c_l of the mean square of the pre-activations of
    layer l, with c_1 = 0 and c_(l+1) = f(c_l), where f is the correlation map of ReLU
    (propagation.correlation_bounds). The mean square is 2 at every depth. The share within the
    channels is 0.68, 0.32, 0.15, 0.056, 0.013 in layers 2, 5, 10, 20, 50."""
    first, second = TWO
    z, other = (sp.Symbol(f"z_{depth}({name})", real=True) for name in ("x", "y"))
    return Derivation(
        definition=sp.Limit(E(z * other) / E(z**2), n, sp.oo),
        closed_form=correlation_at(depth),
        steps=(
            equal(
                "The mean of a channel over the inputs, squared, is its mean product over pairs of "
                "independent inputs x, y. Given the layer below, each channel w'x has independent "
                "Gaussian weights: over them, products have the mean 2 x'y/N, so the correlation "
                "is the cosine of the angle between the two vectors below.",
                first.T * ROW * ROW.T * second,
                2 / N * first.T * second,
                HE_ROW,
            ),
            equal(
                "In layer 1 these are the inputs: x'y/N has mean 0 and variance 1/N, as (x'y)^2 "
                "is N on average where xx' and yy' are I. So c_1 = 0.",
                first.T * second * second.T * first / N**2,
                NUMBER / N,
                {second * second.T: sp.Identity(N), first.T * first: N * NUMBER},
            ),
            cited(
                "The vectors below are the rectified values of many independent channels, over "
                "which means of products and of squares do not fluctuate (law of large numbers).",
                cite("vershynin2018", "section 1.3"),
            ),
            equal(
                "So their cosine is the cosine of the means: E relu(u)relu(w)/E relu(u)^2 "
                "(propagation.arc_cosine), which is the correlation map.",
                map_of(c) / 2 / (map_of(sp.Integer(1)) / 2),
                map_of(c),
            ),
        ),
        twins={
            "printed: all of it": sp.Piecewise((0, depth <= 1), (1, True)),
            "1/pi of what is left moves to the means in every layer": 1
            - (1 - 1 / sp.pi) ** (depth - 1),
            "one layer later": correlation_at(depth + 1),
        },
    )


@claim("limit", (), (FIXED_POINT, LUTHER), (GAUSSIAN_HE, INDEPENDENT, WIDE))
def within_decay() -> Derivation:
    """The variance within channels vanishes at no depth: the share 1 - c_l of the mean square that
    is left within the channels of layer l falls as a power of depth, and l^2 (1 - c_l) tends to 9
    pi^2/2 = 44.4."""
    a, gap = sp.symbols("a x", positive=True)
    slope = 2 * sp.sqrt(2) / (3 * sp.pi)
    closed = 9 * sp.pi**2 / 2
    left = 1 - correlation_at(depth)
    over_depth = sp.Limit(
        1 / sp.sqrt(left.subs(depth, depth + 1)) - 1 / sp.sqrt(left), depth, sp.oo
    )
    below_one = sp.Symbol("c_l", real=True)
    at_one = sp.Limit(
        1 / sp.sqrt(1 - map_of(below_one)) - 1 / sp.sqrt(1 - below_one), below_one, 1, "-"
    )
    lost = 1 - sp.cos(angle)
    rise = (sp.sin(angle) - angle * sp.cos(angle)) / sp.pi
    in_angle = sp.Limit(1 / sp.sqrt(lost - rise) - 1 / sp.sqrt(lost), angle, 0)
    return Derivation(
        definition=sp.Limit(depth**2 * (1 - correlation_at(depth)), depth, sp.oo),
        closed_form=closed,
        steps=(
            equal(
                "One layer takes what is left from x^2 to x^2 - a x^3 + ... "
                "(propagation.correlation_near_one): 1/x grows by a/2,",
                sp.Limit(1 / sp.sqrt(gap**2 - a * gap**3) - 1 / gap, gap, 0),
                a / 2,
            ),
            cited(
                "so that 1/x_l over l tends to a/2 (Stolz and Cesaro).",
                cite("knopp1951", "Cauchy's limit theorem"),
            ),
            equal("The inverse square of a/2.", 1 / (slope / 2) ** 2, closed),
        ),
        twins={
            "printed: a fixed point is reached": sp.Integer(0),
            "1/a for 2/a": closed / 4,
            "without the pi": closed / sp.pi,
        },
        chain=chain(
            because(
                "The growth of the inverse root decides the decay.",
                sequences.decay_of_a_sequence(left, depth),
                1 / over_depth**2,
            ),
            because(
                "The correlations grow towards 1, and never reach it.",
                parts.part(of=over_depth, is_=at_one, by=iterates.at_fixed_point()),
                1 / at_one**2,
            ),
            because(
                "With c = cos theta the map adds (sin theta - theta cos theta)/pi.",
                parts.part(of=at_one, is_=in_angle, by=limits.by_small_angle()),
                1 / in_angle**2,
            ),
            because(
                "The inverse root grows by a/2.",
                parts.part(of=in_angle, is_=slope / 2, by=calculus.limit()),
            ),
        ),
    )


@claim(
    "identity",
    (s.c,),
    (CONSTANT, cite("plackett1954")),
    ("independent Gaussian channels of mean zero, of correlation c between the two inputs",),
)
def same_class() -> Derivation:
    """Two inputs whose outputs have the correlation c in each channel are given the same of two
    classes with probability 1 - arccos(c)/pi. They are given the same of three classes with
    probability 3 (1/16 + (pi/6 + a + b)/(4 pi) + (pi^2/36 + a^2 - b^2)/(4 pi^2)), a = arcsin c, b =
    arcsin(c/2). This is an even chance (1/2 and 1/3) for c = 0 and certainty for c = 1."""
    pi, a, b = sp.pi, sp.asin(c), sp.asin(c / 2)
    two = 1 - sp.acos(c) / pi
    three = 3 * (
        sp.Rational(1, 16) + (pi / 6 + a + b) / (4 * pi) + (pi**2 / 36 + a**2 - b**2) / (4 * pi**2)
    )
    differences = sp.Matrix([[1, half], [half, 1]])
    inputs = sp.Matrix([[1, c], [c, 1]])
    covariance = sp.Matrix(sp.kronecker_product(differences, inputs))  # (d, x), (d, y), (e, x) ...
    first, second = sp.symbols("u1:4", real=True), sp.symbols("w1:4", real=True)
    argmax = sp.Function("argmax")

    def left(given: list[int]) -> sp.Expr:
        """The correlation of the other two differences, given that these are zero."""
        rest = [k for k in range(4) if k not in given]
        block = covariance.extract(rest, rest) - covariance.extract(rest, given) * (
            covariance.extract(given, given).inv() * covariance.extract(given, rest)
        )
        return block[0, 1] / block[0, 0]  # the variances are equal

    def line(rho: sp.Expr) -> sp.Expr:
        """The density at (0, 0) of a standard pair of correlation rho."""
        return 1 / (2 * pi * sp.sqrt(1 - rho**2))

    def both(rho: sp.Expr) -> sp.Expr:
        return sp.Rational(1, 4) + sp.asin(rho) / (2 * pi)

    return Derivation(
        definition={
            "two classes": Prob(sp.Eq(argmax(*first[:2]), argmax(*second[:2]))),
            "three classes": Prob(sp.Eq(argmax(*first), argmax(*second))),
        },
        closed_form={"two classes": two, "three classes": three},
        steps=(
            equal(
                "Two classes: the difference of the channels has the correlation c between the "
                "inputs, and the same sign twice as often as both are positive "
                "(propagation.both_active).",
                2 * (pi - sp.acos(c)) / (2 * pi),
                two,
            ),
            equal(
                "Three: the first channel is the largest where its differences to the other two, "
                "of correlation",
                (sp.Matrix([[1, -1, 0]]) * sp.Matrix([1, 0, -1]))[0] / 2,
                half,
            ),
            cited(
                "with each other, are positive for both inputs. The probability that four "
                "Gaussians are positive grows with the correlation of two of them by these two's "
                "density at (0, 0) times the probability of the others, given those zeros.",
                cite("plackett1954"),
            ),
            equal(
                "Given that one difference is zero at both inputs, the other has the correlation",
                left([0, 1]),
                c,
            ),
            equal(
                "and given that one is zero at x, the other at y (correlation c/2), the remaining "
                "two have",
                left([0, 3]),
                -c / 2,
            ),
            equal(
                "Twice each of them: the slope of this probability, as correlation c grows.",
                2 * line(c) * both(c) + 2 * half * line(c / 2) * both(-c / 2),
                sp.diff(three / 3, c),
            ),
            equal(
                "At c = 0 the inputs are independent: each has the first channel the largest with "
                "probability 1/4 + arcsin(1/2)/(2 pi) = 1/3.",
                both(half) ** 2,
                (three / 3).subs(c, 0),
            ),
        ),
        twins={
            "the correlation itself": {
                "two classes": (1 + c) / 2,
                "three classes": (1 + 2 * c) / 3,
            },
            "three classes as if two pairs were independent": {
                "two classes": two,
                "three classes": sp.Rational(1, 3) + 3 * (both(c) ** 2 - sp.Rational(1, 16)),
            },
        },
    )
