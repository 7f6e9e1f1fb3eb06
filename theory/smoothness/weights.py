"""From outputs to weights: chain rule, norm bounds, and what the worst inputs can do."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.claim import Derivation, Step, claim
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest, smallest
from theory.proofs.tactics import cited, equal, nonnegative
from theory.smoothness.gradient_bound import AT_THE_OUTPUT, norm_of_gradient, norm_step
from theory.smoothness.hessian import BOTH_AT_THE_OUTPUT
from theory.smoothness.letters import (
    CAUCHY_SCHWARZ,
    EXACT,
    IDENTITY,
    INPUTS,
    NUMBER,
    SOURCE,
    SPECTRAL,
    ZERO,
    B,
    N,
    P,
    W,
    X,
    curvature_in,
    deviation,
    eps,
    g,
    gamma,
    grad,
    gradient_in,
    hess,
    loss,
    normalised,
    one,
    quadratic_form,
    radius,
    sigma,
    squared,
    sup,
    x,
    y,
    yhat,
)

PINNED = "y, and with it sigma, yhat and both gradients, is held fixed: the inputs satisfy X'W = y"
ROOM = "at least two inputs, and |y| <= radius |W|"
OUTPUTS = X.T * W
ONE_UNIT = "y = X'W with one example per column of X (the source's X is the transpose)"
# Letters of the derivations: directions in weights and in outputs, and a maximiser
change = sp.MatrixSymbol("w", N, 1)
slope = sp.MatrixSymbol("e", B, 1)  # the gradient in the outputs, of length 1
away = sp.MatrixSymbol("z", N, 1)  # of length 1, orthogonal to the rest of the weights
kept, rest = sp.MatrixSymbol("W_rest", N, 1), sp.MatrixSymbol("y_rest", B, 1)
part = sp.Symbol("a", real=True)  # of y along the gradient
weight, length = sp.symbols("|W_rest|^2 |y_rest|^2", positive=True)
PARTS = {
    slope.T * slope: NUMBER,
    away.T * away: NUMBER,
    away.T * kept: ZERO,
    kept.T * away: ZERO,
    slope.T * rest: ZERO,
    rest.T * slope: ZERO,
    kept.T * kept: weight * NUMBER,
    rest.T * rest: length * NUMBER,
}


@claim(
    "identity",
    (INPUTS, s.W, s.g, s.gamma, s.eps),
    (cite(SOURCE, "eqs. (2), (3)"),),
    (AT_THE_OUTPUT, ONE_UNIT),
)
def weight_gradient() -> Derivation:
    """The gradient in a unit's weights is the inputs times the gradient in its outputs: grad_W L =
    X grad_y L = (gamma/sigma) X Pi g. Here sigma^2 = variance + eps of the outputs, yhat = (y -
    mean)/sigma and Pi = I - 11'/B - yhat yhat'/B."""
    step = gamma / sigma * P * g
    return Derivation(
        definition=grad(loss(normalised(OUTPUTS)), W),
        closed_form=X * gradient_in(OUTPUTS, eps),
        steps=(
            equal(
                "Move W by x w: y moves by x X'w, ...",
                X.T * (W + x * change) - X.T * W,
                x * X.T * change,
            ),
            equal(
                "... and the loss by x times grad_y'X'w: the gradient is what multiplies w.",
                step.T * (X.T * change),
                change.T * (gamma / sigma * X * P * g),
            ),
        ),
        twins={
            "statistics held fixed": gamma / deviation(OUTPUTS, eps) * X * g,
            "the mean over the batch": X * gradient_in(OUTPUTS, eps) / B,
        },
    )


@claim(
    "identity",
    (INPUTS, s.W, s.g, s.H, s.gamma, s.eps),
    (cite(SOURCE, "eqs. (12), (13)"),),
    (BOTH_AT_THE_OUTPUT, ONE_UNIT),
)
def weight_hessian() -> Derivation:
    """The Hessian in a unit's weights is X K X', where K is the Hessian of the loss before batch
    norm. Along the gradient X d in the weights it is d'X'X K X'X d, where d is the gradient in the
    outputs."""
    kept = curvature_in(OUTPUTS, eps)
    step = gradient_in(OUTPUTS, eps)
    after, along = loss(normalised(OUTPUTS)), sp.Function("along")
    bent = hess(after, W)
    bend, at = sp.MatrixSymbol("K", B, B), sp.MatrixSymbol("grad_y", B, 1)
    return Derivation(
        definition={
            "hessian": bent,
            "along the gradient": along(bent, grad(after, W)),
        },
        closed_form={
            "hessian": X * kept * X.T,
            "along the gradient": quadratic_form(kept, X.T * (X * step)),
        },
        steps=(
            equal(
                "y is linear in W: along w it moves by h = X'w and does not bend, and the loss "
                "bends by h'Kh.",
                (x * X.T * change).T * bend * (x * X.T * change),
                x**2 * change.T * (X * bend * X.T) * change,
            ),
            equal(
                "At the gradient in the weights, w = X grad_y.",
                (X * at).T * (X * bend * X.T) * (X * at),
                at.T * X.T * X * bend * X.T * X * at,
            ),
        ),
        twins={
            "with one factor X'X too few": {
                "hessian": X * kept * X.T,
                "along the gradient": inner(step, kept * (X.T * (X * step))),
            },
            "divided by the batch": {
                "hessian": X * kept * X.T / B,
                "along the gradient": quadratic_form(kept, X.T * (X * step)) / B**2,
            },
        },
    )


@claim(
    "bound",
    (INPUTS, s.g),
    (cite(SOURCE, "eqs. (4), (5)"), cite("hornjohnson2013", "theorem 4.2.2")),
)
def weight_gradient_bounds() -> Derivation:
    """A gradient g in the outputs gives a gradient Xg in the weights of squared length g'X'Xg,
    which lies between the extreme eigenvalues of X'X times |g|^2. Both ends are reached at singular
    vectors of X. With more examples than inputs the lower end is zero."""
    turn, D = sp.MatrixSymbol("V", B, B), sp.MatrixSymbol("D", B, B)
    low, excess = sp.symbols("lambda_1 excess", nonnegative=True)
    share = sp.Symbol("z_i", real=True)
    gram = X.T * X
    return Derivation(
        definition=squared(X * g),
        closed_form={
            "lower": smallest(gram) * squared(g),
            "upper": largest(gram) * squared(g),
        },
        steps=(
            cited("X'X = VDV' with V orthogonal and D diagonal", SPECTRAL),
            equal(
                "With z = V'g the squared length is z'Dz, the sum of lambda_i z_i^2, ...",
                g.T * (turn * D * turn.T) * g,
                (turn.T * g).T * D * (turn.T * g),
            ),
            equal(
                "... and |z| = |g|.",
                (turn.T * g).T * (turn.T * g),
                g.T * g,
                {turn * turn.T: IDENTITY},
            ),
            nonnegative(
                "No term of z'Dz - lambda_1 |z|^2 is negative, lambda_i = lambda_1 + excess; for "
                "the upper bound replace D by -D. At z = e_i it is lambda_i |g|^2.",
                (low + excess) * share**2 - low * share**2,
            ),
        ),
        twins={
            "the norm of X instead of its square": {
                "lower": smallest(gram) * squared(g),
                "upper": sp.sqrt(largest(gram)) * squared(g),
            },
            "equality, as where XX' is a multiple of the identity": {
                "lower": largest(gram) * squared(g),
                "upper": largest(gram) * squared(g),
            },
        },
    )


def maximiser() -> tuple[Step, ...]:
    """Inputs of norm ``radius`` that give y and stretch the gradient as far as any can."""
    weights = part / radius * away + kept
    outputs = part * slope + rest
    inputs = radius * away * slope.T + kept * rest.T / weight
    plane = rest * rest.T / length
    return (
        cited("No inputs of norm ``radius`` do more than |Xe| <= radius |e|", CAUCHY_SCHWARZ),
        equal(
            "Split y = a e + y_rest along the gradient's direction e and W = (a/radius) z + W_rest "
            "with |z| = 1. X = radius z e' + W_rest y_rest'/|W_rest|^2 gives these outputs, ...",
            inputs.T * weights,
            outputs,
            PARTS,
        ),
        equal("... stretches e by the radius, ...", inputs * slope, radius * away, PARTS),
        equal(
            "... and no direction by more: X'X has the eigenvalues radius^2 and "
            "|y_rest|^2/|W_rest|^2, ...",
            radius**2 * IDENTITY - inputs.T * inputs,
            radius**2 * (IDENTITY - slope * slope.T - plane)
            + (radius**2 - length / weight) * plane,
            PARTS,
        ),
        equal(
            "... the latter at most the former exactly where |y| <= radius |W|.",
            radius**2 * weights.T * weights - outputs.T * outputs,
            (radius**2 * weight - length) * NUMBER,
            PARTS,
        ),
    )


def over_inputs(value: sp.Expr) -> sp.Expr:
    """The supremum of ``value`` over inputs of norm at most ``radius``."""
    return sup(value, largest(X.T * X) <= radius**2)


@claim("identity", (s.g, s.radius), (cite(SOURCE, "eq. (7)"),), (PINNED, ROOM))
def largest_plain_gradient() -> Derivation:
    """Over all inputs X of norm at most ``radius`` that leave y as it is, the gradient in the
    weights without batch norm has at most the length radius |g|, and reaches it."""
    return Derivation(
        definition=over_inputs(squared(X * g)),
        closed_form=radius**2 * squared(g),
        steps=maximiser(),
        twins={
            "radius not squared": radius * squared(g),
            "as if X'X were radius^2 I on average": radius**2 * squared(g) / B,
        },
    )


@claim(
    "identity",
    (s.y, s.g, s.gamma, s.radius),
    (cite(SOURCE, "eqs. (6), (8)"), cite("santurkar2018", "theorem 4.4")),
    (AT_THE_OUTPUT, PINNED, ROOM),
)
def largest_weight_gradient() -> Derivation:
    """Over all inputs X of norm at most ``radius`` that leave y as it is, the squared gradient in
    the weights with batch norm is at most radius^2 (gamma/sigma)^2 (|g|^2 - <1,g>^2/B -
    <g,yhat>^2/B), and reaches it. Here sigma is the standard deviation of y, and yhat = (y -
    mean)/sigma."""
    return Derivation(
        definition=over_inputs(squared(X * gradient_in(y))),
        closed_form=radius**2 * norm_of_gradient(1 / B),
        steps=(
            *maximiser(),
            equal(
                "The gradient before batch norm is orthogonal to y = sigma yhat + mean 1: a = 0.",
                (sigma * yhat + x * one).T * P * g,
                ZERO,
                EXACT,
            ),
            norm_step("Its squared length (smoothness.gradient_norm).", 1 / B, EXACT),
        ),
        twins={
            "printed: 1/sqrt(B) before <g,yhat>^2": radius**2 * norm_of_gradient(1 / sp.sqrt(B)),
            "as transcribed: radius^2 inside the bracket": norm_of_gradient(radius**2),
            "without what batch norm takes out": radius**2
            * (gamma / deviation(y)) ** 2
            * squared(g),
        },
    )
