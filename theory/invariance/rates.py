"""What a step makes of the effective rate, and what holds it where it is."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.columns import length
from theory.functions.directions import angle
from theory.invariance.letters import (
    INVARIANT,
    ONE,
    SOURCE,
    STEP,
    TANGENT,
    G,
    eta,
    norm,
    q,
    squared,
    turn,
    u,
    way,
)
from theory.invariance.sphere import AUTO, REACH
from theory.proofs.rules import magnitudes, order
from theory.proofs.tactics import equal, nonnegative
from theory.proofs.unevaluated import value_at


@claim("identity", (s.eta, s.G), (cite(SOURCE, "Explicitly normalize each w_j"),), (INVARIANT,))
def unit_norm() -> Derivation:
    """The effective rate stays eta where the weights W are brought back to length 1 after every
    step. Each step turns them by arctan(eta G), and before it is brought back W has the length
    sqrt(1 + eta^2 G^2)."""
    across, phi = eta * G, sp.Symbol("phi", positive=True)
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
                "From u of length 1 a step reaches u - eta g_perp, which has the squared length "
                "1 + eta^2 G^2.",
                (u - eta * q).T * (u - eta * q),
                (1 + across**2) * ONE,
                {**TANGENT, q.T * q: G**2 * ONE},
            ),
            equal(
                "Along u the new weights have the component 1.", u.T * (u - eta * q), ONE, TANGENT
            ),
            equal(
                "This component is the length times the cosine of arctan(eta G). So a step "
                "turns the weights by this angle, and division by the length changes no angle.",
                value_at(sp.cos(phi), {phi: sp.atan(across)}) * sp.sqrt(1 + across**2),
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
                "angle": (
                    because("Both angles have the same cosine.", magnitudes.equal_cosines()),
                ),
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
                "The squared length |W|^2 grows to norm^2 + eta^2 G^2/norm^2 "
                "(invariance.norm_after_step). With e = eta/norm^2 this is the next effective "
                "rate.",
                after,
                value_at(rate / (1 + rate ** 2 * G ** 2), {rate: eta / norm ** 2}),
            ),
            equal(
                "The next effective rate is below 1/(2G) by a square over a positive number.",
                1 / (2 * G) - rate / (1 + rate**2 * G**2),
                (1 - rate * G) ** 2 / (2 * G * (1 + rate**2 * G**2)),
            ),
            nonnegative("This difference is not negative.",
                        (1 - rate * G) ** 2 / (2 * G * (1 + rate**2 * G**2))),
            equal("At e = 1/G the bound is reached.",
                  value_at(rate / (1 + rate ** 2 * G ** 2), {rate: 1 / G}), 1 / (2 * G)),
            equal(
                "Where e G >> 1 the next effective rate is near 1/(e G^2): times e it tends to "
                "1/G^2.",
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
                        "The effective rate falls short of 1/(2G) by a square over a positive "
                        "number.",
                        order.gap(is_=(1 - REACH) ** 2 / (2 * G * (1 + REACH**2))),
                        relation="<=",
                    ),
                )
            }
        ),
    )  # fmt: skip
