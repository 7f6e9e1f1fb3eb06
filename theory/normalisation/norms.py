"""Other norms than the second: means of any power of the deviations, and the largest."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner, largest_size, mean, power_mean, signed_power
from theory.functions.heads import grad
from theory.functions.heads_of_chance import E, Prob
from theory.laws import Normal, gaussian_column
from theory.normalisation.letters import (
    CENTRING,
    COUNT,
    NOUGHT,
    NUMBER,
    ONES,
    B,
    centred,
    g,
    h,
    one,
    y,
)
from theory.proofs.rules import calculus, chance, integrals, norms, tails
from theory.proofs.tactics import equal, positive

POWER = s.order.within(low=1, typical=(1, 6))
OTHER_NORMS = (
    cite("santurkar2018", "section 3.3"),
    cite("rethinking", "other transformation schemes"),
)


@claim("identity", (POWER,), (*OTHER_NORMS, cite("hoffer2018", "L1 batch norm")))
def power_norm() -> Derivation:
    """A standard normal number z has (E|z|^order)^(1/order) = sqrt(2) (Gamma((order +
    1)/2)/sqrt(pi))^(1/order). For order = 1, batch norm with the mean absolute deviation, this is
    sqrt(2/pi). Outputs of that norm are multiplied by sqrt(2/pi), or the mean absolute deviation by
    sqrt(pi/2), to match the standard deviation."""
    normal, power = sp.Symbol("z", positive=True), sp.Symbol("order", positive=True)
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
                "Both signs contribute equally: twice the integral over z > 0.",
                2 * sp.Integral(normal**power * weight, (normal, 0, sp.oo)),
                2 ** (power / 2) * sp.gamma((power + 1) / 2) / sp.sqrt(sp.pi),
            ),
            equal(
                "The root of that order.",
                sp.sqrt(2) ** power * (closed / sp.sqrt(2)).subs(whole, power) ** power,
                2 ** (power / 2) * sp.gamma((power + 1) / 2) / sp.sqrt(sp.pi),
            ),
            equal("For order = 2 this is 1, ...", closed.subs(whole, 2), 1),
            equal("... for order = 1", closed.subs(whole, 1), sp.sqrt(2 / sp.pi)),
        ),
        twins={
            "without the root": 2 ** (whole / 2) * sp.gamma((whole + 1) / 2) / sp.sqrt(sp.pi),
            "the same scale for all norms": sp.Integer(1),
            "upside down: L1 is sqrt(pi/2) deviations": 1 / closed,
        },
        chain=chain(
            because(
                "Both signs contribute equally.",
                integrals.even(),
                (2 * sp.Integral(normal**whole * weight, (normal, 0, sp.oo))) ** (1 / whole),
            ),
            because(
                "The integral is Euler's Gamma.",
                integrals.gamma_function(),
                (2 ** (whole / 2) * sp.gamma((whole + 1) / 2) / sp.sqrt(sp.pi)) ** (1 / whole),
            ),
            calculated("The root of the power of 2 is sqrt(2)."),
        ),
    )


@claim(
    "identity",
    (s.y, s.g, POWER),
    OTHER_NORMS,
    (
        "no deviation is zero where order = 1",
        "the mean is taken off before the norm is taken; santurkar2018 takes the norm first",
    ),
)
def power_norm_gradient() -> Derivation:
    """Normalised by s = (mean |deviation|^order)^(1/order), z = (y - mean)/s, a unit's outputs y
    have the gradient C(g - u z'g/B)/s of the loss, with the centring matrix C = I - 11'/B and the
    entries u = sign(z)|z|^(order - 1). It is orthogonal to y and to the vector 1 of ones for every
    order. Batch norm is order = 2."""
    power = POWER.symbol
    deviations = centred(y)
    scale = power_mean(deviations, power)
    outputs = deviations / scale

    def closed_with(u: sp.MatrixExpr) -> sp.MatrixExpr:
        before = g - u * inner(outputs, g) / B
        return (before - mean(before) * ONES) / scale

    signed = signed_power(outputs, power - 1)
    entry, move, size, slope = sp.symbols("a h s b", positive=True)
    order = sp.Symbol("order", positive=True)
    z, u = sp.MatrixSymbol("z", B, 1), sp.MatrixSymbol("u", B, 1)
    x = sp.Symbol("x", real=True)
    unit = {
        **COUNT,
        one.T * z: NOUGHT,
        z.T * one: NOUGHT,
        z.T * u: B * NUMBER,
        u.T * z: B * NUMBER,
    }
    closed = CENTRING * (g - u * z.T * g / B) / size
    return Derivation(
        definition=grad(inner(g, outputs), y),
        closed_form=closed_with(signed),
        steps=(
            equal(
                "Move y by x h: a deviation a > 0 moves by x times its part of Ch, and a^order "
                "moves by order a^(order - 1) times as much. So for a < 0, with the sign of a.",
                sp.diff((entry + x * move) ** order, x).subs(x, 0),
                order * entry ** (order - 1) * move,
            ),
            equal(
                "So with |a|^(order - 1) = s^(order - 1) |u| the mean of the powers grows as "
                "s^order + order s^(order - 1) b x, b = u'Ch/B. Its root, s at the start, has "
                "the derivative b.",
                sp.diff(
                    (size**order + order * size ** (order - 1) * slope * x) ** (1 / order), x
                ).subs(x, 0),
                slope,
            ),
            equal(
                "The quotient rule: z = a/s moves by Ch/s - a (u'Ch/B)/s^2, a = s z. Its product "
                "with g is the claim's gradient times h, for every h.",
                g.T * (CENTRING * h / size - size * z * (u.T * CENTRING * h / B) / size**2),
                closed.T * h,
                unit,
            ),
            equal("It adds up to zero, ...", one.T * closed, NOUGHT, unit),
            equal(
                "... and is orthogonal to z, hence to y: z'u, the sum of |z|^order, is B.",
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
        chain=chain(
            because(
                "Along any h the deviations move by Ch and the scale by u'Ch/B: quotient rule.",
                norms.gradient_with_norm(),
            )
        ),
    )


@claim(
    "identity",
    (s.B.within(high=10**12),),
    OTHER_NORMS,
    ("a batch of independent standard normal outputs",),
)
def largest_deviation() -> Derivation:
    """The largest absolute value of B independent standard normal numbers is on average the
    integral over x > 0 of 1 - erf(x/sqrt 2)^B, which is 2.35 for B = 32 and always below sqrt(2
    ln(2B)). Normalising by the largest deviation makes outputs smaller by this factor."""
    x, size = sp.symbols("x b", positive=True)
    closed = sp.Integral(1 - sp.erf(x / sp.sqrt(2)) ** B, (x, 0, sp.oo))
    either = sp.Symbol("z", real=True)
    density = sp.exp(-(either**2) / 2) / sp.sqrt(2 * sp.pi)
    rate, share = sp.Symbol("lam", positive=True), sp.Symbol("a", positive=True)
    bound = sp.log(2 * size) / rate + rate / 2
    numbers = sp.MatrixSymbol("z_B", B, 1)
    largest = largest_size(numbers)
    one = Prob(sp.And(-x <= either, either <= x))
    erf = sp.erf(either / sp.sqrt(2)) / 2
    within = sp.Integral(Normal().density(either), (either, -x, x))
    whole = (x, 0, sp.oo)
    return Derivation(
        definition=E(largest),
        closed_form=closed,
        steps=(
            equal(
                "One number is at most x in size with probability erf(x/sqrt 2), and all B "
                "numbers with the B-th power of this probability.",
                sp.Integral(density, (either, -x, x)),
                sp.erf(x / sp.sqrt(2)),
            ),
            equal(
                "The mean of a positive number is the integral of the probability to exceed x: "
                "by parts, x (1 - F) has the derivative",
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
        chain=chain(
            because(
                "The mean of a positive number is the integral of the probability to exceed x.",
                tails.tail(),
                sp.Integral(Prob(largest > x), whole),
            ),
            because(
                "It is 1 less the probability to stay below.",
                integrals.replaced(
                    part=Prob(largest > x), is_=1 - Prob(largest <= x), by=tails.complement()
                ),
                sp.Integral(1 - Prob(largest <= x), whole),
            ),
            because(
                "All B numbers are independent.",
                integrals.replaced(part=Prob(largest <= x), is_=one**B, by=tails.all_within()),
                sp.Integral(1 - one**B, whole),
            ),
            because(
                "The probability is the integral of the density.",
                integrals.replaced(part=one, is_=within, by=chance.probability()),
                sp.Integral(1 - within**B, whole),
            ),
            because(
                "The density is the derivative of erf(z/sqrt 2)/2.",
                integrals.replaced(
                    part=within,
                    is_=sp.erf(x / sp.sqrt(2)),
                    by=calculus.integral(antiderivative=erf),
                ),
            ),
            laws={
                numbers: gaussian_column(sp.Identity(B)),
                either: Normal(),
            },
        ),
    )
