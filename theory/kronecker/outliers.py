"""How many large eigenvalues a mean makes: the rank of S."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.matrices import squares
from theory.functions.stated import rank, with_density
from theory.kronecker.letters import (
    SOURCE,
    M,
    n,
    ones,
    p,
    t,
)
from theory.proofs.factors import SOFTMAX as PROBABLE
from theory.proofs.factors import beside, contrasts, probabilities
from theory.proofs.indices import entrywise
from theory.proofs.rules.ranks import full_rank
from theory.proofs.tactics import cited, equal, positive
from theory.proofs.theorems import ranks

CLASSES = s.M.within(low=2, typical=(2, 12))

#: A column of ones, probabilities phi with 1'phi = 1, softmax's curvature diag(phi) - phi phi'.
one, q, other = (sp.MatrixSymbol(name, M, 1) for name in ("1", "phi", "h"))
DIAGONAL = sp.MatrixSymbol("diag(phi)", M, M)
SOFTMAX = DIAGONAL - q * q.T
PROBABILITIES = {DIAGONAL * one: q, q.T * one: sp.Identity(1), one.T * one: M * sp.Identity(1)}
#: Orthonormal columns, each of sum 0.
UNEVEN = contrasts(M)
UNIFORM = sp.Identity(M) / M - one * one.T / M**2


def of_full_rank(matrix: sp.MatrixExpr, factor: sp.MatrixExpr, back: sp.MatrixExpr) -> tuple:
    """The rank of J'KK'J, where K has a left inverse."""
    return (
        because(
            "J'J has the rank of J.",
            ranks.rank_of_a_square(factor.T * matrix),
            rank(factor.T * matrix),
        ),
        because(
            "J has a density, so the rank of K'J is the smaller of the number of columns of "
            "J and the rank of K.",
            ranks.rank_with_density(matrix, factor),
            sp.Min(matrix.shape[1], rank(factor)),
        ),
        because(
            "The matrix K has a left inverse, so its rank is its number of columns.",
            full_rank(of=factor, back=back),
        ),
    )


@claim(
    "identity",
    (s.n, s.p, s.M),
    (cite(SOURCE, "as many as M large eigenvalues"), cite("martensgrosse2015", "section 3")),
    ("Jacobians with a density, with probability 1", "inputs far from zero", PROBABLE),
)
def outlier_count() -> Derivation:
    """A mean mu of a layer's inputs makes as many large eigenvalues nu lambda_i(S), nu = |mu|^2 +
    1, as S, the second-moment matrix of the derivatives in the layer's n outputs, has eigenvalues
    that are not zero. For p examples with Jacobians of their own and M outputs of the net this
    number is min(n, M p). It is min(n, M) only where all examples share one Jacobian, as in a deep
    linear net, and then min(n, M - 1) for softmax."""
    jacobians, shared = with_density("J_p", M * p, n), with_density("J", M, n)
    roots = s.T.within(rows=M, columns=M, kind="diagonal")
    curved = roots.symbol * beside(q)  # SOFTMAX is this times its transpose
    first, second = sp.symbols("phi_i phi_j", positive=True)
    return Derivation(
        definition={
            "own Jacobians": rank(jacobians.T * jacobians),
            "shared Jacobian": rank(shared.T * shared),
            "shared, softmax": rank(shared.T * SOFTMAX * shared),
        },
        closed_form={
            "own Jacobians": sp.Min(n, M * p),
            "shared Jacobian": sp.Min(n, M),
            "shared, softmax": sp.Min(n, M - 1),
        },
        steps=(
            cited(
                "S is J'J/p, where J has the Jacobians of all examples below each other, M "
                "p rows of n numbers. J'J has the rank of J",
                cite("hornjohnson2013", "section 0.4.6"),
            ),
            cited(
                "The rank of J is min(n, M p) for rows with a density. If all examples "
                "share one Jacobian, J has M rows, and its rank is min(n, M)",
                cite("muirhead1982", "theorem 3.1.4"),
            ),
            equal(
                "Softmax with the probabilities phi puts the matrix diag(phi) - phi phi' "
                "between J' and J. This matrix takes h + r 1 where it takes h, so it is "
                "zero along 1.",
                SOFTMAX * (other + t * one),
                SOFTMAX * other,
                PROBABILITIES,
            ),
            entrywise(
                "With 1'phi = 1 the curvature h'(diag(phi) - phi phi')h is half the mean of "
                "(h_i - h_j)^2 over pairs of outputs. So it is zero only where all h_i are "
                "equal.",
                q.T * squares(other * ones(M).T - ones(M) * other.T) * q / 2,
                (ones(M).T * q) * (q.T * squares(other)) - (q.T * other) * (q.T * other),
            ),
            positive(
                "Every pair of outputs has a positive weight phi_i phi_j in this mean, so the "
                "rank of the matrix is M - 1.",
                first * second,
            ),
        ),
        twins={
            "printed: M": {
                "own Jacobians": sp.Min(n, M),
                "shared Jacobian": sp.Min(n, M),
                "shared, softmax": sp.Min(n, M),
            },
            "softmax has M": {
                "own Jacobians": sp.Min(n, M * p),
                "shared Jacobian": sp.Min(n, M),
                "shared, softmax": sp.Min(n, M),
            },
        },
        chain=chain(
            outputs={
                "own Jacobians": of_full_rank(jacobians, sp.Identity(M * p), sp.Identity(M * p)),
                "shared Jacobian": of_full_rank(shared, sp.Identity(M), sp.Identity(M)),
                "shared, softmax": (
                    calculated(
                        "With R^2 = diag(phi) and the column r of the roots of phi the curvature "
                        "is R(I - rr')R, and I - rr' is BB' for the columns B beside r.",
                        rank((curved.T * shared).T * (curved.T * shared)),
                    ),
                    *of_full_rank(shared, curved, beside(q).T * roots.symbol.I),
                ),
            },
            covers=(probabilities(q, DIAGONAL, roots),),
        ),
    )
