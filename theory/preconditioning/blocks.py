"""The preconditioner RR' and its inverse, as block matrices."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.constants import eye
from theory.functions.matrices import det
from theory.preconditioning.letters import (
    FACTORED,
    FACTORS,
    FROM_STANDARD,
    MEAN,
    ROOT,
    SOURCE,
    SPECTRAL,
    TO_STANDARD,
    UNIT,
    UNITS,
    L,
    N,
    Sigma,
    X,
    evaluated,
    inverse,
    kron,
    mu,
    n,
    p,
    preconditioner,
    second_moments,
    symmetric,
)
from theory.proofs.blocks import equal_blocks
from theory.proofs.factors import sample_of
from theory.proofs.rules import determinants, inverses
from theory.proofs.tactics import cited, equal

STATISTICS = "mu and Sigma are the mean and the covariance of the inputs"


@claim("identity", (s.mu, s.Sigma, s.n), (cite(SOURCE, "pre-multiplying by RR'"),), (ROOT,))
def blocks_of_preconditioner() -> Derivation:
    """Descent in the standardised coordinates is preconditioned by RR' = [[Sigma^-1 (x) I,
    -Sigma^-1 mu (x) I], [-mu'Sigma^-1 (x) I, (1 + mu'Sigma^-1 mu) I]], where the source's R maps
    standardised parameters to the layer's own. RR' depends on the statistics mu and Sigma of the
    inputs alone."""
    closed = preconditioner(Sigma.I)
    upper, lower = ([closed.blocks[i, j] for j in (0, 1)] for i in (0, 1))
    from_standard = sp.Inverse(TO_STANDARD)
    return Derivation(
        definition=sp.MatMul(from_standard, sp.Transpose(from_standard)),
        closed_form=closed,
        steps=(
            equal_blocks(
                "The matrix R, which maps theta~ to theta, times R^-1 is the identity.",
                FROM_STANDARD * TO_STANDARD,
                UNIT,
                FACTORED,
            ),
            equal_blocks(
                "Multiply R by its transpose, with L'^-1 L^-1 = Sigma^-1.",
                FROM_STANDARD * FROM_STANDARD.T,
                closed,
                FACTORED,
            ),
        ),
        twins={
            "lower right block I, without the mean": sp.BlockMatrix([upper, [lower[0], UNITS]]),
            "the blocks of its inverse inverted one by one": sp.BlockMatrix(
                [[kron((Sigma + mu * mu.T).I), upper[1]], lower]
            ),
            "the sign of the mean lost": preconditioner(Sigma.I, -mu),
        },
        chain=chain(
            because(
                "R is the inverse of R^-1, the map to the standardised coordinates.",
                inverses.written_out(matrix=TO_STANDARD, is_=FROM_STANDARD),
                sp.MatMul(FROM_STANDARD, FROM_STANDARD.T),
            ),
            calculated("The blocks multiply, and L'^-1 L^-1 is Sigma^-1."),
            covers=FACTORS,
        ),
    )


@claim(
    "identity",
    (s.mu, s.Sigma, s.n),
    (cite(SOURCE, "[RR']^-1"), cite("martensgrosse2015")),
    (ROOT, STATISTICS),
)
def blocks_of_inverse() -> Derivation:
    """The inverse of the preconditioner is [RR']^-1 = [[(Sigma + mu mu') (x) I, mu (x) I], [mu' (x)
    I, I_n]] = Abar (x) I, with Abar the second-moment matrix E[(x,1)(x,1)'] of the inputs x and a
    one for the bias. The source's R maps standardised parameters to the layer's own. The inverse is
    printed as almost diagonal, but holds the full mu mu'. The 1 printed lower right is I_n."""
    closed = second_moments(Sigma)
    upper, lower = ([closed.blocks[i, j] for j in (0, 1)] for i in (0, 1))
    noise = sp.MatrixSymbol("z", N, 1)
    example = sp.BlockMatrix([[mu + noise], [eye(1)]])
    return Derivation(
        definition=sp.MatMul(TO_STANDARD.T, TO_STANDARD),
        closed_form=closed,
        steps=(
            equal_blocks(
                "The inverse [RR']^-1 is the transpose of R^-1 times R^-1. Multiply out, "
                "with LL' = Sigma.",
                TO_STANDARD.T * TO_STANDARD,
                closed,
                FACTORED,
            ),
            equal_blocks(
                "The product of RR' and this matrix is the identity, so the matrix is the "
                "inverse of RR'.",
                preconditioner(Sigma.I) * closed,
                UNIT,
                inverse(Sigma) | symmetric(Sigma),
            ),
            equal_blocks(
                "An input is x = mu + z. On average zz' is Sigma and z is 0, so "
                "E[(x,1)(x,1)'] has the blocks of Abar.",
                example * example.T,
                sp.BlockMatrix([[Sigma + mu * mu.T, mu], [mu.T, eye(1)]]),
                {noise * noise.T: Sigma, noise: 0 * mu, noise.T: 0 * mu.T},
            ),
        ),
        twins={
            "printed: almost diagonal, mu mu' left out": sp.BlockMatrix(
                [[kron(Sigma), upper[1]], lower]
            ),
            "printed: 1 in the lower right corner, here in all of the block": sp.BlockMatrix(
                [upper, [lower[0], sp.OneMatrix(n, n)]]
            ),
            "of the covariance alone, centred inputs": second_moments(Sigma, 0 * mu),
        },
        chain=chain(
            calculated(
                "The inverse preconditioner is Abar (x) I, with Abar the mean of "
                "(x,1)(x,1)' over the inputs, since LL' is the covariance of the inputs.",
                evaluated(sp.BlockMatrix([[kron(X * X.T / p), kron(MEAN)], [kron(MEAN.T), UNITS]])),
            ),
            calculated("The inputs have the mean mu and the covariance Sigma."),
            covers=(*FACTORS, sample_of(X, mu, Sigma, STATISTICS)),
        ),
    )


@claim("identity", (s.mu, s.Sigma, s.n), (cite(SOURCE, "[RR']^-1"),), (ROOT,))
def determinant() -> Derivation:
    """The determinant of the inverse preconditioner [RR']^-1 is det(Sigma)^n, where the source's R
    maps standardised parameters to the layer's own. So the mean of the inputs changes the shape of
    the Hessian's ellipsoid, not its volume."""
    nothing = sp.ZeroMatrix(N * n, n)
    shear = sp.BlockMatrix([[kron(eye(N)), nothing], [kron(mu.T), UNITS]])
    scales = sp.BlockMatrix([[kron(Sigma), nothing], [nothing.T, UNITS]])
    Q, D = sp.MatrixSymbol("Q", N, N), sp.MatrixSymbol("D", N, N)
    i, value = sp.Symbol("i", integer=True), sp.Symbol("lambda_j", positive=True)
    return Derivation(
        definition=det(sp.MatMul(TO_STANDARD.T, TO_STANDARD)),
        closed_form=det(Sigma) ** n,
        steps=(
            equal_blocks(
                "[RR']^-1 is a block diagonal matrix between two triangular ones with ones on the "
                "diagonal, which have determinant 1.",
                second_moments(Sigma),
                shear.T * scales * shear,
            ),
            cited("Sigma = QDQ' with Q orthogonal and D diagonal", SPECTRAL),
            equal_blocks(
                "With Sigma = QDQ' the matrix Sigma (x) I is (Q (x) I)(D (x) I)(Q (x) I)'.",
                kron(Q * D * Q.T),
                kron(Q) * kron(D) * kron(Q).T,
            ),
            equal_blocks(
                "The matrix Q (x) I is orthogonal, so that the square of its determinant is 1.",
                kron(Q).T * kron(Q),
                kron(eye(N)),
                {Q.T * Q: eye(N)},
            ),
            equal(
                "The matrix D (x) I is diagonal, and has each eigenvalue lambda_j of Sigma "
                "n times. So each eigenvalue contributes lambda_j^n, and det(Sigma) becomes "
                "det(Sigma)^n.",
                sp.Product(value, (i, 1, n)),
                value**n,
            ),
        ),
        twins={
            "of one unit, det Sigma": det(Sigma),
            "det(Sigma + mu mu')^n": det(Sigma + mu * mu.T) ** n,
            "of RR', det(Sigma)^-n": det(Sigma) ** -n,
        },
        chain=chain(
            because(
                "R^-1 is triangular, with the blocks L' (x) I and I, so its determinant is "
                "det(L)^n. Its transpose has the same determinant.",
                determinants.determinant(),
                det(L) ** (2 * n),
            ),
            because("As LL' is Sigma, det(L)^2 is det(Sigma).", determinants.determinant()),
            covers=FACTORS,
        ),
    )
