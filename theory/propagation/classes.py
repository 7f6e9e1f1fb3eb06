"""The same class: what a classifier says of two inputs."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Link, because, calculated, chain
from theory.claim import Derivation, claim
from theory.laws import JointNormal, standard_pair
from theory.proofs.rules import areas, chance, many_events, parts
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems.orthants import plackett
from theory.proofs.unevaluated import derivative, entry, value_at
from theory.propagation.by_angle import U, V
from theory.propagation.letters import (
    SOURCE,
    Prob,
    c,
    half,
)

CONSTANT = cite(
    SOURCE, "a randomly initialised network likes to compute (almost) constant functions"
)

#: The channels at two inputs x, y, and the differences of one to two others, over their deviation.
AT_X, AT_Y = sp.symbols("u1:4", real=True), sp.symbols("w1:4", real=True)
DIFFERENCES = sp.symbols("d_x d_y e_x e_y", real=True)


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
    covariance = sp.ImmutableMatrix(covariance)
    slope_at = sp.Symbol("t", real=True)

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

    slope = 2 * line(c) * both(c) + 2 * half * line(c / 2) * both(-c / 2)
    growth = sp.Integral(slope.subs(c, slope_at), (slope_at, 0, c))
    return Derivation(
        definition={
            "two classes": Prob(sp.Or(*events(2))),
            "three classes": Prob(sp.Or(*events(3))),
        },
        closed_form={"two classes": two, "three classes": three},
        steps=(
            equal(
                "With two classes the difference of the channels has the correlation c between "
                "the inputs. The probability of the same sign is twice the probability that "
                "both are positive (propagation.both_active).",
                2 * (pi - sp.acos(c)) / (2 * pi),
                two,
            ),
            equal(
                "With three classes the first channel is the largest where its differences "
                "to the other two are positive. These differences have the correlation 1/2.",
                entry(sp.MatMul(sp.Matrix([[1, -1, 0]]), sp.Matrix([1, 0, -1])), 0, 0) / 2,
                half,
            ),
            cited(
                "Both differences have to be positive for both inputs. The probability that "
                "four Gaussians are positive has a slope in the correlation of two of them. "
                "This slope is the density of the two at (0, 0) times the probability that the "
                "other two are positive, given these zeros.",
                cite("plackett1954"),
            ),
            equal(
                "Given that one difference is zero at both inputs, the other difference still "
                "has the correlation c between the inputs.",
                left([0, 1]),
                c,
            ),
            equal(
                "One difference at x and the other difference at y have the correlation c/2. "
                "Given that these two are zero, the remaining two have the correlation -c/2.",
                left([0, 3]),
                -c / 2,
            ),
            equal(
                "There are two pairs of either kind. Their sum is the slope of this probability "
                "in the correlation c.",
                slope,
                derivative(three / 3, c),
            ),
            equal(
                "At c = 0 the inputs are independent. At each of them the first channel is the "
                "largest with probability 1/4 + arcsin(1/2)/(2 pi) = 1/3, at both with 1/9.",
                both(half) ** 2,
                value_at(three / 3, {c: 0}),
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
        chain=chain(
            outputs={
                "two classes": (
                    *one_of(2, (U, V)),
                    because(
                        "Both are positive with a known probability (propagation.both_active).",
                        parts.claimed(claim="propagation.both_active"),
                        2 * ((pi - sp.acos(c)) / (2 * pi)),
                    ),
                    calculated("Twice this probability is the closed form."),
                ),
                "three classes": (
                    *one_of(3, DIFFERENCES),
                    because(
                        "This probability is its value at c = 0 plus the integral of its slope "
                        "from 0 to c. Plackett's identity gives the slope.",
                        plackett(DIFFERENCES, covariance, c, slope_at),
                        3 * (both(half) ** 2 + growth),
                    ),
                    because(
                        "The slope has an antiderivative.",
                        parts.part(
                            of=growth,
                            is_=(three - three.subs(c, 0)) / 3,
                            by=areas.antiderivative(of=(three / 3).subs(c, slope_at)),
                        ),
                    ),
                ),
            },
            laws={
                **standard_pair(U, V, c),
                **dict.fromkeys(DIFFERENCES, JointNormal(DIFFERENCES, covariance)),
                **{
                    x: law
                    for pair in zip(AT_X, AT_Y, strict=True)
                    for x, law in standard_pair(*pair, correlation=c).items()
                },
            },
        ),
    )


def events(count: int) -> list[sp.And]:
    """That a channel is the largest at both inputs, for each of ``count`` channels."""
    return [
        sp.And(
            *(
                sp.Gt(values[k] - values[other], 0)
                for values in (AT_X, AT_Y)
                for other in range(count)
                if other != k
            )
        )
        for k in range(count)
    ]


def all_positive(letters: tuple[sp.Symbol, ...]) -> Prob:
    """The probability that all of some numbers are positive."""
    return Prob(sp.And(*(x > 0 for x in letters)))


def one_of(count: int, letters: tuple[sp.Symbol, ...]) -> tuple[Link, ...]:
    """Links from the probability of the same class to that of the first, ``count`` times."""
    singles = [Prob(event) for event in events(count)]
    standard = all_positive(letters)
    links = [
        because(
            "One channel is the largest at both inputs, and no other is.",
            many_events.disjoint(),
            sp.Add(*singles),
        )
    ]
    for k in range(count):
        others = [other for other in range(count) if other != k]
        forms = [
            (values[k] - values[other]) / sp.sqrt(2) for other in others for values in (AT_X, AT_Y)
        ]
        links.append(
            because(
                "The differences to the others have the same covariances for each channel.",
                parts.part(
                    of=singles[k],
                    is_=standard,
                    by=chance.gaussian_form(forms=dict(zip(letters, forms, strict=True))),
                ),
                sp.Add(*singles[k + 1 :]) + (k + 1) * standard,
            )
        )
    return tuple(links)
