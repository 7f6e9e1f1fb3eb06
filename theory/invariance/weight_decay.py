"""Weight decay: what grows is pulled back, until both cancel."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, Step, claim
from theory.functions.directions import angle
from theory.functions.recursions import iterate
from theory.invariance.letters import (
    BELOW_ONE,
    CONSTANT,
    INVARIANT,
    ONE,
    SHRINKS,
    SOURCE,
    TANGENT,
    G,
    decay,
    eta,
    gain,
    k,
    norm,
    q,
    r,
    squared,
    turn,
    u,
    way,
)
from theory.proofs.rules import calculus, convergence
from theory.proofs.tactics import equal, positive
from theory.proofs.unevaluated import derivative, value_at
from theory.proofs.uses import Use

COUNTERACT = cite(SOURCE, "Use weight decay")
LAARHOVEN = cite("vanlaarhoven2017")
WAN, KOSSON = cite("wan2021"), cite("kosson2023")
#: What decay leaves of the weights in a step.
KEPT = 1 - eta * decay
#: The equilibrium of |W|^2.
BALANCE = eta * G / sp.sqrt(1 - KEPT**2)
keep = sp.Symbol("a", positive=True)  # 1 - eta decay


def after_decay(square: sp.Expr) -> sp.MatrixExpr:
    """The weights after a step with decay from weights of a squared length."""
    length = sp.sqrt(square)
    return KEPT * length * way - eta * G / length * turn


def decayed() -> sp.Expr:
    """|W|^2 after k steps with decay."""
    return iterate(sp.Lambda(r, squared(after_decay(r))), norm**2, k)


def to_balance() -> Use:
    """|W|^2 = BALANCE y, with y between 1/(1 + m) and 1 + m, becomes such a one with less m."""
    start, kept = norm**2 / BALANCE, KEPT**2
    return convergence.drawn(to=BALANCE, excess=start + 1 / start, factor=1 - kept * (1 - kept))


def step_with_decay() -> Step:
    """Pythagoras with decay."""
    return equal(
        "A step with decay takes W = norm u to a W - eta g_perp/norm with a = 1 - eta decay, "
        "where |g_perp| = G and u'g_perp = 0. So r = |W|^2 becomes a^2 r + gain/r with gain = "
        "eta^2 G^2.",
        (keep * norm * u - eta / norm * q).T * (keep * norm * u - eta / norm * q),
        value_at(keep**2 * r + (eta * G) ** 2 / r, {r: norm**2}) * ONE,
        {**TANGENT, q.T * q: G**2 * ONE},
    )


@claim("limit", (s.eta, s.decay, s.G), (COUNTERACT, LAARHOVEN), (INVARIANT, CONSTANT, SHRINKS))
def equilibrium() -> Derivation:
    """With weight decay, steps from W to (1 - eta decay) W - eta grad J, the squared length of the
    weights tends from every start to eta G/sqrt(1 - (1 - eta decay)^2), which is near G sqrt(eta/(2
    decay)). The effective rate eta/|W|^2 tends to sqrt(2 eta decay - eta^2 decay^2)/G."""
    y = sp.Symbol("y", positive=True)
    part = sp.Symbol("b", positive=True)
    share = 1 / (1 + part)  # a^2, between 0 and 1
    after = share * y + (1 - share) / y
    fixed = sp.sqrt(gain / (1 - share))
    square = decayed()
    return Derivation(
        definition={
            "squared norm": sp.Limit(square, k, sp.oo),
            "rate": sp.Limit(eta / square, k, sp.oo),
        },
        closed_form={"squared norm": BALANCE, "rate": sp.sqrt(1 - KEPT**2) / G},
        steps=(
            step_with_decay(),
            equal(
                "A step leaves r = sqrt(gain/(1 - a^2)), the balance, as it is. Here a^2 = 1/(1 "
                "+ b) with b > 0.",
                share * fixed + gain / fixed,
                fixed,
            ),
            equal(
                "Let y be r over the balance. A step takes y to a^2 y + (1 - a^2)/y, a mean of "
                "y and 1/y.",
                (share * fixed * y + gain / (fixed * y)) / fixed,
                after,
            ),
            equal(
                "From y this mean is away by the share 1 - a^2 of the distance from y to 1/y.",
                  after - y, (1 - share) * (1 / y - y)),
            equal(
                "From the mean to 1/y there is the share a^2 of this distance.",
                  1 / y - after, share * (1 / y - y)),
            positive(
                "Both shares are positive, so the mean lies strictly between y and 1/y. So |ln "
                "y| falls at every step while y is not 1, and y tends to 1 from every start.",
                share * (1 - share)),
            equal("The effective rate is eta over the balanced |W|^2.",
                  value_at(eta / r, {r: BALANCE}), sp.sqrt(1 - KEPT**2) / G),
        ),
        twins={
            "small eta decay": {
                "squared norm": G * sp.sqrt(eta / (2 * decay)),
                "rate": sp.sqrt(2 * eta * decay) / G,
            },
            "without the 2": {
                "squared norm": G * sp.sqrt(eta / decay),
                "rate": sp.sqrt(eta * decay) / G,
            },
            "the norm for its square": {
                "squared norm": sp.sqrt(BALANCE),
                "rate": eta / sp.sqrt(BALANCE),
            },
        },
        chain=chain(
            outputs={
                "squared norm": (
                    because(
                        "In units of the limit the distance from 1, up or down, shrinks by a "
                        "factor below 1 at every step.",
                        to_balance(),
                    ),
                ),
                "rate": (
                    because("The rate is a continuous function of |W|^2.", to_balance()),
                ),
            },
            covers=(BELOW_ONE,),
        ),
    )  # fmt: skip


@claim("limit", (s.eta, s.decay), (LAARHOVEN, WAN, KOSSON), (INVARIANT, CONSTANT, SHRINKS))
def equilibrium_angle() -> Derivation:
    """At the equilibrium with weight decay every step turns the weights by arccos(1 - eta decay),
    near sqrt(2 eta decay), whatever the loss. The product eta decay alone sets the pace."""
    square = decayed()
    balance = sp.sqrt((eta * G) ** 2 / (1 - keep**2))
    y = sp.Symbol("y", positive=True)
    return Derivation(
        definition=sp.Limit(angle(sp.sqrt(square) * way, after_decay(square)), k, sp.oo),
        closed_form=sp.acos(KEPT),
        steps=(
            step_with_decay(),
            equal(
                "A step keeps |W|^2 at the balance eta G/sqrt(1 - a^2): the new weights are as "
                "long as the old ones.",
                keep**2 * balance + (eta * G) ** 2 / balance,
                balance,
            ),
            equal(
                "The product W'(aW - eta g_perp/norm) is a times |W|^2: the cosine is a.",
                norm * u.T * (keep * norm * u - eta / norm * q),
                keep * norm**2 * ONE,
                TANGENT,
            ),
            equal(
                "Write y for eta decay. For small y the angle arccos(1 - y) is near sqrt(2 y): "
                "their ratio tends to 1.",
                sp.Limit(sp.acos(1 - y) / sp.sqrt(2 * y), y, 0),
                1,
            ),
        ),
        twins={
            "small eta decay": sp.sqrt(2 * eta * decay),
            "eta decay itself": eta * decay,
            "the small angle as a tangent": sp.atan(sp.sqrt(2 * eta * decay)),
        },
        chain=chain(
            because(
                "The angle is a continuous function of |W|^2, which tends to its balance.",
                to_balance(),
            ),
            covers=(BELOW_ONE,),
        ),
    )


@claim("identity", (s.eta, s.decay), (LAARHOVEN, WAN), (INVARIANT, CONSTANT, SHRINKS))
def relaxation() -> Derivation:
    """Near the equilibrium with weight decay the deviation of |W|^2 is multiplied by 2 (1 - eta
    decay)^2 - 1 per step, which is near exp(-4 eta decay). It takes 1/(4 eta decay) steps to shrink
    by a factor e. From eta decay = 1 - 1/sqrt(2) on it swings."""
    after = squared(after_decay(r))
    y = sp.Symbol("y", positive=True)
    closed = 2 * KEPT**2 - 1
    return Derivation(
        definition=sp.Limit((after - BALANCE) / (r - BALANCE), r, BALANCE, "+-"),
        closed_form=closed,
        steps=(
            step_with_decay(),
            equal("The derivative of a^2 r + gain/r in r is a^2 - gain/r^2.",
                  derivative(keep ** 2 * r + gain / r, r), keep**2 - gain / r**2),
            equal("At r^2 = gain/(1 - a^2) this derivative is 2a^2 - 1.",
                  value_at(keep ** 2 - gain / r ** 2, {r: sp.sqrt(gain / (1 - keep ** 2))}),
                  2 * keep**2 - 1),
            equal(
                "The factor 2a^2 - 1 is zero at eta decay = 1 - 1/sqrt(2), as a^2 = (1 - eta "
                "decay)^2 is a half there.",
                value_at((closed + 1) / 2, {decay: (1 - 1 / sp.sqrt(2)) / eta}),
                sp.Rational(1, 2),
            ),
            equal(
                "Write y for eta decay. The logarithm of the factor 2(1 - y)^2 - 1, over -4 y, "
                "tends to 1 for small y.",
                  sp.Limit(sp.log(2 * (1 - y) ** 2 - 1) / (-4 * y), y, 0), 1),
        ),
        twins={
            "small eta decay": sp.exp(-4 * eta * decay),
            "of decay alone": KEPT**2,
            "of decay alone, of |W|": KEPT,
        },
        chain=chain(
            because(
                "A step takes r = |W|^2 to a^2 r + gain/r and keeps the balance. The limit is "
                "the slope of this function of r at the balance.",
                calculus.limit(),
            )
        ),
    )  # fmt: skip
