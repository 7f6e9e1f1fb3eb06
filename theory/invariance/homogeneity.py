"""Losses that do not see the length of the weights, and their gradient."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, Step, claim
from theory.functions.heads import grad
from theory.functions.homogeneous import homogeneous
from theory.invariance.letters import (
    INVARIANT,
    ONE,
    SOURCE,
    TANGENT,
    UNIT,
    P,
    W,
    at_weights,
    h,
    norm,
    place,
    q,
    slope,
    tangential,
    u,
)
from theory.proofs.rules import homogeneity as homogeneous_rules
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import derivative, value_at

FACTOR = s.gamma.within(low=0, typical=(0.2, 5))


@claim(
    "identity",
    (FACTOR, s.degree),
    (cite(SOURCE, "homogeneous of degree k"), cite("arora2019")),
    ("the function has two derivatives",),
)
def homogeneity() -> Derivation:
    """A homogeneous function, J(gamma W) = gamma^degree J(W) for gamma > 0, has at gamma W the
    gradient at W times gamma^(degree - 1) and the Hessian at W times gamma^(degree - 2). Euler's
    relations are W'grad J = degree J and Hess J W = (degree - 1) grad J. Under batch norm the
    degree is 0, so W'grad J = 0 and Hess J W = -grad J."""
    factor, degree = FACTOR.symbol, s.degree.symbol
    value, first, second = sp.symbols("J_0 J_1 J_2", real=True)
    ray = sp.Symbol("ray", positive=True)
    further = sp.Symbol("y", real=True)

    def along(distance: sp.Expr) -> sp.Expr:
        """The function at W + distance h, to second order."""
        return value + first * distance + second * distance**2 / 2

    def scaled(by: sp.Expr) -> sp.Expr:
        """The function at ``by`` W + x h = ``by`` (W + (x/by) h)."""
        return by**degree * along(place / by)

    def slope_at(weights: sp.MatrixExpr, way: sp.MatrixExpr, times: int = 1) -> sp.Expr:
        """The derivative of J along ``way`` at some weights, once or twice."""
        moved = homogeneous(weights + place * way, degree)
        return sp.Subs(sp.Derivative(moved, (place, times)), place, 0)

    both = homogeneous(W + place * h + further * W, degree)
    bend_at = sp.Subs(sp.Derivative(both, place, further), (place, further), (0, 0))
    scales = homogeneous_rules.scaling(weights=W, way=h)
    closed = {
        "gradient": factor ** (degree - 1),
        "hessian": factor ** (degree - 2),
        "radial slope": degree,
        "radial curvature": degree - 1,
    }
    return Derivation(
        definition={
            "gradient": slope_at(factor * W, h) / slope_at(W, h),
            "hessian": slope_at(factor * W, h, 2) / slope_at(W, h, 2),
            "radial slope": slope_at(W, W) / homogeneous(W, degree),
            "radial curvature": bend_at / slope_at(W, h),
        },
        closed_form=closed,
        steps=(
            equal(
                "Along any h let J(W + x h) be J_0 + J_1 x + J_2 x^2/2 to second order. As "
                "J(gamma W + x h) is gamma^degree J(W + (x/gamma) h), the derivative along h at "
                "gamma W is gamma^(degree-1) J_1.",
                derivative(scaled(factor), place, at=0),
                closed["gradient"] * first,
            ),
            equal(
                "The second derivative along h at gamma W is gamma^(degree-2) J_2.",
                derivative(scaled(factor), place, 2, at=0),
                closed["hessian"] * second,
            ),
            equal(
                "Let ray be the factor of W. The derivative of J(ray W) in ray at 1 is W'grad "
                "J, and it is degree J_0.",
                derivative(value_at(scaled(ray), {place: 0}), ray, at=1),
                degree * value,
            ),
            equal(
                "The derivative along h at ray W has, in ray at 1, the derivative h'Hess J W. "
                "It is (degree - 1) J_1 for every h.",
                derivative(derivative(scaled(ray), place, at=0), ray, at=1),
                (degree - 1) * first,
            ),
        ),
        twins={
            "derivatives of the degree of the function": {
                **closed,
                "gradient": factor**degree,
                "hessian": factor**degree,
            },
            "the Hessian of the degree of the gradient": {
                **closed,
                "hessian": factor ** (degree - 1),
            },
            "Hess J W = degree grad J": {**closed, "radial curvature": degree},
        },
        chain=chain(
            outputs={
                "gradient": (
                    because(
                        "J(gamma W + x h) is gamma^degree J(W + (x/gamma) h), for any h.", scales
                    ),
                ),
                "hessian": (because("Each derivative along h brings a factor 1/gamma.", scales),),
                "radial slope": (
                    because("Along W itself J(W + x W) is (1 + x)^degree J(W).", scales),
                ),
                "radial curvature": (
                    because("The derivative along h has the degree one less.", scales),
                ),
            }
        ),
    )


