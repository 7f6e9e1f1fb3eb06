"""How far a gradient can be trusted: predictiveness and the effective beta."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, by_step, calculated, chain
from theory.claim import Derivation, claim
from theory.domain import Condition
from theory.functions.columns import inner, length
from theory.functions.eigenvalues import largest
from theory.functions.heads import grad, hess, moved
from theory.proofs.rules import slopes
from theory.proofs.tactics import equal
from theory.smoothness.hessian import BOTH_AT_THE_OUTPUT, NOT_FLAT
from theory.smoothness.letters import (
    H,
    N,
    curvature_in,
    deviation,
    gamma,
    gradient_in,
    loss,
    projected,
    squared,
    y,
)

SOURCE = "rethinking"
MEASURES = cite("santurkar2018", "section 3.1")
R, d, eta = s.R.symbol, s.d.symbol, s.eta.symbol
SYMMETRIC = {R.T: R}
QUADRATIC = "for the excess loss E = d'Rd/2, whose gradient is Rd"
SLOPE = R * d
NEXT = d - eta * SLOPE


def excess(at: sp.MatrixExpr) -> sp.Expr:
    """d'Rd/2 as a number."""
    return inner(at, R * at) / 2


@claim(
    "identity", (s.R, s.d, s.eta), (cite(SOURCE, "gradient predictiveness"), MEASURES), (QUADRATIC,)
)
def gradient_predictiveness() -> Derivation:
    """The gradient Rd changes by exactly eta R^2 d over a step of gradient descent. The less it
    changes, the better it predicts the next gradient."""
    return Derivation(
        definition=length(SLOPE - R * NEXT),
        closed_form=eta * length(R * SLOPE),
        steps=(
            equal(
                "A step leads from d to d - eta Rd. The gradient there is Rd - eta R^2 d.",
                R * NEXT,
                SLOPE - eta * R * SLOPE,
            ),
            equal(
                "So the gradient changes by eta R^2 d, and the squared length of this change is "
                "eta^2 d'R^4 d.",
                (SLOPE - R * NEXT).T * (SLOPE - R * NEXT),
                eta**2 * (R * SLOPE).T * (R * SLOPE),
                SYMMETRIC,
            ),
        ),
        twins={
            "the length of the step": eta * length(SLOPE),
            "at the largest eigenvalue": eta * largest(R) * length(SLOPE),
        },
        chain=chain(
            by_step(
                "A step leads from d to d - eta Rd. The gradient there is Rd - eta R^2 d.",
                1,
                length(eta * R * SLOPE),
            ),
            calculated("The rate is positive and comes out of the length."),
        ),
    )


@claim(
    "identity",
    (s.R, s.d, s.eta),
    (cite(SOURCE, "a prediction of how much we expect the function to fall"), MEASURES),
    (QUADRATIC,),
)
def fall_of_the_loss() -> Derivation:
    """A step of gradient descent lowers the loss by eta |g|^2 - eta^2 g'Rg/2, with the gradient g =
    Rd. The first term is what the gradient predicts, and g'Rg is the curvature along it."""
    curved = eta**2 / 2 * inner(SLOPE, R * SLOPE)
    here = d.T * R * d / 2
    return Derivation(
        definition=excess(d) - excess(NEXT),
        closed_form=eta * squared(SLOPE) - curved,
        steps=(
            equal(
                "Subtract the loss at the next point, d - eta Rd, from the loss d'Rd/2, and "
                "expand.",
                here - NEXT.T * R * NEXT / 2,
                eta * SLOPE.T * SLOPE - eta**2 / 2 * SLOPE.T * R * SLOPE,
                SYMMETRIC,
            ),
        ),
        twins={
            "as the gradient predicts": eta * squared(SLOPE),
            "curvature without its half": eta * squared(SLOPE) - 2 * curved,
        },
        chain=chain(
            by_step(
                "Subtract the loss at the next point, d - eta Rd, from the loss d'Rd/2, and "
                "expand.",
                1,
            )
        ),
    )


