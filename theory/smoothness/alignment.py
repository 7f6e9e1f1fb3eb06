"""The sign assumption: which losses have <g, yhat> >= 0, and when the bound on curvature holds."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Reached, because, by_step, calculated, chain
from theory.claim import Derivation, claim
from theory.domain import Condition
from theory.functions.columns import inner
from theory.functions.constants import eye, ones
from theory.proofs.rules import order
from theory.proofs.tactics import cited, equal, nonnegative
from theory.smoothness.hessian import along_gradient
from theory.smoothness.letters import (
    EXACT,
    NUMBER,
    SOURCE,
    B,
    H,
    P,
    curvature_in,
    deviation,
    g,
    gamma,
    gradient_in,
    mean,
    one,
    projected,
    quadratic_form,
    sigma,
    squared,
    standardised,
    y,
    yhat,
)

TARGETS = s.Y.within(rows=B)
CONVEX = s.H.within(kind="psd")
Y, shift, lam = TARGETS.symbol, s.shift.symbol, s.lam.symbol
out = gamma * yhat + shift * one
SMALL = sp.Abs(gamma) <= deviation(y, 0)


def outputs() -> sp.MatrixExpr:
    """The outputs of batch norm, gamma yhat + shift."""
    return gamma * standardised(y) + shift * ones(B, 1)


@claim(
    "identity",
    (s.y, TARGETS, s.gamma, s.shift),
    (cite(SOURCE, "is positive if negative gradient points towards the minimum"),),
    ("the loss |z - Y|^2/2 of the outputs z = gamma yhat + shift",),
)
def alignment_with_outputs() -> Derivation:
    """With squared loss minus the gradient g points straight at the minimum Y, yet <g,yhat> = gamma
    B - <Y,yhat>, with the outputs yhat = BN(y). The product is negative wherever the targets Y ask
    for more than gamma along the outputs."""
    normed = outputs()
    slope = normed - Y
    letter = sp.MatrixSymbol("Y", B, 1)
    return Derivation(
        definition={
            "with the outputs": inner(slope, standardised(y)),
            "towards the minimum": inner(-slope, Y - normed),
        },
        closed_form={
            "with the outputs": gamma * B - inner(Y, standardised(y)),
            "towards the minimum": squared(Y - normed),
        },
        steps=(
            equal(
                "The gradient is gamma yhat + shift 1 - Y. As yhat'yhat = B and yhat'1 = 0, its "
                "product with yhat is gamma B - yhat'Y.",
                yhat.T * (out - letter),
                gamma * B * NUMBER - yhat.T * letter,
                EXACT,
            ),
            equal(
                "With Y = 3 yhat, gamma = 1 and no shift the gradient is -2 yhat, and this "
                "product is -2B.",
                yhat.T * (yhat - 3 * yhat),
                -2 * B * NUMBER,
                EXACT,
            ),
            equal(
                "Minus the gradient is the way from the outputs to the minimum Y. So the "
                "product of both is the squared length of this way.",
                sp.MatMul(-1, sp.Transpose(out - letter), letter - out),
                (letter - out).T * (letter - out),
            ),
        ),
        twins={
            "printed: never negative": {
                "with the outputs": sp.Abs(gamma * B - inner(Y, standardised(y))),
                "towards the minimum": squared(Y - normed),
            },
            "without the targets": {
                "with the outputs": gamma * B,
                "towards the minimum": squared(Y - normed),
            },
        },
        chain=chain(
            outputs={
                "with the outputs": (
                    by_step(
                        "The gradient is gamma yhat + shift 1 - Y. As yhat'yhat = B and yhat'1 = "
                        "0, its product with yhat is gamma B - yhat'Y.",
                        1,
                    ),
                ),
                "towards the minimum": (
                    by_step(
                        "Minus the gradient is the way from the outputs to the minimum Y. So "
                        "the product of both is the squared length of this way.",
                        3,
                    ),
                ),
            },
            letters=mean(sp.S.Zero, one, yhat),
        ),
    )


@claim(
    "identity",
    (s.y, CONVEX, s.gamma, s.shift),
    (cite(SOURCE, "section 2.2, assumptions"), cite("santurkar2018", "theorem 4.2")),
    ("the loss (z - shift)'H(z - shift)/2 with H positive semidefinite, least at z = shift",),
)
def alignment_of_convex_loss() -> Derivation:
    """Where a convex quadratic loss is least with all outputs equal to batch norm's own shift,
    gamma <g,yhat> is twice the excess loss, gamma^2 yhat'H yhat. It is not negative. Here yhat =
    BN(y), and g is the gradient in the outputs."""
    normed = outputs()
    slope = H * (normed - shift * ones(B, 1))
    return Derivation(
        definition=gamma * inner(slope, standardised(y)),
        closed_form=gamma**2 * quadratic_form(H, standardised(y)),
        steps=(
            cited(
                "A convex loss lies above its tangent: 0 >= L(z) - L(z*) + g'(z* - z)",
                cite("nesterov2004", "section 2.1.1"),
            ),
            equal(
                "At z* = shift the difference z* - z is - gamma yhat, so that g'(z* - z) is "
                "- gamma <g,yhat>.",
                sp.MatAdd(shift * one, sp.MatMul(-1, out)),
                -gamma * yhat,
            ),
            equal(
                "For the quadratic g = H(z - shift) = gamma H yhat. So gamma <g,yhat> is "
                "gamma^2 yhat'H yhat, twice the excess loss.",
                gamma * (H * (out - shift * one)).T * yhat,
                gamma**2 * yhat.T * H * yhat,
                EXACT,
            ),
        ),
        twins={
            "the excess loss": gamma**2 * quadratic_form(H, standardised(y)) / 2,
            "with the minimum at 0": gamma * inner(H * normed, standardised(y)),
        },
        chain=chain(
            by_step("The outputs less the shift are gamma yhat.", 3),
            letters=mean(sp.S.Zero, yhat),
        ),
    )


@claim(
    "bound",
    (s.y, s.g, s.gamma, s.lam),
    (cite(SOURCE, "eq. (11)"),),
    (
        "the loss's Hessian is lam I, lam > 0",
        Condition("|gamma| <= sigma", SMALL),
    ),
)
def isotropic_curvature_bound() -> Derivation:
    """Where the loss curves equally in all outputs, H = lam I, and |gamma| <= sigma, the gradient g
    without batch norm bounds the curvature along the gradient d with batch norm: d'Kd <=
    (gamma/sigma)^2 lam |g|^2 - gamma/(B sigma^2) <g,yhat> |d|^2. Here d and K are those of
    smoothness.gradient and smoothness.hessian, sigma is the standard deviation of y, and yhat = (y
    - mean)/sigma."""
    rest, away = sp.symbols("rest away", nonnegative=True)
    part = sp.Symbol("|Pi g|^2", nonnegative=True)
    ratio = 1 / (1 + rest)  # any (gamma/sigma)^2 up to 1
    bent = curvature_in(y).subs(H, lam * eye(B))
    scale, kept = deviation(y), squared(projected(g, y))
    taken = (inner(ones(B, 1), g) ** 2 + inner(standardised(y), g) ** 2) / B
    bend = (gamma / scale) ** 2 * lam
    return Derivation(
        definition=quadratic_form(bent, gradient_in(y)),
        closed_form={"upper": along_gradient((gamma / deviation(y)) ** 2 * lam * squared(g))},
        steps=(
            equal(
                "The squared length |g|^2 is |Pi g|^2 plus the two parts that Pi takes out.",
                g.T * g,
                (P * g).T * (P * g) + g.T * one * one.T * g / B + g.T * yhat * yhat.T * g / B,
                EXACT,
            ),
            equal(
                "The curvature d'Kd, from smoothness.curvature_along_gradient, has |d|^2 = "
                "(gamma/sigma)^2 |Pi g|^2 in place of |g|^2.",
                (gamma / sigma * P * g).T * (gamma / sigma * P * g),
                (gamma / sigma) ** 2 * g.T * P * g,
                EXACT,
            ),
            nonnegative(
                "Where |gamma| <= sigma, the factor (gamma/sigma)^2 = 1/(1 + rest) is at most "
                "1. So |d|^2 is not more than |g|^2 = |Pi g|^2 + away.",
                part + away - ratio * part,
            ),
        ),
        twins={
            "half the first term": {
                "upper": along_gradient((gamma / deviation(y)) ** 2 * lam * squared(g) / 2)
            },
            "without the second term": {"upper": (gamma / deviation(y)) ** 2 * lam * squared(g)},
        },
        chain=chain(
            outputs={
                "upper": (
                    calculated(
                        "H = lam I curves along d by (gamma/sigma)^2 lam |d|^2.",
                        along_gradient(bend * squared(gradient_in(y))),
                    ),
                    because(
                        "|g|^2 exceeds |d|^2 = ratio |Pi g|^2 by what Pi takes out, and by "
                        "(1 - ratio) |Pi g|^2, where ratio = (gamma/sigma)^2 <= 1.",
                        order.gap(
                            is_=bend * taken,
                            facts={
                                SMALL: bend
                                * (deviation(y) + sp.Abs(gamma))
                                / deviation(y) ** 2
                                * kept
                            },
                        ),
                        relation="<=",
                    ),
                )
            },
            reached={
                "upper": Reached({"y": [1, 1, -1, -1], "g": [1, -1, 0, 0], "gamma": 1, "lam": 1})
            },
        ),
    )
