"""The Hessian of a layer that the preconditioner undoes."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.functions.constants import eye
from theory.functions.heads import hess
from theory.preconditioning.letters import (
    COUNT,
    COVARIANCE,
    MEAN,
    SOURCE,
    N,
    Wl,
    X,
    bl,
    evaluated,
    h,
    kron,
    n,
    one,
    p,
    second_moments,
    squared_loss,
    stacked,
    u,
    w,
)
from theory.proofs.blocks import equal_blocks
from theory.proofs.rules.stacked import stacked_hessian


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
                "Move [Wl bl] along u(w,c)' and along h(z,e)'. The outputs move by u(w'X + "
                "c1') and h(z'X + e1'), and the inner product of the two moves, over p, is "
                "the second derivative. This number is the bilinear form of Abar (x) I in "
                "the vecs (w,c) (x) u and (z,e) (x) h. All displacements are sums of such "
                "ones.",
                kron((w.T * X + c * one.T) * (X.T * z + one * e) / p, u.T * h),
                sp.BlockMatrix([[kron(w, u)], [kron(c.T, u)]]).T
                * closed
                * sp.BlockMatrix([[kron(z, h)], [kron(e, h)]]),
                COUNT,
            ),
            equal_blocks(
                "The matrix Abar = [X;1'][X;1']'/p has in its upper left block the sample "
                "covariance plus mu mu'.",
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
            because(
                "Along every [U h] the second derivative of the loss is the quadratic form of "
                "the closed form.",
                stacked_hessian(),
            )
        ),
    )
