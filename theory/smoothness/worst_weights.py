"""The largest gradients in the weights that inputs of a given length can cause."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, Step, claim
from theory.domain import Given
from theory.functions.eigenvalues import largest
from theory.functions.heads import sup
from theory.proofs.rules import inputs
from theory.proofs.tactics import cited, equal
from theory.smoothness.gradient_bound import AT_THE_OUTPUT, norm_of_gradient, norm_step
from theory.smoothness.letters import (
    CAUCHY_SCHWARZ,
    EXACT,
    IDENTITY,
    NUMBER,
    SOURCE,
    ZERO,
    B,
    N,
    P,
    W,
    X,
    deviation,
    g,
    gamma,
    gradient_in,
    one,
    radius,
    sigma,
    squared,
    x,
    y,
    yhat,
)
from theory.smoothness.weights import kept, rest

PINNED = "y, and with it sigma, yhat and both gradients, is held fixed: the inputs satisfy X'W = y"
OUTPUTS = sp.Eq(X.T * W, y)
#: There are such inputs, and one of them stretches the gradient as far as any can.
ROOM = (
    Given("at least two inputs", sp.Ge(N, 2)),
    Given("|y| <= radius |W|", squared(y) <= radius**2 * squared(W)),
)
slope = sp.MatrixSymbol("e", B, 1)  # the gradient in the outputs, of length 1
away = sp.MatrixSymbol("z", N, 1)  # of length 1, orthogonal to the rest of the weights
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


def maximiser() -> tuple[Step, ...]:
    """Inputs of norm ``radius`` that give y and stretch the gradient as far as any can."""
    weights = part / radius * away + kept
    outputs = part * slope + rest
    inputs = radius * away * slope.T + kept * rest.T / weight
    plane = rest * rest.T / length
    return (
        cited("No inputs of norm ``radius`` do more than |Xe| <= radius |e|", CAUCHY_SCHWARZ),
        equal(
            "Split y = a e + y_rest along the gradient's direction e and W = (a/radius) "
            "z + W_rest with |z| = 1. The inputs X = radius z e' + W_rest "
            "y_rest'/|W_rest|^2 give these outputs.",
            inputs.T * weights,
            outputs,
            PARTS,
        ),
        equal("These inputs X stretch e by the radius.", inputs * slope, radius * away, PARTS),
        equal(
            "No direction is stretched by more: X'X has the eigenvalues radius^2 and "
            "|y_rest|^2/|W_rest|^2.",
            radius**2 * IDENTITY - inputs.T * inputs,
            radius**2 * (IDENTITY - slope * slope.T - plane)
            + (radius**2 - length / weight) * plane,
            PARTS,
        ),
        equal(
            "The second eigenvalue is at most the first exactly where |y| <= radius |W|.",
            radius**2 * weights.T * weights - outputs.T * outputs,
            (radius**2 * weight - length) * NUMBER,
            PARTS,
        ),
    )


def over_inputs(value: sp.Expr, *held: sp.Eq) -> sp.Expr:
    """The supremum of ``value`` over inputs of norm at most ``radius``, with what is held fixed."""
    return sup(value, X, largest(X.T * X) <= radius**2, *held)


@claim("identity", (s.g, s.radius), (cite(SOURCE, "eq. (7)"),), (PINNED, *ROOM))
def largest_plain_gradient() -> Derivation:
    """Over all inputs X of norm at most ``radius`` that leave y as it is, the gradient in the
    weights without batch norm has at most the length radius |g|, and reaches it."""
    return Derivation(
        definition=over_inputs(squared(X * g), OUTPUTS),
        closed_form=radius**2 * squared(g),
        steps=maximiser(),
        twins={
            "radius not squared": radius * squared(g),
            "as if X'X were radius^2 I on average": radius**2 * squared(g) / B,
        },
        chain=chain(
            because(
                "No inputs stretch g by more than the radius, and some inputs that give y "
                "stretch it by the radius.",
                inputs.stretched_most(),
            )
        ),
    )


@claim(
    "identity",
    (s.y, s.g, s.gamma, s.radius),
    (cite(SOURCE, "eqs. (6), (8)"), cite("santurkar2018", "theorem 4.4")),
    (AT_THE_OUTPUT, PINNED, *ROOM),
)
def largest_weight_gradient() -> Derivation:
    """Over all inputs X of norm at most ``radius`` that leave y as it is, the squared gradient in
    the weights with batch norm is at most radius^2 (gamma/sigma)^2 (|g|^2 - <1,g>^2/B -
    <g,yhat>^2/B), and reaches it. Here sigma is the standard deviation of y, and yhat = (y -
    mean)/sigma."""
    return Derivation(
        definition=over_inputs(squared(X * gradient_in(y)), OUTPUTS),
        closed_form=radius**2 * norm_of_gradient(1 / B),
        steps=(
            *maximiser(),
            equal(
                "The gradient before batch norm is orthogonal to y = sigma yhat + mean 1: a = 0.",
                (sigma * yhat + x * one).T * P * g,
                ZERO,
                EXACT,
            ),
            norm_step(
                "The squared length of the gradient is known (smoothness.gradient_norm).",
                1 / B,
                EXACT,
            ),
        ),
        twins={
            "printed: 1/sqrt(B) before <g,yhat>^2": radius**2 * norm_of_gradient(1 / sp.sqrt(B)),
            "as transcribed: radius^2 inside the bracket": norm_of_gradient(radius**2),
            "without what batch norm takes out": radius**2
            * (gamma / deviation(y)) ** 2
            * squared(g),
        },
        chain=chain(
            because(
                "No inputs stretch the gradient by more than the radius, and some inputs that "
                "give y stretch it by the radius.",
                inputs.stretched_most(),
                radius**2 * squared(gradient_in(y)),
            ),
            calculated("Pi is a projector: its squared length is (gamma/sigma)^2 g'Pi g."),
        ),
    )
