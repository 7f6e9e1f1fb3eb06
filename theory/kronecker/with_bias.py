"""What a bias adds: its row and column in the block, and how badly conditioned they make it."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Approached, Link, Reached, because, calculated, chain
from theory.claim import Derivation, Step, claim
from theory.functions.eigenvalues import largest, smallest
from theory.kronecker.conditioning import IDENTITY, WHITE, second_moment
from theory.kronecker.letters import (
    LENGTH,
    NU,
    ONE,
    ORTHOGONAL,
    SOURCE,
    SQUARE,
    WAY,
    N,
    kappa,
    mu,
    square,
    w,
)
from theory.proofs.factors import polar
from theory.proofs.rules import order
from theory.proofs.rules.eigenvalues import plane_and_rest
from theory.proofs.tactics import equal, nonnegative, positive
from theory.proofs.unevaluated import value_at

WITH_BIAS = sp.BlockMatrix([[IDENTITY + mu * mu.T, mu], [mu.T, ONE]])


ROOT = sp.sqrt(SQUARE * (SQUARE + 4))
#: The two eigenvalues beside 1.
TOP, BOTTOM = 1 + SQUARE / 2 + ROOT / 2, 1 + SQUARE / 2 - ROOT / 2


def on_the_plane(right: sp.Expr | None = None) -> Link:
    """The extreme eigenvalues, by those on the plane of (mu, 0) and (0, 1)."""
    return because(
        "The matrix keeps the plane of (mu, 0) and (0, 1), where it has two eigenvalues, on "
        "both sides of 1. Across the plane its eigenvalue is 1.",
        plane_and_rest(
            plane=(
                sp.BlockMatrix([[WAY], [sp.ZeroMatrix(1, 1)]]),
                sp.BlockMatrix([[sp.ZeroMatrix(N, 1)], [ONE]]),
            ),
            values=(TOP, BOTTOM),
        ),
        right,
    )


def with_bias() -> tuple[Step, ...]:
    """The matrix of the inputs with a constant one, on its two-dimensional and other subspaces."""
    one, other = sp.symbols("x y", real=True)
    pair = sp.Matrix([[1 + square, 1], [square, 1]])
    return (
        second_moment(IDENTITY),
        equal(
            "A bias is the weight of one more input, the constant 1. The matrix [[I + mu "
            "mu', mu], [mu', 1]] takes (x mu, y) to a vector whose upper part is ((1 + "
            "|mu|^2)x + y) mu.",
            (IDENTITY + mu * mu.T) * (one * mu) + other * mu,
            ((1 + square) * one + other) * mu,
            LENGTH,
        ),
        equal(
            "The lower part, for the bias, is |mu|^2 x + y. So the matrix keeps the plane "
            "of the vectors (x mu, y).",
            mu.T * (one * mu) + other * ONE,
            (square * one + other) * ONE,
            LENGTH,
        ),
        equal(
            "The vector (w, 0), with w orthogonal to mu, has the eigenvalue 1: the upper "
            "part stays w, and the lower part mu'w is 0.",
            (IDENTITY + mu * mu.T) * w,
            w,
            ORTHOGONAL,
        ),
        equal(
            "The two other eigenvalues kappa are the roots of the characteristic polynomial "
            "of the plane: their sum is |mu|^2 + 2, their product is 1.",
            (kappa * sp.eye(2) - pair).det(),
            kappa**2 - (square + 2) * kappa + 1,
        ),
    )


@claim(
    "identity",
    (s.mu,),
    (cite(SOURCE, "nu = |m|^2 + 1"),),
    (WHITE,),
)
def bias() -> Derivation:
    """With a bias, the weight of one more input that is always 1, the second-moment matrix of
    inputs of covariance I and mean mu has the eigenvalues 1 + |mu|^2/2 +- (|mu|/2) sqrt(|mu|^2 +
    4), whose product is 1, and otherwise the eigenvalue 1. So a bias does not centre the inputs: it
    makes their curvature worse."""
    high = 1 + square / 2 + sp.sqrt(square * (square + 4)) / 2
    return Derivation(
        definition={"largest": largest(WITH_BIAS), "smallest": smallest(WITH_BIAS)},
        # 1/top, not 1 + |mu|^2/2 - root/2, which cancels
        closed_form={"largest": TOP, "smallest": 1 / TOP},
        steps=(
            *with_bias(),
            equal(
                "The larger eigenvalue 1 + |mu|^2/2 + (|mu|/2) sqrt(|mu|^2 + 4) is a root "
                "of the polynomial.",
                high**2 - (square + 2) * high + 1,
                0,
            ),
            equal(
                "The smaller eigenvalue, 1 + |mu|^2/2 - (|mu|/2) sqrt(|mu|^2 + 4), is the "
                "inverse of the larger.",
                1 / high,
                1 + square / 2 - sp.sqrt(square * (square + 4)) / 2,
            ),
            nonnegative(
                "The larger of the two exceeds 1 by a number that is not negative. Their "
                "product is 1, so the eigenvalue 1 lies between the two.",
                high - 1,
            ),
        ),
        twins={
            "printed: |mu|^2 + 1, all others 1": {"largest": NU, "smallest": sp.Integer(1)},
            "a bias centres": {"largest": sp.Integer(1), "smallest": sp.Integer(1)},
        },
        chain=chain(
            outputs={"largest": (on_the_plane(),), "smallest": (on_the_plane(),)},
            covers=(polar(mu),),
        ),
    )


@claim(
    "bound",
    (s.mu,),
    (cite(SOURCE, "nu = |m|^2 + 1"),),
    (WHITE,),
)
def bias_condition() -> Derivation:
    """A bias squares the condition number: with a bias, the second-moment matrix of inputs of
    covariance I and mean mu has a condition number between nu^2 and (nu + 1)^2, nu = |mu|^2 + 1, so
    that the condition number grows as |mu|^4. Without a bias it is nu."""
    excess = sp.Symbol("e", nonnegative=True)
    far = sp.Symbol("far", positive=True)
    squared = (
        on_the_plane(TOP / BOTTOM),
        calculated(
            "The product of the two eigenvalues is 1, so their ratio is the square of the "
            "larger one.",
            TOP**2,
        ),
    )
    above, below = sp.symbols("lambda_1 lambda_2", positive=True)
    high, low, length = 1 + excess, 1 / (1 + excess), excess**2 / (1 + excess)
    return Derivation(
        definition=largest(WITH_BIAS) / smallest(WITH_BIAS),
        closed_form={"lower": NU**2, "upper": (NU + 1) ** 2},
        steps=(
            *with_bias(),
            equal(
                "Let the two eigenvalues be 1 + e and 1/(1 + e), e >= 0. Their sum is "
                "|mu|^2 + 2, so |mu|^2 = e - 1 + 1/(1 + e) = e^2/(1 + e).",
                high + low - 2,
                length,
            ),
            equal(
                "The condition number, the ratio of the two eigenvalues, is the square of "
                "the larger one, since their product is 1.",
                value_at(above / below, {above: high, below: low}),
                high**2,
            ),
            equal(
                "The larger eigenvalue exceeds nu = |mu|^2 + 1 by e/(1 + e).",
                high - (length + 1),
                excess / (1 + excess),
            ),
            nonnegative(
                "The excess e/(1 + e) is not negative, so the condition number is at least nu^2.",
                excess / (1 + excess),
            ),
            equal(
                "The larger eigenvalue is below nu + 1, and the difference is 1/(1 + e), "
                "the smaller eigenvalue.",
                length + 2 - high,
                low,
            ),
            positive(
                "The smaller eigenvalue 1/(1 + e) is positive, so the condition number is below "
                "(nu + 1)^2.",
                low,
            ),
            equal(
                "As |mu| grows, the condition number, the square of the larger eigenvalue, "
                "over |mu|^4 tends to 1.",
                sp.Limit(
                    (1 + square / 2 + sp.sqrt(square * (square + 4)) / 2) ** 2 / square**2,
                    square,
                    sp.oo,
                ),
                1,
            ),
        ),
        twins={
            "printed: nu": {"lower": NU, "upper": NU},
            "twice nu": {"lower": 2 * NU, "upper": (NU + 1) ** 2},
        },
        chain=chain(
            outputs={
                "lower": (
                    *squared,
                    because(
                        "The larger eigenvalue exceeds nu by 1 minus the smaller one, which "
                        "is not negative.",
                        order.gap(is_=(1 - BOTTOM) * (TOP + NU)),
                        relation=">=",
                    ),
                ),
                "upper": (
                    *squared,
                    because(
                        "The number nu + 1 exceeds the larger eigenvalue by the smaller "
                        "one, which is positive.",
                        order.gap(is_=BOTTOM * (NU + 1 + TOP)),
                        relation="<=",
                    ),
                ),
            },
            covers=(polar(mu),),
            reached={
                "lower": Reached({"mu": [0]}),
                "upper": Approached({"mu": [far]}, far, sp.oo),
            },
        ),
    )
