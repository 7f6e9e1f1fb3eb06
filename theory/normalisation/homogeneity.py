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
                "By invariance J(gamma W + x h) = J(W + (x/gamma) h), for every h. With J_1 "
                "the derivative along h at W, the derivative along h at gamma W is "
                "J_1/gamma.",
                derivative(along(x / scale), x, at=0),
                slope / scale,
            ),
            equal(
                "The second derivative at gamma W is the second derivative at W over gamma^2.",
                derivative(along(x / scale), x, 2, at=0),
                curvature / scale**2,
            ),
            equal(
                "Along W itself, h = 0, nothing changes with the scale: W'grad J = 0.",
                derivative(value_at(along(x / ray), {x: 0}), ray),
                0,
            ),
            equal(
                "The derivative J_1/a along h at a W changes with a, at a = 1, by h'Hess J W. "
                "This is -J_1, for every h.",
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
                        "J(gamma W + t h) is J(W + (t/gamma) h): compare the slopes, for any h.",
                        norms.scale_free(path=there + t * h, scale=scale, letters=(t,)),
                    ),
                ),
                "hessian": (
                    because(
                        "Compare the second derivatives of the same.",
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
                        "J((1 + s) gamma W + t h) is J(gamma W + t h/(1 + s)): compare the "
                        "derivatives in s and t, for any h.",
                        norms.scale_free(
                            path=(1 + more) * there + t * h, scale=1 + more, letters=(t, more)
                        ),
                    ),
                ),
            }
        ),
    )
