"""Other norms than the second: means of any power of the deviations, and the largest."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner, mean, power_mean, signed_power
from theory.functions.heads import grad
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
from theory.proofs.rules import integrals, norms
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import derivative, unevaluated, value_at

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
                "Both signs of z contribute equally, so the mean of |z|^order is twice the "
                "integral over z > 0.",
                2 * sp.Integral(normal**power * weight, (normal, 0, sp.oo)),
                2 ** (power / 2) * sp.gamma((power + 1) / 2) / sp.sqrt(sp.pi),
            ),
            equal(
                'The mean of |z|^order is the power "order" of the scale sqrt(2) '
                "(Gamma((order + 1)/2)/sqrt(pi))^(1/order).",
                sp.sqrt(2) ** power
                * unevaluated((closed / sp.sqrt(2)).subs(whole, power)) ** power,
                2 ** (power / 2) * sp.gamma((power + 1) / 2) / sp.sqrt(sp.pi),
            ),
            equal("For order = 2 the scale is 1.", value_at(closed, {whole: 2}), 1),
            equal(
                "For order = 1 the scale is sqrt(2/pi).",
                value_at(closed, {whole: 1}),
                sp.sqrt(2 / sp.pi),
            ),
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
                "The integral is a value of Euler's Gamma function.",
                integrals.gamma_function(),
                (2 ** (whole / 2) * sp.gamma((whole + 1) / 2) / sp.sqrt(sp.pi)) ** (1 / whole),
            ),
            calculated('The root of order "order" of 2^(order/2) is sqrt(2).'),
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
                "Move y by x h. A deviation a > 0 moves by x times its entry of Ch, here "
                "written h, and a^order moves by order a^(order - 1) times as much. For a < "
                "0 the move of |a|^order has the other sign.",
                derivative((entry + x * move) ** order, x, at=0),
                order * entry ** (order - 1) * move,
            ),
            equal(
                "As |a|^(order - 1) = s^(order - 1) |u|, the mean of the powers is s^order "
                "+ order s^(order - 1) b x to first order, with b = u'Ch/B. Its root of "
                "this order is the scale, which has the derivative b at x = 0.",
                derivative(
                    (size**order + order * size ** (order - 1) * slope * x) ** (1 / order), x, at=0
                ),
                slope,
            ),
            equal(
                "By the quotient rule z = a/s moves by Ch/s - a (u'Ch/B)/s^2, with a = s z. "
                "The product of this move and g is the gradient times h, for every h.",
                g.T * (CENTRING * h / size - size * z * (u.T * CENTRING * h / B) / size**2),
                closed.T * h,
                unit,
            ),
            equal("The gradient adds up to zero over the batch.", one.T * closed, NOUGHT, unit),
            equal(
                "The gradient is orthogonal to z, since z'u, the sum of |z|^order, is B. So "
                "it is orthogonal to y = mean 1 + s z.",
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
                "Along any h the deviations move by Ch and the scale by u'Ch/B. The "
                "quotient rule gives the gradient.",
                norms.gradient_with_norm(),
            )
        ),
    )
