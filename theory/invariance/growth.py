"""How the weights grow, and the effective rate falls, at a constant gradient."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Approached, Reached, because, chain
from theory.claim import Derivation, claim
from theory.invariance.growth_bounds import C, above_first, below, growth
from theory.invariance.letters import (
    AUTO,
    INVARIANT,
    PYTHAGOREAN,
    SOURCE,
    G,
    eta,
    k,
    norm,
    r,
    squared_norm,
    x,
)
from theory.proofs.rules import recursion
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import unevaluated, value_at

SCHEDULE = cite(SOURCE, "effective learning rate schedule")
#: k over this is the time in which the squared length has grown by sqrt 2.
K_0 = norm**4 / (2 * C)


small = sp.Symbol("small", positive=True)  # a rate that tends to 0


@claim(
    "bound",
    (s.norm, s.eta, s.G, s.k.within(low=1)),
    (cite(SOURCE, "the weight norm grows roughly as"), AUTO),
    (INVARIANT, PYTHAGOREAN),
)
def norm_growth() -> Derivation:
    """At a constant G the squared length of the weights after k steps is at least the sources'
    |W_0|^2 sqrt(1 + k/k_0) with k_0 = |W_0|^4/(2 eta^2 G^2) and the weights W_0 at the start. It
    exceeds this by a logarithm at most: its square is at most |W_0|^4 (1 + k/k_0) + eta^4
    G^4/|W_0|^4 + (eta^2 G^2/2) ln(1 + (k-1)/k_0)."""
    k_here = s.k.within(low=1).symbol
    lower = norm**2 * sp.sqrt(1 + k_here / K_0)
    upper = sp.sqrt(
        norm**4 * (1 + k_here / K_0) + (C / norm**2) ** 2 + C / 2 * sp.log(1 + (k_here - 1) / K_0)
    )
    return Derivation(
        definition=squared_norm(k_here),
        closed_form={"lower": lower, "upper": upper},
        steps=(
            *growth(),
            equal("In the claim's letters r_0^2 + 2 gain k is the square of the lower bound.",
                  norm**4 + 2 * C * k, norm**4 * (1 + k / K_0)),
            equal("The upper bound is reached at k = 1.",
                  value_at(upper, {k_here: 1}) ** 2, (norm**2 + C / norm**2) ** 2),
        ),
        twins={
            "growth of |W| for that of |W|^2": {
                "lower": norm**2 * (1 + k_here / K_0) ** sp.Rational(1, 4),
                "upper": upper,
            },
            "without a correction, as the upper bound": {"lower": norm**2, "upper": lower},
            "linear growth": {"lower": norm**2 * (1 + k_here / (2 * K_0)), "upper": upper},
        },
        chain=chain(
            outputs={
                "lower": (
                    because(
                        "Write gain for eta^2 G^2, and r for |W|^2: each step adds 2 gain to r^2, "
                        "and more.",
                        recursion.bounded(by=below()),
                        relation=">=",
                    ),
                ),
                "upper": (
                    because(
                        "The first step adds gain^2/r_0^2 more. Each later step adds gain^2/r^2 "
                        "more, which is less than a difference of logarithms.",
                        recursion.bounded(by=above_first()),
                        relation="<=",
                    ),
                ),
            },
            reached={
                "upper": Reached({"norm": 1, "eta": 1, "G": 1, "k": 1}),
                "lower": Approached({"norm": 1, "eta": small, "G": 1, "k": 1}, small, 0),
            },
        ),
    )  # fmt: skip


@claim(
    "bound",
    (s.norm, s.eta, s.G, s.k.within(low=1)),
    (SCHEDULE, AUTO),
    (INVARIANT, PYTHAGOREAN),
)
def hidden_schedule() -> Derivation:
    """At a constant G and a constant rate eta, the effective rate eta/|W|^2 after k steps is at
    most e_0/sqrt(1 + k/k_0), with e_0 = eta/|W_0|^2 at the start and 1/k_0 = 2 e_0^2 G^2. It is at
    least e_0/sqrt(1 + k/k_0 + 1/(4 k_0^2) + ln(1 + (k-1)/k_0)/(4 k_0))."""
    k_here = s.k.within(low=1).symbol
    k_0 = sp.Symbol("k_0", positive=True)
    first = eta / norm**2
    pace = 2 * first**2 * G**2  # 1/k_0
    upper = first / sp.sqrt(1 + k_here * pace)
    little = pace**2 / 4 + pace / 4 * sp.log(1 + (k_here - 1) * pace)
    lower = first / sp.sqrt(1 + k_here * pace + little)
    return Derivation(
        definition=eta / squared_norm(k_here),
        closed_form={
            "lower": lower,
            "upper": upper,
        },
        steps=(
            *growth(),
            equal(
                "With e_0 = eta/|W_0|^2 the inverse of k_0 = |W_0|^4/(2 eta^2 G^2) is 2 e_0^2 "
                "G^2.",
                  value_at(1 / k_0, {k_0: K_0}), pace),
            equal("The effective rate is eta over |W|^2: at the lower bound of |W|^2 it is the "
                  "upper bound here.",
                  value_at(eta / r, {r: norm**2 * sp.sqrt(1 + k_here / K_0)}), upper),
            equal(
                "The square of the upper bound of |W|^2 is |W_0|^4 (1 + k/k_0) and a rest. Over "
                "|W_0|^4 this rest is 1/(4 k_0^2) + x/(4 k_0) with the logarithm x.",
                unevaluated((C / norm**2) ** 2 + C / 2 * x) / norm**4,
                pace**2 / 4 + pace / 4 * x,
            ),
        ),
        twins={
            "label as transcribed, eta/|W|: the fourth root": {
                "lower": lower,
                "upper": first / (1 + k_here * pace) ** sp.Rational(1, 4),
            },
            "1/k": {"lower": lower, "upper": first / (1 + k_here * pace)},
            "constant": {"lower": lower, "upper": first},
        },
        chain=chain(
            outputs={
                "lower": (
                    because(
                        "Eta over the upper bound of |W|^2 is a lower bound of the effective rate.",
                        recursion.bounded(by=above_first()),
                        relation=">=",
                    ),
                ),
                "upper": (
                    because(
                        "Eta over the lower bound of |W|^2 is an upper bound of the effective "
                        "rate.",
                        recursion.bounded(by=below()),
                        relation="<=",
                    ),
                ),
            },
            reached={
                "lower": Reached({"norm": 1, "eta": 1, "G": 1, "k": 1}),
                "upper": Approached({"norm": 1, "eta": small, "G": 1, "k": 1}, small, 0),
            },
        ),
    )  # fmt: skip
