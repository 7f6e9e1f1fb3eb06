"""Losses that do not see the length of the weights: their gradient and Hessian."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.claim import Derivation, Step, claim
from theory.columns import inner
from theory.constants import eye
from theory.domain import Condition
from theory.invariance.letters import (
    INVARIANT,
    ONE,
    SEED,
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
    q,
    radial,
    slope,
    squared,
    t,
    tangential,
    u,
    unit_hessian,
)
from theory.matrices import smallest
from theory.proof import cited, equal

FACTOR = s.gamma.within(low=0, typical=(0.2, 5))
HORN = cite("hornjohnson2013", "theorem 4.3.28")


@claim(
    "identity",
    (FACTOR, s.degree),
    (cite(SEED, "homogeneous of degree k"), cite("arora2019")),
    ("the function has two derivatives",),
)
def homogeneity() -> Derivation:
    """A function homogeneous of degree q, J(gamma W) = gamma^q J(W) for gamma > 0, has a gradient
    of degree q - 1 and a Hessian of degree q - 2 (their factors at gamma W), and Euler's relations
    W'grad J = q J and Hess J W = (q - 1) grad J. Under batch norm q = 0: degrees -1 and -2,
    W'grad J = 0, Hess J W = -grad J."""
    factor, degree = FACTOR.symbol, s.degree.symbol
    here, there = sp.Symbol("W"), factor * sp.Symbol("W")
    value, first, second = sp.symbols("J_0 J_1 J_2", real=True)
    ray = sp.Symbol("ray", positive=True)
    J, size = sp.Function("J"), sp.Function("size")

    def along(distance: sp.Expr) -> sp.Expr:
        """The function at W + distance h, to second order."""
        return value + first * distance + second * distance**2 / 2

    def scaled(by: sp.Expr) -> sp.Expr:
        """The function at ``by`` W + t h = ``by`` (W + (t/by) h)."""
        return by**degree * along(t / by)

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
                "J(gamma W + t h) = gamma^q J(W + (t/gamma) h): for every h the derivative J_1 "
                "along h at W becomes gamma^(q-1) J_1 ...",
                sp.diff(scaled(factor), t).subs(t, 0),
                closed["gradient"] * first,
            ),
            equal(
                "... and the second derivative J_2 becomes gamma^(q-2) J_2.",
                sp.diff(scaled(factor), t, 2).subs(t, 0),
                closed["hessian"] * second,
            ),
            equal(
                "Along the ray, at h = 0, the derivative in gamma at 1 is W'grad J = q J.",
                sp.diff(scaled(ray).subs(t, 0), ray).subs(ray, 1),
                degree * value,
            ),
            equal(
                "That of the derivative along h is h'Hess J W = (q - 1) J_1, for every h.",
                sp.diff(sp.diff(scaled(ray), t).subs(t, 0), ray).subs(ray, 1),
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
            "Hess J W = q grad J": {**closed, "radial curvature": degree},
        },
    )


def direction_of_moved_weights() -> tuple[Step, ...]:
    """W/|W| while W moves by t h: a = u'h, b = h'h."""
    a, b = sp.symbols("a b", real=True)
    length = sp.sqrt(norm**2 + 2 * t * norm * a + t**2 * b)
    return (
        equal(
            "Move W = norm u by t h. Its squared length, with a = u'h and b = h'h,",
            (norm * u + t * h).T * (norm * u + t * h),
            (norm**2 + 2 * t * norm * a + t**2 * b) * ONE,
            {**UNIT, u.T * h: a * ONE, h.T * u: a * ONE, h.T * h: b * ONE},
        ),
        equal(
            "makes the share of u in W/|W| move by -a/norm a unit of t, ...",
            sp.diff(norm / length, t).subs(t, 0),
            -a / norm,
        ),
        equal("... and that of h grow as 1/norm;", sp.diff(t / length, t).subs(t, 0), 1 / norm),
        equal(
            "to second order they bend by (3 a^2 - b)/norm^2 ...",
            sp.diff(norm / length, t, 2).subs(t, 0),
            (3 * a**2 - b) / norm**2,
        ),
        equal(
            "... and by -2 a/norm^2.", sp.diff(t / length, t, 2).subs(t, 0), -2 * a / norm**2
        ),
    )  # fmt: skip


