"""The preconditioner RR', its inverse and the Hessian that it undoes, as block matrices."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.constants import eye
from theory.functions.heads import hess
from theory.functions.matrices import det
from theory.preconditioning.letters import (
    COUNT,
    COVARIANCE,
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
    Wl,
    X,
    bl,
    evaluated,
    h,
    inverse,
    kron,
    mu,
    n,
    one,
    p,
    preconditioner,
    second_moments,
    squared_loss,
    stacked,
    symmetric,
    u,
    w,
)
from theory.proofs.blocks import equal_blocks
from theory.proofs.rules import determinants
from theory.proofs.rules.stacked import stacked_hessian
from theory.proofs.tactics import cited, equal


@claim("identity", (s.mu, s.Sigma, s.n), (cite(SOURCE, "pre-multiplying by RR'"),), (ROOT,))
def blocks_of_preconditioner() -> Derivation:
    """Descent in the standardised coordinates is preconditioned by RR' = [[Sigma^-1 (x) I,
    -Sigma^-1 mu (x) I], [-mu'Sigma^-1 (x) I, (1 + mu'Sigma^-1 mu) I]], where the source's R maps
    standardised parameters to the layer's own. RR' depends on the statistics mu and Sigma of the
    inputs alone."""
    closed = preconditioner(Sigma.I)
    upper, lower = ([closed.blocks[i, j] for j in (0, 1)] for i in (0, 1))
    return Derivation(
        definition=sp.MatMul(FROM_STANDARD, FROM_STANDARD.T),
        closed_form=closed,
        steps=(
            equal_blocks(
                "R, which maps theta~ to theta, is the inverse of R^-1.",
                FROM_STANDARD * TO_STANDARD,
                UNIT,
                FACTORED,
            ),
            equal_blocks(
                "Multiply out, with L'^-1 L^-1 = Sigma^-1.",
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
        chain=chain(calculated("The blocks multiply, and L'^-1 L^-1 is Sigma^-1."), covers=FACTORS),
    )


@claim(
    "identity",
    (s.mu, s.Sigma, s.n),
    (cite(SOURCE, "[RR']^-1"), cite("martensgrosse2015")),
    (ROOT,),
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
                "[RR']^-1 = R^-1' R^-1: multiply out, with LL' = Sigma.",
                TO_STANDARD.T * TO_STANDARD,
                closed,
                FACTORED,
            ),
            equal_blocks(
                "It is the inverse of RR'.",
                preconditioner(Sigma.I) * closed,
                UNIT,
                inverse(Sigma) | symmetric(Sigma),
            ),
            equal_blocks(
                "An input is x = mu + z; on average zz' is Sigma and z is 0, so its blocks are "
                "those of E[(x,1)(x,1)'].",
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
        chain=chain(calculated("The blocks multiply, and LL' is Sigma."), covers=FACTORS),
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
                "Then Sigma (x) I = (Q (x) I)(D (x) I)(Q (x) I)', ...",
                kron(Q * D * Q.T),
                kron(Q) * kron(D) * kron(Q).T,
            ),
            equal_blocks(
                "... where Q (x) I is orthogonal: its determinant squared is 1, ...",
                kron(Q).T * kron(Q),
                kron(eye(N)),
                {Q.T * Q: eye(N)},
            ),
            equal(
                "... and D (x) I is diagonal, with each eigenvalue of Sigma n times.",
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
                "R^-1 is triangular, with the blocks L' (x) I and I. Its determinant is det(L)^n.",
                determinants.determinant(),
                det(L) ** (2 * n),
            ),
            because("LL' is Sigma.", determinants.determinant()),
            covers=FACTORS,
        ),
    )


@claim(
    "identity",
    (s.X, s.n),
    (cite(SOURCE, "[RR']^-1 is supposed to approximate H"), cite("martensgrosse2015")),
    ("squared loss |Wl x + bl - target|^2/2, averaged over the examples",),
)
def layer_hessian() -> Derivation:
    """The Hessian of a layer's squared loss in its parameters theta = vec [Wl bl] is exactly the
    Kronecker product Abar (x) I, whatever the parameters and the targets, with Abar the
    second-moment matrix of the inputs with a one for the bias. This is the inverse preconditioner
    [RR']^-1 of the sample mean and covariance."""
    closed = second_moments(COVARIANCE, MEAN)
    upper, lower = ([closed.blocks[i, j] for j in (0, 1)] for i in (0, 1))
    z = sp.MatrixSymbol("z", N, 1)
    c, e = (sp.MatrixSymbol(name, 1, 1) for name in "ce")
    raw = sp.BlockMatrix([[X * X.T / p, MEAN], [MEAN.T, eye(1)]])
    return Derivation(
        definition=hess(squared_loss(Wl, bl), stacked(Wl, bl)),
        closed_form=evaluated(closed),
        steps=(
            equal_blocks(
                "Move [Wl bl] along u(w,c)' and along h(z,e)': the outputs move by u(w'X + c1') "
                "and h(z'X + e1'), whose inner product over p is the second derivative. With the "
                "vecs (w,c) (x) u and (z,e) (x) h it is the bilinear form of Abar (x) I, and such "
                "displacements add up to all.",
                kron((w.T * X + c * one.T) * (X.T * z + one * e) / p, u.T * h),
                sp.BlockMatrix([[kron(w, u)], [kron(c.T, u)]]).T
                * closed
                * sp.BlockMatrix([[kron(z, h)], [kron(e, h)]]),
                COUNT,
            ),
            equal_blocks(
                "Abar = [X;1'][X;1']'/p has the sample covariance plus mu mu' upper left.",
                raw,
                sp.BlockMatrix([[COVARIANCE + MEAN * MEAN.T, MEAN], [MEAN.T, eye(1)]]),
                COUNT,
            ),
        ),
        twins={
            "the covariance, without the mean": evaluated(
                sp.BlockMatrix([[kron(COVARIANCE), upper[1]], lower])
            ),
            "printed: 1 in the lower right corner, here in all of the block": evaluated(
                sp.BlockMatrix([upper, [lower[0], sp.OneMatrix(n, n)]])
            ),
            "of the loss summed over the examples": evaluated(p * closed),
        },
        chain=chain(
            because("Along every [U h] the loss has this second derivative.", stacked_hessian())
        ),
    )
