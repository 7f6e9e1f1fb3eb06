"""Where softmax leaves the loss of a net flat: a common shift of all outputs."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner, softmax
from theory.functions.constants import ones
from theory.functions.heads import grad
from theory.proofs.rules import curvature
from theory.proofs.tactics import cited, equal, positive
from theory.stability.letters import (
    CURVED,
    RULES,
    SOURCE,
    TWO_CLASSES,
    M,
    W_out,
    at_zero,
    chances,
    cross_entropy,
    hess,
    hidden,
    n,
    one,
    output_curvature,
    x,
)
from theory.stability.softmax import CROSS_ENTROPY, squares_of, variance


@claim(
    "identity",
    (s.n, TWO_CLASSES),
    (cite(SOURCE, "The loss has an exactly flat direction"),),
    (
        CROSS_ENTROPY,
        "the last layer is z = W h + b, with n inputs and one bias per output",
        "the inputs of the last layer, with a 1 for the bias, span n + 1 dimensions",
    ),
)
def flat_directions() -> Derivation:
    """Adding one vector to the weights of every output, or one number to every bias, changes no
    loss. So n + 1 directions of a last layer with n inputs are exactly flat, Hd = 0 for such a
    direction d and the Hessian H, at every point of every net. Within that layer there are no
    others."""
    W, h, c = (
        sp.MatrixSymbol("W", M, n),
        sp.MatrixSymbol("h", n, 1),
        sp.MatrixSymbol("a", n, 1),
    )
    shift = sp.Symbol("a", real=True)
    powers, target_power, chance = sp.symbols("S e_t p_i", positive=True)
    return Derivation(
        definition=sp.Function("dimension")(sp.Function("kernel")(hess(sp.Symbol("L"), W_out))),
        closed_form=n + 1,
        steps=(
            equal(
                "With a vector a added to every row of W all outputs grow by the same number a'h.",
                (W + one * c.T) * h,
                W * h + one * (c.T * h),
            ),
            equal(
                "Every exponential grows by the same factor exp(a). So does their sum S, and "
                "the loss log(S) - log(e_t) with the target's exponential e_t stays.",
                sp.log(sp.exp(shift) * powers) - sp.log(sp.exp(shift) * target_power),
                sp.log(powers) - sp.log(target_power),
            ),
            equal(
                "So L(theta + x d) = L(theta) at every theta. The derivative of this function "
                "in x and then in theta, H d, is zero. There are n independent vectors a, and "
                "one shift of all biases.",
                sp.Sum(1, (sp.Symbol("j", integer=True), 0, n)),
                n + 1,
            ),
            variance(
                "To see that there are no other flat directions, move the layer in any "
                "direction. The curvature is the mean over examples of v'(D - pp')v, the "
                "variance under p of the outputs' motion v."
            ),
            positive(
                "A term p_i d_i^2 of this variance, d_i = v_i - mean, is positive unless d_i is "
                "0. So only an equal motion of all outputs is flat.",
                chance * sp.Symbol("d_i", real=True, nonzero=True) ** 2,
            ),
            cited(
                "If (w_i - w_j)'h = 0 for inputs that span all n + 1 dimensions, w_i is w_j",
                cite("hornjohnson2013", "section 0.2"),
            ),
        ),
        twins={
            "printed: a single direction, the overall shift": sp.Integer(1),
            "without the biases": n,
            "one per output": M,
        },
        missing="The kernel of a sum of positive semidefinite matrices is what all their kernels "
        "share. No rule here says that, and none counts the dimensions of such a kernel, given "
        "that the inputs span n + 1 dimensions.",
    )


@claim(
    "identity",
    (s.W_out, s.hidden),
    (cite(SOURCE, "exactly flat direction in the direction of the overall shift"),),
    (
        CROSS_ENTROPY,
        "one example; the outputs are W_out times the hidden values, both of them parameters",
    ),
)
def common_shift_curvature() -> Derivation:
    """The sum of the gradients of all outputs is not a flat direction of the parameters: with
    outputs W h the loss bends along it by s'(diag(p) - pp')s with s = WW'1, since below the last
    layer it moves the outputs unequally. Only in the outputs is their common shift flat. Here W =
    W_out, h = hidden, 1 is the vector of ones, and p = softmax(W h)."""
    W, h = sp.MatrixSymbol("W", M, n), sp.MatrixSymbol("h", n, 1)
    Z, y = sp.MatrixSymbol("Z", M, n), sp.MatrixSymbol("y", n, 1)  # a displacement
    moved = (W + x * one * h.T) * (h + x * W.T * one)
    push = W_out * (W_out.T * ones(M, 1))
    summed = inner(ones(M, 1), W_out * hidden)
    way = W_out + x * grad(summed, W_out)
    across = hidden + x * grad(summed, hidden)
    steep = W_out + x * ones(M, 1) * hidden.T
    drawn = push + inner(hidden, hidden) * ones(M, 1)
    curved = output_curvature(W_out * hidden)
    label = sp.MatrixSymbol("target", M, 1)  # a one at the class
    sway, number, more = (
        sp.MatrixSymbol("s", M, 1),
        sp.MatrixSymbol("h'h", 1, 1),
        sp.MatrixSymbol("h'W'1", 1, 1),
    )
    return Derivation(
        definition=at_zero(cross_entropy(way * across, label), 2),
        closed_form=inner(push, curved * push),
        steps=(
            equal(
                "The sum of the outputs has the gradient 1h' in W and W'1 in h: it changes by "
                "their products with a displacement (Z, y), to first order.",
                one.T * (W + x * Z) * (h + x * y),
                one.T * W * h + x * (one.T * Z * h + one.T * W * y) + x**2 * one.T * Z * y,
            ),
            equal(
                "From W and h go x times along this gradient. The outputs move by x WW'1, and "
                "all alike by x h'h + x^2 h'W'1.",
                moved,
                W * h + x * W * W.T * one + one * (x * h.T * h + x**2 * h.T * W.T * one),
            ),
            equal(
                "An equal motion of all outputs does not bend the loss. The motion WW'1 = s "
                "remains.",
                (sway + one * number).T * CURVED * (sway + one * number),
                sway.T * CURVED * sway,
                RULES,
            ),
            equal(
                "The loss has no slope along an equal motion of all outputs, as (p - target)'1 "
                "= 0. So the term x^2 h'W'1 adds no curvature.",
                (chances - label).T * one * more,
                sp.ZeroMatrix(1, 1),
                {**RULES, label.T * one: sp.Identity(1)},
            ),
        ),
        twins={
            "printed: exactly flat": sp.Integer(0),
            "of the hidden layer alone, softmax's mean not subtracted": inner(
                softmax(W_out * hidden), squares_of(push)
            ),
        },
        chain=chain(
            because(
                "The sum 1'Wh has the gradient 1h' in W and W'1 in h.",
                curvature.gradients(W_out=ones(M, 1) * hidden.T, hidden=W_out.T * ones(M, 1)),
                at_zero(cross_entropy(steep * (hidden + x * W_out.T * ones(M, 1)), label), 2),
            ),
            calculated(
                "The outputs move by WW'1 + h'h 1. Their acceleration is the same for all outputs, "
                "and (p - target)'1 = 0.",
                inner(drawn, curved * drawn),
            ),
            calculated("An equal motion of all outputs does not bend the loss."),
            axes=(label,),
        ),
    )
