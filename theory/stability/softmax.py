"""Softmax: the curvature of the cross-entropy in the outputs, and where a net's loss is flat."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.claim import Derivation, Step, claim
from theory.functions.columns import diagonal, inner, softmax
from theory.functions.constants import ones
from theory.proofs.tactics import cited, equal, nonnegative, positive
from theory.stability.letters import (
    CURVED,
    RULES,
    SOURCE,
    D,
    M,
    W_out,
    chances,
    grad,
    hess,
    hidden,
    loss,
    n,
    one,
    output_curvature,
    outputs,
    velocity,
    x,
)

TWO_CLASSES = s.M.within(low=2)
CROSS_ENTROPY = "the loss is the cross-entropy, log(sum_i exp(z_i)) - target'z"
others, first, second = sp.symbols("others e_i e_j", positive=True)  # powers exp(z) of classes
z_i, z_j, v_i, v_j = sp.symbols("z_i z_j v_i v_j", real=True)
#: The loss with two of its outputs, any two, written out: "others" is the sum of the other powers.
LOG_SUM = sp.log(others + sp.exp(z_i) + sp.exp(z_j))
p_i, p_j = (sp.diff(LOG_SUM, z) for z in (z_i, z_j))


def second_derivatives() -> tuple[Step, ...]:
    """The entries of the Hessian of the log of a sum of powers."""
    return (
        equal(
            "The loss bends in two different outputs by -p_i p_j, p the softmax, ...",
            sp.diff(LOG_SUM, z_i, z_j),
            -sp.exp(z_i) * sp.exp(z_j) / sp.exp(LOG_SUM) ** 2,
        ),
        equal(
            "... and in one by p_i - p_i^2; the targets enter linearly and do not bend.",
            sp.diff(LOG_SUM, z_i, 2),
            sp.exp(z_i) / sp.exp(LOG_SUM) - (sp.exp(z_i) / sp.exp(LOG_SUM)) ** 2,
        ),
    )


def variance(words: str) -> Step:
    """V'(diag(p) - pp')v is the mean under p of the squares of v about their mean."""
    v, average = sp.MatrixSymbol("v", M, 1), sp.MatrixSymbol("mean", 1, 1)
    return equal(
        words,
        (v - one * average).T * D * (v - one * average),
        v.T * CURVED * v,
        {**RULES, average: chances.T * v, average.T: v.T * chances},
    )


@claim(
    "identity",
    (s.outputs, s.velocity),
    (cite(SOURCE, "the softmax function, invariant under such an overall shift"),
     cite("martens2020")),
    (CROSS_ENTROPY,),
)  # fmt: skip
def output_hessian() -> Derivation:
    """In a net's outputs the Hessian of the cross-entropy is diag(p) - pp' with the probabilities p
    = softmax(outputs), whatever the targets. Along the velocity of the outputs it is the variance
    of the velocity's entries under p, so it is never negative. It is flat ("shift", 0) along an
    equal shift of all outputs."""
    p = softmax(outputs)
    mean = inner(p, velocity)
    centred = velocity - mean * ones(M, 1)
    return Derivation(
        definition={
            "along": hess(loss(outputs), velocity, velocity),
            "shift": hess(loss(outputs), velocity, ones(M, 1)),
        },
        closed_form={"along": inner(p, _squares(centred)), "shift": sp.Integer(0)},
        steps=(
            *second_derivatives(),
            variance("Along v the Hessian is the variance of v under p, ..."),
            nonnegative(
                "... in which no term p_i (v_i - mean)^2 is negative.", first * (v_i - v_j) ** 2
            ),
            equal(
                "An equal shift of all outputs is flat.", CURVED * one, sp.ZeroMatrix(M, 1), RULES
            ),
        ),
        twins={
            "without pp'": {"along": inner(p, _squares(velocity)), "shift": sp.Integer(0)},
            "without pp', and not flat": {
                "along": inner(p, _squares(velocity)),
                "shift": inner(p, velocity),
            },
        },
    )


@claim(
    "identity",
    (s.outputs, s.velocity),
    (cite(SOURCE, "Pearlmutter trick"), cite("pearlmutter1994")),
    (CROSS_ENTROPY,),
)
def hessian_product() -> Derivation:
    """A Hessian times a vector is the derivative of the gradient along this vector, so that no
    Hessian is formed. For the cross-entropy of M outputs the product with velocity has the entries
    p_i velocity_i - p_i p'velocity, with p = softmax(outputs), which takes M products and not
    M^2."""
    p = softmax(outputs)
    moved = sp.Function("S")  # the sum of all powers along outputs + x v
    average = sp.Symbol("p'v", real=True)
    slope = sp.exp(z_i + x * v_i) / moved(x)
    rate = sp.diff(slope, x).subs(sp.Derivative(moved(x), x), average * moved(x)).subs(x, 0)
    return Derivation(
        definition=hess(loss(outputs), velocity),
        closed_form=_times(p, velocity) - inner(p, velocity) * p,
        steps=(
            equal("The gradient is p less the target.", p_i, sp.exp(z_i) / sp.exp(LOG_SUM)),
            equal(
                "Along outputs + x v the sum of powers starts to grow by its value times p'v, ...",
                sp.diff(LOG_SUM.subs({z_i: z_i + x * v_i, z_j: z_j + x * v_j}), x).subs(x, 0),
                p_i * v_i + p_j * v_j,
            ),
            equal(
                "... so p_i starts to change by p_i (v_i - p'v).",
                rate,
                slope.subs(x, 0) * (v_i - average),
            ),
            equal(
                "That is the Hessian diag(p) - pp' times v.",
                CURVED * sp.MatrixSymbol("v", M, 1),
                D * sp.MatrixSymbol("v", M, 1) - chances * (chances.T * sp.MatrixSymbol("v", M, 1)),
            ),
        ),
        twins={
            "the derivative of each probability in its own output alone": _times(p, velocity)
            - _times(p, _times(p, velocity)),
            "the gradient along v, p'v at every output": inner(p, velocity) * p,
        },
    )


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
    powers, target_power = sp.symbols("S e_t", positive=True)
    return Derivation(
        definition=sp.Function("dimension")(sp.Function("kernel")(hess(sp.Symbol("L"), W_out))),
        closed_form=n + 1,
        steps=(
            equal(
                "With a vector a added to every row of W all outputs grow by the same number "
                "a'h: ...",
                (W + one * c.T) * h,
                W * h + one * (c.T * h),
            ),
            equal(
                "... every power by the same factor, and log(sum/target's power) stays.",
                sp.log(sp.exp(shift) * powers) - sp.log(sp.exp(shift) * target_power),
                sp.log(powers) - sp.log(target_power),
            ),
            equal(
                "So L(theta + x d) = L(theta) at every theta: its derivative in x and in theta, "
                "H d, is zero. There are n such vectors a, and a shift of all biases.",
                sp.Sum(1, (sp.Symbol("j", integer=True), 0, n)),
                n + 1,
            ),
            variance(
                "No others: along any direction the layer's curvature is the mean over examples of "
                "the variance of the outputs' motion v, ..."
            ),
            positive(
                "... every term of which is positive, unless all outputs move alike;",
                first * sp.Symbol("v_i - mean", real=True, nonzero=True) ** 2,
            ),
            cited(
                "and if (w_i - w_j)'h = 0 for inputs that span all n + 1 dimensions, w_i = w_j",
                cite("hornjohnson2013", "section 0.2"),
            ),
        ),
        twins={
            "printed: a single direction, the overall shift": sp.Integer(1),
            "without the biases": n,
            "one per output": M,
        },
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
    curved = output_curvature(W_out * hidden)
    sway, number, more = (
        sp.MatrixSymbol("s", M, 1),
        sp.MatrixSymbol("h'h", 1, 1),
        sp.MatrixSymbol("h'W'1", 1, 1),
    )
    return Derivation(
        definition=hess(loss(W_out * hidden), grad(sp.Symbol("1'Wh"))),
        closed_form=inner(push, curved * push),
        steps=(
            equal(
                "The sum of the outputs has the gradient 1h' in W and W'1 in h: it changes by "
                "their products with a displacement (Z, y), to first order.",
                one.T * (W + x * Z) * (h + x * y),
                one.T * W * h + x * (one.T * Z * h + one.T * W * y) + x**2 * one.T * Z * y,
            ),
            equal(
                "Along that gradient the outputs move by WW'1 and, alike, by h'h + x h'W'1.",
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
                "The loss does not slope along this motion, (p - target)'1 = 0, so that the term "
                "in x^2 adds nothing.",
                (chances - sp.MatrixSymbol("target", M, 1)).T * one * more,
                sp.ZeroMatrix(1, 1),
                {**RULES, sp.MatrixSymbol("target", M, 1).T * one: sp.Identity(1)},
            ),
        ),
        twins={
            "printed: exactly flat": sp.Integer(0),
            "of the hidden layer alone, softmax's mean not subtracted": inner(
                softmax(W_out * hidden), _squares(push)
            ),
        },
    )


def _squares(column: sp.MatrixExpr) -> sp.MatrixExpr:
    """The squares of the entries."""
    return _times(column, column)


def _times(first: sp.MatrixExpr, second: sp.MatrixExpr) -> sp.MatrixExpr:
    """The products of the entries of two columns."""
    return diagonal(first) * second
