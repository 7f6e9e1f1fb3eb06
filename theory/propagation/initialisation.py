"""One layer: what random weights do to means and variances."""

import sympy as sp
from sympy.matrices.expressions.special import OneMatrix

from companion.references import cite
from theory import symbols as s
from theory.chain import Link, because, by_step, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner, length
from theory.functions.constants import ones
from theory.functions.matrices import trace
from theory.laws import Normal
from theory.proofs.rules import areas, chance
from theory.proofs.tactics import cited, equal
from theory.propagation.letters import (
    ANY_ROW,
    GAUSSIAN_HE,
    GAUSSIAN_ROW,
    HE,
    HE_ROW,
    NUMBER,
    ROW,
    SOURCE,
    E,
    N,
    Sigma,
    X,
    mean_over,
    mu,
    p,
    q,
    relu,
    x,
)

WAY = sp.MatrixSymbol("a", N, 1)
INPUT = sp.sqrt(N * q) / length(WAY) * WAY  # of mean square q, in any direction
OUTPUT = inner(ROW, INPUT)


@claim(
    "identity",
    (s.q,),
    (cite("he2015", "section 2.2"), cite(SOURCE, "the standard He-et-al initialisation")),
    (GAUSSIAN_HE,),
)
def he_initialisation() -> Derivation:
    """Averaged over He's weights, a unit whose inputs have the mean square q has an output of mean
    0 and mean square 2q before ReLU, and of mean sqrt(q/pi) and mean square q after ReLU. The mean
    square is preserved, the mean is not."""
    return Derivation(
        definition={
            "mean square before": E(OUTPUT**2),
            "mean after": E(relu(OUTPUT)),
            "mean square after": E(relu(OUTPUT) ** 2),
        },
        closed_form={
            "mean square before": 2 * q,
            "mean after": sp.sqrt(q / sp.pi),
            "mean square after": q,
        },
        steps=(
            equal(
                "Over rows w of the weights ww' is 2I/N on average, and the inputs a have |a|^2 "
                "= Nq. So (w'a)^2 is 2q on average.",
                WAY.T * ROW * ROW.T * WAY,
                2 * q * NUMBER,
                {**HE_ROW, WAY.T * WAY: N * q * NUMBER},
            ),
            cited(
                "A sum of independent Gaussian terms, w'a is Gaussian, of mean 0.",
                cite("muirhead1982", "theorem 1.2.6"),
            ),
            equal(
                "The mean of the positive part of x = w'a is an integral over x > 0. With s^2 = "
                "2q an antiderivative is -s phi(x/s).",
                sp.Integral(x * mean_over(1, 0, 2 * q).function, (x, 0, sp.oo)),
                sp.sqrt(q / sp.pi),
            ),
            equal(
                "The mean square of the positive part is half of the mean square 2q of x, by "
                "symmetry.",
                sp.Integral(x**2 * mean_over(1, 0, 2 * q).function, (x, 0, sp.oo)),
                q,
            ),
        ),
        twins={
            "variance 1/N of the weights": {
                "mean square before": q,
                "mean after": sp.sqrt(q / (2 * sp.pi)),
                "mean square after": q / 2,
            },
            "a mean that is preserved at 0": {
                "mean square before": 2 * q,
                "mean after": 0 * q,
                "mean square after": q,
            },
        },
        chain=chain(
            outputs={
                "mean square before": (
                    because("On average ww' is 2I/N, and |a|^2 is Nq.", chance.expectation()),
                ),
                "mean after": as_integral(relu(x), x, 3, "sqrt(q/pi)"),
                "mean square after": as_integral(relu(x) ** 2, x**2, 4, "q"),
            },
            laws={**GAUSSIAN_ROW, x: Normal(0, 2 * q)},
        ),
    )


def as_integral(value: sp.Expr, above: sp.Expr, step: int, known: str) -> tuple[Link, ...]:
    """The mean of ``value`` of a unit, which is ``above`` where the unit is positive."""
    density = mean_over(1, 0, 2 * q).function
    return (
        because(
            "The unit w'a is Gaussian, of mean 0 and variance 2q.",
            chance.gaussian_form(forms={x: OUTPUT}),
            E(value),
        ),
        because(
            "The mean value is an integral with the Gaussian density.",
            chance.density(),
            mean_over(value, 0, 2 * q),
        ),
        because(
            "Below 0 the rectified value is 0.",
            areas.cut(at=(0,)),
            sp.Integral(above * density, (x, 0, sp.oo)),
        ),
        by_step(f"Above 0 the integral is {known}.", step),
    )


