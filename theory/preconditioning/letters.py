"""The letters, rules and block matrices that the sections share.

A layer maps inputs x to Wl x + bl. Its parameters are one vector, theta = vec [Wl bl], column under
column, so that vec(u v') = v (x) u. ``one`` is the vector of ones for the examples, a letter in
proofs, which ``evaluated`` makes numbers of.
"""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.functions.constants import eye
from theory.functions.matrices import vec
from theory.proofs.factors import factored

SOURCE = "grosse2021"
N, n, p = s.N.symbol, s.n.symbol, s.p.symbol
Wl, bl, X, D = s.Wl.symbol, s.bl.symbol, s.X.symbol, s.D.symbol
mu, mu0, Sigma, L = s.mu.symbol, s.mu0.symbol, s.Sigma.symbol, s.L.symbol
eta, k = s.eta.symbol, s.k.symbol

one = sp.MatrixSymbol("1", p, 1)
UNITS = eye(n)
ROOT = "LL' = Sigma"
SPECTRAL = cite("hornjohnson2013", "theorem 2.5.6")
RAYLEIGH = cite("hornjohnson2013", "theorem 4.2.2")

# Letters of the derivations
u = sp.MatrixSymbol("u", n, 1)  # a vector in the space of the outputs
w = sp.MatrixSymbol("w", N, 1)  # and one in that of the inputs
h = sp.MatrixSymbol("h", n, 1)

# Head of a definition that SymPy does not evaluate
excess = sp.Function("excess")


def evaluated(expression: sp.MatrixExpr) -> sp.MatrixExpr:
    """``expression`` with ones for the letter of the vector of ones."""
    return expression.subs(one, sp.OneMatrix(p, 1))


def stacked(weights: sp.MatrixExpr, biases: sp.MatrixExpr) -> sp.MatrixExpr:
    """The parameters of a layer below each other."""
    return vec(sp.BlockMatrix([[weights, biases]]))


def squared_loss(weights: sp.MatrixExpr, biases: sp.MatrixExpr) -> sp.Expr:
    """Half the squared length of what the outputs miss of any targets, as a mean over examples."""
    targets = sp.MatrixSymbol("Y", weights.shape[0], p)
    residual = weights * X + biases * one.T - targets
    return evaluated(sp.Trace(residual * residual.T)) / (2 * p)


def kron(first: sp.MatrixExpr, second: sp.MatrixExpr = UNITS) -> sp.MatrixExpr:
    """The Kronecker product, with the identity of the units where nothing else is said."""
    a, first = first.as_coeff_mmul()  # SymPy's own doit fails on a scalar in a letter
    b, second = second.as_coeff_mmul()
    return a * b * sp.KroneckerProduct(first, second)


def inverse(*matrices: sp.MatrixExpr) -> dict[sp.MatrixExpr, sp.MatrixExpr]:
    """Rules: a matrix times its inverse is I, from both sides, and so for the transposes."""
    return {
        sp.MatMul(*pair): eye(matrix.rows)
        for matrix in matrices
        for each in {matrix, matrix.T}
        for pair in ((each, each.I), (each.I, each))
    }


def symmetric(*matrices: sp.MatrixExpr) -> dict[sp.MatrixExpr, sp.MatrixExpr]:
    """Rules: matrices and their inverses are symmetric."""
    return {matrix.T: matrix for matrix in matrices} | {m.I.T: m.I for m in matrices}


#: Sigma = LL', so that Sigma^-1 = L'^-1 L^-1.
FACTORED = {L * L.T: Sigma, sp.MatMul(L.T.I, L.I): Sigma.I, **inverse(L), **symmetric(Sigma)}

#: What the letter of the vector of ones means.
EXAMPLES = {one: sp.OneMatrix(p, 1)}

#: One example, one 1.
COUNT = {one.T * one: p * eye(1)}

#: In the chains Sigma is LL'.
FACTORS = (factored(Sigma, s.L),)

# Statistics of data
MEAN = X * one / p
CENTRED = X - MEAN * one.T
COVARIANCE = CENTRED * CENTRED.T / p

# The change of parameters theta~ = R^-1 theta, and back
TO_STANDARD = sp.BlockMatrix([[kron(L.T), sp.ZeroMatrix(N * n, n)], [kron(mu.T), UNITS]])


def from_standard(mean: sp.MatrixExpr) -> sp.BlockMatrix:
    """R, for inputs that are standardised by this mean."""
    return sp.BlockMatrix([[kron(L.T.I), sp.ZeroMatrix(N * n, n)], [-kron(mean.T * L.T.I), UNITS]])


FROM_STANDARD = from_standard(mu)
UNIT = sp.BlockMatrix([[kron(eye(N)), sp.ZeroMatrix(N * n, n)], [sp.ZeroMatrix(n, N * n), UNITS]])


def preconditioner(
    inverse_covariance: sp.MatrixExpr, mean: sp.MatrixExpr = mu, units: sp.MatrixExpr = UNITS
) -> sp.BlockMatrix:
    """[[S^-1 (x) I, -S^-1 m (x) I], [-m'S^-1 (x) I, (1 + m'S^-1 m) (x) I]]."""
    pull = inverse_covariance * mean
    return sp.BlockMatrix(
        [
            [kron(inverse_covariance, units), -kron(pull, units)],
            [-kron(pull.T, units), kron(eye(1) + mean.T * inverse_covariance * mean, units)],
        ]
    )


def second_moments(
    covariance: sp.MatrixExpr, mean: sp.MatrixExpr = mu, units: sp.MatrixExpr = UNITS
) -> sp.BlockMatrix:
    """Abar (x) I, the second moments of (x, 1): [[(S + mm') (x) I, m (x) I], [m' (x) I, I]]."""
    return sp.BlockMatrix(
        [
            [kron(covariance + mean * mean.T, units), kron(mean, units)],
            [kron(mean.T, units), units],
        ]
    )
