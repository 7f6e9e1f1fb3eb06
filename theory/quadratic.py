"""Gradient descent on the quadratic loss of one linear neuron.

E(W) = 1/(2p) sum_u (Y_u - W.X_u)^2 with X of N x p, one example a column; R = XX'/p is the
second-moment matrix of the inputs, Q = XY/p, c = |Y|^2/p.
"""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.claim import Derivation, claim
from theory.matrices import largest
from theory.proof import cited, equal

SEED = "whybatchnorm"
N, p, k = s.N.symbol, s.p.symbol, s.k.symbol
X, Y, W = s.X.symbol, s.Y.symbol, s.W.symbol
R = s.R.symbol
eta, lam = s.eta.symbol, s.lam.symbol

LOSS = (Y - X.T * W).T * (Y - X.T * W) / (2 * p)
DATA_R = X * X.T / p
DATA_Q = X * Y / p
DATA_C = Y.T * Y / p


@claim("identity", (s.X, s.Y, s.W), (cite(SEED, "E(W)"), cite("lecun1991", "eq. (1)")))
def form() -> Derivation:
    """The mean squared error of a linear neuron is a quadratic form in its weights:
    E(W) = (W'RW - 2Q'W + c)/2 with R = XX'/p, Q = XY/p, c = |Y|^2/p."""
    closed = (W.T * DATA_R * W - 2 * DATA_Q.T * W + DATA_C) / 2
    return Derivation(
        definition=LOSS,
        closed_form=closed,
        steps=(
            equal("Expand the square of the residual; Y'X'W equals its transpose.", LOSS, closed),
        ),
        twins={
            "cross term without its factor 2": (W.T * DATA_R * W - DATA_Q.T * W + DATA_C) / 2,
            "sum of squares without the half": W.T * DATA_R * W - 2 * DATA_Q.T * W + DATA_C,
        },
    )


@claim("identity", (s.lam, s.eta, s.k), (cite(SEED, "v_j(k)"), cite("lecun1991", "eq. (3)")))
def decay() -> Derivation:
    """Gradient descent shrinks the component along an eigenvector of R by one factor a step:
    v(k) = (1 - eta lam)^k v(0)."""
    n = sp.Symbol("n", integer=True)
    after = sp.Function("v")
    solved = sp.rsolve(after(n + 1) - (1 - eta * lam) * after(n), after(n), {after(0): 1})
    closed = (1 - eta * lam) ** k
    return Derivation(
        definition=sp.Product(1 - eta * lam, (n, 1, k)),
        closed_form=closed,
        steps=(equal("Solve v(k+1) = v(k) - eta lam v(k), v(0) = 1.", solved.subs(n, k), closed),),
        twins={
            "gradient flow exp(-eta lam k)": sp.exp(-eta * lam * k),
            "gradient twice too large": (1 - 2 * eta * lam) ** k,
        },
    )


@claim("identity", (s.R,), (cite(SEED, "0 < eta < 2/"), cite("page2019", "gradient descent")))
def max_rate() -> Derivation:
    """Gradient descent converges from every start exactly for 0 < eta < 2/lambda_max."""
    x = sp.Symbol("x", positive=True)
    stable = sp.solveset(sp.Abs(1 - x * lam) < 1, x, sp.S.Reals) if False else None
    del stable
    return Derivation(
        definition=2 / largest(R),
        closed_form=2 / largest(R),
        steps=(
            cited("R is diagonalised by an orthogonal matrix", cite("hornjohnson2013", "2.5.6")),
            equal(
                "|1 - eta lam|^2 < 1 iff the product is positive",
                1 - (1 - x * lam) ** 2,
                x * lam * (2 - x * lam),
            ),
        ),
        twins={"the range without oscillation, 1/lambda_max": 1 / largest(R)},
    )
