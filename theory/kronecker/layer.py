"""The curvature of a layer: K-FAC's block, its error, and where there is none."""

import sympy as sp
from sympy.matrices.expressions.special import OneMatrix

from companion.references import cite
from theory import symbols as s
from theory.chain import because, by_step, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.covariances import diagonal_part
from theory.functions.heads import hess
from theory.functions.matrices import centred, khatri_rao, kron, squares, trace, vec
from theory.kronecker.letters import (
    BLOCK,
    DATA_A,
    DATA_S,
    KFAC,
    SOURCE,
    A,
    D,
    Delta,
    J,
    N,
    P,
    Q,
    S,
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
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems import norms

#: Squared inner products of the inputs, and of the derivatives, of any two examples.
INPUTS = squares(X.T * X)
SLOPES = squares(D.T * D)


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
                "An output's slope s'Wx is linear in the stacked weights: (x (x) s)'vec(W).",
                f.T * W * x,
                kron(x, f).T * vec(W),
            ),
            equal(
                "With z = x (x) s and w = vec(W) the loss (z'w)^2/2 is a parabola along every h, "
                "with second derivative h'zz'h,",
                moved.T * z * z.T * moved / 2,
                start.T * z * z.T * start / 2
                + t * start.T * z * z.T * step
                + t**2 / 2 * step.T * z * z.T * step,
            ),
            entrywise("and zz' is xx' (x) ss'.", kron(x, f) * kron(x, f).T, kron(x * x.T, f * f.T)),
        ),
        twins={
            "K-FAC's A (x) S": KFAC,
            "stacked by rows": turned * turned.T / p,
        },
        chain=chain(
            because(
                "D'WX has the slopes s'Wx on its diagonal. Along every direction the loss has this "
                "second derivative.",
                stacked_hessian(),
            )
        ),
    )


@claim(
    "identity",
    (s.X, s.D),
    (
        cite(SOURCE, "K-FAC approximation"),
        cite("gretton2005", "section 3, the empirical criterion"),
    ),
)
def error() -> Derivation:
    """K-FAC replaces the mean of xx' (x) ss' by the Kronecker product A (x) S of the means, with x
    an example's inputs and s its derivatives. The squared Frobenius norm of the error is the
    Hilbert-Schmidt covariance of xx' and ss', tr(C K_X C K_D)/p^2 with (K_X)_ij = (x_i.x_j)^2,
    (K_D)_ij = (s_i.s_j)^2, C = I - 11'/p. The error is zero exactly where xx' and ss' are
    uncorrelated."""
    gap = BLOCK - KFAC
    inputs = sp.MatrixSymbol("K_X", p, p)
    projector = sp.Identity(p) - OneMatrix(p, p) / p
    centre = kron(x * x.T - A, f * f.T - S)
    return Derivation(
        definition=trace(gap * gap.T),
        closed_form=trace(centred(INPUTS) * centred(SLOPES)) / p**2,
        steps=(
            entrywise(
                "The error is a covariance: averaged over examples, in which xx' has mean A and "
                "ss' mean S, this is the block less A (x) S.",
                centre,
                kron(x * x.T, f * f.T) - kron(A, f * f.T) - kron(x * x.T, S) + kron(A, S),
            ),
            entrywise(
                "Its squared norm, written out over pairs of examples.",
                sp.Trace(gap * gap.T),
                sp.Trace(projector * INPUTS * projector * SLOPES) / p**2,
            ),
            entrywise(
                "C K_X subtracts from K_X the means of its columns.",
                projector * inputs,
                centred(inputs),
            ),
        ),
        twins={
            "moments for covariances": trace(INPUTS * SLOPES) / p**2,
            "one side not centred": trace(centred(INPUTS) * SLOPES) / p**2,
        },
        chain=chain(
            by_step(
                "Written out over pairs of examples.",
                2,
                sp.Trace(projector * INPUTS * projector * SLOPES) / p**2,
            ),
            calculated("C subtracts the means of the columns."),
        ),
    )


