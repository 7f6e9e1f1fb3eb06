"""The paths of the gradient: straight through, through the mean, through the variance."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.domain import Condition
from theory.functions.columns import inner, mean, variance
from theory.normalisation.jacobian import PASSED_IN_LETTERS, derivative_along
from theory.normalisation.letters import (
    BATCH,
    CENTRING,
    COUNT,
    DIVISOR,
    GROSSE,
    MEAN,
    NUMBER,
    ONES,
    OUTPUT,
    STANDARD,
    UNDONE,
    VARIANCE,
    B,
    N,
    W,
    X,
    centre,
    centred,
    divisor,
    eps,
    g,
    gamma,
    h,
    normalised,
    one,
    sigma,
    x,
    y,
    yhat,
)
from theory.proofs.rules import calculus, columns
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import derivative, unevaluated

STATISTICS_PATH = cite(GROSSE, "The computation graph contains a direct path and a statistics path")


@claim("identity", (s.y, s.g, s.gamma, s.eps), (STATISTICS_PATH,))
def paths() -> Derivation:
    """The gradient of the loss in the inputs of batch norm is a sum over three paths: gamma g/s
    passes directly, -gamma 11'g/(B s) through the mean, and -gamma BN(y)BN(y)'g/(B s) through the
    variance. Here s^2 = variance + eps, and 1 is the vector of B ones."""
    held_mean, held_variance = sp.Symbol("mu", real=True), sp.Symbol("v", positive=True)
    outputs = gamma * (y - held_mean * ONES) / sp.sqrt(held_variance + eps)
    statistics = {held_mean: MEAN, held_variance: VARIANCE}

    def through(letter: sp.Expr) -> sp.Expr:
        """The derivative of the loss in y by ``letter`` alone, where g'outputs is the loss."""
        slope = sp.Derivative(inner(g, outputs), letter)
        if letter != y:
            slope = slope * sp.Derivative(statistics[letter], y)
        return sp.Subs(slope, tuple(statistics), tuple(statistics.values()))

    closed = {
        "direct": gamma * g / DIVISOR,
        "mean": -gamma * mean(g) * ONES / DIVISOR,
        "variance": -gamma * OUTPUT * inner(OUTPUT, g) / (B * DIVISOR),
    }
    added = sp.Symbol("eps", nonnegative=True)
    spread, deviation = sp.symbols("v a", positive=True)
    # along the outputs, times the change of the variance
    passed = unevaluated(-gamma / (2 * divisor**3)) * unevaluated(2 * sigma**2 / B)
    return Derivation(
        definition={
            "direct": through(y),
            "mean": through(held_mean),
            "variance": through(held_variance),
        },
        closed_form=closed,
        steps=(
            equal(
                "With the mean held at mu and the variance at v, a move of y by x h moves the "
                "outputs by gamma x h/s: the direct path passes gamma g/s.",
                gamma * (y + x * h - centre * one) / divisor - gamma * (y - centre * one) / divisor,
                x * gamma / divisor * h,
            ),
            equal(
                "A move of the mean by x moves the outputs by -gamma x 1/s.",
                gamma * (y - (centre + x) * one) / divisor - gamma * (y - centre * one) / divisor,
                -x * gamma / divisor * one,
            ),
            equal(
                "The mean of y + x h is higher by x 1'h/B. So the path through the mean "
                "passes -gamma 11'g/(B s).",
                -gamma / divisor * g.T * one * (one.T * (y + x * h) / B - one.T * y / B),
                x * (-gamma / (B * divisor) * one * one.T * g).T * h,
            ),
            equal(
                "An output gamma a/s, with the deviation a and s^2 = v + eps, has the "
                "derivative -gamma a/(2 s^3) in the variance v.",
                derivative(gamma * deviation / sp.sqrt(spread + added), spread),
                -gamma * deviation / (2 * sp.sqrt(spread + added) ** 3),
            ),
            equal(
                "The variance of y + x h is sigma^2 + 2 x sigma yhat'h/B to first order.",
                (CENTRING * (UNDONE + x * h)).T * (CENTRING * (UNDONE + x * h)) / B
                - x**2 * h.T * CENTRING * h / B,
                sigma**2 * NUMBER + 2 * x * sigma * yhat.T * h / B,
                STANDARD,
            ),
            equal(
                "The two derivatives are multiplied, with a = sigma yhat. Since BN(y) = "
                "sigma yhat/s, the path through the variance passes -gamma BN(y)BN(y)'g/(B "
                "s).",
                sp.MatMul(passed, g.T, yhat, yhat.T, h),
                (
                    -gamma
                    / (B * divisor)
                    * (sigma / divisor * yhat)
                    * (sigma / divisor * yhat.T)
                    * g
                ).T
                * h,
            ),
            equal(
                "The three paths add up to gamma times the Jacobian times g.",
                gamma * g / divisor
                - gamma / (B * divisor) * one * one.T * g
                - gamma / (B * divisor) * (sigma / divisor) ** 2 * yhat * yhat.T * g,
                gamma * PASSED_IN_LETTERS * g / divisor,
            ),
        ),
        twins={
            "the variance path doubled": {**closed, "variance": 2 * closed["variance"]},
            "the mean path without 1/B": {**closed, "mean": B * closed["mean"]},
            "the variance path with 1/sqrt(B)": {
                **closed,
                "variance": sp.sqrt(B) * closed["variance"],
            },
        },
        chain=chain(
            outputs={
                "direct": (
                    because(
                        "With the mean and the variance held, a move of y by x h moves the "
                        "outputs by gamma x h/s.",
                        columns.path(),
                    ),
                ),
                "mean": (
                    because(
                        "The number g'(outputs) falls with the mean by gamma 1'g/s, and "
                        "along h the mean of y grows by 1'h/B.",
                        columns.path(),
                    ),
                ),
                "variance": (
                    because(
                        "The number g'(outputs) falls with the variance by g'BN(y) gamma/(2 "
                        "s^2), and along h the variance of y grows by 2 s BN(y)'h/B.",
                        columns.path(),
                    ),
                ),
            }
        ),
    )


