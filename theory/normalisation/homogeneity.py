"""Homogeneity: the slopes of a loss that does not see the scale of the weights."""

import sympy as sp

from companion.references import cite
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner
from theory.functions.stated import scale_free_gradient, scale_free_hessian
from theory.normalisation.letters import (
    GROSSE,
    POSITIVE_SCALE,
    N,
    W,
    x,
)
from theory.proofs.rules import norms
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import derivative, value_at


@claim(
    "identity",
    (POSITIVE_SCALE,),
    (cite(GROSSE, "homogeneous of degree -1"), cite("arora2019")),
    ("the loss has two derivatives and does not see the scale of the weights: eps = 0",),
)
def homogeneity() -> Derivation:
    """A loss J that does not see the scale of the weights W, J(gamma W) = J(W) for gamma > 0, has
    at gamma W the gradient at W divided by gamma and the Hessian at W divided by gamma^2.
    Everywhere the gradient is orthogonal to the weights, and the Hessian times the weights is minus
    the gradient."""
    scale = POSITIVE_SCALE.symbol
    value, slope, curvature = sp.symbols("J_0 J_1 J_2", real=True)

    def along(distance: sp.Expr) -> sp.Expr:
        """The loss at W + distance h, to second order."""
        return value + slope * distance + curvature * distance**2 / 2

    ray = sp.Symbol("a", positive=True)
    grad, hess = scale_free_gradient, scale_free_hessian
    there, h = scale * W, sp.MatrixSymbol("h", N, 1)  # h is any direction
    t, more = sp.symbols("t s", real=True)
    closed = {
        "gradient": 1 / scale,
        "hessian": 1 / scale**2,
        "radial_slope": sp.Integer(0),
        "radial_curvature": sp.Integer(-1),
    }
    return Derivation(
        definition={
            "gradient": inner(h, grad(there)) / inner(h, grad(W)),
            "hessian": inner(h, hess(there) * h) / inner(h, hess(W) * h),
            "radial_slope": inner(there, grad(there)),
            "radial_curvature": inner(h, hess(there) * there) / inner(h, grad(there)),
        },
        closed_form=closed,
        steps=(
            equal(
                "By invariance J(gamma W + x h) is J(W + (x/gamma) h), for every h. Let J_1 "
                "and J_2 be the first and the second derivative along h at W. Then the "
                "derivative along h at gamma W is J_1/gamma.",
                derivative(along(x / scale), x, at=0),
                slope / scale,
            ),
            equal(
                "The second derivative along h at gamma W is J_2/gamma^2.",
                derivative(along(x / scale), x, 2, at=0),
                curvature / scale**2,
            ),
            equal(
                "At x = 0 the loss J(a W) does not change with the scale a. So the "
                "derivative along W is zero: W'grad J = 0.",
                derivative(value_at(along(x / ray), {x: 0}), ray),
                0,
            ),
            equal(
                "The derivative along h at a W is J_1/a. Its derivative in a at a = 1 is "
                "h'Hess J W, and it is -J_1, for every h. So Hess J W is -grad J.",
                derivative(derivative(along(x / ray), x, at=0), ray, at=1),
                -slope,
            ),
        ),
        twins={
            "degree 0, as the loss": {**closed, "gradient": sp.Integer(1)},
            "the Hessian as the gradient": {**closed, "hessian": 1 / scale},
            "flat along the weights": {**closed, "radial_curvature": sp.Integer(0)},
        },
        chain=chain(
            outputs={
                "gradient": (
                    because(
                        "For any h J(gamma W + t h) is J(W + (t/gamma) h). Compare the "
                        "first derivatives of both at t = 0.",
                        norms.scale_free(path=there + t * h, scale=scale, letters=(t,)),
                    ),
                ),
                "hessian": (
                    because(
                        "For any h J(gamma W + t h) is J(W + (t/gamma) h). Compare the "
                        "second derivatives of both at t = 0.",
                        norms.scale_free(
                            path=there + (t + more) * h, scale=scale, letters=(t, more)
                        ),
                    ),
                ),
                "radial_slope": (
                    because(
                        "J((1 + t) gamma W) does not depend on t.",
                        norms.scale_free(path=(1 + t) * there, scale=1 + t, letters=(t,)),
                    ),
                ),
                "radial_curvature": (
                    because(
                        "For any h J((1 + s) gamma W + t h) is J(gamma W + t h/(1 + s)). "
                        "Compare the derivatives of both in s and t.",
                        norms.scale_free(
                            path=(1 + more) * there + t * h, scale=1 + more, letters=(t, more)
                        ),
                    ),
                ),
            }
        ),
    )
