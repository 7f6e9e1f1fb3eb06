"""What batch norm does not see of its layer's weights and inputs, and where that ends."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.domain import Condition
from theory.functions.columns import inner, variance
from theory.functions.stated import scale_free_gradient, scale_free_hessian
from theory.normalisation.letters import (
    BATCH,
    CENTRING,
    COUNT,
    GROSSE,
    NUMBER,
    ONES,
    POSITIVE_SCALE,
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
    x,
    yhat,
)
from theory.proofs.covers import sign_of
from theory.proofs.rules import norms
from theory.proofs.tactics import equal

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
            "y = mu 1 + sigma yhat times gamma has the deviations gamma sigma yhat, ...",
            CENTRING * (gamma * (centre * one + sigma * yhat)),
            gamma * sigma * yhat,
            STANDARD,
        ),
        equal(
            "... and the variance gamma^2 sigma^2.",
            (gamma * sigma * yhat).T * (gamma * sigma * yhat) / B,
            gamma**2 * sigma**2 * NUMBER,
            STANDARD,
        ),
        equal(
            "For gamma = |gamma| batch norm then gives yhat times",
            size * sigma / sp.sqrt(size**2 * sigma**2 + added),
            sigma / sp.sqrt(sigma**2 + added / size**2),
        ),
        equal(
            "and for gamma = -|gamma| it gives minus as much.",
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
        steps=(
            equal(
                "The outputs of the unit are multiplied by gamma.",
                X.T * (gamma * W),
                gamma * (X.T * W),
            ),
            *scaled_outputs(),
        ),
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
            calculated("The root of gamma^2 is gamma times its sign."),
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
                "The outputs become gamma y + (mu'W) 1; their deviations from the mean are those "
                "of gamma y.",
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
            calculated("The root of gamma^2 is gamma times its sign."),
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
                "The rescaled inputs give the outputs that rescaled weights give.",
                (scaling * inputs).T * W,
                inputs.T * (scaling * W),
                {scaling.T: scaling},
            ),
            equal(
                "The mean product of the deviations of X'W and X'DW is W'Sigma D W, ...",
                (CENTRING * inputs.T * W).T * (CENTRING * inputs.T * scaling * W) / B,
                W.T * covariance * scaling * W,
                COUNT,
            ),
            equal(
                "... their variances are, likewise, W'Sigma W and W'D Sigma D W: divide by both "
                "roots.",
                (CENTRING * inputs.T * scaling * W).T * (CENTRING * inputs.T * scaling * W) / B,
                W.T * scaling * covariance * scaling * W,
                {**COUNT, scaling.T: scaling},
            ),
            equal(
                "With D = a I, a > 0, the correlation is 1.",
                common * spread / sp.sqrt(spread * common**2 * spread),
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


@claim(
    "identity",
    (POSITIVE_SCALE,),
    (cite(GROSSE, "homogeneous of degree -1"), cite("arora2019")),
    ("the loss has two derivatives and does not see the scale of the weights: eps = 0",),
)
def homogeneity() -> Derivation:
    """A loss J that does not see the scale of the weights W, J(gamma W) = J(W) for gamma > 0, has
    at gamma W the gradient at W divided by gamma and the Hessian at W divided by gamma^2.
    Everywhere the gradient is orthogonal to the weights, and the Hessian times the weights is minus
    the gradient."""
    scale = POSITIVE_SCALE.symbol
    value, slope, curvature = sp.symbols("J_0 J_1 J_2", real=True)

    def along(distance: sp.Expr) -> sp.Expr:
        """The loss at W + distance h, to second order."""
        return value + slope * distance + curvature * distance**2 / 2

    ray = sp.Symbol("a", positive=True)
    grad, hess = scale_free_gradient, scale_free_hessian
    there, h = scale * W, sp.MatrixSymbol("h", N, 1)  # h is any direction
    t, more = sp.symbols("t s", real=True)
    closed = {
        "gradient": 1 / scale,
        "hessian": 1 / scale**2,
        "radial_slope": sp.Integer(0),
        "radial_curvature": sp.Integer(-1),
    }
    return Derivation(
        definition={
            "gradient": inner(h, grad(there)) / inner(h, grad(W)),
            "hessian": inner(h, hess(there) * h) / inner(h, hess(W) * h),
            "radial_slope": inner(there, grad(there)),
            "radial_curvature": inner(h, hess(there) * there) / inner(h, grad(there)),
        },
        closed_form=closed,
        steps=(
            equal(
                "By invariance J(gamma W + x h) = J(W + (x/gamma) h), for every h. With J_1 the "
                "derivative along h at W, the derivative along h at gamma W is J_1/gamma ...",
                sp.diff(along(x / scale), x).subs(x, 0),
                slope / scale,
            ),
            equal(
                "... and the second derivative at gamma W is the second derivative at W over "
                "gamma^2.",
                sp.diff(along(x / scale), x, 2).subs(x, 0),
                curvature / scale**2,
            ),
            equal(
                "Along W itself, h = 0, nothing changes with the scale: W'grad J = 0.",
                sp.diff(along(x / ray).subs(x, 0), ray),
                0,
            ),
            equal(
                "The derivative J_1/a along h at a W changes with a, at a = 1, by h'Hess J W. "
                "This is -J_1, for every h.",
                sp.diff(sp.diff(along(x / ray), x).subs(x, 0), ray).subs(ray, 1),
                -slope,
            ),
        ),
        twins={
            "degree 0, as the loss": {**closed, "gradient": sp.Integer(1)},
            "the Hessian as the gradient": {**closed, "hessian": 1 / scale},
            "flat along the weights": {**closed, "radial_curvature": sp.Integer(0)},
        },
        chain=chain(
            outputs={
                "gradient": (
                    because(
                        "J(gamma W + t h) is J(W + (t/gamma) h): compare the slopes, for any h.",
                        norms.scale_free(path=there + t * h, scale=scale, letters=(t,)),
                    ),
                ),
                "hessian": (
                    because(
                        "Compare the second derivatives of the same.",
                        norms.scale_free(
                            path=there + (t + more) * h, scale=scale, letters=(t, more)
                        ),
                    ),
                ),
                "radial_slope": (
                    because(
                        "J((1 + t) gamma W) does not depend on t.",
                        norms.scale_free(path=(1 + t) * there, scale=1 + t, letters=(t,)),
                    ),
                ),
                "radial_curvature": (
                    because(
                        "J((1 + s) gamma W + t h) is J(gamma W + t h/(1 + s)): compare the "
                        "derivatives in s and t, for any h.",
                        norms.scale_free(
                            path=(1 + more) * there + t * h, scale=1 + more, letters=(t, more)
                        ),
                    ),
                ),
            }
        ),
    )
