"""Batch norm undone by its scale and shift, and folded into a layer."""

import sympy as sp
from sympy.matrices.expressions.special import OneMatrix

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.equations import at_the_zero
from theory.normalisation.definition import SIGMA
from theory.normalisation.letters import (
    CENTRING,
    DIVISOR,
    GROSSE,
    MEAN,
    NUMBER,
    ONES,
    OUTPUT,
    PAGE,
    STANDARD,
    UNDONE,
    VARIANCE,
    B,
    W,
    centre,
    divisor,
    eps,
    gamma,
    one,
    p,
    shift,
    sigma,
    y,
    yhat,
)
from theory.proofs.rules import equations
from theory.proofs.tactics import equal


@claim("identity", (s.y, s.eps), (cite(PAGE, "potentially undoing everything"),))
def undoing() -> Derivation:
    """A learnt scale gamma and a learnt shift undo batch norm, gamma BN(y) + shift 1 = y, at gamma
    = sqrt(variance + eps) and shift = mean, and nowhere else. Mean and variance are those of y, and
    1 is the vector of ones."""
    missed = gamma * OUTPUT + shift * ONES - y
    letters = (gamma, shift)
    there = equations.only_zero(at={gamma: DIVISOR, shift: MEAN})
    out = sigma * yhat / divisor
    return Derivation(
        definition={str(each): at_the_zero(each, missed, letters) for each in letters},
        closed_form={"gamma": DIVISOR, "shift": MEAN},
        steps=(
            equal(
                "The scale gamma = s turns BN(y) back into the deviations, and the shift "
                "adds the mean back. The sum of both is y.",
                divisor * (CENTRING * UNDONE / divisor) + one * one.T * UNDONE / B,
                UNDONE,
                STANDARD,
            ),
            equal(
                "The squared length of shift 1 + gamma BN(y) is a sum of two squares, since "
                "1 and BN(y) are orthogonal. It is zero only if both are zero, so no other "
                "scale and shift undo batch norm.",
                (gamma * out + shift * one).T * (gamma * out + shift * one),
                B * (gamma**2 * sigma**2 / divisor**2 + shift**2) * NUMBER,
                STANDARD,
            ),
        ),
        twins={
            "gamma = sigma whatever eps": {"gamma": SIGMA, "shift": MEAN},
            "gamma = the variance": {"gamma": VARIANCE + eps, "shift": MEAN},
            "without the shift": {"gamma": DIVISOR, "shift": sp.Integer(0)},
        },
        chain=chain(
            outputs={
                str(each): (
                    because(
                        "At this scale and this shift gamma BN(y) + shift 1 - y is zero. "
                        "The vectors BN(y) and 1 are independent, so no other choice makes "
                        "it zero.",
                        there,
                    ),
                )
                for each in letters
            }
        ),
    )


@claim(
    "identity",
    (s.X, s.W, s.y, s.gamma, s.shift, s.eps),
    (cite(PAGE, "They are frozen at test time"), cite(GROSSE, "Test time")),
    ("y is the batch whose mean and variance were frozen, X new data",),
)
def frozen_folding() -> Derivation:
    """A layer X'W and batch norm with frozen mean and variance, here those of a batch y, are
    together one affine layer. Its weights are gamma W/s and its bias is shift - gamma mean/s, with
    s^2 = variance + eps."""
    data = s.X.symbol
    ones = sp.MatrixSymbol("1_p", p, 1)
    explicit = OneMatrix(p, 1)
    weights, bias = gamma * W / DIVISOR, shift - gamma * MEAN / DIVISOR
    return Derivation(
        definition=gamma * (data.T * W - MEAN * explicit) / DIVISOR + shift * explicit,
        closed_form=data.T * weights + bias * explicit,
        steps=(
            equal(
                "Collect the factor gamma/s of the data X'W and the factor of the vector 1.",
                gamma * (data.T * W - centre * ones) / divisor + shift * ones,
                data.T * (gamma / divisor * W) + (shift - gamma * centre / divisor) * ones,
            ),
        ),
        twins={
            "bias without the mean": data.T * weights + shift * explicit,
            "bias with the mean not divided": data.T * weights + (shift - gamma * MEAN) * explicit,
            "eps left out": data.T * (gamma * W / SIGMA)
            + (shift - gamma * MEAN / SIGMA) * explicit,
        },
        chain=chain(calculated("Collect the factor of the data and the factor of the vector 1.")),
    )
