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
    turn,
    u,
    way,
    x,
)
from theory.proofs.rules import magnitudes, order
from theory.proofs.tactics import equal, nonnegative, positive

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
                "The weights move by eta times the gradient Pi g/norm: norm (u - e Pi g), e = "
                "eta/norm^2 ...",
                norm * u - eta * P * slope / norm,
                norm * (u - rate * P * slope),
            ),
            equal(
                "... of the squared length norm^2 (1 + e^2 |g_perp|^2), g_perp = Pi g, as "
                "u'g_perp = 0.",
                (norm * (u - rate * q)).T * (norm * (u - rate * q)),
                norm**2 * (1 + rate**2 * short) * ONE,
                {**TANGENT, q.T * q: short * ONE},
            ),
            equal(
                "The new direction is their ratio; norm cancels.",
                norm / sp.sqrt(norm**2 * (1 + rate**2 * short)),
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
    sine, cosine = REACH / sp.sqrt(1 + REACH**2), 1 / sp.sqrt(1 + REACH**2)
    turned = angle(norm * way, STEP)
    return Derivation(
        definition={"rate": sp.tan(turned) / G, "angle": turned},
        closed_form={"rate": eta / norm**2, "angle": sp.atan(REACH)},
        steps=(
            equal(
                "W = norm u becomes norm u - eta g_perp/norm with |g_perp| = G, of which norm "
                "lies along u,",
                u.T * (norm * u - eta / norm * q),
                norm * ONE,
                TANGENT,
            ),
            equal(
                "and eta G/norm across, along -g_perp/G.",
                -q.T * (norm * u - eta / norm * q) / G,
                eta * G / norm * ONE,
                {**TANGENT, q.T * q: G**2 * ONE},
            ),
            equal("The tangent of the angle is their ratio, ...", eta * G / norm / norm, REACH),
            equal("... so this is its sine ...", sp.sin(sp.atan(REACH)), sine),
            equal("... and this its cosine.", sp.cos(sp.atan(REACH)), cosine),
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
                "angle": (because("Both have the same cosine.", magnitudes.equal_cosines()),),
            }
        ),
    )


@claim("bound", (s.eta, s.norm, s.G), (APPROXIMATION,), (INVARIANT,))
def first_order_error() -> Derivation:
    """The sources' approximate step u - e Pi g of the direction u has exactly the right direction,
    and its distance to the sphere is between x^2/2 - x^4/8 and x^2/2 with x = e G. Here e =
    eta/norm^2 is the effective rate, and Pi g is the gradient at unit weights, of length G."""
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
                "u - e g_perp, |g_perp| = G, has the squared length 1 + x^2, and is sqrt(1 + "
                "x^2) - 1 away from its direction.",
                (u - eta / norm**2 * q).T * (u - eta / norm**2 * q),
                (1 + REACH**2) * ONE,
                {**TANGENT, q.T * q: G**2 * ONE},
            ),
            equal("Upper bound: the squares of 1 + x^2/2 and of the root differ by x^4/4.",
                  (1 + upper) ** 2 - (1 + x**2), x**4 / 4),
            positive("The difference is positive.", (1 + upper) ** 2 - (1 + x**2)),
            equal("Lower bound: with 1 + x^2/2 - x^4/8 they differ by x^6/8 - x^8/64,",
                  (1 + x**2) - (1 + lower) ** 2, x**6 / 8 - x**8 / 64),
            positive(
                "which is positive for x^2 < 8, here x^2 = 8/(1 + y). For larger x 1 + x^2/2 - "
                "x^4/8 is below 1.",
                (x**6 / 8 - x**8 / 64).subs(x, sp.sqrt(8 / (1 + x))),
            ),
            nonnegative(
                "(There, x^2 = 8 + y,", -lower.subs(x, sp.sqrt(8 + above))
            ),
            equal("Both bounds are approached for x -> 0: over x^2/2 the error tends to 1.",
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
                        "With d for this excess x^2 is 2d + d^2, and d^3/2 + d^4/8 is left.",
                        order.gap(is_=error**3 / 2 + error**4 / 8),
                        relation=">=",
                    ),
                ),
                "upper": (
                    excess,
                    because(
                        "With d for this excess x^2/2 is d + d^2/2.",
                        order.gap(is_=error**2 / 2),
                        relation="<=",
                    ),
                ),
            }
        ),
    )  # fmt: skip


