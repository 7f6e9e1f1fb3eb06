"""How many large eigenvalues a mean makes: the rank of S."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.constants import eye
from theory.functions.eigenvalues import eigenvalues
from theory.functions.matrices import ascending, kron, squares, stack
from theory.functions.stated import rank, with_density
from theory.kronecker.conditioning import IDENTITY, WHITE, second_moment
from theory.kronecker.letters import (
    BESIDE,
    LENGTH,
    NU_MATRIX,
    ORTHOGONAL,
    SOURCE,
    WAY,
    M,
    N,
    mu,
    n,
    ones,
    p,
    square,
    t,
    w,
)
from theory.kronecker.products import products_of_eigenvectors
from theory.proofs.factors import SOFTMAX as PROBABLE
from theory.proofs.factors import beside, beside_ones, contrasts, polar, probabilities
from theory.proofs.indices import entrywise
from theory.proofs.rules.eigenvalues import eigenbasis
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
            "That is the largest which the sizes admit, as J has a density.",
            ranks.rank_with_density(matrix, factor),
            sp.Min(matrix.shape[1], rank(factor)),
        ),
        because(
            "The columns are independent, as a matrix takes them back.",
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
                "S is J'J/p with the Jacobians of all examples below each other in J, M p rows of "
                "n; J'J has the rank of J,",
                cite("hornjohnson2013", "section 0.4.6"),
            ),
            cited(
                "which is min(n, M p) for rows with a density; M rows if they are the same for all "
                "examples.",
                cite("muirhead1982", "theorem 3.1.4"),
            ),
            equal(
                "Softmax puts diag(phi) - phi phi', phi its probabilities, between J' and J. Along "
                "1 it is zero: a constant added to h changes nothing.",
                SOFTMAX * (other + t * one),
                SOFTMAX * other,
                PROBABILITIES,
            ),
            entrywise(
                "Along any other h it is positive, for with 1'phi = 1 its value there is half the "
                "mean of (h_i - h_j)^2 over pairs of outputs,",
                q.T * squares(other * ones(M).T - ones(M) * other.T) * q / 2,
                (ones(M).T * q) * (q.T * squares(other)) - (q.T * other) * (q.T * other),
            ),
            positive("and every pair counts.", first * second),
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


@claim(
    "identity",
    (s.mu, CLASSES),
    (cite(SOURCE, "ICS Conditioning Hypothesis"), cite("page2019", "such an overall shift")),
    (WHITE, "no bias", "softmax regression on M classes at zero weights"),
)
def softmax_regression() -> Derivation:
    """At zero weights, where all M classes are equally probable, the Hessian of softmax regression
    on N inputs of covariance I and mean mu has the eigenvalue (1 + |mu|^2)/M with multiplicity M -
    1, 1/M with multiplicity (N - 1)(M - 1), and 0 with multiplicity N."""
    matrix = IDENTITY + mu * mu.T
    zeros = sp.ZeroMatrix(N, 1)
    logits = sp.symbols("z_1 z_2", real=True)
    loss = sp.log(sum(sp.exp(z) for z in logits) + sp.Symbol("rest", positive=True))
    chance = [sp.exp(z - loss) for z in logits]
    return Derivation(
        definition=eigenvalues(kron(matrix, (eye(M) - ones(M) * ones(M).T / M) / M)),
        closed_form=ascending(
            stack(kron(NU_MATRIX, ones(M - 1)) / M, ones((N - 1) * (M - 1)) / M, zeros),
        ),
        steps=(
            equal(
                "The loss log(sum_i exp z_i) - z_label has the second derivatives phi_i - phi_i^2",
                sp.diff(loss, logits[0], 2),
                chance[0] - chance[0] ** 2,
            ),
            equal(
                "and -phi_i phi_j in the outputs z = W x, whatever the label: S = diag(phi) - phi "
                "phi',",
                sp.diff(loss, *logits),
                -chance[0] * chance[1],
            ),
            second_moment(IDENTITY),
            equal(
                "is with all phi_i = 1/M the same for every example, I/M - 11'/M^2: 0 along 1,",
                UNIFORM * (other + t * one),
                UNIFORM * other,
                PROBABILITIES,
            ),
            equal(
                "1/M in the M - 1 directions orthogonal to 1.",
                UNIFORM * other,
                other / M,
                {one.T * other: sp.ZeroMatrix(1, 1)},
            ),
            equal("A has 1 + |mu|^2 once", matrix * mu, (1 + square) * mu, LENGTH),
            equal("and 1 besides.", matrix * w, w, ORTHOGONAL),
            *products_of_eigenvectors(),
        ),
        twins={
            "multiplicity M": ascending(
                stack(
                    kron(NU_MATRIX, ones(M)) / M,
                    ones((N - 1) * (M - 1)) / M,
                    sp.ZeroMatrix(N - 1, 1),
                )
            ),
            "the probabilities left out": ascending(
                stack(kron(NU_MATRIX, ones(M - 1)), ones((N - 1) * (M - 1)), zeros)
            ),
        },
        chain=chain(
            because(
                "mu/|mu| and columns beside it are a basis, and so are the ones over sqrt M and "
                "columns beside them. Their products have these eigenvalues.",
                eigenbasis(
                    columns=sp.BlockMatrix(
                        [
                            [
                                kron(WAY, UNEVEN),
                                kron(BESIDE, UNEVEN),
                                kron(eye(N), ones(M) / sp.sqrt(M)),
                            ]
                        ]
                    ),
                    values=stack(
                        kron(NU_MATRIX, ones(M - 1)) / M, ones((N - 1) * (M - 1)) / M, zeros
                    ),
                ),
            ),
            covers=(polar(mu), beside_ones(M)),
        ),
    )
