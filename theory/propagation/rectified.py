"""One unit: what ReLU makes of a Gaussian."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Link, because, by_step, chain
from theory.claim import Derivation, claim
from theory.proofs.rules import areas, parts
from theory.proofs.tactics import equal, positive
from theory.proofs.unevaluated import derivative, value_at
from theory.propagation.letters import SOURCE, SPREAD, cdf, half, m, mean_over, pdf, relu, v, x

POSITIVE_MEAN = cite(SOURCE, "each channel has positive mean")
MEAN = m * cdf(m / SPREAD) + SPREAD * pdf(m / SPREAD)
SQUARE = (m**2 + v) * cdf(m / SPREAD) + m * SPREAD * pdf(m / SPREAD)


def above_zero(rest: sp.Expr, antiderivative: sp.Expr, ends: int) -> tuple[Link, ...]:
    """A mean of the rectified x is an integral from 0, of known antiderivative."""
    start, end = antiderivative.subs(x, 0), sp.Limit(antiderivative, x, sp.oo)
    return (
        because(
            "The rectified x is x above 0, and 0 below it.",
            areas.cut(at=(0,)),
            sp.Integral(rest, (x, 0, sp.oo)),
        ),
        because(
            "The integrand has an antiderivative.",
            areas.antiderivative(of=antiderivative),
            end - start,
        ),
        by_step("At infinity the antiderivative tends to a value.", ends),
    )


@claim("identity", (s.m, s.v), (POSITIVE_MEAN,), ("a Gaussian of mean m and variance v",))
def rectified_moments() -> Derivation:
    """A rectified Gaussian, max(0, x) with x of mean m and variance v, has the mean m Phi(m/s) + s
    phi(m/s) and the mean square (m^2 + v) Phi(m/s) + m s phi(m/s). Here s = sqrt v, and Phi and phi
    are the standard normal distribution function and density. For m = 0, s = 1 the mean is 1/sqrt(2
    pi) = 0.399 and the variance 1/2 - 1/(2 pi) = 0.341."""
    t = (x - m) / SPREAD
    density = pdf(t) / SPREAD
    first = m * cdf(t) - SPREAD * pdf(t)
    second = (m**2 + v) * cdf(t) - SPREAD * (x + m) * pdf(t)
    standard = {m: 0, v: 1}
    return Derivation(
        definition={"mean": mean_over(relu(x)), "mean square": mean_over(relu(x) ** 2)},
        closed_form={"mean": MEAN, "mean square": SQUARE},
        steps=(
            equal(
                "This function of x is an antiderivative of the density times x: its derivative "
                "is x times the density.",
                derivative(first, x),
                x * density,
            ),
            equal(
                "The mean is the difference of the antiderivative's values at infinity and at "
                "0, as the rectified x is 0 below 0.",
                sp.Limit(first, x, sp.oo) - value_at(first, {x: 0}),
                MEAN,
            ),
            equal(
                "This function of x is an antiderivative of the density times x^2.",
                derivative(second, x),
                x**2 * density,
            ),
            equal(
                "The mean square is the difference of this antiderivative's values at infinity "
                "and at 0.",
                sp.Limit(second, x, sp.oo) - value_at(second, {x: 0}),
                SQUARE,
            ),
            equal(
                "For m = 0 and v = 1 the mean square less the squared mean is the variance 1/2 "
                "- 1/(2 pi).",
                value_at(SQUARE - MEAN**2, standard),
                half - 1 / (2 * sp.pi),
            ),
        ),
        twins={
            "half of the mean absolute value for every m": {
                "mean": SPREAD / sp.sqrt(2 * sp.pi),
                "mean square": SQUARE,
            },
            "half of the mean square for every m": {"mean": MEAN, "mean square": (m**2 + v) / 2},
        },
        chain=chain(
            outputs={
                "mean": above_zero(x * density, first, 2),
                "mean square": above_zero(x**2 * density, second, 4),
            }
        ),
    )


@claim(
    "identity",
    (s.m, s.v),
    (cite(SOURCE, "increasing the variance increases the post-ReLU mean"), POSITIVE_MEAN),
    ("a Gaussian of mean m and variance v",),
)
def rectified_mean_slopes() -> Derivation:
    """The mean of a rectified Gaussian grows with the Gaussian's mean m at the rate Phi(m/s), and
    with its standard deviation s = sqrt v at the rate phi(m/s) > 0: more variance is more mean. Phi
    and phi are the standard normal distribution function and density."""
    mean = mean_over(relu(x))
    known = parts.claimed(claim="propagation.rectified_moments", output="mean")
    return Derivation(
        definition={
            "in the mean": sp.Derivative(mean, m),
            "in the deviation": 2 * SPREAD * sp.Derivative(mean, v),
        },
        closed_form={"in the mean": cdf(m / SPREAD), "in the deviation": pdf(m / SPREAD)},
        steps=(
            equal(
                "The mean is m Phi(m/s) + s phi(m/s) (propagation.rectified_moments). In "
                "its slope in m the terms with phi' cancel.",
                derivative(MEAN, m),
                cdf(m / SPREAD),
            ),
            equal(
                "In the slope of the mean in s = sqrt v, with dv = 2s ds, only phi(m/s) is left.",
                2 * SPREAD * derivative(MEAN, v),
                pdf(m / SPREAD),
            ),
            positive(
                "This slope in s is positive, so more variance is more mean.", pdf(m / SPREAD)
            ),
        ),
        twins={
            "the slopes of relu at the mean": {
                "in the mean": sp.Heaviside(m, half),
                "in the deviation": sp.Integer(0) * m,
            },
            "that of the mean of a centred one": {
                "in the mean": cdf(m / SPREAD),
                "in the deviation": 1 / sp.sqrt(2 * sp.pi),
            },
        },
        chain=chain(
            outputs={
                "in the mean": (
                    because(
                        "The mean is known (propagation.rectified_moments).",
                        known,
                        sp.Derivative(MEAN, m),
                    ),
                    by_step("In its slope the density's slope cancels.", 1),
                ),
                "in the deviation": (
                    because(
                        "The mean is known (propagation.rectified_moments).",
                        known,
                        2 * SPREAD * sp.Derivative(MEAN, v),
                    ),
                    by_step("The variance v is s^2, and dv is 2s ds.", 2),
                ),
            }
        ),
    )
