"""Standardising a layer's inputs, and the change of parameters that makes up for it."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.constants import eye
from theory.functions.stated import jacobian
from theory.preconditioning.letters import (
    FACTORED,
    FROM_STANDARD,
    SOURCE,
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
    inverse,
    kron,
    mu,
    n,
    one,
    stacked,
    u,
    w,
)
from theory.proofs.blocks import equal_blocks
from theory.proofs.rules.stacked import stacked_jacobian
from theory.proofs.tactics import equal


@claim(
    "identity",
    (s.Wl, s.bl, s.X, s.mu, s.L),
    (cite(SOURCE, "W~ = W Sigma^(1/2), b~ = b + Wm"), cite("desjardins2015")),
)
def standardising() -> Derivation:
    """Standardising a layer's inputs x to x~ = L^-1 (x - mu) leaves its outputs as they are, on any
    data, if the parameters become Wl~ = Wl L and bl~ = bl + Wl mu. L may be any invertible matrix.
    With LL' = Sigma the covariance of x, as for the printed Sigma^(1/2), x~ has covariance I."""
    standard = sp.MatMul(L.I, X - mu * one.T)
    outputs = Wl * X + bl * one.T

    def layer(weights: sp.MatrixExpr, biases: sp.MatrixExpr) -> sp.MatrixExpr:
        return weights * standard + biases * one.T

    return Derivation(
        definition=evaluated(layer(sp.MatMul(Wl, L), bl + Wl * mu)),
        closed_form=evaluated(outputs),
        steps=(
            equal(
                "Multiply out Wl~ x~ + bl~ on all examples: L L^-1 is I, and Wl mu 1' is "
                "subtracted and added.",
                layer(sp.MatMul(Wl, L), bl + Wl * mu),
                outputs,
                inverse(L),
            ),
            equal(
                "Where the covariance of x is LL', the covariance of L^-1 (x - mu) is L^-1 "
                "Sigma L'^-1 = I.",
                sp.MatMul(L.I, Sigma, L.T.I),
                eye(N),
                {Sigma: L * L.T, **inverse(L)},
            ),
        ),
        twins={
            "the bias left as it was": evaluated(outputs - Wl * mu * one.T),
            "bl~ = bl + Wl~ mu": evaluated(layer(Wl * L, bl + Wl * L * mu)),
            "Wl~ = Wl L^-1": evaluated(layer(Wl * L.I, bl + Wl * mu)),
            "Wl~ = Wl L', right for symmetric L only": evaluated(layer(Wl * L.T, bl + Wl * mu)),
        },
        chain=chain(calculated("L L^-1 is I, and Wl mu 1' is subtracted and added.")),
    )


@claim(
    "identity",
    (s.mu, s.L, s.n),
    (cite(SOURCE, "R^-1"),),
    ("theta = vec [Wl bl], column under column",),
)
def coordinates() -> Derivation:
    """The parameters for standardised inputs are theta~ = R^-1 theta with R^-1 = [[L' (x) I, 0],
    [mu' (x) I, I_n]], where theta = vec [Wl bl] are a layer's weights and biases, n is its number
    of outputs and R is the source's letter. The lower right block, printed as 1, is the identity of
    n rows. The printed Sigma^(1/2) is its own transpose."""
    old, new = stacked(Wl, bl), stacked(Wl * L, bl + Wl * mu)
    blocks = TO_STANDARD.blocks
    upper, lower = [blocks[0, 0], blocks[0, 1]], blocks[1, 0]
    return Derivation(
        definition=jacobian(new, old),
        closed_form=TO_STANDARD,
        steps=(
            equal_blocks(
                "Every Wl is a sum of products uw', and vec(uw') = w (x) u. Of such a "
                "product, Wl L = u(L'w)' has the vec (L'w) (x) u = (L' (x) I)(w (x) u).",
                kron(L.T * w, u),
                kron(L.T) * kron(w, u),
            ),
            equal_blocks(
                "The product Wl mu = u(w'mu) is a column, which vec leaves as it is: (mu'w) "
                "u = (mu' (x) I)(w (x) u).",
                kron(w.T * mu, u),
                kron(mu.T) * kron(w, u),
            ),
            equal_blocks(
                "The matrix R = [[L'^-1 (x) I, 0], [-mu'L'^-1 (x) I, I_n]] maps back: its "
                "product with R^-1 is the identity.",
                TO_STANDARD * FROM_STANDARD,
                UNIT,
                FACTORED,
            ),
        ),
        twins={
            "printed: 1 in the lower right corner, here in all of the block": sp.BlockMatrix(
                [upper, [lower, sp.OneMatrix(n, n)]]
            ),
            "L (x) I, right for symmetric L only": sp.BlockMatrix(
                [[kron(L), blocks[0, 1]], [lower, UNITS]]
            ),
            "row under row, I (x) L'": sp.BlockMatrix(
                [[kron(UNITS, L.T), blocks[0, 1]], [kron(UNITS, mu.T), UNITS]]
            ),
        },
        chain=chain(
            because(
                "For every direction [U h] the matrix takes vec [U h] to vec [UL h + U mu], "
                "the derivative along this direction.",
                stacked_jacobian(),
            )
        ),
    )
