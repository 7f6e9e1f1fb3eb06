"""From outputs to weights: chain rule and norm bounds."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Reached, because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest, smallest
from theory.functions.heads import grad, hess
from theory.proofs.rules import calculus, slopes
from theory.proofs.tactics import cited, equal, nonnegative
from theory.proofs.theorems import linear_algebra
from theory.smoothness.gradient_bound import AT_THE_OUTPUT
from theory.smoothness.hessian import BOTH_AT_THE_OUTPUT
from theory.smoothness.letters import (
    IDENTITY,
    INPUTS,
    SOURCE,
    SPECTRAL,
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
    gradient_in,
    loss,
    quadratic_form,
    sigma,
    squared,
    x,
)

OUTPUTS = X.T * W
ONE_UNIT = "y = X'W with one example per column of X (the source's X is the transpose)"
# Letters of the derivations: directions in weights and in outputs, and a maximiser
change = sp.MatrixSymbol("w", N, 1)
kept, rest = sp.MatrixSymbol("W_rest", N, 1), sp.MatrixSymbol("y_rest", B, 1)


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
        definition=grad(loss(OUTPUTS, eps), W),
        closed_form=X * gradient_in(OUTPUTS, eps),
        steps=(
            equal(
                "Move W by x w: the outputs y move by x X'w.",
                X.T * (W + x * change) - X.T * W,
                x * X.T * change,
            ),
            equal(
                "The loss moves by x times grad_y'X'w: the gradient is what multiplies w.",
                step.T * (X.T * change),
                change.T * (gamma / sigma * X * P * g),
            ),
        ),
        twins={
            "statistics held fixed": gamma / deviation(OUTPUTS, eps) * X * g,
            "the mean over the batch": X * gradient_in(OUTPUTS, eps) / B,
        },
        chain=chain(
            because(
                "Along any w the loss moves by g' times the move of gamma yhat, and y moves by "
                "X'w.",
                calculus.gradient(),
            )
        ),
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
    after = loss(OUTPUTS, eps)
    bent, steepest = hess(after, W), grad(after, W)
    bend, at = sp.MatrixSymbol("K", B, B), sp.MatrixSymbol("grad_y", B, 1)
    return Derivation(
        definition={
            "hessian": bent,
            "along the gradient": quadratic_form(bent, steepest),
        },
        closed_form={
            "hessian": X * kept * X.T,
            "along the gradient": quadratic_form(kept, X.T * (X * step)),
        },
        steps=(
            equal(
                "The outputs y are linear in W: along w they move by h = X'w and do not "
                "bend, and the loss bends by h'Kh.",
                sp.MatMul(sp.Transpose(x * X.T * change), bend, x * X.T * change),
                x**2 * change.T * (X * bend * X.T) * change,
            ),
            equal(
                "Along the gradient in the weights, w = X grad_y, the curvature is grad_y'X'X K "
                "X'X grad_y.",
                sp.MatMul(sp.Transpose(X * at), X * bend * X.T, X * at),
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
        chain=chain(
            outputs={
                "hessian": (
                    because(
                        "Along any w the outputs move by X'w and do not bend. The loss bends by "
                        "(X'w)'K X'w.",
                        calculus.hessian(),
                    ),
                ),
                "along the gradient": (
                    because(
                        "The Hessian is X K X', and the gradient is X times the gradient in the "
                        "outputs.",
                        slopes.slopes(are={bent: X * kept * X.T, steepest: X * step}),
                        quadratic_form(X * kept * X.T, X * step),
                    ),
                    calculated("The columns X'X d stand on both sides of K."),
                ),
            }
        ),
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
    first = calculated("The squared length is g'X'Xg.", quadratic_form(gram, g))
    lower = linear_algebra.smallest_rayleigh_quotient
    upper = linear_algebra.largest_rayleigh_quotient
    return Derivation(
        definition=squared(X * g),
        closed_form={
            "lower": smallest(gram) * squared(g),
            "upper": largest(gram) * squared(g),
        },
        steps=(
            cited("X'X = VDV' with V orthogonal and D diagonal", SPECTRAL),
            equal(
                "With z = V'g the squared length is z'Dz, the sum of lambda_i z_i^2.",
                g.T * (turn * D * turn.T) * g,
                sp.MatMul(sp.Transpose(turn.T * g), D, turn.T * g),
            ),
            equal(
                "The vector z = V'g has the length of g.",
                (turn.T * g).T * (turn.T * g),
                g.T * g,
                {turn * turn.T: IDENTITY},
            ),
            nonnegative(
                "No term of z'Dz - lambda_1 |z|^2 is negative, as lambda_i = lambda_1 + excess. "
                "For the upper bound replace D by -D. At z = |g| e_i the squared length z'Dz is "
                "lambda_i |g|^2.",
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
        chain=chain(
            outputs={
                "lower": (
                    first,
                    because(
                        "The spectral theorem bounds this quadratic form.",
                        lower(gram, g),
                        relation=">=",
                    ),
                ),
                "upper": (
                    first,
                    because(
                        "The spectral theorem bounds this quadratic form.",
                        upper(gram, g),
                        relation="<=",
                    ),
                ),
            },
            reached={
                "lower": Reached({"X": [[1, 0], [0, 2]], "g": [1, 0]}),
                "upper": Reached({"X": [[1, 0], [0, 2]], "g": [0, 1]}),
            },
        ),
    )
