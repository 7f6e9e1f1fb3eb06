"""How far K-FAC's approximation is from the block of a layer."""

import sympy as sp
from sympy.matrices.expressions.special import OneMatrix

from companion.references import cite
from theory import symbols as s
from theory.chain import Reached, because, by_step, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.matrices import centred, khatri_rao, kron, squares, trace
from theory.kronecker.letters import (
    BLOCK,
    DATA_A,
    DATA_S,
    KFAC,
    SOURCE,
    A,
    D,
    P,
    Q,
    S,
    X,
    f,
    p,
    x,
)
from theory.proofs.indices import entrywise
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems import norms
from theory.proofs.unevaluated import unevaluated

#: Squared inner products of the inputs, and of the derivatives, of any two examples.
INPUTS = squares(X.T * X)
SLOPES = squares(D.T * D)


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
                "Multiply out (xx' - A) (x) (ss' - S), with s written f. Over the examples "
                "xx' has the mean A and ss' the mean S, so the mean is the block less A (x) "
                "S. The error is a covariance.",
                centre,
                kron(x * x.T, f * f.T) - kron(A, f * f.T) - kron(x * x.T, S) + kron(A, S),
            ),
            entrywise(
                "The squared norm of the error is a sum over pairs of examples.",
                sp.Trace(gap * gap.T),
                sp.Trace(projector * INPUTS * projector * SLOPES) / p**2,
            ),
            entrywise(
                "The matrix I - 11'/p subtracts from K_X the means of its columns. The "
                "closed form writes C for this matrix.",
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
                "The squared norm of the error is a sum over pairs of examples.",
                2,
                sp.Trace(projector * INPUTS * projector * SLOPES) / p**2,
            ),
            calculated("The matrix I - 11'/p is C, which subtracts the means of the columns."),
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
                "The error is a mean of products Phi (x) Psi with Phi = xx' - A and Psi = "
                "ss' - S (kronecker.error). The squared norm of each product is the product "
                "of the squared norms.",
                sp.Trace(kron(P, Q) * kron(P, Q).T),
                sp.Trace(P * P.T) * sp.Trace(Q * Q.T),
            ),
            cited(
                "By the triangle inequality and Cauchy's inequality the norm of the mean is "
                "at most the square root of mean |Phi|^2 times mean |Psi|^2",
                cite("hornjohnson2013", "section 5.1"),
            ),
            entrywise(
                "The mean of |Phi|^2 is the mean of |x|^4 less |A|^2.",
                sp.Trace(projector * INPUTS) / p,
                sp.Trace(INPUTS) / p - sp.Trace(DATA_A * DATA_A.T),
            ),
            entrywise(
                "In the same way the mean of |Psi|^2 is the mean of |s|^4 less |S|^2.",
                sp.Trace(projector * SLOPES) / p,
                sp.Trace(SLOPES) / p - sp.Trace(DATA_S * DATA_S.T),
            ),
            equal(
                "For two examples xx' - A is Phi and -Phi, and ss' - S is Psi and -Psi, so "
                "the mean product is Phi (x) Psi. With |Phi| = d and |Psi| = e the bound is "
                "sqrt(d^2 e^2) = d e, the norm of this product.",
                sp.sqrt(unevaluated(one**2) * unevaluated(other**2)),
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
                    calculated(
                        "Before the means are subtracted, the columns have the inner products "
                        "(x_i.x_j)^2 and (s_i.s_j)^2."
                    ),
                )
            },
            reached={"upper": Reached({"X": [[1, 2]], "D": [[1, 3]]})},  # two examples
        ),
    )
