"""Depth: batch norm in every layer makes gradients grow from layer to layer."""

import sympy as sp

from companion.references import cite
from theory.claim import Derivation, Step, claim
from theory.functions.stated import gradient_growth
from theory.normalisation.letters import (
    CENTRING,
    COUNT,
    NOUGHT,
    NUMBER,
    PROJECTOR,
    STANDARD,
    B,
    one,
    yhat,
)
from theory.normalisation.noise import OF_FOUR, chi_squared
from theory.proofs.tactics import cited, equal
from theory.proofs.unevaluated import unevaluated, value_at

YANG = cite("yang2019", "gradient explosion")
WIDE = (
    "layers of batch norm, activation and independent Gaussian weights, width to infinity",
    "eps = 0",
)
#: The correlation of two outputs of batch norm in one unit.
RHO = -1 / (B - 1)
u = sp.Symbol("u", real=True)  # an output of batch norm, before the activation


def arccosine(rho: sp.Expr) -> sp.Expr:
    """Twice the mean product of the positive parts of two standard normal numbers."""
    return (sp.sqrt(1 - rho**2) + rho * (sp.pi - sp.acos(rho))) / sp.pi


def both_positive(rho: sp.Expr) -> sp.Expr:
    """The probability that two standard normal numbers of correlation ``rho`` are positive."""
    return sp.Rational(1, 4) + sp.asin(rho) / (2 * sp.pi)


def wide() -> tuple[Step, ...]:
    """What is random in a unit of a wide layer."""
    inverse = B * chi_squared(B - 1, sp.Integer(-1))
    spread = sp.Symbol("w", positive=True)
    return (
        cited(
            "Given the layer below, the outputs y of the units of a wide layer are "
            "independent Gaussian vectors. By symmetry of the examples their deviations Cy "
            "have the covariance w C with C = I - 11'/B. The gradients that arrive have a "
            "multiple of C as covariance, and are independent of y.",
            cite("yang2019", "gradient explosion"),
        ),
        cited(
            "Then yhat is uniform on the sphere of squared length B orthogonal to 1, independent "
            "of B sigma^2/w, a chi^2 of B - 1 degrees of freedom.",
            cite("muirhead1982", "section 1.5, spherical laws"),
        ),
        equal(
            "The inverse of a chi^2 of B - 1 degrees has the mean 1/(B - 3), so the mean of "
            "1/sigma^2 is B/(w (B - 3)).",
            inverse / spread,
            B / ((B - 3) * spread),
        ),
    )


@claim("limit", (OF_FOUR,), (YANG,), WIDE)
def explosion_linear() -> Derivation:
    """In a deep linear network with batch norm over B examples in every layer, the squared
    gradients grow towards the input by the factor (B - 2)/(B - 3) per layer, whatever the variance
    of the weights."""
    weights, w = sp.symbols("a w", positive=True)
    return Derivation(
        definition=gradient_growth(u, u, B),
        closed_form=(B - 2) / (B - 3),
        steps=(
            *wide(),
            equal(
                "The covariance of yhat is a multiple of C, and its trace is B. The trace "
                "of C is B - 1, so the covariance of yhat is B/(B - 1) C.",
                B * NUMBER - one.T * one / B,
                (B - 1) * NUMBER,
                COUNT,
            ),
            equal(
                "For weights of variance a over the width, w is a B/(B - 1). On the way "
                "back the squared gradients are multiplied by a/sigma^2, whose mean is (B - "
                "1)/(B - 3).",
                value_at(weights * B / ((B - 3) * w), {w: weights * B / (B - 1)}),
                (B - 1) / (B - 3),
            ),
            equal(
                "The Jacobian of batch norm is Pi/sigma with the projector Pi. It makes of "
                "the covariance C of the gradients Pi C Pi, which is Pi.",
                PROJECTOR * CENTRING * PROJECTOR,
                PROJECTOR,
                STANDARD,
            ),
            equal(
                "The trace falls from B - 1, of C, to B - 2, of Pi. Together with the "
                "factor (B - 1)/(B - 3) this gives (B - 2)/(B - 3) per layer.",
                unevaluated((B - 1) / (B - 3)) * ((B - 2) / (B - 1)),
                (B - 2) / (B - 3),
            ),
        ),
        twins={
            "without the projector": (B - 1) / (B - 3),
            "no explosion": sp.Integer(1),
        },
        missing="That the outputs of a wide layer are Gaussian, and the gradients that arrive "
        "independent of them with a covariance that is a multiple of I - 11'/B, is cited in the "
        "steps and not derived from random weights. The growth of gradients is defined in words "
        "alone.",
    )


