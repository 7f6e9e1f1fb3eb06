"""Curvature before batch norm: none along the outputs, a saddle, and along any line."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Link, Reached, because, by_step, calculated, chain
from theory.claim import Derivation, claim
from theory.functions import columns
from theory.functions.columns import inner, length
from theory.functions.constants import ones
from theory.functions.eigenvalues import smallest
from theory.functions.heads import grad, hess, moved
from theory.functions.matrices import centred
from theory.proofs.rules import slopes, use
from theory.proofs.tactics import cited, equal, nonnegative
from theory.proofs.theorems import linear_algebra
from theory.proofs.unevaluated import unevaluated
from theory.smoothness.hessian import (
    ALIGNED,
    BENT,
    BOTH_AT_THE_OUTPUT,
    NOT_FLAT,
    SLOPE,
    k_in_letters,
    second_derivative,
)
from theory.smoothness.letters import (
    DIRECTION,
    SOURCE,
    B,
    H,
    alignment,
    curvature_in,
    deviation,
    gamma,
    gradient_in,
    growth,
    loss,
    mean,
    one,
    projected,
    quadratic_form,
    sigma,
    squared,
    standardised,
    u,
    x,
    y,
    yhat,
)


@claim(
    "identity",
    (s.y, s.g, s.H, s.gamma),
    (cite(SOURCE, "section 2.2"), cite("grosse2021", "scale invariance")),
    (BOTH_AT_THE_OUTPUT,),
)
def curvature_of_outputs() -> Derivation:
    """Before batch norm the Hessian K of the loss has K 1 = 0 for the vector 1 of ones, and K (y -
    mean) is minus the gradient. So along y itself there is no curvature at all. The reason is that
    batch norm sees neither a shift nor a rescaling of y."""
    outputs, kept = sigma * yhat, k_in_letters()

    def bent(right: sp.Expr) -> Link:
        words = "The Hessian before batch norm is K, worked out."
        return because(words, slopes.slopes(are={BENT: curvature_in(y)}), right)

    return Derivation(
        definition={
            "along the mean": BENT * (y - centred(y)),
            "along the outputs": BENT * centred(y),
            "y'Ky": quadratic_form(BENT, y),
        },
        closed_form={
            "along the mean": 0 * y,
            "along the outputs": -gradient_in(y),
            "y'Ky": sp.S.Zero,
        },
        steps=(
            equal(
                "Pi and yhat' take the vector 1 of ones to zero, and so K takes 1 to zero.",
                k_in_letters() * one,
                sp.ZeroMatrix(B, 1),
                ALIGNED,
            ),
            equal(
                "Pi takes yhat to zero, and yhat'yhat = B. So K (y - mean) = K sigma yhat is "
                "minus the gradient.",
                k_in_letters() * outputs,
                -SLOPE,
                ALIGNED,
            ),
            equal(
                "The gradient is orthogonal to yhat and to 1. So y'Ky is 0 for y = sigma yhat + "
                "x 1 with any mean x.",
                (outputs + x * one).T * kept * (outputs + x * one),
                sp.ZeroMatrix(1, 1),
                ALIGNED,
            ),
        ),
        twins={
            "plus the gradient": {
                "along the mean": 0 * y,
                "along the outputs": gradient_in(y),
                "y'Ky": sp.S.Zero,
            },
            "flat along the outputs": {
                "along the mean": 0 * y,
                "along the outputs": 0 * y,
                "y'Ky": sp.S.Zero,
            },
        },
        chain=chain(
            outputs={
                "along the mean": (
                    bent(curvature_in(y) * (y - centred(y))),
                    calculated(
                        "What centring takes out is the mean in every entry.",
                        columns.mean(y) * (curvature_in(y) * ones(B, 1)),
                    ),
                    by_step("K takes the vector 1 to zero.", 1),
                ),
                "along the outputs": (
                    bent(curvature_in(y) * centred(y)),
                    by_step(
                        "Pi takes yhat to zero, and yhat'yhat = B. So K (y - mean) = K sigma "
                        "yhat is minus the gradient.",
                        2,
                    ),
                ),
                "y'Ky": (
                    bent(quadratic_form(curvature_in(y), y)),
                    by_step(
                        "The gradient is orthogonal to yhat and to 1.",
                        3,
                        where={x: columns.mean(y)},
                    ),
                ),
            },
            letters=mean(sp.S.Zero, one, yhat, sigma, alignment),
        ),
    )


@claim(
    "bound",
    (s.y, s.g, s.H, s.gamma),
    (cite(SOURCE, "section 2.2"), cite("hornjohnson2013", "theorem 4.3.28")),
    (BOTH_AT_THE_OUTPUT, NOT_FLAT),
)
def negative_curvature() -> Derivation:
    """Before batch norm the loss is a saddle wherever its gradient d is not zero. The smallest
    eigenvalue of its Hessian K is at most (a - sqrt(a^2 + 4 b^2))/2 < 0, and the largest is at
    least the other root. Here d and K are those of smoothness.gradient and smoothness.hessian,
    a = d'Kd/|d|^2 is the curvature along the gradient, b = |d|/(sigma sqrt(B)), and sigma is the
    standard deviation of y."""
    c = quadratic_form(curvature_in(y), gradient_in(y)) / squared(gradient_in(y))
    b = length(gradient_in(y)) / (deviation(y) * sp.sqrt(B))
    bent = curvature_in(y)
    outwards, ahead = standardised(y) / sp.sqrt(B), gradient_in(y) / length(gradient_in(y))
    theorem = linear_algebra.smallest_in_a_plane(bent, outwards, ahead)
    along, slope = sp.Symbol("a", real=True), sp.Symbol("b", positive=True)
    z = sp.Symbol("z")
    block = sp.Matrix([[0, -slope], [-slope, along]])
    root = (along - sp.sqrt(along**2 + 4 * slope**2)) / 2
    size = sp.Symbol("|d|", positive=True)  # the length of the gradient
    unit = yhat / sp.sqrt(B)
    return Derivation(
        definition=smallest(curvature_in(y)),
        closed_form={"upper": (c - sp.sqrt(c**2 + 4 * b**2)) / 2},
        steps=(
            cited(
                "The smallest eigenvalue is at most the smallest eigenvalue of the restriction "
                "to two directions",
                cite("hornjohnson2013", "theorem 4.3.28"),
            ),
            equal("Along yhat there is no curvature: yhat'K yhat = 0.",
                  unit.T * k_in_letters() * unit,
                  sp.ZeroMatrix(1, 1), ALIGNED),
            equal(
                "Between yhat/sqrt(B) and d/|d| the curvature is -b, b = |d|/(sigma sqrt(B)).",
                unit.T * k_in_letters() * SLOPE / size,
                -SLOPE.T * SLOPE / (sigma * sp.sqrt(B) * size),
                ALIGNED,
            ),
            equal(
                "The restriction of the Hessian to these two directions, a 2 x 2 matrix, has this "
                "characteristic polynomial.",
                unevaluated(sp.Determinant(z * sp.eye(2) - block)),
                z**2 - along * z - slope**2,
            ),
            equal("The value (a - sqrt(a^2 + 4b^2))/2 is a root of this polynomial.",
                  root**2 - along * root, slope**2),
            nonnegative(
                "The product of both roots is -b^2, and their difference sqrt(a^2 + 4b^2) is "
                "not negative. So where b is not zero the smaller root is negative.",
                (along - 2 * root) * slope**2,
            ),
        ),
        twins={
            "no negative curvature": {"upper": sp.S.Zero},
            "twice as negative": {"upper": c - sp.sqrt(c**2 + 4 * b**2)},
        },
        chain=chain(
            outputs={
                "upper": (
                    because(
                        "The smallest eigenvalue is at most that of the restriction to yhat and d.",
                        theorem,
                        theorem.statement().right,
                        relation="<=",
                    ),
                    because(
                        "Along yhat there is no curvature. Between yhat and d it is -b for unit "
                        "vectors, as K yhat = -d/sigma.",
                        use.equals(
                            are={
                                quadratic_form(bent, outwards): sp.S.Zero,
                                quadratic_form(bent, ahead): c,
                                inner(outwards, bent * ahead): -b,
                            }
                        ),
                    ),
                )
            },
            reached={
                "upper": Reached(
                    {
                        "y": [1, -1, 0],
                        "g": [1, 1, -2],
                        "H": [[0, 0, 0], [0, 0, 0], [0, 0, 0]],
                        "gamma": 1,
                    }
                )
            },
        ),
    )  # fmt: skip


@claim(
    "limit",
    (s.y, s.g, s.H, s.gamma, DIRECTION),
    (cite(SOURCE, "eq. (9)"),),
    (BOTH_AT_THE_OUTPUT, "three continuous derivatives, for the order of the limit"),
)
def taylor() -> Derivation:
    """The loss L moved by x u from y is L + x grad'u + x^2 u'Ku/2 + o(x^2), with the gradient grad
    and the Hessian K before batch norm. So twice the remainder after the linear term, over x^2,
    tends to u'Ku."""
    remainder = moved(loss(y), (y, x * u)) - loss(y) - x * inner(grad(loss(y), y), u)
    bent = hess(loss(y), y)
    along = sp.Function("f")
    bend, third = sp.symbols("a b", real=True)
    return Derivation(
        definition=sp.Limit(2 * remainder / x**2, x, 0, "+-"),
        closed_form=quadratic_form(curvature_in(y), u),
        steps=(
            equal(
                "The remainder f(x) - f(0) - x f'(0) has the second derivative of f.",
                sp.Derivative(along(x) - along(0) - x * growth, (x, 2)),
                sp.Derivative(along(x), (x, 2)),
            ),
            equal(
                "The remainder starts as a x^2/2 with a = f''(0): twice the remainder over x^2 "
                "tends to a.",
                sp.Limit((bend * x**2 + third * x**3 / 3) / x**2, x, 0),
                bend,
            ),
            second_derivative("The second derivative of the loss along h is h'Kh."),
        ),
        twins={
            "half of it": quadratic_form(curvature_in(y), u) / 2,
            "the loss's own curvature alone": (gamma / deviation(y)) ** 2
            * quadratic_form(H, projected(u, y)),
        },
        chain=chain(
            because(
                "To second order the loss changes by x grad'u + x^2 u'hess u/2.",
                slopes.small_step(),
                quadratic_form(bent, u),
            ),
            because("The Hessian is K.", slopes.slopes(are={bent: curvature_in(y)})),
        ),
    )
