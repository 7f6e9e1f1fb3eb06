"""The Hessian before batch norm: an equality where the sources print a bound, and indefinite."""

from functools import lru_cache

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, by_step, chain
from theory.claim import Derivation, Step, claim
from theory.domain import Condition
from theory.functions.columns import inner
from theory.functions.constants import eye, ones
from theory.functions.heads import grad, hess
from theory.proofs.rules import calculus, slopes
from theory.proofs.tactics import equal
from theory.smoothness.gradient_bound import MOVED, normalisation_moves
from theory.smoothness.letters import (
    EXACT,
    NAMED,
    NUMBER,
    SOURCE,
    B,
    C,
    H,
    P,
    alignment,
    at_zero,
    curvature_in,
    deviation,
    eps,
    g,
    gamma,
    gradient_in,
    growth,
    h,
    loss,
    mean,
    one,
    projected,
    quadratic_form,
    sigma,
    spread,
    squared,
    standardised,
    x,
    y,
    yhat,
)

BOTH_AT_THE_OUTPUT = "g and H are gradient and Hessian of the loss at z = BN(y)"
NOT_FLAT = Condition(
    "the gradient before batch norm is not zero",
    sp.Ne(
        gamma**2 * inner(g, g),
        gamma**2 * (inner(ones(B, 1), g) ** 2 + inner(g, standardised(y)) ** 2) / B,
    ),
)
#: Gradient and Hessian of the loss before batch norm, without eps.
STEEPEST, BENT = grad(loss(y), y), hess(loss(y), y)
#: The gradient before batch norm in letters.
SLOPE = gamma / sigma * P * g
ALIGNED = {**EXACT, g.T * yhat: alignment * NUMBER, yhat.T * g: alignment * NUMBER}


@lru_cache
def k_in_letters() -> sp.MatrixExpr:
    """K in letters."""
    part = P * g
    outer = part * yhat.T + yhat * part.T
    return (gamma / sigma) ** 2 * P * H * P - gamma / (B * sigma**2) * (outer + alignment * P)


def second_derivative(words: str) -> Step:
    """G'b + a'Ha = h'Kh where yhat moves by a/gamma and bends by b/gamma."""
    moves = gamma * P * h / sigma
    bends = -gamma * (yhat * (spread - growth**2) + 2 * growth * P * h) / sigma**2
    return equal(words, g.T * bends + moves.T * H * moves, h.T * k_in_letters() * h, NAMED)


@claim(
    "identity",
    (s.y, s.g, s.H, s.gamma, s.eps),
    (cite(SOURCE, "eq. (10)"), cite("santurkar2018", "theorem 4.2")),
    (BOTH_AT_THE_OUTPUT,),
)
def hessian() -> Derivation:
    """The Hessian of the loss before batch norm is K = (gamma/sigma)^2 Pi H Pi - gamma/(B sigma^2)
    [Pi g yhat' + yhat (Pi g)' + <g,yhat> Pi]. The first term is the loss's own curvature, projected
    and rescaled, and the second term curves even a linear loss. Here sigma^2 = variance + eps, yhat
    = (y - mean)/sigma and Pi = I - 11'/B - yhat yhat'/B."""
    first, second = sp.MatrixSymbol("a", B, 1), sp.MatrixSymbol("b", B, 1)
    move = x * first + x**2 * second / 2
    hat, scale = standardised(y, eps), deviation(y, eps)
    part, kept = projected(g, y, eps), curvature_in(y, eps)
    outer = part * hat.T + hat * part.T
    return Derivation(
        definition=hess(loss(y, eps), y),
        closed_form=kept,
        steps=(
            *normalisation_moves()[:1],
            equal(
                "Along y + x h, yhat is (sigma yhat + x Ch)/sigma(x). The share of yhat has the "
                "second derivative (3 growth^2 - spread)/sigma^2.",
                at_zero(sigma / MOVED, 2),
                (3 * growth**2 - spread) / sigma**2,
            ),
            equal(
                "The share of Ch has the second derivative -2 growth/sigma^2.",
                at_zero(x / MOVED, 2),
                -2 * growth / sigma**2,
            ),
            equal(
                "The number h'Pi h/B is spread - growth^2, as growth = yhat'h/B and spread = "
                "h'Ch/B.",
                h.T * P * h,
                B * (spread - growth**2) * NUMBER,
                NAMED,
            ),
            equal(
                "So yhat has the second derivative - (yhat h'Pi h + 2 Pi h yhat'h)/(B sigma^2) "
                "along h.",
                (3 * growth**2 - spread) / sigma**2 * yhat - 2 * growth / sigma**2 * C * h,
                -(yhat * (spread - growth**2) + 2 * growth * P * h) / sigma**2,
                NAMED,
            ),
            equal(
                "A loss with the gradient g and the Hessian H, moved by x a + x^2 b/2, has the "
                "second derivative g'b + a'Ha in x.",
                g.T * move + move.T * H * move / 2,
                x * g.T * first
                + x**2 / 2 * (g.T * second + first.T * H * first)
                + x**3 / 2 * first.T * H * second
                + x**4 / 8 * second.T * H * second,
                {H.T: H},
            ),
            second_derivative(
                "With a = gamma Pi h/sigma and b = gamma times the second derivative of yhat "
                "this is h'Kh, for every h."
            ),
        ),
        twins={
            "the loss's own curvature alone": curvature_in(y, eps)
            + gamma / (B * scale**2) * (outer + inner(g, hat) * (eye(B) - hat * hat.T / B)),
            "statistics held fixed": (gamma / scale) ** 2 * H,
            "without the outer products": kept + gamma / (B * scale**2) * outer,
            "the second term with the other sign": kept + 2 * gamma / (B * scale**2) * outer,
        },
        chain=chain(
            because(
                "Along any h the loss bends by g' times the bend of gamma yhat, and by H between "
                "its moves. Together this is h'Kh.",
                calculus.hessian(),
            )
        ),
    )