@claim(
    "identity",
    (s.u, s.norm, s.slope),
    (cite(SEED, "its gradient is homogeneous of degree -1"), cite("arora2019")),
    (INVARIANT,),
)
def gradient() -> Derivation:
    """The gradient of J(W) = f(W/|W|) at W = norm u is Pg/norm, with g the gradient of f at u and
    P = I - uu': orthogonal to the weights, and smaller the longer they are."""
    closed = tangential() / norm
    return Derivation(
        definition=grad(loss(norm * u / sp.sqrt(squared(norm * u)))),
        closed_form=closed,
        steps=(
            *direction_of_moved_weights()[:3],
            equal(
                "so W/|W| moves by Ph/norm, ...",
                -u * u.T * h / norm + h / norm,
                P * h / norm,
            ),
            equal(
                "... and f by g'Ph/norm, for every h.",
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
    (cite(SEED, "homogeneous of degree k"), cite("arora2019")),
    (INVARIANT,),
)
def hessian() -> Derivation:
    """The Hessian of J(W) = f(W/|W|) at W = norm u is [PHP - (u'g)P - Pg u' - u (Pg)']/norm^2,
    with g and H the gradient and Hessian of f at u and P = I - uu': of degree -2, and not zero
    for a linear f."""
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
                "W/|W| moves by Ph/norm and bends by ((3 a^2 - b) u - 2 a h)/norm^2, so f bends "
                "by g'(bend) + (move)'H(move): h' times the Hessian times h, for every h.",
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
    (cite(SEED, "scale invariant = homogeneous of degree 0"), cite("arora2019")),
    (INVARIANT,),
)
def radial_curvature() -> Derivation:
    """The Hessian of a scale-invariant loss takes the weights to minus the gradient, and there is
    no curvature along them: Hess J W = -grad J, W'Hess J W = 0."""
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
                "P takes u to zero; of the four terms Pg u' is left.",
                matrix / norm**2 * (norm * u),
                -P * slope / norm,
                UNIT,
            ),
            equal(
                "Along u + q with u'q = 0 the curvature is this: nothing for q = 0.",
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
    """A scale-invariant loss is a saddle wherever its gradient d is not zero: with b = |d|/|W| and
    the curvature c along d, the smallest eigenvalue of its Hessian is at most
    (c - sqrt(c^2 + 4 b^2))/2 < 0, and the largest at least the other root. A linear f reaches
    both."""
    along, ratio = sp.Symbol("c", real=True), sp.Symbol("b", positive=True)
    z = sp.Symbol("z")
    block = sp.Matrix([[0, -ratio], [-ratio, along]])
    root = (along - sp.sqrt(along**2 + 4 * ratio**2)) / 2
    size = sp.Symbol("|Pg|", positive=True)
    matrix = P * bend * P - radial * P - q * u.T - u * q.T
    rules = {**TANGENT, q.T * q: size**2 * ONE}
    part = tangential()
    curvature = (inner(part, bend * part) / squared(part) - inner(u, slope)) / norm**2
    slant = sp.sqrt(squared(part)) / norm**2
    return Derivation(
        definition=smallest(unit_hessian() / norm**2),
        closed_form={"upper": (curvature - sp.sqrt(curvature**2 + 4 * slant**2)) / 2},
        steps=(
            cited("The smallest eigenvalue is at most that of the restriction to a plane", HORN),
            equal(
                "Take u and d/|d|, q = Pg. Along u there is no curvature (invariance."
                "radial_curvature); between u and d/|d| there is -|Pg|/norm^2 = -|d|/|W|,",
                u.T * matrix * q / (size * norm**2),
                -size / norm**2 * ONE,
                rules,
            ),
            equal(
                "and along d/|d| there is c = (q'Hq/q'q - u'g)/norm^2.",
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
                "... and the other is c less it: with the product -b^2, one of them is negative.",
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
