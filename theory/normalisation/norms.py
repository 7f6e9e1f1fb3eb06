"""Other norms than the second: means of the k-th power of the deviations, and the largest."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.claim import Derivation, claim
from theory.columns import inner, mean, power_mean, signed_power
from theory.normalisation.letters import (
    CENTRING,
    COUNT,
    NOUGHT,
    NUMBER,
    ONES,
    B,
    E,
    centred,
    g,
    h,
    jacobian_of,
    one,
    y,
)
from theory.proof import equal, positive

POWER = s.k.within(low=1, typical=(1, 6))
OTHER_NORMS = (
    cite("santurkar2018", "section 3.3"),
    cite("rethinking", "other transformation schemes"),
)


@claim("identity", (POWER,), (*OTHER_NORMS, cite("hoffer2018", "L1 batch norm")))
def power_norm() -> Derivation:
    """A standard normal number has (E|z|^k)^(1/k) = sqrt(2) (Gamma((k + 1)/2)/sqrt(pi))^(1/k).
    For k = 1, batch norm with the mean absolute deviation, it is sqrt(2/pi): to come out as with
    the standard deviation the outputs are multiplied by that, the deviation by sqrt(pi/2)."""
    normal, power = sp.Symbol("z", positive=True), sp.Symbol("k", positive=True)
    whole = POWER.symbol
    weight = sp.exp(-(normal**2) / 2) / sp.sqrt(2 * sp.pi)
    closed = sp.sqrt(2) * (sp.gamma((whole + 1) / 2) / sp.sqrt(sp.pi)) ** (1 / whole)
    either = sp.Symbol("z", real=True)
    density = sp.exp(-(either**2) / 2) / sp.sqrt(2 * sp.pi)
    return Derivation(
        definition=sp.Integral(sp.Abs(either) ** whole * density, (either, -sp.oo, sp.oo))
        ** (1 / whole),
        closed_form=closed,
        steps=(
            equal(
                "Both signs give as much: twice the integral over z > 0.",
                2 * sp.Integral(normal**power * weight, (normal, 0, sp.oo)),
                2 ** (power / 2) * sp.gamma((power + 1) / 2) / sp.sqrt(sp.pi),
            ),
            equal(
                "Its k-th root.",
                sp.sqrt(2) ** power * (closed / sp.sqrt(2)).subs(whole, power) ** power,
                2 ** (power / 2) * sp.gamma((power + 1) / 2) / sp.sqrt(sp.pi),
            ),
            equal("For k = 2 that is 1, ...", closed.subs(whole, 2), 1),
            equal("... for k = 1", closed.subs(whole, 1), sp.sqrt(2 / sp.pi)),
        ),
        twins={
            "without the root": 2 ** (whole / 2) * sp.gamma((whole + 1) / 2) / sp.sqrt(sp.pi),
            "the same scale for all norms": sp.Integer(1),
            "upside down: L1 is sqrt(pi/2) deviations": 1 / closed,
        },
    )


@claim(
    "identity",
    (s.y, s.g, POWER),
    OTHER_NORMS,
    (
        "no deviation is zero where k = 1",
        "the mean is taken off before the norm is taken; santurkar2018 takes the norm first",
    ),
)
def power_norm_gradient() -> Derivation:
    """Normalise by s = (mean |deviation|^k)^(1/k), z = (y - mean)/s: the gradient of the loss in y
    is C(g - u z'g/B)/s, C = I - 11'/B, with the entries u = sign(z)|z|^(k - 1). It is orthogonal
    to 1 and to y for every k; k = 2 is batch norm."""
    power = POWER.symbol
    deviations = centred(y)
    scale = power_mean(deviations, power)
    outputs = deviations / scale

    def closed_with(u: sp.MatrixExpr) -> sp.MatrixExpr:
        before = g - u * inner(outputs, g) / B
        return (before - mean(before) * ONES) / scale

    signed = signed_power(outputs, power - 1)
    entry, move, size, slope = sp.symbols("c h s a", positive=True)
    order = sp.Symbol("k", positive=True)
    z, u = sp.MatrixSymbol("z", B, 1), sp.MatrixSymbol("u", B, 1)
    t, s_k = sp.Symbol("t", real=True), sp.Symbol("s_k", positive=True)
    unit = {
        **COUNT,
        one.T * z: NOUGHT,
        z.T * one: NOUGHT,
        z.T * u: B * NUMBER,
        u.T * z: B * NUMBER,
    }
    closed = CENTRING * (g - u * z.T * g / B) / s_k
    return Derivation(
        definition=jacobian_of(inner(g, outputs), y),
        closed_form=closed_with(signed),
        steps=(
            equal(
                "Move y by t h: a deviation c > 0 moves by t times its part of Ch, and its k-th "
                "power by k c^(k - 1) as much; so for c < 0, with the sign of c.",
                sp.diff((entry + t * move) ** order, t).subs(t, 0),
                order * entry ** (order - 1) * move,
            ),
            equal(
                "So with |c|^(k - 1) = s^(k - 1) |u| the mean of the powers grows as s^k + "
                "k s^(k - 1) a t, a = u'Ch/B; its k-th root has the derivative a.",
                sp.diff(
                    (size**order + order * size ** (order - 1) * slope * t) ** (1 / order), t
                ).subs(t, 0),
                slope,
            ),
            equal(
                "The quotient rule: z = c/s moves by Ch/s - c (u'Ch/B)/s^2, c = s z; with g that "
                "is the claim's gradient, for every h.",
                g.T * (CENTRING * h / s_k - s_k * z * (u.T * CENTRING * h / B) / s_k**2),
                closed.T * h,
                unit,
            ),
            equal("It adds up to zero, ...", one.T * closed, NOUGHT, unit),
            equal(
                "... and is orthogonal to z, hence to y: z'u, the sum of |z|^k, is B.",
                z.T * closed,
                NOUGHT,
                unit,
            ),
        ),
        twins={
            "the scale held constant": (g - mean(g) * ONES) / scale,
            "z for u": closed_with(outputs),
            "the mean held constant": (g - signed * inner(outputs, g) / B) / scale,
        },
    )


@claim("identity", (s.B,), OTHER_NORMS, ("a batch of independent standard normal outputs",))
def largest_deviation() -> Derivation:
    """The largest of B independent standard normal numbers in absolute value is on average the
    integral over x > 0 of 1 - erf(x/sqrt 2)^B: 2.35 for B = 32, and below sqrt(2 ln(2B)). So
    normalising by the largest makes outputs smaller by that."""
    x, size = sp.symbols("x b", positive=True)
    closed = sp.Integral(1 - sp.erf(x / sp.sqrt(2)) ** B, (x, 0, sp.oo))
    either = sp.Symbol("z", real=True)
    density = sp.exp(-(either**2) / 2) / sp.sqrt(2 * sp.pi)
    rate, share = sp.Symbol("lam", positive=True), sp.Symbol("q", positive=True)
    bound = sp.log(2 * size) / rate + rate / 2
    largest = sp.Function("max")(sp.Symbol("|z_1|"), sp.Symbol("..."), sp.Symbol("|z_B|"))
    return Derivation(
        definition=E(largest),
        closed_form=closed,
        steps=(
            equal(
                "One is at most x in size with probability erf(x/sqrt 2), all B are with its B-th "
                "power;",
                sp.Integral(density, (either, -x, x)),
                sp.erf(x / sp.sqrt(2)),
            ),
            equal(
                "the mean of a positive number is the integral of the probability to exceed x: by "
                "parts, x (1 - F) has the derivative",
                sp.diff(x * (1 - sp.erf(x / sp.sqrt(2)) ** size), x),
                (1 - sp.erf(x / sp.sqrt(2)) ** size)
                - x * sp.diff(sp.erf(x / sp.sqrt(2)) ** size, x),
            ),
            equal(
                "and vanishes at 0 and at infinity.",
                sp.Limit(x * (1 - sp.erf(x / sp.sqrt(2)) ** 2), x, sp.oo),
                0,
            ),
            equal(
                "By Jensen exp(lam E max) <= 2B E exp(lam z), and E exp(lam z) is",
                sp.Integral(density * sp.exp(rate * either), (either, -sp.oo, sp.oo)),
                sp.exp(rate**2 / 2),
            ),
            equal(
                "so E max <= ln(2B)/lam + lam/2, which is least at lam = sqrt(2 ln(2B)): there",
                bound.subs(size, sp.exp(share) / 2).subs(rate, sp.sqrt(2 * share)),
                sp.sqrt(2 * share),
            ),
            positive(
                "and the bound's second derivative is positive.",
                sp.diff(bound.subs(size, sp.exp(share) / 2), rate, 2),
            ),
        ),
        twins={
            "sqrt(2 ln B)": sp.sqrt(2 * sp.log(B)),
            "the largest, sign and all": sp.Integral(
                1
                - ((1 + sp.erf(x / sp.sqrt(2))) / 2) ** B
                - ((1 - sp.erf(x / sp.sqrt(2))) / 2) ** B,
                (x, 0, sp.oo),
            ),
        },
    )
