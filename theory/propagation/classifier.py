"""The means that reach the classifier."""

import sympy as sp

from theory.chain import Link, because, by_step, chain
from theory.claim import Derivation, claim
from theory.proofs.rules import parts
from theory.proofs.tactics import equal
from theory.propagation.letters import (
    GAUSSIAN_HE,
    WIDE,
    cdf,
    m,
    mean_over,
    relu,
    v,
    x,
)
from theory.propagation.pooling import CLASSIFIER, FOUR, MAX_MEAN, POOLED_MEAN, POOLED_SQUARE


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
