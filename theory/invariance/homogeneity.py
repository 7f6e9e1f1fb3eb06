"""Losses that do not see the length of the weights: their gradient and Hessian."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.claim import Derivation, Step, claim
from theory.domain import Condition
from theory.functions.columns import inner
from theory.functions.constants import eye
from theory.functions.eigenvalues import smallest
from theory.invariance.letters import (
    INVARIANT,
    ONE,
    SOURCE,
    TANGENT,
    UNIT,
    N,
    P,
    bend,
    grad,
    h,
    hess,
    loss,
    norm,
    place,
    q,
    radial,
    slope,
    squared,
    tangential,
    u,
    unit_hessian,
)
from theory.proofs.tactics import cited, equal

FACTOR = s.gamma.within(low=0, typical=(0.2, 5))
HORN = cite("hornjohnson2013", "theorem 4.3.28")


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
    here, there = sp.Symbol("W"), factor * sp.Symbol("W")
    value, first, second = sp.symbols("J_0 J_1 J_2", real=True)
    ray = sp.Symbol("ray", positive=True)
    J, size = sp.Function("J"), sp.Function("size")

    def along(distance: sp.Expr) -> sp.Expr:
        """The function at W + distance h, to second order."""
        return value + first * distance + second * distance**2 / 2

    def scaled(by: sp.Expr) -> sp.Expr:
        """The function at ``by`` W + x h = ``by`` (W + (x/by) h)."""
        return by**degree * along(place / by)

    closed = {
        "gradient": factor ** (degree - 1),
        "hessian": factor ** (degree - 2),
        "radial slope": degree,
        "radial curvature": degree - 1,
    }
    return Derivation(
        definition={
            "gradient": size(grad(J(there))) / size(grad(J(here))),
            "hessian": size(hess(J(there))) / size(hess(J(here))),
            "radial slope": here * grad(J(here)) / J(here),
            "radial curvature": hess(J(here)) * here / grad(J(here)),
        },
        closed_form=closed,
        steps=(
            equal(
                "J(gamma W + x h) = gamma^degree J(W + (x/gamma) h): for every h the derivative "
                "J_1 along h at W becomes gamma^(degree-1) J_1 ...",
                sp.diff(scaled(factor), place).subs(place, 0),
                closed["gradient"] * first,
            ),
            equal(
                "... and the second derivative J_2 becomes gamma^(degree-2) J_2.",
                sp.diff(scaled(factor), place, 2).subs(place, 0),
                closed["hessian"] * second,
            ),
            equal(
                "Along the ray, at h = 0, the derivative in gamma at 1 is W'grad J = degree J.",
                sp.diff(scaled(ray).subs(place, 0), ray).subs(ray, 1),
                degree * value,
            ),
            equal(
                "The derivative in gamma at 1 of the derivative along h is h'Hess J W = (degree "
                "- 1) J_1, for every h.",
                sp.diff(sp.diff(scaled(ray), place).subs(place, 0), ray).subs(ray, 1),
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
    )


def direction_of_moved_weights() -> tuple[Step, ...]:
    """W/|W| while W moves by x h: a = u'h, b = h'h."""
    a, b = sp.symbols("a b", real=True)
    length = sp.sqrt(norm**2 + 2 * place * norm * a + place**2 * b)
    return (
        equal(
            "Move W = norm u by x h. Its squared length, with a = u'h and b = h'h,",
            (norm * u + place * h).T * (norm * u + place * h),
            (norm**2 + 2 * place * norm * a + place**2 * b) * ONE,
            {**UNIT, u.T * h: a * ONE, h.T * u: a * ONE, h.T * h: b * ONE},
        ),
        equal(
            "makes the share of u in W/|W| move by -a/norm per unit of x, ...",
            sp.diff(norm / length, place).subs(place, 0),
            -a / norm,
        ),
        equal(
            "... and the share of h in W/|W| grow as 1/norm;",
            sp.diff(place / length, place).subs(place, 0),
            1 / norm,
        ),
        equal(
            "to second order they bend by (3 a^2 - b)/norm^2 ...",
            sp.diff(norm / length, place, 2).subs(place, 0),
            (3 * a**2 - b) / norm**2,
        ),
        equal(
            "... and by -2 a/norm^2.",
            sp.diff(place / length, place, 2).subs(place, 0),
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
        definition=grad(loss(norm * u / sp.sqrt(squared(norm * u)))),
        closed_form=closed,
        steps=(
            *direction_of_moved_weights()[:3],
            equal(
                "so W/|W| moves by Pi h/norm, ...",
                -u * u.T * h / norm + h / norm,
                P * h / norm,
            ),
            equal(
                "... and f by g'Pi h/norm, for every h.",
                slope.T * P * h / norm,
                h.T * (P * slope) / norm,
            ),
            equal("It has no component along u.", (u + q).T * P * slope, q.T * slope, TANGENT),
        ),
        twins={
            "degree 0: not divided by the length": tangential(),
            "divided by the squared length": tangential() / norm**2,
            "with the part along the weights": slope / norm,
        },
    )


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
        definition=hess(loss(norm * u / sp.sqrt(squared(norm * u)))),
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
                "Pi takes u to zero. Of the four terms Pi g u' is left.",
                matrix / norm**2 * (norm * u),
                -P * slope / norm,
                UNIT,
            ),
            equal(
                "Along u + g_perp with u'g_perp = 0 the curvature is this: nothing for g_perp = 0.",
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
    return Derivation(
        definition=smallest(unit_hessian() / norm**2),
        closed_form={"upper": (curvature - sp.sqrt(curvature**2 + 4 * slant**2)) / 2},
        steps=(
            cited("The smallest eigenvalue is at most the smallest eigenvalue of the restriction "
                  "to a plane", HORN),
            equal(
                "Take u and d/|d|, g_perp = Pi g. Along u there is no curvature "
                "(invariance.radial_curvature); between u and d/|d| there is -|Pi g|/norm^2 = "
                "-|d|/|W|,",
                u.T * matrix * q / (size * norm**2),
                -size / norm**2 * ONE,
                rules,
            ),
            equal(
                "and along d/|d| there is a = (g_perp'H g_perp/g_perp'g_perp - u'g)/norm^2.",
                q.T * matrix * q,
                q.T * bend * q - radial * q.T * q,
                rules,
            ),
            equal(
                "The 2 x 2 restriction has this characteristic polynomial,",
                (z * sp.eye(2) - block).det(),
                z**2 - along * z - ratio**2,
            ),
            equal("of which this is a root, ...", root**2 - along * root, ratio**2),
            equal(
                "... and the other is a less this root: with the product -b^2, one of them is "
                "negative.",
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
    )  # fmt: skip