@claim("identity", (s.eta, s.G), (cite(SOURCE, "Explicitly normalize each w_j"),), (INVARIANT,))
def unit_norm() -> Derivation:
    """The effective rate stays eta where the weights W are brought back to length 1 after every
    step. Each step turns them by arctan(eta G), and before it is brought back W has the length
    sqrt(1 + eta^2 G^2)."""
    across = eta * G
    moved = way - across * turn
    turned = angle(way, moved / length(moved))
    return Derivation(
        definition={
            "rate": sp.tan(turned) / G,
            "angle": turned,
            "length": length(moved),
        },
        closed_form={"rate": eta, "angle": sp.atan(across), "length": sp.sqrt(1 + across**2)},
        steps=(
            equal(
                "From |u| = 1 a step reaches u - eta g_perp, of this squared length.",
                (u - eta * q).T * (u - eta * q),
                (1 + across**2) * ONE,
                {**TANGENT, q.T * q: G**2 * ONE},
            ),
            equal("Along u it has the component 1, ...", u.T * (u - eta * q), ONE, TANGENT),
            equal(
                "... the cosine of arctan(eta G) times its length; division changes no angle.",
                sp.cos(sp.atan(across)) * sp.sqrt(1 + across**2),
                1,
            ),
        ),
        twins={
            "the step as an arc": {"rate": eta, "angle": across, "length": sp.sqrt(1 + across**2)},
            "the step as a sine": {
                "rate": eta,
                "angle": sp.asin(across),
                "length": sp.sqrt(1 + across**2),
            },
            "printed sum without the square": {
                "rate": eta,
                "angle": sp.atan(across),
                "length": 1 + across,
            },
        },
        chain=chain(
            outputs={
                "rate": (calculated("The tangent is the step, as the weights have length 1."),),
                "angle": (because("Both have the same cosine.", magnitudes.equal_cosines()),),
                "length": (calculated("The step is orthogonal to the weights."),),
            }
        ),
    )


@claim(
    "bound", (s.eta, s.norm, s.G), (AUTO, cite(SOURCE, "surprisingly little control")), (INVARIANT,)
)
def auto_tuning() -> Derivation:
    """No rate is too large for long: after a single step the effective rate e = eta/|W|^2 is at
    most 1/(2G), whatever eta and |W| were, for e becomes e/(1 + e^2 G^2). A step with e G >> 1
    leaves the effective rate 1/(e G^2), so a rate too large is followed by a rate too small."""
    rate = sp.Symbol("e", positive=True)
    after = eta / (norm**2 + (eta * G / norm) ** 2)
    return Derivation(
        definition=eta / squared(STEP),
        closed_form={"upper": 1 / (2 * G)},
        steps=(
            equal(
                "|W|^2 grows to norm^2 + eta^2 G^2/norm^2 (invariance.norm_after_step): with "
                "e = eta/norm^2,",
                after,
                (rate / (1 + rate**2 * G**2)).subs(rate, eta / norm**2),
            ),
            equal(
                "which is below 1/(2G) by a square.",
                1 / (2 * G) - rate / (1 + rate**2 * G**2),
                (1 - rate * G) ** 2 / (2 * G * (1 + rate**2 * G**2)),
            ),
            nonnegative("It is not negative;",
                        (1 - rate * G) ** 2 / (2 * G * (1 + rate**2 * G**2))),
            equal("at e = 1/G the bound is reached.",
                  (rate / (1 + rate**2 * G**2)).subs(rate, 1 / G), 1 / (2 * G)),
            equal(
                "Where e G >> 1 the next rate is 1/(e G^2).",
                sp.Limit(rate / (1 + rate**2 * G**2) * rate, rate, sp.oo),
                1 / G**2,
            ),
        ),
        twins={
            "1/G": {"upper": 1 / G},
            "1/(4G)": {"upper": 1 / (4 * G)},
            "half the rate of before": {"upper": eta / (2 * norm**2)},
        },
        chain=chain(
            outputs={
                "upper": (
                    calculated("The step is orthogonal to the weights.", after),
                    because(
                        "What is left to 1/(2G) is a square.",
                        order.gap(is_=(1 - REACH) ** 2 / (2 * G * (1 + REACH**2))),
                        relation="<=",
                    ),
                )
            }
        ),
    )  # fmt: skip
