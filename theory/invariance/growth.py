"""How the weights grow, and the effective rate falls, at a constant gradient."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, Step, claim
from theory.invariance.letters import (
    AUTO,
    CONSTANT,
    INVARIANT,
    ONE,
    SOURCE,
    TANGENT,
    G,
    above,
    eta,
    gain,
    k,
    norm,
    q,
    r,
    squared_norm,
    t,
    u,
    x,
)
from theory.proofs.rules import recursion
from theory.proofs.rules.recursion import Bound, done
from theory.proofs.tactics import equal, nonnegative, positive

SCHEDULE = cite(SOURCE, "effective learning rate schedule")
C = (eta * G) ** 2
#: k over this is the time in which the squared length has grown by sqrt 2.
K_0 = norm**4 / (2 * C)
LOG = sp.log(1 + k / K_0)
many = sp.Symbol("n", integer=True, positive=True)  # a number that grows without end


def below(gain: sp.Expr = C) -> Bound:
    """r(j)^2 is at least r_0^2 + 2 gain j, as each step adds gain^2/r^2 more."""
    return Bound(norm**4 + 2 * gain * done, ">=", gap=gain**2 / r**2, power=2)


def above_first(gain: sp.Expr = C) -> Bound:
    """From the first step on the rest of r(j)^2 is the rest of that step and a logarithm."""
    before = norm**4 + 2 * gain * (done - 1)  # what below() says of the step before
    after = before + 2 * gain
    return Bound(
        after + (gain / norm**2) ** 2 + gain / 2 * sp.log(before / norm**4),
        "<=",
        gap=gain**2 / after - gain**2 / r**2,
        power=2,
        first=1,
        logs={before / after: gain / 2},
        given=below(gain),
    )


def above_start(gain: sp.Expr = C) -> Bound:
    """From the start on the rest of r(j)^2 is at most the loss of gain^2/r^2 and a logarithm."""
    here = norm**4 + 2 * gain * done
    return Bound(
        here + gain**2 / norm**4 - gain**2 / here + gain / 2 * sp.log(here / norm**4),
        "<=",
        gap=gain**2 / here - gain**2 / r**2,
        power=2,
        logs={here / (here + 2 * gain): gain / 2},
        given=below(gain),
    )


def above_line(gain: sp.Expr) -> Bound:
    """r(j)^2 is at most a line in j, as each step adds gain^2/r^2 <= gain^2/r_0^2."""
    least = Bound(norm**4, ">=", gap=2 * gain + gain**2 / r**2, power=2)
    line = norm**4 + (2 * gain + gain**2 / norm**4) * done
    rest = gain**2 / norm**4 - gain**2 / r**2
    return Bound(line, "<=", gap=rest, power=2, given=least)


def below_logarithm(gain: sp.Expr) -> Bound:
    """r(j)^2 is at least the line of below() and a logarithm, as above_line() bounds what divides
    each rest."""
    line = above_line(gain)
    pace = 2 * gain + gain**2 / norm**4
    return Bound(
        norm**4 + 2 * gain * done + gain**2 / pace * sp.log(line.least / norm**4),
        ">=",
        gap=gain**2 / r**2 - gain**2 / line.least,
        power=2,
        logs={1 + pace / line.least: gain**2 / pace},
        given=line,
    )


def growth() -> tuple[Step, ...]:
    """Bounds on r(k), r(k+1) = r(k) + gain/r(k): r is |W|^2, gain is eta^2 G^2."""
    y = sp.Symbol("y", positive=True)
    logarithm = sp.log(1 + y) - y / (1 + y)
    start = sp.Symbol("a", positive=True)  # r_0^2 + 2 gain (j - 1)
    return (
        equal(
            "Square the recursion: each step adds 2 gain, gain = eta^2 G^2, and a remainder "
            "gain^2/r^2 to r^2.",
            (r + gain / r) ** 2 - r**2,
            2 * gain + gain**2 / r**2,
        ),
        positive(
            "So r(k)^2 > r_0^2 + 2 gain k for k >= 1.",
            (r + gain / r) ** 2 - r**2 - 2 * gain,
        ),
        nonnegative(
            "Where r^2 = r_0^2 + 2 gain j + above, the remainder is at most gain^2/(r_0^2 + 2 "
            "gain j), ...",
            gain**2 / start - gain**2 / (start + above),
        ),
        equal(
            "... which is gain^2/r_0^2 at j = 0. For j >= 1, with r_0^2 + 2 gain (j-1) = a and y "
            "= 2 gain/a, it is (gain/2) y/(1 + y), ...",
            gain**2 / (start + 2 * gain),
            (gain / 2 * y / (1 + y)).subs(y, 2 * gain / start),
        ),
        equal("... less than (gain/2) ln(1 + y): the difference of the two starts as y^2/2 ...",
              sp.Limit(logarithm / y**2, y, 0), sp.Rational(1, 2)),
        equal("... and has this derivative, ...", sp.diff(logarithm, y), y / (1 + y) ** 2),
        positive("... which is positive.", sp.diff(logarithm, y)),
        equal(
            "The logarithms add up: ln(1 + 2 gain/a) takes ln(a/r_0^2) to ln((a + 2 gain)/r_0^2).",
            sp.expand_log(sp.log(start / r**2) + sp.log(1 + 2 * gain / start).factor()),
            sp.expand_log(sp.log((start + 2 * gain) / r**2)),
        ),
    )  # fmt: skip


@claim(
    "bound",
    (s.norm, s.eta, s.G, s.k.within(low=1)),
    (cite(SOURCE, "the weight norm grows roughly as"), AUTO),
    (INVARIANT, CONSTANT),
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
            equal("In the claim's letters r_0^2 + 2 gain k is the square of the lower bound,",
                  norm**4 + 2 * C * k, norm**4 * (1 + k / K_0)),
            equal("and the upper one is reached at k = 1.",
                  upper.subs(k_here, 1) ** 2, (norm**2 + C / norm**2) ** 2),
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
                        "Each step adds 2 gain to r^2, and more.",
                        recursion.bounded(by=below()),
                        relation=">=",
                    ),
                ),
                "upper": (
                    because(
                        "The first step adds gain^2/r_0^2 more; each later one adds gain^2/r^2 "
                        "more, which is less than a difference of logarithms.",
                        recursion.bounded(by=above_first()),
                        relation="<=",
                    ),
                ),
            }
        ),
    )  # fmt: skip


@claim(
    "limit",
    (s.norm, s.G, s.t),
    (cite(SOURCE, "w_j increases monotonically"), AUTO),
    (INVARIANT, CONSTANT),
)
def gradient_flow() -> Derivation:
    """Gradient flow keeps the length of the weights W. Descent makes them grow, as its steps have a
    size: its growth of |W|^2 over eta, at the time t = eta k after k steps, tends to t G^2/|W_0|^2
    for eta -> 0, with the weights W_0 at the start."""
    time = s.t.symbol
    lower = sp.sqrt(norm**4 + 2 * x * time * G**2)  # x is the learning rate
    further = (x * G) ** 4 / norm**4 + (x * G) ** 2 / 2 * sp.log(1 + 2 * x * time * G**2 / norm**4)
    return Derivation(
        definition=sp.Limit(
            (squared_norm(many, time / many) - norm**2) / (time / many), many, sp.oo
        ),
        closed_form=time * G**2 / norm**2,
        steps=(
            equal("Flow moves W by -g_perp/norm per unit of time, g_perp orthogonal to u: to "
                  "first order the squared length stays.",
                  (norm * u - t * q / norm).T * (norm * u - t * q / norm),
                  norm**2 * ONE + t**2 / norm**2 * q.T * q, TANGENT),
            *growth(),
            equal("The lower bound of |W|^2 at k = t/eta grows by this, over eta, ...",
                  sp.Limit((lower - norm**2) / x, x, 0), time * G**2 / norm**2),
            equal("... and the square of the upper bound by as much: its excess is of third "
                  "order in eta.",
                  sp.Limit(further / x**3, x, 0), time * G**4 / norm**4),
        ),
        twins={
            "no growth at this order": sp.S.Zero,
            "twice as much": 2 * time * G**2 / norm**2,
            "the gradient as long as at unit weights": time * G**2,
        },
        chain=chain(
            because(
                "At eta = t/n both bounds of |W|^2 after n steps have this limit.",
                recursion.squeezed(
                    low=below((time * G / many) ** 2), high=above_start((time * G / many) ** 2)
                ),
            )
        ),
    )  # fmt: skip


@claim(
    "limit",
    (s.norm, s.eta, s.G, s.k),
    (cite(SOURCE, "the weight norm grows roughly as"),),
    (INVARIANT, CONSTANT, "many small steps: eta^2 k stays fixed while k grows"),
)
def norm_growth_correction() -> Derivation:
    """At a constant G the fourth power of the weights' length after k steps exceeds |W_0|^4 (1 +
    k/k_0) by (eta^2 G^2/2) ln(1 + k/k_0), up to terms of order eta^4. Here W_0 are the weights at
    the start, and k_0 = |W_0|^4/(2 eta^2 G^2)."""
    time = sp.Symbol("y", positive=True)
    rate = 2 / (r**2 + 2 * time)
    small = eta / sp.sqrt(many)  # with n k steps eta^2 k stays
    return Derivation(
        definition=sp.Limit(
            many * (squared_norm(many * k, small) ** 2 - norm**4 - 2 * C * k), many, sp.oo
        ),
        closed_form=C / 2 * LOG,
        steps=(
            *growth(),
            equal(
                "The remainders gain^2/r^2 are gain times the terms gain/(r_0^2 + 2 y) of a sum "
                "over y = gain k, up to order gain^2 by the bounds. The integral of this sum,",
                sp.Integral(1 / (r**2 + 2 * x), (x, 0, time)),
                sp.log(1 + 2 * time / r**2) / 2,
            ),
            equal("of which the bounds differ by gain^2/r_0^2 at most, and which has this slope;",
                  sp.diff(sp.log(1 + 2 * time / r**2), time), rate),
            equal("times gain, at y = gain k, it is the closed form.",
                  (C / 2 * sp.log(1 + 2 * time / r**2)).subs({time: C * k, r: norm**2}),
                  C / 2 * LOG),
        ),
        twins={
            "printed: nothing": sp.S.Zero,
            "twice as much": C * LOG,
            "without the logarithm": C / 2 * k / K_0,
        },
        chain=chain(
            because(
                "At the rate eta/sqrt(n) both bounds of |W|^4 after n k steps have this limit, "
                "times n.",
                recursion.squeezed(low=below_logarithm(C / many), high=above_start(C / many)),
            )
        ),
    )  # fmt: skip


@claim(
    "bound",
    (s.norm, s.eta, s.G, s.k.within(low=1)),
    (SCHEDULE, AUTO),
    (INVARIANT, CONSTANT),
)
def hidden_schedule() -> Derivation:
    """At a constant G and a constant rate eta, the effective rate eta/|W|^2 after k steps is at
    most e_0/sqrt(1 + k/k_0), with e_0 = eta/|W_0|^2 at the start and 1/k_0 = 2 e_0^2 G^2. It is at
    least e_0/sqrt(1 + k/k_0 + 1/(4 k_0^2) + ln(1 + (k-1)/k_0)/(4 k_0))."""
    k_here = s.k.within(low=1).symbol
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
            equal("1/k_0 in the effective rate:", 1 / K_0, pace),
            equal("eta over the lower bound of |W|^2 is the upper bound here, ...",
                  eta / (norm**2 * sp.sqrt(1 + k_here / K_0)), upper),
            equal(
                "... and the rest of the upper bound, over |W_0|^4, is 1/(4 k_0^2) + ln()/(4 k_0).",
                (C / norm**2) ** 2 / norm**4 + C / 2 / norm**4 * x,
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
                        "The effective rate is eta over |W|^2, which has this upper bound.",
                        recursion.bounded(by=above_first()),
                        relation=">=",
                    ),
                ),
                "upper": (
                    because(
                        "The lower bound of |W|^2 is the upper one of the effective rate.",
                        recursion.bounded(by=below()),
                        relation="<=",
                    ),
                ),
            }
        ),
    )  # fmt: skip


@claim(
    "limit",
    (s.norm, s.eta, s.G),
    (cite(SOURCE, "surprisingly little control"), AUTO),
    (INVARIANT, CONSTANT),
)
def forgetting() -> Derivation:
    """In the long run the effective rate eta/|W|^2 forgets the learning rate and the start: times
    sqrt(k) after k steps it tends to 1/(sqrt 2 G) for every eta and every length of the weights at
    the start."""
    bottom = norm**4 + 2 * C * x
    top = bottom + (C / norm**2) ** 2 + C / 2 * sp.log(1 + 2 * C * x / norm**4)
    return Derivation(
        definition=sp.Limit(sp.sqrt(many) * eta / squared_norm(many), many, sp.oo),
        closed_form=1 / (sp.sqrt(2) * G),
        steps=(
            *growth(),
            equal("Over k, the square of the lower bound of |W|^2 tends to 2 eta^2 G^2, ...",
                  sp.Limit(bottom / x, x, sp.oo), 2 * C),
            equal("... and so does the square of the upper bound: a logarithm is less than any "
                  "power.",
                  sp.Limit(sp.expand(top / x), x, sp.oo), 2 * C),
            equal("In eta sqrt(k)/|W|^2 then eta drops out.",
                  eta / sp.sqrt(2 * C), 1 / (sp.sqrt(2) * G)),
        ),
        twins={
            "the learning rate": eta / (sp.sqrt(2) * G),
            "the start": eta / norm**2,
            "without the root of 2": 1 / G,
        },
        chain=chain(
            because(
                "Both bounds of |W|^2 after n steps are near sqrt(2 n) eta G.",
                recursion.squeezed(low=below(), high=above_start()),
            )
        ),
    )  # fmt: skip
