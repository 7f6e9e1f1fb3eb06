"""What remains of the growth of the weights in the long run, and for small steps."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.invariance.growth import K_0
from theory.invariance.growth_bounds import C, above_start, below, below_logarithm, growth
from theory.invariance.letters import (
    AUTO,
    CONSTANT,
    INVARIANT,
    ONE,
    SOURCE,
    TANGENT,
    G,
    descended,
    eta,
    k,
    norm,
    q,
    r,
    t,
    u,
    x,
)
from theory.proofs.rules import recursion
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import derivative, unevaluated, value_at

LOG = sp.log(1 + k / K_0)
many = sp.Symbol("n", integer=True, positive=True)  # a number that grows without end


@claim(
    "limit",
    (s.norm, s.G, s.t),
    (cite(SOURCE, "w_j increases monotonically"), AUTO),
    (INVARIANT, CONSTANT),
)
def gradient_flow() -> Derivation:
    """Descent makes the weights W grow, as its steps have a size: its growth of |W|^2
    over eta, at the time t = eta k after k steps, tends to t G^2/|W_0|^2 for eta -> 0, with the
    weights W_0 at the start."""
    time = s.t.symbol
    lower = sp.sqrt(norm**4 + 2 * x * time * G**2)  # x is the learning rate
    further = (x * G) ** 4 / norm**4 + (x * G) ** 2 / 2 * sp.log(1 + 2 * x * time * G**2 / norm**4)
    return Derivation(
        definition=sp.Limit(
            (descended(many, time / many) - norm**2) / (time / many), many, sp.oo
        ),
        closed_form=time * G**2 / norm**2,
        steps=(
            equal(
                "Flow moves W = norm u by -g_perp/norm per unit of time, where g_perp is "
                "orthogonal to u. In a short time t the squared length grows by a multiple of "
                "t^2 only, so flow keeps it.",
                  (norm * u - t * q / norm).T * (norm * u - t * q / norm),
                  norm**2 * ONE + t**2 / norm**2 * q.T * q, TANGENT),
            *growth(),
            equal(
                "Write x for eta. At k = t/x the growth of the lower bound of |W|^2, over x, "
                "tends to this limit.",
                  sp.Limit((lower - norm**2) / x, x, 0), time * G**2 / norm**2),
            equal(
                "The square of the upper bound exceeds the square of the lower bound by a "
                "number of third order in eta. So both bounds have the same limit.",
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
            many * (descended(many * k, small) ** 2 - norm**4 - 2 * C * k), many, sp.oo
        ),
        closed_form=C / 2 * LOG,
        steps=(
            *growth(),
            equal(
                "By the bounds the remainders gain^2/r^2 are, in leading order, gain times the "
                "terms gain/(r_0^2 + 2 x) at x = 0, gain, 2 gain, ... The sum of these terms "
                "differs from the integral of 1/(r_0^2 + 2 x) by gain/r_0^2 at most.",
                sp.Integral(1 / (r**2 + 2 * x), (x, 0, time)),
                sp.log(1 + 2 * time / r**2) / 2,
            ),
            equal("The logarithm has the slope 2/(r_0^2 + 2 y), twice the integrand.",
                  derivative(sp.log(1 + 2 * time / r ** 2), time), rate),
            equal("This integral, times gain, at y = gain k, is the closed form.",
                  value_at(C / 2 * sp.log(1 + 2 * time / r ** 2), {time: C * k, r: norm ** 2}),
                  C / 2 * LOG),
        ),
        twins={
            "printed: nothing": sp.S.Zero,
            "twice as much": C * LOG,
            "without the logarithm": C / 2 * k / K_0,
        },
        chain=chain(
            because(
                "Subtract |W_0|^4 + 2 eta^2 G^2 k from the bounds of |W|^4 after n k steps at "
                "the rate eta/sqrt(n). Both differences, times n, tend to the closed form.",
                recursion.squeezed(low=below_logarithm(C / many), high=above_start(C / many)),
            )
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
        definition=sp.Limit(sp.sqrt(many) * eta / descended(many), many, sp.oo),
        closed_form=1 / (sp.sqrt(2) * G),
        steps=(
            *growth(),
            equal(
                "Write x for k. Over x, the square of the lower bound of |W|^2 tends to 2 eta^2 "
                "G^2.",
                  sp.Limit(bottom / x, x, sp.oo), 2 * C),
            equal(
                "Over x, the square of the upper bound tends to the same limit, as a logarithm "
                "grows less than any power.",
                  sp.Limit(sp.expand(top / x), x, sp.oo), 2 * C),
            equal(
                "So |W|^2/sqrt(k) tends to sqrt(2 eta^2 G^2). Eta over this limit is 1/(sqrt 2 "
                "G), and eta drops out.",
                  eta / sp.sqrt(unevaluated(2 * C)), 1 / (sp.sqrt(2) * G)),
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