def direction_of_moved_weights() -> tuple[Step, ...]:
    """W/|W| while W moves by x h: a = u'h, b = h'h."""
    a, b = sp.symbols("a b", real=True)
    length = sp.sqrt(norm**2 + 2 * place * norm * a + place**2 * b)
    return (
        equal(
            "Move W = norm u by x h, and let a = u'h and b = h'h. The squared length of the "
            "moved weights is then a polynomial in x.",
            (norm * u + place * h).T * (norm * u + place * h),
            (norm**2 + 2 * place * norm * a + place**2 * b) * ONE,
            {**UNIT, u.T * h: a * ONE, h.T * u: a * ONE, h.T * h: b * ONE},
        ),
        equal(
            "The share of u in W/|W| moves by -a/norm per unit of x.",
            derivative(norm / length, place, at=0),
            -a / norm,
        ),
        equal(
            "The share of h in W/|W| grows by 1/norm per unit of x.",
            derivative(place / length, place, at=0),
            1 / norm,
        ),
        equal(
            "The share of u in W/|W| has the second derivative (3 a^2 - b)/norm^2 in x.",
            derivative(norm / length, place, 2, at=0),
            (3 * a**2 - b) / norm**2,
        ),
        equal(
            "The share of h in W/|W| has the second derivative -2 a/norm^2 in x.",
            derivative(place / length, place, 2, at=0),
            -2 * a / norm**2,
        ),
    )  # fmt: skip


@claim(
    "identity",
    (s.u, s.norm, s.slope),
    (cite(SOURCE, "its gradient is homogeneous of degree -1"), cite("arora2019")),
    (INVARIANT,),
)
def gradient() -> Derivation:
    """The gradient of J(W) = f(W/|W|) at W = norm u is Pi g/norm, with the gradient g of f at u
    (the parameter slope) and the projector Pi = I - uu'. It is orthogonal to the weights, and
    smaller the longer they are."""
    closed = tangential() / norm
    return Derivation(
        definition=at_weights(grad),
        closed_form=closed,
        steps=(
            *direction_of_moved_weights()[:3],
            equal(
                "Together W/|W| moves by Pi h/norm per unit of x, with the projector Pi = I - uu'.",
                -u * u.T * h / norm + h / norm,
                P * h / norm,
            ),
            equal(
                "So f moves by g'Pi h/norm per unit of x. This is the product of h with Pi "
                "g/norm, for every h, so the gradient is Pi g/norm.",
                slope.T * P * h / norm,
                h.T * (P * slope) / norm,
            ),
            equal(
                "The gradient has no component along u: with u'g_perp = 0, the product of "
                "g_perp + u with Pi g is the product of g_perp with g.",
                (u + q).T * P * slope,
                q.T * slope,
                TANGENT,
            ),
        ),
        twins={
            "degree 0: not divided by the length": tangential(),
            "divided by the squared length": tangential() / norm**2,
            "with the part along the weights": slope / norm,
        },
        chain=chain(
            because(
                "Along any h the loss moves by g' times the move of W/|W|.",
                homogeneous_rules.gradient_at(),
            )
        ),
    )
