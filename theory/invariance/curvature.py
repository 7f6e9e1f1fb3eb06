"""The Hessian of a loss that does not see the length of the weights: radial curvature, saddles."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.domain import Condition
from theory.functions.columns import inner, length
from theory.functions.constants import eye
from theory.functions.eigenvalues import smallest
from theory.functions.heads import hess
from theory.invariance.homogeneity import direction_of_moved_weights
from theory.invariance.letters import (
    INVARIANT,
    ONE,
    SOURCE,
    TANGENT,
    UNIT,
    N,
    P,
    at_weights,
    bend,
    h,
    norm,
    q,
    radial,
    slope,
    squared,
    tangential,
    u,
    unit_hessian,
)
from theory.proofs.rules import homogeneity
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems.linear_algebra import smallest_in_a_plane
from theory.proofs.unevaluated import unevaluated

HORN = cite("hornjohnson2013", "theorem 4.3.28")


@claim(
    "identity",
    (s.u, s.norm, s.slope, s.bend),
    (cite(SOURCE, "homogeneous of degree k"), cite("arora2019")),
    (INVARIANT,),
)
def hessian() -> Derivation:
    """The Hessian of J(W) = f(W/|W|) at W = norm u is [Pi H Pi - (u'g)Pi - Pi g u' - u (Pi
    g)']/norm^2, with the gradient g (slope) and the Hessian H (bend) of f at u and the projector Pi
    = I - uu'. It has degree -2 and is not zero for a linear f."""
    a, b = sp.symbols("a b", real=True)
    matrix = P * bend * P - radial * P - P * slope * u.T - u * slope.T * P
    named = {
        **UNIT,
        u.T * h: a * ONE,
        h.T * u: a * ONE,
        h.T * h: b * ONE,
        u.T * slope: radial * ONE,
        slope.T * u: radial * ONE,
    }
    moves = P * h / norm
    bends = ((3 * a**2 - b) * u - 2 * a * h) / norm**2
    closed = unit_hessian() / norm**2
    part = tangential()
    outer = part * u.T + u * part.T
    return Derivation(
        definition=at_weights(hess),
        closed_form=closed,
        steps=(
            *direction_of_moved_weights(),
            equal(
                "W/|W| moves by Pi h/norm and bends by ((3 a^2 - b) u - 2 a h)/norm^2, so f "
                "bends by g'(bend) + (move)'H(move): h' times the Hessian times h, for every h.",
                slope.T * bends + moves.T * bend * moves,
                h.T * matrix * h / norm**2,
                named,
            ),
        ),
        twins={
            "the Hessian of f alone, projected": (closed + outer / norm**2)
            + inner(u, slope) / norm**2 * (eye(N) - u * u.T),
            "without the outer products": closed + outer / norm**2,
            "of degree -1": closed * norm,
        },
        chain=chain(
            because(
                "Along any h the loss bends by g' times the bend of W/|W|, and by H along its "
                "move.",
                homogeneity.gradient_at(),
            )
        ),
    )


@claim(
    "identity",
    (s.u, s.norm, s.slope, s.bend),
    (cite(SOURCE, "scale invariant = homogeneous of degree 0"), cite("arora2019")),
    (INVARIANT,),
)
def radial_curvature() -> Derivation:
    """The Hessian of a scale-invariant loss J takes the weights W to minus the gradient, and there
    is no curvature along the weights: Hess J W = -grad J and W'Hess J W = 0."""
    matrix = P * bend * P - radial * P - P * slope * u.T - u * slope.T * P
    explicit, weights = unit_hessian() / norm**2, norm * u
    return Derivation(
        definition={
            "Hess J W": explicit * weights,
            "W'Hess J W": inner(weights, explicit * weights),
        },
        closed_form={"Hess J W": -tangential() / norm, "W'Hess J W": sp.S.Zero},
        steps=(
            equal(
                "Pi takes u to zero. Of the four terms of the Hessian only - Pi g u' is left, "
                "so Hess J W is minus the gradient Pi g/norm.",
                matrix / norm**2 * (norm * u),
                -P * slope / norm,
                UNIT,
            ),
            equal(
                "Along u + g_perp with u'g_perp = 0 every term of the curvature holds g_perp. "
                "So for g_perp = 0, along the weights, there is no curvature.",
                (u + q).T * matrix * (u + q),
                q.T * bend * q - radial * q.T * q - 2 * q.T * slope,
                TANGENT,
            ),
        ),
        twins={
            "plus the gradient": {"Hess J W": tangential() / norm, "W'Hess J W": sp.S.Zero},
            "flat along the weights": {"Hess J W": 0 * u, "W'Hess J W": sp.S.Zero},
            "the gradient at unit weights": {"Hess J W": -tangential(), "W'Hess J W": sp.S.Zero},
        },
        chain=chain(
            outputs={
                "Hess J W": (calculated("Pi takes u to zero, and Pi g u' is left."),),
                "W'Hess J W": (calculated("The gradient is orthogonal to u."),),
            }
        ),
    )


@claim(
    "bound",
    (s.u, s.norm, s.slope, s.bend),
    (cite("arora2019"), HORN, cite("whybatchnorm", "smoother in every direction")),
    (
        INVARIANT,
        Condition("the gradient is not zero", sp.Ne(inner(slope, slope), inner(u, slope) ** 2)),
    ),
)
def indefiniteness() -> Derivation:
    """A scale-invariant loss is a saddle wherever its gradient d is not zero. The smallest
    eigenvalue of its Hessian is at most (a - sqrt(a^2 + 4 b^2))/2 < 0, and the largest is at least
    the other root, with the curvature a along d and b = |d|/|W|. A loss J(W) = f(W/|W|) with a
    linear f reaches both."""
    along, ratio = sp.Symbol("a", real=True), sp.Symbol("b", positive=True)
    z = sp.Symbol("z")
    block = sp.Matrix([[0, -ratio], [-ratio, along]])
    root = (along - sp.sqrt(along**2 + 4 * ratio**2)) / 2
    size = sp.Symbol("|Pi g|", positive=True)
    matrix = P * bend * P - radial * P - q * u.T - u * q.T
    rules = {**TANGENT, q.T * q: size**2 * ONE}
    part = tangential()
    curvature = (inner(part, bend * part) / squared(part) - inner(u, slope)) / norm**2
    slant = sp.sqrt(squared(part)) / norm**2
    plane = smallest_in_a_plane(unit_hessian() / norm**2, u, part / length(part))
    return Derivation(
        definition=smallest(unit_hessian() / norm**2),
        closed_form={"upper": (curvature - sp.sqrt(curvature**2 + 4 * slant**2)) / 2},
        steps=(
            cited("The smallest eigenvalue is at most the smallest eigenvalue of the restriction "
                  "to a plane", HORN),
            equal(
                "Take the directions u and d/|d| = g_perp/|Pi g| with g_perp = Pi g. Along u "
                "there is no curvature (invariance.radial_curvature). Between u and d/|d| it is "
                "-|Pi g|/norm^2 = -|d|/|W| = -b.",
                u.T * matrix * q / (size * norm**2),
                -size / norm**2 * ONE,
                rules,
            ),
            equal(
                "Along g_perp the curvature is g_perp'H g_perp - u'g |g_perp|^2, over norm^2. "
                "So along d/|d| it is a = (g_perp'H g_perp/g_perp'g_perp - u'g)/norm^2.",
                q.T * matrix * q,
                q.T * bend * q - radial * q.T * q,
                rules,
            ),
            equal(
                "The restriction of the Hessian to these two directions, a 2 x 2 matrix, has this "
                "characteristic polynomial.",
                unevaluated(sp.Determinant(z * sp.eye(2) - block)),
                z**2 - along * z - ratio**2,
            ),
            equal("The value (a - sqrt(a^2 + 4b^2))/2 is a root of this polynomial.",
                  root**2 - along * root, ratio**2),
            equal(
                "The other root is a less this root, and the product of both roots is -b^2. So "
                "one root is negative and the other is positive.",
                root * (along - root),
                -(ratio**2),
            ),
        ),
        twins={
            "semidefinite": {"upper": sp.S.Zero},
            "b without the length of the weights": {
                "upper": (curvature - sp.sqrt(curvature**2 + 4 * slant**2 * norm**2)) / 2
            },
            "the difference of the roots": {
                "upper": -sp.sqrt(curvature**2 + 4 * slant**2)
            },
        },
        chain=chain(
            outputs={
                "upper": (
                    because(
                        "The smallest eigenvalue of the Hessian is at most that of its restriction "
                        "to the plane of u and the gradient.",
                        plane,
                        plane.statement().right,
                        "<=",
                    ),
                    calculated(
                        "Along u there is no curvature. Between u and the gradient's direction "
                        "it is -b."),
                )
            }
        ),
    )  # fmt: skip