@claim(
    "identity",
    (s.R, s.d, s.eta),
    (cite("oxford2021", "figure 1, effective beta-smoothness"), MEASURES),
    (QUADRATIC, Condition("the gradient is not zero", inner(R * d, R * d) > 0)),
)
def effective_beta() -> Derivation:
    """The effective beta, the largest change of the gradient g over the distance gone along g, is
    |Rg|/|g| on a quadratic whatever the step. This is the quadratic mean of the eigenvalues of R,
    weighted by the squared parts of g along the eigenvectors, and at most the largest
    eigenvalue."""
    step, axis = sp.MatrixSymbol("g", N, 1), sp.Symbol("lambda_i", real=True)
    return Derivation(
        definition=length(SLOPE - R * NEXT) / length(d - NEXT),
        closed_form=length(R * SLOPE) / length(SLOPE),
        steps=(
            equal(
                "A step moves the displacement d by eta times the gradient g = Rd: the "
                "distance is eta |g|.",
                sp.MatAdd(d, sp.MatMul(-1, NEXT)),
                eta * SLOPE,
            ),
            equal(
                "The gradient changes by eta Rg. In the quotient of both lengths the rate drops "
                "out.",
                SLOPE - R * NEXT,
                eta * R * SLOPE,
            ),
            equal(
                "Where g is an eigenvector, |Rg| is |lambda_i| |g|, so the effective beta is "
                "|lambda_i|.",
                (R * step).T * (R * step),
                axis**2 * step.T * step,
                {R * step: axis * step, R.T: R},
            ),
        ),
        twins={
            "the largest eigenvalue": largest(R),
            "the curvature along the gradient": inner(SLOPE, R * SLOPE) / squared(SLOPE),
        },
        chain=chain(
            by_step(
                "Over the distance eta |g| the gradient changes by eta Rg.",
                2,
                length(eta * R * SLOPE) / length(eta * SLOPE),
            ),
            calculated("The rate drops out."),
        ),
    )


@claim(
    "limit",
    (s.y, s.g, s.H, s.gamma),
    (cite("oxford2021", "section 2.2, effective beta-smoothness"), MEASURES),
    (BOTH_AT_THE_OUTPUT, NOT_FLAT),
)
def effective_beta_of_small_steps() -> Derivation:
    """Over small steps along the gradient d before batch norm the effective beta, the change of the
    gradient over the distance, tends to |Kd|/|d| with the Hessian K before batch norm. It does not
    tend to the curvature d'Kd/|d|^2 of the bounds, as K turns d towards the outputs."""
    x = sp.Symbol("x", positive=True)
    slope, bend = grad(loss(y), y), hess(loss(y), y)
    change = length(slope - moved(slope, (y, -eta * slope)))
    bent, size = sp.symbols("|Kd|^2 |d|^2", positive=True)
    cross, rest = sp.symbols("cross rest", real=True)
    along, hessian = sp.MatrixSymbol("d", N, 1), sp.MatrixSymbol("K", N, N)
    error = sp.MatrixSymbol("r", N, 1)
    return Derivation(
        definition=sp.Limit(change / (eta * length(slope)), eta, 0, "+"),
        closed_form=length(curvature_in(y) * gradient_in(y)) / length(gradient_in(y)),
        steps=(
            equal(
                "The gradient is differentiable, with K as derivative (smoothness.hessian): "
                "over the step x d it changes by x Kd + x^2 r. In leading order the squared "
                "length of this change is x^2 |Kd|^2.",
                (x * hessian * along + x**2 * error).T * (x * hessian * along + x**2 * error),
                x**2 * along.T * hessian.T * hessian * along
                + 2 * x**3 * along.T * hessian.T * error
                + x**4 * error.T * error,
            ),
            equal(
                "So over the distance x |d| the gradient changes by |Kd|/|d| in the limit.",
                sp.Limit(
                    sp.sqrt(bent * x**2 + 2 * cross * x**3 + rest**2 * x**4) / (x * sp.sqrt(size)),
                    x,
                    0,
                    "+",
                ),
                sp.sqrt(bent) / sp.sqrt(size),
            ),
        ),
        twins={
            "the curvature along the gradient": inner(
                gradient_in(y), curvature_in(y) * gradient_in(y)
            )
            / squared(gradient_in(y)),
            "the loss's own curvature alone": (gamma / deviation(y)) ** 2
            * length(projected(H * gradient_in(y), y))
            / length(gradient_in(y)),
        },
        chain=chain(
            because(
                "Over a small step the gradient changes by the Hessian times the step.",
                slopes.small_step(),
                length(bend * (-slope)) / length(slope),
            ),
            because(
                "The Hessian is K, and the gradient is d.",
                slopes.slopes(are={slope: gradient_in(y), bend: curvature_in(y)}),
            ),
        ),
    )
