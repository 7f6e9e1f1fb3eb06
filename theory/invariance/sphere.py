"""One step of descent, seen on the unit sphere."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.columns import length
from theory.functions.directions import angle
from theory.invariance.letters import (
    INVARIANT,
    ON_SPHERE,
    ONE,
    SOURCE,
    STEP,
    TANGENT,
    G,
    P,
    above,
    eta,
    norm,
    q,
    slope,
    squared,
    tangential,
    u,
    way,
    x,
)
from theory.proofs.rules import magnitudes, order
from theory.proofs.tactics import equal, nonnegative, positive
from theory.proofs.unevaluated import unevaluated, value_at

APPROXIMATION = cite(SOURCE, "Approximating the update to w-hat")
AUTO = cite("arora2019")
#: The effective rate times the gradient: how far the direction moves, to first order.
REACH = eta * G / norm**2


@claim("identity", (s.u, s.slope, s.eta, s.norm), (APPROXIMATION, AUTO), (INVARIANT,))
def step_on_sphere() -> Derivation:
    """A step of descent takes the direction u of the weights W exactly to (u - e Pi g)/sqrt(1 + e^2
    |Pi g|^2) with the effective rate e = eta/|W|^2. Here Pi = I - uu', and g is the gradient of f
    at u (slope) of the loss f(W/|W|)."""
    part, rate = tangential(), eta / norm**2
    moved = norm * u - eta * part / norm
    short = sp.Symbol("|Pi g|^2", positive=True)
    return Derivation(
        definition=moved / length(moved),
        closed_form=(u - rate * part) / sp.sqrt(1 + rate**2 * squared(part)),
        steps=(
            equal(
                "A step moves the weights norm u by -eta times the gradient Pi g/norm. They "
                "become norm (u - e Pi g) with e = eta/norm^2.",
                norm * u - eta * P * slope / norm,
                norm * (u - rate * P * slope),
            ),
            equal(
                "The squared length of the new weights is norm^2 (1 + e^2 |g_perp|^2), "
                "g_perp = Pi g, as u'g_perp = 0.",
                (norm * (u - rate * q)).T * (norm * (u - rate * q)),
                norm**2 * (1 + rate**2 * short) * ONE,
                {**TANGENT, q.T * q: short * ONE},
            ),
            equal(
                "In the new direction the share of u is norm over the new length, and norm "
                "cancels.",
                norm / sp.sqrt(unevaluated(norm**2 * (1 + rate**2 * short))),
                1 / sp.sqrt(1 + rate**2 * short),
            ),
        ),
        twins={
            "not brought back to the sphere": u - rate * part,
            "as transcribed: eta/|W|": (u - eta / norm * part)
            / sp.sqrt(1 + (eta / norm) ** 2 * squared(part)),
            "eta as the rate": (u - eta * part) / sp.sqrt(1 + eta**2 * squared(part)),
        },
        chain=chain(calculated("The step is orthogonal to u, and norm cancels.")),
    )


@claim("identity", (s.eta, s.norm, s.G), (cite(SOURCE, "effective LR"), AUTO), (INVARIANT,))
def effective_rate() -> Derivation:
    """A step of descent turns the weights W by arctan(e G) with the effective rate e = eta/|W|^2,
    where G is the length of the gradient at unit weights. |W| enters twice, once as the gradient is
    shorter by |W| and once as a longer W turns less."""
    phi = sp.Symbol("phi", positive=True)
    sine, cosine = REACH / sp.sqrt(1 + REACH**2), 1 / sp.sqrt(1 + REACH**2)
    turned = angle(norm * way, STEP)
    return Derivation(
        definition={"rate": sp.tan(turned) / G, "angle": turned},
        closed_form={"rate": eta / norm**2, "angle": sp.atan(REACH)},
        steps=(
            equal(
                "A step takes the weights norm u to norm u - eta g_perp/norm, where |g_perp| = "
                "G and u'g_perp = 0. The new weights have the component norm along u.",
                u.T * (norm * u - eta / norm * q),
                norm * ONE,
                TANGENT,
            ),
            equal(
                "Along -g_perp/G, orthogonal to u, the new weights have the component eta G/norm.",
                -q.T * (norm * u - eta / norm * q) / G,
                eta * G / norm * ONE,
                {**TANGENT, q.T * q: G**2 * ONE},
            ),
            equal(
                "The tangent of the angle between old and new weights is the ratio of these two "
                "components, e G with e = eta/norm^2.",
                unevaluated(eta * G / norm) / norm,
                REACH,
            ),
            equal(
                "So the angle is arctan(e G). Its sine is e G/sqrt(1 + e^2 G^2).",
                value_at(sp.sin(phi), {phi: sp.atan(REACH)}),
                sine,
            ),
            equal(
                "The cosine of the angle is 1/sqrt(1 + e^2 G^2).",
                value_at(sp.cos(phi), {phi: sp.atan(REACH)}),
                cosine,
            ),
        ),
        twins={
            "as transcribed: eta/|W|": {
                "rate": eta / norm,
                "angle": sp.atan(eta * G / norm),
            },
            "small angles": {"rate": eta / norm**2, "angle": REACH},
            "the rate itself": {"rate": eta, "angle": sp.atan(eta * G)},
        },
        chain=chain(
            outputs={
                "rate": (calculated("The tangent is the step over the weights."),),
                "angle": (
                    because("Both angles have the same cosine.", magnitudes.equal_cosines()),
                ),
            }
        ),
    )


@claim("bound", (s.eta, s.norm, s.G), (APPROXIMATION,), (INVARIANT,))
def first_order_error() -> Derivation:
    """The sources' approximate step u - e Pi g of the direction u has exactly the right direction,
    and its distance to the sphere is between x^2/2 - x^4/8 and x^2/2 with x = e G. Here e =
    eta/norm^2 is the effective rate, and Pi g is the gradient at unit weights, of length G."""
    y = sp.Symbol("y", positive=True)
    root = sp.sqrt(1 + REACH**2)
    error = REACH**2 / (1 + root)
    excess = because(
        "The step points in the new direction, and is longer by sqrt(1 + x^2) - 1.",
        magnitudes.equal_squares(),
        error,
    )
    upper, lower = x**2 / 2, x**2 / 2 - x**4 / 8
    return Derivation(
        definition=length(ON_SPHERE - STEP / length(STEP)),
        closed_form={"lower": REACH**2 / 2 - REACH**4 / 8, "upper": REACH**2 / 2},
        steps=(
            equal(
                "The approximate step u - e g_perp with |g_perp| = G and x = e G has the "
                "squared length 1 + x^2. So its distance to the sphere is sqrt(1 + x^2) - 1.",
                (u - eta / norm**2 * q).T * (u - eta / norm**2 * q),
                (1 + REACH**2) * ONE,
                {**TANGENT, q.T * q: G**2 * ONE},
            ),
            equal(
                "For the upper bound compare 1 + x^2/2 with the root sqrt(1 + x^2). Their "
                "squares differ by x^4/4.",
                  (1 + upper) ** 2 - (1 + x**2), x**4 / 4),
            positive(
                "This difference of the squares is positive, so the root is less than 1 + x^2/2.",
                (1 + upper) ** 2 - (1 + x**2)),
            equal(
                "For the lower bound compare 1 + x^2/2 - x^4/8 with the root. Their squares "
                "differ by x^6/8 - x^8/64.",
                  (1 + x**2) - (1 + lower) ** 2, x**6 / 8 - x**8 / 64),
            positive(
                "This difference is positive for x^2 < 8, here x^2 = 8/(1 + y). So the root is "
                "larger than 1 + x^2/2 - x^4/8 there.",
                value_at(x ** 6 / 8 - x ** 8 / 64, {x: sp.sqrt(8 / (1 + y))}),
            ),
            nonnegative(
                "For larger x, here x^2 = 8 + above, the lower bound x^2/2 - x^4/8 is not "
                "positive, so it is no more than the distance.",
                -value_at(lower, {x: sp.sqrt(8 + above)})
            ),
            equal(
                "Both bounds are approached for x -> 0: the distance over x^2/2 tends to 1.",
                  sp.Limit((sp.sqrt(1 + x**2) - 1) / upper, x, 0), 1),
        ),
        twins={
            "no error": {"lower": sp.S.Zero, "upper": sp.S.Zero},
            "of first order": {"lower": REACH / 2 - REACH**2 / 8, "upper": REACH / 2},
            "twice as long": {"lower": REACH**2 - REACH**4 / 4, "upper": REACH**2},
        },
        chain=chain(
            outputs={
                "lower": (
                    excess,
                    because(
                        "Write d for the error sqrt(1 + x^2) - 1. Then x^2 = 2d + d^2, and d "
                        "exceeds x^2/2 - x^4/8 by d^3/2 + d^4/8.",
                        order.gap(is_=error**3 / 2 + error**4 / 8),
                        relation=">=",
                    ),
                ),
                "upper": (
                    excess,
                    because(
                        "Write d for the error sqrt(1 + x^2) - 1. Then x^2/2 is d + d^2/2.",
                        order.gap(is_=error**2 / 2),
                        relation="<=",
                    ),
                ),
            }
        ),
    )  # fmt: skip