@claim(
    "identity",
    (BATCH, s.g),
    (cite(GROSSE, "batch centering"),),
    ("g is the gradient of the loss in the centred outputs",),
)
def centring_gradient() -> Derivation:
    """Batch centring, which subtracts the mean of a unit's outputs X'W but does not divide, makes
    the gradient in the weights Xc g, with the centred inputs Xc = X - X11'/B and the vector 1 of B
    ones. With the mean held constant the gradient would be X g, as without centring: the path
    through the mean is what centres the inputs."""
    direct = X * g
    step = sp.MatrixSymbol("d", N, 1)
    inputs = sp.MatrixSymbol("X", N, B)
    return Derivation(
        definition=sp.Derivative(inner(g, centred(X.T * W)), W),
        closed_form=(X - X * ONES * ONES.T / B) * g,
        steps=(
            equal(
                "Move W by x d, for any d. The number g'(outputs) changes by x d'Xc g, so "
                "the gradient is Xc g.",
                g.T * CENTRING * inputs.T * (W + x * step) - g.T * CENTRING * inputs.T * W,
                x * step.T * ((inputs - inputs * one * one.T / B) * g),
            ),
            equal(
                "A constant vector d added to all inputs drops out of the gradient, so the "
                "mean of the inputs does not matter.",
                (inputs + step * one.T) * CENTRING * g,
                (inputs - inputs * one * one.T / B) * g,
                COUNT,
            ),
            equal(
                "With the mean held constant the gradient would be X g. The rest, -X "
                "11'g/B, comes through the mean.",
                (inputs - inputs * one * one.T / B) * g - inputs * g,
                -inputs * one * one.T * g / B,
            ),
        ),
        twins={
            "the mean held constant": direct,
            "the statistics path alone": -X * ONES * mean(g),
        },
        chain=chain(
            because(
                "Along any d the derivative of the loss is g'CX'd with C = I - 11'/B, which is "
                "d'(XCg).",
                calculus.gradient(),
            )
        ),
    )


@claim(
    "identity",
    (BATCH, s.W, s.g, s.gamma, s.eps),
    (cite(GROSSE, "batch centering"), STATISTICS_PATH),
    (Condition("the outputs X'W are not all equal", variance(X.T * s.W.symbol) > 0),),
)
def weight_gradient() -> Derivation:
    """Through batch norm the gradient in the weights of a unit y = X'W is (gamma/s) Xc (g - BN(y)
    BN(y)'g/B), with the centred inputs Xc = X - X11'/B, the vector 1 of B ones and s^2 = variance +
    eps. A mean of the inputs does not enter. For eps = 0 the gradient is orthogonal to the
    weights."""
    outputs = X.T * W
    output, deviation = normalised(outputs, eps), sp.sqrt(variance(outputs) + eps)
    inputs, given = sp.MatrixSymbol("X", N, B), sp.MatrixSymbol("m", N, 1)
    passed = g - output * inner(output, g) / B
    centred_inputs = X - X * ONES * ONES.T / B
    closed = gamma * centred_inputs * passed / deviation
    return Derivation(
        definition=sp.Derivative(inner(g, gamma * output), W),
        closed_form=closed,
        steps=(
            *derivative_along(),
            equal(
                "By the chain rule the gradient is X times gamma times the Jacobian times "
                "g. The Jacobian is C = I - 11'/B times the rest, so C stands beside X.",
                inputs * (gamma * PASSED_IN_LETTERS * g / divisor),
                gamma
                / divisor
                * (inputs * CENTRING)
                * (g - (sigma / divisor) ** 2 * yhat * yhat.T * g / B),
                STANDARD,
            ),
            equal(
                "The matrix XC has the centred inputs. A constant vector m added to all "
                "inputs drops out of it.",
                (inputs + given * one.T) * CENTRING,
                inputs - inputs * one * one.T / B,
                COUNT,
            ),
            equal(
                "With eps = 0, s = sigma, the product of W and the gradient is zero, for "
                "CX'W = sigma yhat.",
                (sigma * yhat.T) * (g - yhat * yhat.T * g / B),
                sp.ZeroMatrix(1, 1),
                STANDARD,
            ),
        ),
        twins={
            "statistics held constant": gamma * X * g / deviation,
            "the mean held constant": gamma * X * passed / deviation,
            "the variance held constant": gamma * centred_inputs * g / deviation,
        },
        chain=chain(
            because(
                "Along any d the outputs X'W move by X'd. So the derivative of the loss is "
                "gamma g' times the derivative of batch norm along X'd.",
                calculus.gradient(),
            )
        ),
    )
