"""The curvature of a layer: K-FAC's block, its error, and where there is none."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.functions.covariances import diagonal_part
from theory.functions.heads import hess
from theory.functions.matrices import khatri_rao, kron, vec
from theory.kronecker.letters import (
    BLOCK,
    DATA_A,
    KFAC,
    SOURCE,
    D,
    Delta,
    J,
    N,
    W,
    X,
    f,
    n,
    p,
    t,
    x,
)
from theory.proofs.indices import entrywise
from theory.proofs.rules.stacked import stacked_hessian
from theory.proofs.tactics import equal


@claim(
    "identity",
    (s.X, s.D),
    (cite(SOURCE, "K-FAC approximation"), cite("martensgrosse2015", "section 3")),
    ("weights stacked by columns",),
)
def block() -> Derivation:
    """In the weights W of a layer the Hessian of the mean of (s'Wx)^2/2 is the mean of xx' (x) ss',
    the layer's block of the Gauss-Newton matrix. Here x, a column of X, is an example's inputs, and
    s, a column of D, the derivatives of its loss in the layer's outputs. (x) is the Kronecker
    product."""
    z, start, step = (sp.MatrixSymbol(name, N * n, 1) for name in ("z", "w", "h"))
    moved = start + t * step
    turned = khatri_rao(D, X)
    loss = sp.Trace(diagonal_part(D.T * W * X) ** 2) / (2 * p)
    return Derivation(
        definition=hess(loss, vec(W)),
        closed_form=BLOCK,
        steps=(
            entrywise(
                "The number s'Wx is linear in the stacked weights: it is (x (x) s)'vec(W), "
                "with s written f.",
                f.T * W * x,
                kron(x, f).T * vec(W),
            ),
            equal(
                "With z = x (x) s and w = vec(W) the loss (z'w)^2/2 is a parabola along "
                "every h, with the second derivative h'zz'h.",
                moved.T * z * z.T * moved / 2,
                start.T * z * z.T * start / 2
                + t * start.T * z * z.T * step
                + t**2 / 2 * step.T * z * z.T * step,
            ),
            entrywise(
                "The matrix zz' is xx' (x) ss', since the factors of Kronecker products "
                "multiply one by one. Here s is written f.",
                kron(x, f) * kron(x, f).T,
                kron(x * x.T, f * f.T),
            ),
        ),
        twins={
            "K-FAC's A (x) S": KFAC,
            "stacked by rows": turned * turned.T / p,
        },
        chain=chain(
            because(
                "The matrix D'WX has the numbers s'Wx on its diagonal. Along every "
                "direction the second derivative of the loss is a quadratic form in the "
                "closed form.",
                stacked_hessian(),
            )
        ),
    )


@claim(
    "identity",
    (s.X, s.J),
    (cite(SOURCE, "K-FAC approximation"), cite("martensgrosse2015", "section 3")),
    ("linear layers above with the Jacobian J", "squared loss |y - target|^2/2, mean of examples"),
)
def deep_linear() -> Derivation:
    """K-FAC is exact in a deep linear net with squared loss: the Hessian in a layer's weights is
    the Kronecker product A (x) S with A = XX'/p and S = J'J, since S is the same for every
    example."""
    target = sp.MatrixSymbol("Y", s.M.symbol, p)

    def loss(weights: sp.MatrixExpr) -> sp.Expr:
        residual = J * weights * X - target
        return sp.Trace(residual * residual.T) / (2 * p)

    closed = kron(DATA_A, J.T * J)
    slope = sp.Trace((J * W * X - target) * (J * Delta * X).T) / p
    return Derivation(
        definition=hess(loss(W), vec(W)),
        closed_form=closed,
        steps=(
            entrywise(
                "On the line W + r Delta the loss is a parabola in r, for any direction Delta.",
                loss(W + t * Delta),
                loss(W) + t * slope + t**2 / 2 * sp.Trace(J * Delta * X * X.T * Delta.T * J.T) / p,
            ),
            entrywise(
                "The second derivative, twice the factor of r^2, is vec(Delta)'(A (x) J'J) "
                "vec(Delta). So the Hessian is A (x) J'J.",
                sp.Trace(J * Delta * X * X.T * Delta.T * J.T) / p,
                vec(Delta).T * closed * vec(Delta),
            ),
        ),
        twins={
            "stacked by rows, S (x) A": kron(J.T * J, DATA_A),
            "summed over examples": p * closed,
        },
        chain=chain(
            because(
                "Along every Delta the second derivative of the loss is vec(Delta)'(A (x) J'J) "
                "vec(Delta).",
                stacked_hessian(),
            )
        ),
    )