@claim(
    "identity",
    (s.mu, s.Sigma),
    (
        cite(
            SOURCE, "the output mean of a linear layer equals the linear layer applied to the mean"
        ),
        cite("lutherseung2019"),
    ),
    (HE,),
)
def channel_means() -> Derivation:
    """A channel's mean before ReLU over the examples is zero on average over He's weights, but has
    the variance 2|mu|^2/N. The channel's variance over the examples is 2 tr(Sigma)/N on average.
    The layer's N inputs have the mean vector mu and the covariance matrix Sigma over the
    examples."""
    mean, variance = inner(ROW, mu), inner(ROW, Sigma * ROW)
    return Derivation(
        definition={"variance of the means": E(mean**2), "mean of the variances": E(variance)},
        closed_form={
            "variance of the means": 2 * mu.T * mu / N,
            "mean of the variances": 2 * trace(Sigma) / N,
        },
        steps=(
            equal(
                "On average over a row w of the weights ww' is 2I/N. The squared mean "
                "mu'ww'mu is 2|mu|^2/N.",
                mu.T * ROW * ROW.T * mu,
                2 / N * mu.T * mu,
                HE_ROW,
            ),
            equal(
                "The variance w'Sigma w is the trace of Sigma ww', on average that of 2 Sigma/N.",
                Sigma * ROW * ROW.T,
                2 / N * Sigma,
                HE_ROW,
            ),
        ),
        twins={
            "zero means: averaged over the weights, no channel has one": {
                "variance of the means": 0 * mu.T * mu,
                "mean of the variances": 2 * (trace(Sigma) + trace(mu * mu.T)) / N,
            },
            "variance 1/N of the weights": {
                "variance of the means": mu.T * mu / N,
                "mean of the variances": trace(Sigma) / N,
            },
        },
        chain=chain(
            outputs={
                "variance of the means": (
                    because("On average ww' is 2I/N.", chance.expectation()),
                ),
                "mean of the variances": (
                    because(
                        "The variance w'Sigma w is the trace of Sigma ww'.",
                        chance.expectation(),
                    ),
                ),
            },
            laws=ANY_ROW,
        ),
    )


@claim("identity", (s.X,), (cite(SOURCE, "the Law of total variance"),))
def total_variance() -> Derivation:
    """The mean square of a table, one channel per row, is the mean square of the channels' means
    plus the mean of the variances within the channels. The variances divide by the number of
    examples p."""
    means = X * OneMatrix(p, p) / p
    within = X - means
    one = sp.MatrixSymbol("1", p, 1)
    average = X * one * one.T / p
    count = {one.T * one: p * NUMBER}
    divisor = sp.Max(p - 1, 1)
    return Derivation(
        definition=trace(X * X.T) / (N * p),
        closed_form=trace(means * means.T) / (N * p) + trace(within * within.T) / (N * p),
        steps=(
            equal(
                "With 1 the vector of p ones, the table X11'/p repeats each row's mean p times. "
                "XX' is the sum of what these means and the deviations from them make: the "
                "mixed terms cancel.",
                X * X.T,
                average * average.T + (X - average) * (X - average).T,
                count,
            ),
            equal(
                "The part of the means is X11'X'/p. On its diagonal stands p times the square "
                "of each row's mean.",
                average * average.T,
                (X * one) * (X * one).T / p,
                count,
            ),
        ),
        twins={
            "variances by p - 1": trace(means * means.T) / (N * p)
            + trace(within * within.T) / (N * divisor),
            "the variance of the means alone": trace(means * means.T) / (N * p),
        },
        chain=chain(
            by_step(
                "XX' is the sum of what the means and the deviations from them make.",
                1,
                trace(means * means.T + within * within.T) / (N * p),
            ),
            calculated("The trace of a sum is the sum of the traces."),
            letters={one: ones(p, 1)},
        ),
    )
