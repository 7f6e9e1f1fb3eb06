"""The Hessian of a net: what comes from the loss and what from the net, and how many outliers."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner, softmax
from theory.functions.constants import ones
from theory.functions.examples import added, over_examples
from theory.functions.stated import rank
from theory.proofs.rules import ranks
from theory.proofs.tactics import cited, equal, nonnegative
from theory.proofs.unevaluated import derivative
from theory.stability.letters import (
    CURVED,
    RULES,
    SOURCE,
    B,
    M,
    P,
    acceleration,
    at_zero,
    cross_entropy,
    one,
    output_curvature,
    outputs,
    target,
    v,
    velocity,
    x,
)
from theory.stability.softmax import (
    CROSS_ENTROPY,
    LOG_SUM,
    p_i,
    p_j,
    v_i,
    v_j,
    z_i,
    z_j,
)


@claim(
    "identity",
    (s.outputs, s.velocity, s.acceleration, s.target),
    (cite(SOURCE, "generalised Gauss-Newton approximation to the Hessian"),
     cite("martens2020")),
    (CROSS_ENTROPY, "one example; a batch has the mean over its examples"),
)  # fmt: skip
def curvature_split() -> Derivation:
    """Along any line in the parameters the curvature of the loss is the sum of velocity'(diag(p) -
    pp')velocity, the Gauss-Newton part, which is never negative, and of the residual (p -
    target)'acceleration, with p = softmax(outputs). The residual vanishes where the net is linear
    or the targets are met."""
    w_i, w_j, y_i, y_j = sp.symbols("a_i a_j y_i y_j", real=True)
    first, second = sp.symbols("p_i p_j", positive=True)
    moving = {z_i: z_i + x * v_i + x**2 * w_i / 2, z_j: z_j + x * v_j + x**2 * w_j / 2}
    along = (LOG_SUM - y_i * z_i - y_j * z_j).subs(moving)
    linear = at_zero(cross_entropy(outputs + x * velocity), 2)
    whole = at_zero(cross_entropy(outputs + x * velocity + x**2 * acceleration / 2), 2)
    return Derivation(
        definition={"gauss_newton": linear, "residual": whole - linear},
        closed_form={
            "gauss_newton": inner(velocity, output_curvature(outputs) * velocity),
            "residual": inner(acceleration, softmax(outputs) - target),
        },
        steps=(
            equal(
                "Move any two outputs z by x v + x^2 a/2. By the chain rule the loss bends by "
                "(p - y)'a, with the target y, plus the mean of v^2 under p less the square of "
                "the mean of v.",
                derivative(along, x, 2, at=0),
                p_i * v_i**2
                + p_j * v_j**2
                - (p_i * v_i + p_j * v_j) ** 2
                + (p_i - y_i) * w_i
                + (p_j - y_j) * w_j,
            ),
            nonnegative(
                "The part in the velocities v is a variance (stability.output_hessian). With "
                "two outputs, p_i + p_j = 1, it is p_i p_j (v_i - v_j)^2, which is not negative.",
                sp.factor(
                    (first * v_i**2 + second * v_j**2) * (first + second)
                    - (first * v_i + second * v_j) ** 2
                ),
            ),
            equal(
                "The Gauss-Newton part does not see a motion a that all outputs share: it is "
                "the same for v and for v + 1a.",
                (v + one * sp.MatrixSymbol("a", 1, 1)).T * CURVED * v,
                v.T * CURVED * v,
                RULES,
            ),
        ),
        twins={
            "the signs of the residual reversed": {
                "gauss_newton": inner(velocity, output_curvature(outputs) * velocity),
                "residual": inner(acceleration, target - softmax(outputs)),
            },
            "half the acceleration": {
                "gauss_newton": inner(velocity, output_curvature(outputs) * velocity),
                "residual": inner(acceleration, softmax(outputs) - target) / 2,
            },
            "the squared slope, as in Fisher's matrix of the targets": {
                "gauss_newton": inner(velocity, softmax(outputs) - target) ** 2,
                "residual": inner(acceleration, softmax(outputs) - target),
            },
        },
        chain=chain(
            outputs={
                "gauss_newton": (
                    calculated(
                        "Along a straight line in the outputs the second derivative of the loss is "
                        "velocity'(diag(p) - pp')velocity."
                    ),
                ),
                "residual": (
                    calculated("The acceleration adds its product with the gradient p - target."),
                ),
            }
        ),
    )


@claim(
    "bound",
    (s.P, s.B.within(low=1), s.M),
    (cite(SOURCE, "number of outliers to be roughly the number of classes"),
     cite("ghorbani2019")),
    (CROSS_ENTROPY,),
)  # fmt: skip
def gauss_newton_rank() -> Derivation:
    """The Gauss-Newton matrix of B examples and M classes in P parameters has rank B (M - 1) at
    most, and P at most. Each example adds one direction per class, less one for the shift that all
    outputs share."""
    example = sp.Symbol("b", integer=True)
    slopes = sp.MatrixSymbol("J", M, P)
    curved = output_curvature(outputs)
    return Derivation(
        definition=rank(over_examples(slopes.T * curved * slopes, B)),
        closed_form={"upper": sp.Min(P, B * (M - 1))},
        steps=(
            equal(
                "The curvature D - pp' in the outputs, D = diag(p), takes the vector 1 of ones "
                "to zero. So its rank is at most M - 1.",
                CURVED * one,
                sp.ZeroMatrix(M, 1),
                RULES,
            ),
            cited(
                "The rank of J'(diag(p) - pp')J is not larger, and ranks of a sum add up at most",
                cite("hornjohnson2013", "section 0.4.5"),
            ),
            equal(
                "Over B examples the ranks add up to B (M - 1).",
                sp.Sum(M - 1, (example, 1, B)),
                B * (M - 1),
            ),
            equal(
                "Adding the same row a' to every row of J leaves the matrix as it is: only "
                "differences between the outputs' gradients count.",
                (slopes + one * sp.MatrixSymbol("a", 1, P)).T
                * CURVED
                * (slopes + one * sp.MatrixSymbol("a", 1, P)),
                slopes.T * CURVED * slopes,
                RULES,
            ),
        ),
        twins={
            "one direction per class": {"upper": sp.Min(P, B * M)},
            "as many as classes, whatever the batch": {"upper": sp.Min(P, M)},
        },
        chain=chain(
            outputs={
                "upper": (
                    because(
                        "Ranks of a sum add up at most, and no rank exceeds P.",
                        ranks.rank_of_sum(),
                        sp.Min(P, added(rank(slopes.T * curved * slopes), B)),
                        "<=",
                    ),
                    because(
                        "J'(diag(p) - pp')J has no higher rank than diag(p) - pp'.",
                        ranks.rank_of_product(),
                        sp.Min(P, added(rank(curved), B)),
                        "<=",
                    ),
                    because(
                        "diag(p) - pp' takes 1 to 0. Its rank is at most M - 1.",
                        ranks.rank_with_kernel(column=ones(M, 1)),
                        relation="<=",
                    ),
                )
            }
        ),
    )
