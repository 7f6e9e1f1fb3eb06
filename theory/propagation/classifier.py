"""The means that reach the classifier."""

import sympy as sp

from theory.chain import Link, because, by_step, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner
from theory.functions.heads_of_chance import E, copies
from theory.laws import Normal
from theory.proofs.rules import chance, parts
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import unevaluated, value_at
from theory.propagation.letters import ANY_ROW, GAUSSIAN_HE, ROW, WIDE, N, relu, x, y
from theory.propagation.pooling import CLASSIFIER, FOUR, MAX_MEAN, POOLED_MEAN, POOLED_SQUARE
from theory.propagation.windows import LARGEST, WINDOW, WINDOW_LAWS

OTHER_WINDOW = sp.symbols("y1:5", real=True)  # of another input


@claim("limit", (), (CLASSIFIER,), (GAUSSIAN_HE, WIDE, f"channels normalised; {FOUR}"))
def classifier_share() -> Derivation:
    """With batch norm in every layer but the classifier, whose inputs passed ReLU, the means of the
    classifier's outputs have the share 1/pi = 0.32 of their mean square. With 2 x 2 max-pooling
    after the ReLU the share is 6 (19 + 6 sqrt 2)/(45 pi + 36 + 32 sqrt 3) = 0.71: pooling, not
    ReLU, makes most of it."""
    pooled_value = relu(LARGEST)
    other_value = pooled_value.xreplace(dict(zip(WINDOW, OTHER_WINDOW, strict=True)))
    mean_here, mean_other, mean_square = E(pooled_value), E(other_value), E(pooled_value**2)
    mean, square, v = sp.symbols("a b v", positive=True)
    pooled = 6 * (19 + 6 * sp.sqrt(2)) / (45 * sp.pi + 36 + 32 * sp.sqrt(3))
    return Derivation(
        definition={
            "after ReLU": share(relu(x), relu(y)),
            "after ReLU and pooling": share(pooled_value, other_value),
        },
        closed_form={"after ReLU": 1 / sp.pi, "after ReLU and pooling": pooled},
        steps=(
            equal(
                "For N inputs of mean a and mean square b the means of the outputs have the "
                "variance 2 N a^2/N, their variances the mean 2 N v/N, v = b - a^2 "
                "(propagation.channel_means). The share of the means is a^2/b.",
                value_at(2 * mean**2 / (2 * mean**2 + 2 * v), {v: square - mean**2}),
                mean**2 / square,
            ),
            equal(
                "After ReLU (propagation.rectified_moments) a is 1/sqrt(2 pi) and b is 1/2, so "
                "the share is 1/pi.",
                unevaluated(1 / sp.sqrt(2 * sp.pi)) ** 2 / sp.Rational(1, 2),
                1 / sp.pi,
            ),
            equal(
                "After ReLU and pooling (propagation.pooled_moments) the share a^2/b is the "
                "claimed number.",
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
                    because(
                        "On average ww' is 2I/N, and the moments after ReLU are known.",
                        chance.expectation(),
                    ),
                ),
                "after ReLU and pooling": (
                    because(
                        "On average ww' is 2I/N: what is left is of one input.",
                        chance.expectation(),
                        mean_here * mean_other / mean_square,
                    ),
                    moment_known("mean", POOLED_MEAN * mean_other / mean_square),
                    moment_known(
                        "mean",
                        POOLED_MEAN**2 / mean_square,
                        dict(zip(WINDOW, OTHER_WINDOW, strict=True)),
                    ),
                    moment_known("mean square", POOLED_MEAN**2 / POOLED_SQUARE),
                    by_step("The fraction is simplified to the closed form.", 3),
                ),
            },
            laws={
                **ANY_ROW,
                **WINDOW_LAWS,
                **dict.fromkeys(OTHER_WINDOW, Normal()),
                x: Normal(),
                y: Normal(),
            },
        ),
    )


def share(value: sp.Expr, other: sp.Expr) -> sp.Expr:
    """The share of the squared means in the mean square of outputs, whose inputs are independent
    copies of a value: a squared mean over examples is the mean product over two examples."""
    here, there = (inner(ROW, copies(each, N)) for each in (value, other))
    return E(here * there) / E(here**2)


def moment_known(output: str, right: sp.Expr, at: dict[sp.Symbol, sp.Symbol] | None = None) -> Link:
    """A link in which a moment has the value that propagation.pooled_moments joins."""
    return because(
        f"The {output} is known (propagation.pooled_moments).",
        parts.claimed(claim="propagation.pooled_moments", output=output, at=at),
        right,
    )
