"""Batch norm itself: what it does to the outputs y of one unit over a batch."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import calculated, chain
from theory.claim import Derivation, claim
from theory.domain import Condition
from theory.functions.columns import inner, mean
from theory.normalisation.letters import (
    CENTRING,
    COUNT,
    DIVISOR,
    GROSSE,
    MEAN,
    NOUGHT,
    NUMBER,
    ONES,
    OUTPUT,
    OXFORD,
    PAGE,
    STANDARD,
    STANDARDISED,
    UNDONE,
    VARIANCE,
    B,
    centred,
    divisor,
    eps,
    gamma,
    h,
    normalised,
    one,
    shift,
    sigma,
    y,
    yhat,
)
from theory.proofs.covers import sign_of
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import unevaluated, value_at

SIGMA = sp.sqrt(VARIANCE)


@claim(
    "identity",
    (s.y, s.eps),
    (cite(GROSSE, "BN(X)"), cite(PAGE, "What is Batch Norm?"), cite(OXFORD, "section 1.1")),
    ("the outputs of a unit are not all equal",),
)
def standardisation() -> Derivation:
    """Batch norm, BN(y) = (y - mean)/sqrt(variance + eps), gives outputs of mean 0 and of squared
    length B variance/(variance + eps), which is B where eps = 0. The variance of the B numbers y is
    their mean squared deviation (over B, not B - 1)."""
    unbiased = B / (B - 1) * VARIANCE
    deviations = sp.MatrixSymbol("a", B, 1)
    return Derivation(
        definition={"mean": mean(OUTPUT), "squared_length": inner(OUTPUT, OUTPUT)},
        closed_form={
            "mean": sp.Integer(0),
            "squared_length": B * VARIANCE / (VARIANCE + eps),
        },
        steps=(
            equal(
                "The deviations y - 1 1'y/B from the mean add up to zero, as 1'1 = B. Here h is y.",
                one.T * (h - one * one.T * h / B),
                NOUGHT,
                COUNT,
            ),
            equal(
                "The squares of the deviations a add up to B sigma^2, by the definition of "
                "the variance sigma^2. This sum over s^2 = sigma^2 + eps is the squared "
                "length of BN(y).",
                (deviations / divisor).T * (deviations / divisor),
                B * sigma**2 / divisor**2 * NUMBER,
                {deviations.T * deviations: B * sigma**2 * NUMBER},
            ),
            equal(
                "At eps = 0 the squared length is B.",
                value_at(B * sigma**2 / divisor**2, {divisor: sigma}),
                B,
            ),
        ),
        twins={
            "the unbiased variance, over B - 1": {
                "mean": sp.Integer(0),
                "squared_length": B * VARIANCE / (unbiased + eps),
            },
            "squared length B whatever eps": {"mean": sp.Integer(0), "squared_length": B},
            "the mean left in": {
                "mean": MEAN / DIVISOR,
                "squared_length": B * VARIANCE / (VARIANCE + eps),
            },
        },
        chain=chain(
            outputs={
                "mean": (calculated("The deviations from the mean add up to zero."),),
                "squared_length": (
                    calculated(
                        "The squared length is the squared length of the deviations, over "
                        "variance + eps.",
                        inner(centred(y), centred(y)) / (VARIANCE + eps),
                    ),
                    calculated("The squares of the deviations add up to B times the variance."),
                ),
            }
        ),
    )


@claim(
    "identity",
    (s.y, s.gamma, s.shift),
    (cite(PAGE, "What is Batch Norm?"), cite(GROSSE, "BN is invariant to rescaling")),
    ("eps = 0", Condition("gamma is not 0", sp.Ne(s.gamma.symbol, 0))),
)
def affine_invariance() -> Derivation:
    """Batch norm removes any scale gamma and any shift that came before it, except for the sign of
    the scale: BN(gamma y + shift 1) = sign(gamma) BN(y). Here 1 is the vector of ones."""
    size = sp.Symbol("|gamma|", positive=True)
    return Derivation(
        definition=normalised(gamma * y + shift * ONES),
        closed_form=sp.sign(gamma) * STANDARDISED,
        steps=(
            equal(
                "The deviations from the mean are multiplied by gamma.",
                CENTRING * (gamma * UNDONE + shift * one),
                gamma * sigma * yhat,
                STANDARD,
            ),
            equal(
                "The variance, the mean square of the deviations, is multiplied by gamma^2.",
                (gamma * sigma * yhat).T * (gamma * sigma * yhat) / B,
                gamma**2 * sigma**2 * NUMBER,
                STANDARD,
            ),
            equal(
                "Batch norm divides the deviations by the root of their variance, so yhat "
                "is multiplied by gamma/sqrt(gamma^2). For gamma = |gamma| this factor is "
                "1.",
                size * sigma / sp.sqrt(unevaluated(size**2 * sigma**2)),
                1,
            ),
            equal(
                "For gamma = -|gamma| the factor gamma/sqrt(gamma^2) is -1. So it is the "
                "sign of gamma.",
                -size * sigma / sp.sqrt(unevaluated((-size) ** 2 * sigma**2)),
                -1,
            ),
        ),
        twins={
            "whatever the sign of gamma": STANDARDISED,
            "the shift kept": sp.sign(gamma) * STANDARDISED + shift * ONES,
            "the scale kept": gamma * STANDARDISED,
        },
        chain=chain(
            calculated(
                "The deviations are multiplied by gamma, and the variance by gamma^2.",
                gamma * centred(y) / sp.sqrt(gamma**2 * VARIANCE),
            ),
            calculated("The quotient of gamma and |gamma| is the sign of gamma."),
            covers=(sign_of(gamma, may_be_zero=False),),
        ),
    )


@claim("identity", (s.y, s.eps), (cite(GROSSE, "BN(X)"),))
def idempotence() -> Derivation:
    """A second batch norm changes nothing where eps = 0. Otherwise BN(BN(y)) = (y -
    mean)/sqrt(variance + eps (variance + eps)), with the mean and the variance of y."""
    squared = VARIANCE + eps
    before, added = sp.symbols("v eps", positive=True)
    return Derivation(
        definition=normalised(OUTPUT, eps),
        closed_form=centred(y) / sp.sqrt(VARIANCE + eps * squared),
        steps=(
            equal(
                "The first batch norm gives mean 0, so the second subtracts nothing.",
                CENTRING * yhat,
                yhat,
                STANDARD,
            ),
            equal(
                "The first batch norm gives sigma yhat/s with s^2 = sigma^2 + eps. So the "
                "second batch norm finds the variance sigma^2/s^2.",
                (sigma * yhat / divisor).T * (sigma * yhat / divisor) / B,
                sigma**2 / divisor**2 * NUMBER,
                STANDARD,
            ),
            equal(
                "Together the two batch norms divide by s sqrt(sigma^2/s^2 + eps), here "
                "with v = sigma^2. The square of this divisor is v + eps (v + eps).",
                sp.sqrt(before + added) * sp.sqrt(before / (before + added) + added),
                sp.sqrt(before + added * (before + added)),
            ),
            equal(
                "At eps = 0 the square of this divisor is v = sigma^2, as after one batch norm.",
                value_at(before + added * (before + added), {added: 0}),
                before,
            ),
        ),
        twins={
            "idempotent whatever eps": OUTPUT,
            "divided twice by the same root": centred(y) / squared,
        },
        chain=chain(
            calculated(
                "The outputs of the first batch norm have mean 0 and variance/(variance + eps) as "
                "their variance.",
                OUTPUT / sp.sqrt(VARIANCE / squared + eps),
            ),
            calculated("The two roots are one root of their product."),
        ),
    )
