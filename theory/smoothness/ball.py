"""The ball of gradients that inputs reach, and the worst inputs for a convex loss."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Reached, because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner, length
from theory.functions.eigenvalues import largest
from theory.functions.heads import sup
from theory.proofs import covers
from theory.proofs.rules import extremes, inputs, use
from theory.proofs.tactics import cited, equal, nonnegative
from theory.proofs.theorems import linear_algebra
from theory.smoothness.letters import (
    CAUCHY_SCHWARZ,
    DIRECTION,
    IDENTITY,
    INPUTS,
    NUMBER,
    SOURCE,
    SPECTRAL,
    B,
    X,
    alignment,
    g,
    quadratic_form,
    radius,
    squared,
    u,
)
from theory.smoothness.worst_weights import over_inputs

HELD = "the gradient and the Hessian in the outputs are held fixed"
image = sp.MatrixSymbol("h", B, 1)  # a point of the ball
stretch = sp.Symbol("h.g", positive=True)
sign = sp.Symbol("sign", real=True)  # of <u,g>, 1 where it is 0
cosine = sp.Symbol("cos", real=True)
#: A direction along the gradient, of length 1, and the angle's cosine with u.
ahead = sp.MatrixSymbol("e", B, 1)
UNITS = {
    ahead.T * ahead: NUMBER,
    u.T * u: NUMBER,
    u.T * ahead: cosine * NUMBER,
    ahead.T * u: cosine * NUMBER,
}


def in_ball(column: sp.MatrixExpr) -> sp.Rel:
    """Whether h lies in the ball that inputs take ``column`` to."""
    return inner(image, image) <= radius**2 * inner(image, column)


def over_ball(value: sp.Expr, column: sp.MatrixExpr) -> sp.Expr:
    """The supremum of a ``value`` of h over this ball."""
    return sup(value, image, in_ball(column))


@claim("bound", (INPUTS, s.g), (cite(SOURCE, "eq. (13)"),))
def ball_of_gradients() -> Derivation:
    """Inputs X of norm at most r take the gradient g in the outputs to h = X'Xg, which lies in the
    ball |h|^2 <= r^2 <h,g> of centre r^2 g/2 and radius r^2 |g|/2. Every point of the ball is
    reached, by inputs of rank one."""
    turn, D = sp.MatrixSymbol("V", B, B), sp.MatrixSymbol("D", B, B)
    value, room = sp.symbols("lambda_i room", nonnegative=True)
    component = sp.Symbol("z_i", real=True)
    gram = X.T * X
    return Derivation(
        definition=squared(gram * g),
        closed_form={"upper": largest(gram) * inner(g, gram * g)},
        steps=(
            cited("X'X = VDV' with V orthogonal and D diagonal", SPECTRAL),
            equal(
                "With z = V'g the squared length of X'Xg is z'D^2z.",
                (turn * D * turn.T * g).T * (turn * D * turn.T * g),
                (turn.T * g).T * D * D * (turn.T * g),
                {turn.T * turn: IDENTITY, D.T: D},
            ),
            equal(
                "The product of X'Xg with g is z'Dz.",
                g.T * (turn * D * turn.T) * g,
                sp.MatMul(sp.Transpose(turn.T * g), D, turn.T * g),
            ),
            nonnegative(
                "In r^2 z'Dz - z'D^2z no term is negative, as lambda_i + room = r^2.",
                ((value + room) * value - value**2) * component**2,
            ),
            equal(
                "h lies in the ball around r^2 g/2 exactly if |h|^2 <= r^2 <h,g>.",
                (image - radius**2 * g / 2).T * (image - radius**2 * g / 2)
                - radius**4 * g.T * g / 4,
                image.T * image - radius**2 * image.T * g,
            ),
            equal(
                "Every such h is reached: X'X = hh'/<h,g> takes g to h.",
                image * image.T / stretch * g,
                image,
                {image.T * g: stretch * NUMBER},
            ),
            equal(
                "The one eigenvalue of this X'X that is not zero, |h|^2/<h,g>, is at most r^2.",
                image * image.T / stretch * image,
                alignment / stretch * image,
                {image.T * image: alignment * NUMBER},
            ),
        ),
        twins={
            "a ball of half the radius": {"upper": largest(gram) * inner(g, gram * g) / 2},
            "r instead of r^2": {"upper": sp.sqrt(largest(gram)) * inner(g, gram * g)},
        },
        chain=chain(
            outputs={
                "upper": (
                    calculated(
                        "With w = Xg the squared length is w'XX'w.",
                        quadratic_form(X * X.T, X * g),
                    ),
                    because(
                        "The spectral theorem bounds this quadratic form.",
                        linear_algebra.largest_rayleigh_quotient(X * X.T, X * g),
                        largest(X * X.T) * squared(X * g),
                        relation="<=",
                    ),
                    because(
                        "XX' and X'X have the same largest eigenvalue.",
                        use.inside(
                            by=linear_algebra.largest_of_grams(X),
                            old=largest(X * X.T),
                            new=largest(X.T * X),
                        ),
                    ),
                )
            },
            reached={"upper": Reached({"X": [[1, 0], [0, 2]], "g": [0, 1]})},
        ),
    )


@claim(
    "identity",
    (DIRECTION, s.g, s.radius),
    (cite(SOURCE, "eq. (14)"),),
    (HELD, "the Hessian in the outputs is uu' with |u| = 1: positive semidefinite, rank one"),
)
def largest_convex_curvature() -> Derivation:
    """Where the Hessian in the outputs is uu', the largest curvature along the gradient in the
    weights, over inputs X of norm at most ``radius``, is radius^4 ((|g| + |<u,g>|)/2)^2. This is
    more than radius^4 <u,g>^2, the curvature for X'X = radius^2 I, unless u is parallel to g."""
    mirror = IDENTITY - (u - ahead) * (u - ahead).T / (1 - cosine)
    half = sp.MatrixSymbol("S", B, B)
    above = image - radius**2 / 2 * (g + sign * length(g) * u)
    ratio = sp.Abs(inner(u, g)) / length(g)
    left_over = above - inner(u, above) * u
    return Derivation(
        definition=over_inputs(inner(u, X.T * X * g) ** 2),
        closed_form=radius**4 * ((length(g) + sp.Abs(inner(u, g))) / 2) ** 2,
        steps=(
            equal(
                "The matrix X'X of norm at most radius^2 is radius^2 (I + S)/2 with S "
                "symmetric, |S| <= 1. So <u,X'Xg> is radius^2 (<u,g> + u'Sg)/2.",
                u.T * (radius**2 * (IDENTITY + half) / 2) * g,
                radius**2 / 2 * (u.T * g + u.T * half * g),
            ),
            cited("The product |u'Sg| is at most |u| |S| |g| <= |g|, with u or -u where <u,g> < 0",
                  CAUCHY_SCHWARZ),
            equal(
                "The bound is reached by the reflection that takes e = g/|g| to u: S e = u.",
                mirror * ahead,
                u,
                UNITS,
            ),
            equal("This S is a reflection indeed: S^2 = I.", mirror * mirror, IDENTITY, UNITS),
        ),
        twins={
            "printed: radius^4 d'Kd": radius**4 * inner(u, g) ** 2,
            "the Hessian's norm: radius^4 |g|^2": radius**4 * squared(g),
        },
        chain=chain(
            because(
                "Over the inputs h = X'Xg runs through a ball.",
                inputs.ball(),
                over_ball(inner(u, image) ** 2, g),
            ),
            because(
                "The largest value is at h = radius^2 (g + |g| u)/2, with - u where <u,g> < 0. "
                "For any other h let k be its difference to this point. The largest value "
                "exceeds <u,h>^2 by 1 + |<u,g>|/|g| times the room in the ball, |<u,g>|/|g| "
                "|k|^2 and |k - <u,k> u|^2.",
                extremes.extreme(
                    at=image - above,
                    gap=ratio * squared(above) + squared(left_over),
                    facts={in_ball(g): 1 + ratio},
                ),
            ),
            covers=(covers.sign_of_product(inner(u, g), sign),),
        ),
    )  # fmt: skip
