"""The letters, matrices and small expressions that the sections share."""

import sympy as sp
from sympy.matrices.expressions.special import OneMatrix

from companion.references import cite
from theory import symbols as s
from theory.functions.matrices import khatri_rao, kron, trace
from theory.proofs.factors import beside, direction

SOURCE = "grosse2021"
N, n, p, M, k = s.N.symbol, s.n.symbol, s.p.symbol, s.M.symbol, s.k.symbol
A, S, Sigma, mu = s.A.symbol, s.S.symbol, s.Sigma.symbol, s.mu.symbol
X, D, J, Delta = s.X.symbol, s.D.symbol, s.J.symbol, s.Delta.symbol
lam, v = s.lam.symbol, s.v.symbol

#: K-FAC's two factors and the block that they approximate, from data.
DATA_A, DATA_S = X * X.T / p, D * D.T / p
PAIRS = khatri_rao(X, D)
BLOCK = PAIRS * PAIRS.T / p
KFAC = kron(DATA_A, DATA_S)

#: |mu|^2 and nu.
SQUARE = trace(mu.T * mu)
NU = 1 + SQUARE
NU_MATRIX = sp.Identity(1) + mu.T * mu  # 1 x 1, as a factor of a product

# Letters of the derivations
a, b = sp.MatrixSymbol("a", N, 1), sp.MatrixSymbol("b", N, 1)
x, w = sp.MatrixSymbol("x", N, 1), sp.MatrixSymbol("w", N, 1)
deviation = sp.MatrixSymbol("z", N, 1)  # an input less its mean
f, h = sp.MatrixSymbol("f", n, 1), sp.MatrixSymbol("h", n, 1)
P, Q = sp.MatrixSymbol("Phi", N, N), sp.MatrixSymbol("Psi", n, n)
W = sp.MatrixSymbol("W", n, N)  # the weights of a layer
t = sp.Symbol("r", real=True)  # a place along a line
square = sp.Symbol("|mu|^2", nonnegative=True)
kappa = sp.Symbol("kappa", real=True)
ONE = sp.Identity(1)
LENGTH = {mu.T * mu: square * ONE}
ORTHOGONAL = {mu.T * w: sp.ZeroMatrix(1, 1)}

WHITE_NOISE = "independent inputs of mean 0 and variance v, derivatives of mean 0 and variance 1"
SPECTRAL = cite("hornjohnson2013", "theorem 2.5.6")


#: Orthonormal eigenvectors of I + mu mu': the direction of mu, and others.
WAY, BESIDE = direction(mu), beside(mu)


def ones(rows: sp.Expr) -> sp.MatrixExpr:
    """A column of ones."""
    return OneMatrix(rows, 1)
