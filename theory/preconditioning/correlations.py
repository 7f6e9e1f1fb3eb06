"""How badly conditioned the correlation matrix of a layer's inputs is."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Reached, because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner
from theory.functions.constants import eye
from theory.functions.covariances import correlation, largest_correlation
from theory.functions.eigenvalues import largest, smallest
from theory.functions.matrices import det
from theory.preconditioning.letters import (
    RAYLEIGH,
    SOURCE,
    N,
    Sigma,
)
from theory.proofs.correlated import (
    determinant_of_correlations,
    most_correlated,
    sum_and_difference,
)
from theory.proofs.rules.extreme_pairs import with_both_extremes_at_their_mean
from theory.proofs.rules.monotone import grows_inside
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems import linear_algebra, norms
from theory.proofs.unevaluated import derivative, value_at

#: Any matrix of the trace that C has.
LEVELLED = sp.MatrixSymbol("M", N, N)
#: Two inputs of correlation 1/2.
ONE_PAIR = Reached({"Sigma": [[1, sp.Rational(1, 2)], [sp.Rational(1, 2), 1]]})


@claim(
    "bound",
    (s.Sigma,),
    (cite(SOURCE, "normalizes every unit"), cite("hornjohnson2013", "theorem 4.2.2")),
)
def correlation_bounds() -> Derivation:
    """The condition number of the inputs' correlation matrix C is at least (1 + c)/(1 - c), with c
    the largest |correlation| of two inputs, and at most (1 + sqrt(1 - det C))/(1 - sqrt(1 - det
    C)). Both bounds are attained where a single pair is correlated."""
    C = correlation(Sigma)
    matrix = sp.MatrixSymbol("C", N, N)
    one, other = (sp.MatrixSymbol(name, N, 1) for name in ("e_i", "e_j"))
    c, ratio, x = sp.symbols("c kappa x", positive=True)
    r = sp.Symbol("r", nonnegative=True)
    low, above = sp.symbols("lambda_min above", positive=True)
    pair = {
        one.T * matrix * one: eye(1),
        other.T * matrix * other: eye(1),
        one.T * matrix * other: c * eye(1),
        other.T * matrix * one: c * eye(1),
    }
    largest_c, rest = largest_correlation(Sigma), sp.sqrt(sp.Max(0, 1 - det(C)))
    spread = (ratio + 1) ** 2 / ratio
    plus, minus = sum_and_difference(Sigma)
    above_all, below_all = inner(plus, C * plus), inner(minus, C * minus)
    share = 4 * largest(C) * smallest(C) / (largest(C) + smallest(C)) ** 2

    def of(share: sp.Expr) -> sp.Expr:
        return (1 + share) / (1 - share)

    return Derivation(
        definition=largest(C) / smallest(C),
        closed_form={"lower": of(largest_c), "upper": of(rest)},
        steps=(
            equal(
                "For the lower bound take a pair i, j of correlation c (or -c, with e_j for "
                "-e_j). At the unit vector x = (e_i + e_j)/sqrt 2 the value x'Cx is 1 + c.",
                (one + other).T * matrix * (one + other) / 2,
                (1 + c) * eye(1),
                pair,
            ),
            equal(
                "At the unit vector x = (e_i - e_j)/sqrt 2 the value x'Cx is 1 - c.",
                (one - other).T * matrix * (one - other) / 2,
                (1 - c) * eye(1),
                pair,
            ),
            cited("Such values x'Cx lie between the extreme eigenvalues of C", RAYLEIGH),
            equal(
                "For the upper bound: the eigenvalues add up to N. Replace each of the two "
                "extreme ones by their mean, and the N numbers still add up to N. For each "
                "number x the difference x - ln(x) - 1 falls up to x = 1 and grows from "
                "there.",
                derivative(x - 1 - sp.log(x), x),
                (x - 1) / x,
            ),
            equal(
                "The difference is 0 at x = 1, so ln x <= x - 1 for every x. So the "
                "logarithms of the N numbers add up to at most N - N = 0, and their product "
                "is at most 1.",
                value_at(x - 1 - sp.log(x), {x: 1}),
                sp.Integer(0),
            ),
            equal(
                "The product of the N numbers is det C (lambda_max + lambda_min)^2/(4 "
                "lambda_max lambda_min). With kappa = lambda_max/lambda_min it is det C (1 "
                "+ kappa)^2/(4 kappa), so that (1 + kappa)^2/kappa <= 4/det C.",
                ((low + above) + low) ** 2 / ((low + above) * low),
                value_at(spread, {ratio: (low + above) / low}),
            ),
            equal(
                "The derivative of (1 + kappa)^2/kappa is positive for kappa > 1, so this "
                "left side grows with kappa.",
                derivative(spread, ratio),
                (ratio - 1) * (ratio + 1) / ratio**2,
            ),
            equal(
                "At kappa = (1 + r)/(1 - r) with r = sqrt(1 - det C) the left side is 4/(1 "
                "- r^2) = 4/det C. So kappa is at most (1 + r)/(1 - r).",
                value_at(spread, {ratio: of(r)}),
                4 / (1 - r**2),
            ),
        ),
        twins={
            "as if all were correlated so, (1 + (N-1)c)/(1 - c)": {
                "lower": (1 + (N - 1) * largest_c) / (1 - largest_c),
                "upper": of(rest),
            },
            "at most 1/det C": {"lower": of(largest_c), "upper": 1 / det(C)},
            "at least of c^2": {"lower": of(largest_c**2), "upper": of(rest)},
            "at most of 1 - det C": {"lower": of(largest_c), "upper": of(sp.Max(0, 1 - det(C)))},
        },
        chain=chain(
            outputs={
                "lower": (
                    because(
                        "Along the unit vector (e_i + e_j)/sqrt 2 the value x'Cx is at most "
                        "the largest eigenvalue.",
                        grows_inside(
                            old=largest(C),
                            new=above_all,
                            by=linear_algebra.largest_rayleigh_quotient(C, plus),
                        ),
                        above_all / smallest(C),
                        ">=",
                    ),
                    because(
                        "Along the unit vector (e_i - e_j)/sqrt 2 the value x'Cx is at "
                        "least the smallest eigenvalue.",
                        grows_inside(
                            old=smallest(C),
                            new=below_all,
                            by=linear_algebra.smallest_rayleigh_quotient(C, minus),
                        ),
                        above_all / below_all,
                        ">=",
                    ),
                    calculated("The two values are 1 + c and 1 - c."),
                ),
                "upper": (
                    calculated(
                        "With x = 4 lambda_max lambda_min/(lambda_max + lambda_min)^2 the "
                        "condition number is (1 + sqrt(1 - x))/(1 - sqrt(1 - x)).",
                        of(sp.sqrt(sp.Max(0, 1 - share))),
                    ),
                    because(
                        "With the mean of both extreme eigenvalues in their places C has the "
                        "trace N and the determinant det C/x, at most 1. The condition number "
                        "falls with x.",
                        grows_inside(
                            old=share,
                            new=det(C),
                            by=with_both_extremes_at_their_mean(
                                by=norms.geometric_and_arithmetic_mean(LEVELLED), of=LEVELLED
                            ),
                        ),
                        relation="<=",
                    ),
                ),
            },
            covers=(most_correlated(Sigma), determinant_of_correlations(Sigma)),
            reached={"lower": ONE_PAIR, "upper": ONE_PAIR},
        ),
    )