@claim(
    "bound",
    (s.X, s.D),
    (cite(SOURCE, "K-FAC approximation"), cite("hornjohnson2013", "section 5.1")),
)
def error_bound() -> Derivation:
    """The Frobenius norm of K-FAC's error is at most the standard deviation of xx' times the
    standard deviation of ss', with x an example's inputs and s its derivatives. With two examples
    the norm is equal to this bound."""
    gap, projector = BLOCK - KFAC, sp.Identity(p) - OneMatrix(p, p) / p
    one, other = sp.symbols("d e", nonnegative=True)
    # columns x (x) x and s (x) s less their means, over sqrt p
    one_side, other_side = (centred(khatri_rao(each, each).T).T / sp.sqrt(p) for each in (X, D))
    both = one_side * other_side.T
    return Derivation(
        definition=sp.sqrt(trace(gap * gap.T)),
        closed_form={"upper": sp.sqrt(trace(centred(INPUTS)) * trace(centred(SLOPES))) / p},
        steps=(
            entrywise(
                "The error is a mean of products Phi (x) Psi with Phi = xx' - A, Psi = ss' - S "
                "(kronecker.error). The norm of such a product is the product of the norms,",
                sp.Trace(kron(P, Q) * kron(P, Q).T),
                sp.Trace(P * P.T) * sp.Trace(Q * Q.T),
            ),
            cited(
                "and by the inequalities of the triangle and of Cauchy the norm of the mean is at "
                "most the root of mean |Phi|^2 times mean |Psi|^2.",
                cite("hornjohnson2013", "section 5.1"),
            ),
            entrywise(
                "Mean |Phi|^2 is the mean of |x|^4 less |A|^2,",
                sp.Trace(projector * INPUTS) / p,
                sp.Trace(INPUTS) / p - sp.Trace(DATA_A * DATA_A.T),
            ),
            entrywise(
                "and so for Psi.",
                sp.Trace(projector * SLOPES) / p,
                sp.Trace(SLOPES) / p - sp.Trace(DATA_S * DATA_S.T),
            ),
            equal(
                "Two examples have Phi and -Phi, Psi and -Psi: the mean product is Phi (x) Psi. "
                "With |Phi| = d and |Psi| = e the norm d e is the bound.",
                sp.sqrt((one**2 + one**2) / 2 * (other**2 + other**2) / 2),
                one * other,
            ),
        ),
        twins={
            "half of it": {
                "upper": sp.sqrt(trace(centred(INPUTS)) * trace(centred(SLOPES))) / (2 * p)
            },
            "without the means": {"upper": sp.sqrt(trace(INPUTS) * trace(SLOPES)) / p},
        },
        chain=chain(
            outputs={
                "upper": (
                    calculated(
                        "The error is FG' for the p columns (x (x) x - their mean)/sqrt p of F and "
                        "(s (x) s - their mean)/sqrt p of G, written as x and s.",
                        sp.sqrt(trace(both * both.T)),
                    ),
                    because(
                        "The Frobenius norm of a product is at most the product of the norms.",
                        norms.frobenius_norm_of_a_product(one_side, other_side),
                        sp.sqrt(trace(one_side * one_side.T) * trace(other_side * other_side.T)),
                        "<=",
                    ),
                    calculated("The columns' inner products are (x_i.x_j)^2 and (s_i.s_j)^2."),
                )
            }
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
                "Along W + r Delta the loss is a parabola in r",
                loss(W + t * Delta),
                loss(W) + t * slope + t**2 / 2 * sp.Trace(J * Delta * X * X.T * Delta.T * J.T) / p,
            ),
            entrywise(
                "with the second derivative vec(Delta)'(A (x) J'J) vec(Delta).",
                sp.Trace(J * Delta * X * X.T * Delta.T * J.T) / p,
                vec(Delta).T * closed * vec(Delta),
            ),
        ),
        twins={
            "stacked by rows, S (x) A": kron(J.T * J, DATA_A),
            "summed over examples": p * closed,
        },
        chain=chain(
            because("Along every Delta the loss has this second derivative.", stacked_hessian())
        ),
    )