@claim("limit", (OF_FOUR,), (YANG,), WIDE)
def explosion_relu() -> Derivation:
    """With batch norm before every ReLU the squared gradients grow towards the input by the factor
    (B - 2 + 2a + b)/((B - 3)(1 - b)) per layer. Two outputs of batch norm have the correlation rho
    = -1/(B - 1). Their positive parts have the correlation (uncentred) b = (sqrt(1 - rho^2) + rho
    (pi - arccos rho))/pi, and both are positive with probability a = 1/4 + arcsin(rho)/(2 pi). For
    large batches the factor is pi/(pi - 1) = 1.47."""
    b, a = arccosine(RHO), both_positive(RHO)
    kept, both = sp.symbols("b a", positive=True)
    weights, v = sp.symbols("w v", positive=True)
    rho = sp.Symbol("rho")
    factor = (B - 2 + 2 * both + kept) / ((B - 3) * (1 - kept))
    closed = (B - 2 + 2 * a + b) / ((B - 3) * (1 - b))
    radius, first = sp.Symbol("r", positive=True), sp.Symbol("phi", real=True)
    turn = sp.Symbol("theta", positive=True)  # the angle between two vectors of the plane
    plane = sp.exp(-(radius**2) / 2) / (2 * sp.pi) * radius
    large = sp.Symbol("b_", positive=True)
    axis, other = sp.MatrixSymbol("e_i", B, 1), sp.MatrixSymbol("e_j", B, 1)
    mine, theirs = sp.symbols("yhat_i yhat_j", real=True)
    here = {
        axis.T * axis: NUMBER,
        axis.T * other: NOUGHT,
        other.T * axis: NOUGHT,
        axis.T * one: NUMBER,
        one.T * axis: NUMBER,
        one.T * other: NUMBER,
        other.T * one: NUMBER,
        axis.T * yhat: mine * NUMBER,
        yhat.T * axis: mine * NUMBER,
        yhat.T * other: theirs * NUMBER,
        other.T * yhat: theirs * NUMBER,
    }
    return Derivation(
        definition=gradient_growth(sp.Max(0, u), u, B),
        closed_form=closed,
        steps=(
            *wide(),
            equal(
                "The outputs yhat add up to zero over the batch, so that 1 + (B - 1) rho is "
                "0: rho is -1/(B - 1).",
                1 + (B - 1) * unevaluated(RHO),
                0,
            ),
            equal(
                "Let rho = cos theta. The mean product of the positive parts is the same on "
                "the sphere as for Gaussian numbers of the same second moments. Twice this "
                "mean is the product of integrals in polar coordinates, which is b.",
                2
                * sp.Integral(radius**2 * plane, (radius, 0, sp.oo))
                * sp.Integral(
                    sp.cos(first) * sp.cos(first - turn), (first, turn - sp.pi / 2, sp.pi / 2)
                ),
                (sp.sin(turn) + sp.cos(turn) * (sp.pi - turn)) / sp.pi,
            ),
            equal(
                "The probability a that both outputs are positive is the integral of the "
                "density alone, over the same angles. Here arcsin rho is pi/2 - theta.",
                sp.Integral(plane, (radius, 0, sp.oo))
                * sp.Integral(1, (first, turn - sp.pi / 2, sp.pi / 2)),
                value_at(both_positive(rho), {sp.asin(rho): sp.pi / 2 - turn}),
            ),
            equal(
                "For weights of variance w over the width, the outputs of the next layer "
                "have the variance w/2 and the covariance w b/2, so that v = w (1 - b)/2 "
                "belongs to their deviations. On the way back the squared gradients are "
                "multiplied by w/sigma^2, whose mean is w B/((B - 3) v).",
                value_at(weights * B / ((B - 3) * v), {v: weights * (1 - kept) / 2}),
                2 * B / ((B - 3) * (1 - kept)),
            ),
            equal(
                "Behind the gates D of the ReLU and the projector Pi the covariance C has "
                "the trace of Pi D C D, the sum of Pi_ij C_ij D_i D_j over pairs i, j of "
                "examples. The entry Pi_ii is 1 - 1/B - yhat_i^2/B.",
                axis.T * PROJECTOR * axis,
                (1 - 1 / B - mine**2 / B) * NUMBER,
                here,
            ),
            equal(
                "For two different examples the entry Pi_ij is -(1 + yhat_i yhat_j)/B.",
                axis.T * PROJECTOR * other,
                -(1 + mine * theirs) / B * NUMBER,
                here,
            ),
            equal(
                "Take the mean of the sum. Half of the B gates are open, and half of the "
                "mean square of yhat lies there. Of the B (B - 1) pairs the share a is "
                "open, with the mean product b/2, and C_ij is -1/B. The mean, over the "
                "trace B - 1 of C, is the share that is kept.",
                (
                    B * (1 - 1 / B) * (1 - 1 / B - 1 / B) / 2
                    + B * (B - 1) * (-1 / B) * (-(both + kept / 2) / B)
                )
                / (B - 1),
                (B - 2 + 2 * both + kept) / (2 * B),
            ),
            equal(
                "The factor per layer is the share that is kept times the factor w/sigma^2, "
                "which has the mean 2B/((1 - b)(B - 3)).",
                unevaluated(2 * B / ((B - 3) * (1 - kept)))
                * unevaluated((B - 2 + 2 * both + kept) / (2 * B)),
                factor,
            ),
            equal(
                "For large batches the correlation b tends to 1/pi.",
                sp.Limit(arccosine(-1 / (large - 1)), large, sp.oo),
                1 / sp.pi,
            ),
            equal(
                "For large batches the factor tends to pi/(pi - 1).",
                sp.Limit(value_at(factor, {B: large, kept: 1 / sp.pi}), large, sp.oo),
                sp.pi / (sp.pi - 1),
            ),
        ),
        twins={
            "the large batch's, pi/(pi - 1)": sp.pi / (sp.pi - 1),
            "the linear network's": (B - 2) / (B - 3),
            "outputs of one unit uncorrelated": factor.subs(
                {kept: arccosine(sp.Integer(0)), both: both_positive(sp.Integer(0))}
            ),
        },
        missing="The gates of a ReLU depend on the same outputs as the projector: the mean of the "
        "trace of Pi D C D over a uniform direction, as a sum over pairs of examples, is stated in "
        "the steps and not joined to the definition. A rule for means over pairs of exchangeable "
        "entries is missing, and one that turns a direction's pair into a Gaussian pair.",
    )