def along_gradient(first: sp.Expr, share_of_second: sp.Expr = 1 / B) -> sp.Expr:
    """``first`` less gamma <g,yhat> |grad|^2/sigma^2 times the share."""
    return first - share_of_second * gamma / deviation(y) ** 2 * inner(
        g, standardised(y)
    ) * squared(gradient_in(y))


@claim(
    "identity",
    (s.y, s.g, s.H, s.gamma),
    (cite(SOURCE, "eq. (10)"), cite("santurkar2018", "theorem 4.2")),
    (BOTH_AT_THE_OUTPUT,),
)
def curvature_along_gradient() -> Derivation:
    """Along the gradient d before batch norm the Hessian K has exactly the form that the source
    prints as a bound: d'Kd = (gamma/sigma)^2 d'Hd - gamma/(B sigma^2) <g,yhat> |d|^2. Here sigma is
    the standard deviation of y, and yhat = (y - mean)/sigma."""
    ratio = (gamma / deviation(y)) ** 2
    return Derivation(
        definition=quadratic_form(BENT, STEEPEST),
        closed_form=along_gradient(ratio * quadratic_form(H, gradient_in(y))),
        steps=(
            equal("The gradient d is projected already: Pi d = d.", P * SLOPE, SLOPE, ALIGNED),
            equal(
                "The gradient d is orthogonal to yhat.",
                yhat.T * SLOPE,
                sp.ZeroMatrix(1, 1),
                ALIGNED,
            ),
            equal(
                "So the outer products of K drop out of d'Kd.",
                SLOPE.T * k_in_letters() * SLOPE,
                (gamma / sigma) ** 2 * SLOPE.T * H * SLOPE
                - gamma / (B * sigma**2) * alignment * SLOPE.T * SLOPE,
                ALIGNED,
            ),
        ),
        twins={
            "printed: with the plain gradient in the first term": along_gradient(
                ratio * quadratic_form(H, g)
            ),
            "the first term alone": ratio * quadratic_form(H, gradient_in(y)),
            "1/sqrt(B) in the second term": along_gradient(
                ratio * quadratic_form(H, gradient_in(y)), 1 / sp.sqrt(B)
            ),
        },
        chain=chain(
            because(
                "The gradient d and the Hessian K before batch norm are worked out.",
                slopes.slopes(are={STEEPEST: gradient_in(y), BENT: curvature_in(y)}),
                quadratic_form(curvature_in(y), gradient_in(y)),
            ),
            by_step("The outer products of K drop out.", 3),
            letters=mean(sp.S.Zero, one, yhat, sigma, alignment),
        ),
    )
