"""Weight decay with momentum, at gradients that are random."""

import sympy as sp

from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.domain import Condition
from theory.functions.columns import inner
from theory.functions.heads_of_chance import E
from theory.invariance.letters import (
    INVARIANT,
    ONE,
    G,
    beta,
    decay,
    eta,
    squared,
)
from theory.invariance.weight_decay import KEPT, KOSSON, LAARHOVEN, WAN
from theory.laws import Fresh, Stationary
from theory.proofs import covers
from theory.proofs.rules import stationary
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import value_at

RANDOM = (
    "the gradient at unit weights has the constant length G, and on average, given the past, no "
    "component along any fixed direction: it is orthogonal to the weights and, on average, to the "
    "buffer"
)


@claim(
    "identity",
    (s.eta, s.beta, s.decay, s.G),
    (WAN, KOSSON, LAARHOVEN),
    (
        INVARIANT,
        RANDOM,
        "momentum v' = beta v + gradient + decay W, W' = W - eta v'; stationary",
        Condition("eta decay < 2 (1 + beta)", eta * decay < 2 * (1 + beta)),
    ),
)
def equilibrium_with_momentum() -> Derivation:
    """With momentum and random gradients the stationary means satisfy exactly E|W|^2/E|W|^-2 = eta
    G^2/(decay (1 - beta)(2 - eta decay/(1 + beta))) ("squared norm" is its square root) and E
    W'W_next = (1 - eta decay/(1 + beta)) E|W|^2 ("cosine" is the factor). The weights W turn by
    about sqrt(2 eta decay/(1 + beta)) per step."""
    A, cross, square, inverse = sp.symbols("E|W|^2 E[W'v] E|v|^2 E|W|^-2", real=True)
    # after a step: E W'v_new before moving, E|v_new|^2
    along = beta * cross + decay * A
    buffer = beta**2 * square + G**2 * inverse + decay**2 * A + 2 * beta * decay * cross
    W, v, g = (sp.MatrixSymbol(name, s.N.symbol, 1) for name in ("W", "v", "g"))
    mean = {
        W.T * W: A * ONE,
        W.T * v: cross * ONE,
        v.T * W: cross * ONE,
        v.T * v: square * ONE,
        W.T * g: sp.ZeroMatrix(1, 1),
        g.T * W: sp.ZeroMatrix(1, 1),
        v.T * g: sp.ZeroMatrix(1, 1),
        g.T * v: sp.ZeroMatrix(1, 1),
        g.T * g: G**2 * inverse * ONE,
    }
    fresh = beta * v + g + decay * W
    squeeze = 2 - eta * decay / (1 + beta)
    still = {
        cross: -decay * A / (1 + beta),
        square: 2 * decay * A / (eta * (1 + beta)),
        inverse: decay * (1 - beta) * squeeze / (eta * G**2) * A,
    }
    rate = E(squared(W)) / E(1 / squared(W))
    product = E(inner(W, W - eta * fresh))
    held = (1 - eta * decay) * E(squared(W)) - eta * beta * E(inner(W, v))
    still_stand = (squared(W), inner(W, v), squared(v))
    return Derivation(
        definition={"squared norm": sp.sqrt(rate), "cosine": product / E(squared(W))},
        closed_form={
            "squared norm": G * sp.sqrt(eta / (decay * (1 - beta) * squeeze)),
            "cosine": 1 - eta * decay / (1 + beta),
        },
        steps=(
            equal(
                "The new buffer is v_new = beta v + decay W + g. On average the gradient g is "
                "orthogonal to W, so E W'v_new is beta E W'v + decay E|W|^2.",
                  W.T * fresh, along * ONE, mean),
            equal(
                "On average g is orthogonal to v, too, and its squared length is G^2 E|W|^-2. "
                "So the new buffer has on average this squared length.",
                  fresh.T * fresh, buffer * ONE, mean),
            equal(
                "E|W|^2 is stationary where 2 E W'v_new is eta E|v|^2, with v_new as long as v. "
                "The values of E W'v and E|v|^2 inserted here satisfy this equation.",
                  value_at(2 * along, still), value_at(eta * square, still)),
            equal(
                "E W'v is stationary where E W_next'v_new, which is E W'v_new - eta E|v|^2, is "
                "E W'v. The same two values satisfy this equation.",
                  value_at(along - eta * square, still), value_at(cross, still)),
            equal(
                "E|v|^2 is stationary where the new buffer is as long as the old one. With a "
                "value of E|W|^-2 beside the other two, this third linear equation is satisfied.",
                  value_at(buffer, still), value_at(square, still)),
            equal(
                "No other solution exists: the determinant of the three linear equations is not "
                "zero.",
                  sp.Matrix([2 * along - eta * square, along - eta * square - cross,
                             buffer - square]).jacobian([cross, square, inverse]).det(),
                  -eta * (1 + beta) * G**2),
            equal("The ratio of E|W|^2 to E|W|^-2 is the square of the closed form.",
                  value_at(A / inverse, still),
                  (G * sp.sqrt(eta / (decay * (1 - beta) * squeeze))) ** 2),
            equal("The product W'(W - eta v_new) over |W|^2 is the cosine.",
                  value_at(A - eta * along, still) / A, 1 - eta * decay / (1 + beta)),
            equal(
                "Without momentum, beta = 0, the ratio over G^2 is eta^2/(1 - (1 - eta "
                "decay)^2). Its root is the |W|^2 of invariance.equilibrium over G.",
                  value_at(eta / (decay * (1 - beta) * squeeze), {beta: 0}),
                  (eta / sp.sqrt(1 - KEPT**2)) ** 2),
        ),
        twins={
            "without momentum's lever on the norm": {
                "squared norm": G * sp.sqrt(eta / (decay * squeeze)),
                "cosine": 1 - eta * decay / (1 + beta),
            },
            "an effective rate eta/(1 - beta) in both": {
                "squared norm": G * sp.sqrt(eta / (1 - beta) / (decay * (2 - eta * decay))),
                "cosine": 1 - eta * decay / (1 - beta),
            },
            "the angle without momentum": {
                "squared norm": G * sp.sqrt(eta / (decay * (1 - beta) * squeeze)),
                "cosine": 1 - eta * decay,
            },
        },
        chain=chain(
            outputs={
                "squared norm": (
                    because(
                        "E|W|^2, E W'v and E|v|^2 stay as they are: three linear equations.",
                        stationary.steady(
                            mean=E(1 / squared(W)),
                            is_=decay * (1 - beta) * squeeze / (eta * G**2) * E(squared(W)),
                            of=still_stand,
                        ),
                    ),
                ),
                "cosine": (
                    because(
                        "On average the gradient is orthogonal to W.",
                        stationary.steady(mean=product, is_=held, of=()),
                        held / E(squared(W)),
                    ),
                    because(
                        "The same three equations give E W'v.",
                        stationary.steady(
                            mean=E(inner(W, v)),
                            is_=-decay / (1 + beta) * E(squared(W)),
                            of=still_stand,
                        ),
                    ),
                ),
            },
            laws={
                W: Stationary(W - eta * fresh),
                v: Stationary(fresh),
                g: Fresh(G**2 / squared(W)),
            },
            covers=(covers.product_below(decay, eta, 2 * (1 + beta)),),
        ),
    )  # fmt: skip
