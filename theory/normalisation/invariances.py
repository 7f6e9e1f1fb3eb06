"""What batch norm does not see of its layer's weights and inputs, and where that ends."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import calculated, chain
from theory.claim import Derivation, claim
from theory.domain import Condition
from theory.functions.columns import inner, variance
from theory.normalisation.letters import (
    BATCH,
    CENTRING,
    COUNT,
    GROSSE,
    NUMBER,
    ONES,
    STANDARD,
    B,
    N,
    W,
    X,
    centre,
    centred,
    eps,
    gamma,
    mu,
    normalised,
    one,
    sigma,
    yhat,
)
from theory.proofs.covers import sign_of
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import unevaluated

FEATURES = cite(GROSSE, "This function is invariant to rescaling and shifting the activations")
RESCALING = cite(GROSSE, "The BN operation is invariant to rescaling")
UNEQUAL = Condition("the outputs X'W are not all equal", variance(X.T * W) > 0)
RESCALED = Condition(
    "the outputs after rescaling are not all equal",
    variance(X.T * sp.DiagMatrix(s.factors.symbol) * W) > 0,
)
NOT_NOUGHT = Condition("gamma is not 0", sp.Ne(gamma, 0))


def scaled_outputs() -> tuple:
    """Batch norm of gamma y: sign(gamma) times that of y with eps/gamma^2 for eps."""
    size = sp.Symbol("|gamma|", positive=True)
    added = sp.Symbol("eps", nonnegative=True)
    return (
        equal(
            "Let the outputs be gamma y in place of y. With y = mu 1 + sigma yhat their "
            "deviations are gamma sigma yhat.",
            CENTRING * (gamma * (centre * one + sigma * yhat)),
            gamma * sigma * yhat,
            STANDARD,
        ),
        equal(
            "The variance of these outputs is gamma^2 sigma^2.",
            (gamma * sigma * yhat).T * (gamma * sigma * yhat) / B,
            gamma**2 * sigma**2 * NUMBER,
            STANDARD,
        ),
        equal(
            "For gamma = |gamma| batch norm gives yhat times sigma over the root of sigma^2 "
            "+ eps/gamma^2.",
            size * sigma / sp.sqrt(size**2 * sigma**2 + added),
            sigma / sp.sqrt(sigma**2 + added / size**2),
        ),
        equal(
            "For gamma = -|gamma| batch norm gives the same with a minus sign, so the sign "
            "of gamma is left.",
            -size * sigma / sp.sqrt((-size) ** 2 * sigma**2 + added),
            -sigma / sp.sqrt(sigma**2 + added / size**2),
        ),
    )


@claim("identity", (BATCH, s.W, s.gamma, s.eps), (RESCALING,), (UNEQUAL, NOT_NOUGHT))
def weight_rescaling() -> Derivation:
    """A unit with weights gamma W in the place of W has the outputs sign(gamma) (y -
    mean)/sqrt(variance + eps/gamma^2) of batch norm, with y = X'W: a factor gamma acts as
    eps/gamma^2 in the place of eps, and as its sign. The outputs are unchanged only for gamma > 0
    and eps = 0. For small weights eps dominates the variance."""
    outputs = X.T * W
    return Derivation(
        definition=normalised(X.T * (gamma * W), eps),
        closed_form=sp.sign(gamma) * centred(outputs) / sp.sqrt(variance(outputs) + eps / gamma**2),
        steps=(*scaled_outputs(),),
        twins={
            "invariant, as for eps = 0": normalised(outputs, eps),
            "whatever the sign": centred(outputs) / sp.sqrt(variance(outputs) + eps / gamma**2),
            "eps/gamma": sp.sign(gamma)
            * centred(outputs)
            / sp.sqrt(variance(outputs) + eps / sp.Abs(gamma)),
        },
        chain=chain(
            calculated(
                "The deviations of the outputs are multiplied by gamma, and their variance by "
                "gamma^2.",
                gamma * centred(outputs) / sp.sqrt(gamma**2 * variance(outputs) + eps),
            ),
            calculated("The root of gamma^2 is gamma times the sign of gamma."),
            covers=(sign_of(gamma, may_be_zero=False),),
        ),
    )


@claim("identity", (BATCH, s.W, s.mu, s.gamma, s.eps), (FEATURES,), (UNEQUAL, NOT_NOUGHT))
def input_invariance() -> Derivation:
    """Batch norm after a layer removes a vector mu that is added to the inputs of every example,
    and a common scale gamma of the inputs as far as a scale of the weights. The inputs gamma X + mu
    1' give sign(gamma) (y - mean)/sqrt(variance + eps/gamma^2), with y = X'W and the vector 1 of
    ones."""
    outputs = X.T * W
    ones = sp.MatrixSymbol("1", B, 1)
    size = variance(outputs) + eps / gamma**2
    moved = gamma * outputs + inner(mu, W) * ONES
    return Derivation(
        definition=normalised((gamma * X + mu * ONES.T).T * W, eps),
        closed_form=sp.sign(gamma) * centred(outputs) / sp.sqrt(size),
        steps=(
            equal(
                "The outputs become gamma y + (mu'W) 1. Their deviations from the mean are "
                "gamma times the deviations of y = X'W.",
                CENTRING * (gamma * X + mu * ones.T).T * W,
                CENTRING * (gamma * X.T * W),
                COUNT,
            ),
            *scaled_outputs(),
        ),
        twins={
            "invariant, as for eps = 0": normalised(outputs, eps),
            "the shift kept": sp.sign(gamma) * centred(outputs) / sp.sqrt(size)
            + inner(mu, W) * ONES,
            "as frozen statistics have it": (gamma * centred(outputs) + inner(mu, W) * ONES)
            / sp.sqrt(variance(outputs) + eps),
        },
        chain=chain(
            calculated("The outputs become gamma y + (mu'W) 1.", normalised(moved, eps)),
            calculated(
                "The deviations are multiplied by gamma, the variance by gamma^2.",
                gamma * centred(outputs) / sp.sqrt(gamma**2 * variance(outputs) + eps),
            ),
            calculated("The root of gamma^2 is gamma times the sign of gamma."),
            covers=(sign_of(gamma, may_be_zero=False),),
        ),
    )


@claim(
    "identity",
    (BATCH, s.W, s.factors),
    (FEATURES,),
    (UNEQUAL, RESCALED, "eps = 0"),
)
def feature_rescaling() -> Derivation:
    """Batch norm does not remove one factor per input, D = diag(factors): it acts as one factor per
    weight. The normalised outputs before and after have the correlation W'Sigma D W/sqrt(W'Sigma W
    W'D Sigma D W), with the covariance matrix Sigma of the inputs. The correlation is 1 for equal
    positive factors."""
    D = sp.DiagMatrix(s.factors.symbol)
    centred_inputs = X - X * ONES * ONES.T / B
    Sigma = centred_inputs * centred_inputs.T / B
    before, after = W, D * W
    closed = inner(before, Sigma * after) / sp.sqrt(
        inner(before, Sigma * before) * inner(after, Sigma * after)
    )
    inputs, scaling = sp.MatrixSymbol("X", N, B), sp.MatrixSymbol("D", N, N)
    covariance = inputs * CENTRING * inputs.T / B
    common, spread = sp.symbols("a v", positive=True)
    return Derivation(
        definition=inner(normalised((D * X).T * W), normalised(X.T * W)) / B,
        closed_form=closed,
        steps=(
            equal(
                "The rescaled inputs DX give with the weights W the same outputs as the "
                "inputs X with the weights DW, since D is symmetric.",
                (scaling * inputs).T * W,
                inputs.T * (scaling * W),
                {scaling.T: scaling},
            ),
            equal(
                "The mean product of the deviations of X'W and X'DW is W'Sigma D W.",
                (CENTRING * inputs.T * W).T * (CENTRING * inputs.T * scaling * W) / B,
                W.T * covariance * scaling * W,
                COUNT,
            ),
            equal(
                "In the same way the variance of X'DW is W'D Sigma D W, and the variance of "
                "X'W is W'Sigma W. The correlation divides by the roots of both.",
                (CENTRING * inputs.T * scaling * W).T * (CENTRING * inputs.T * scaling * W) / B,
                W.T * scaling * covariance * scaling * W,
                {**COUNT, scaling.T: scaling},
            ),
            equal(
                "With D = a I, a > 0, and v = W'Sigma W the correlation is a v over the "
                "root of a^2 v^2, which is 1.",
                common * spread / sp.sqrt(unevaluated(spread * common**2 * spread)),
                1,
            ),
        ),
        twins={
            "invariant, as for a common factor": sp.Integer(1),
            "inputs not centred": inner(before, X * X.T * after)
            / sp.sqrt(inner(before, X * X.T * before) * inner(after, X * X.T * after)),
            "cosine of the weights": inner(before, after)
            / sp.sqrt(inner(before, before) * inner(after, after)),
        },
        chain=chain(
            calculated(
                "The mean product of the deviations is W'Sigma D W.",
                inner(before, Sigma * after)
                / sp.sqrt(variance(X.T * before) * variance(X.T * after)),
            ),
            calculated("The variances are W'Sigma W and W'D Sigma D W."),
        ),
    )
