"""The letters, rules and small expressions that the sections share.

With the mean mu and the standard deviation sigma of a batch y, the outputs of batch norm are
yhat = (y - mu 1)/sigma. In proofs of any size 1 and yhat are letters under the rules ``STANDARD``:
1'1 = B, 1'yhat = 0, yhat'yhat = B; these are proved in ``normalisation.standardisation``.
"""

import sympy as sp
from sympy.matrices.expressions.special import OneMatrix

from theory import symbols as s
from theory.functions.columns import mean, variance

GROSSE, PAGE, OXFORD = "grosse2021", "page2019", "oxford2021"
N, B, p, order = s.N.symbol, s.B.symbol, s.p.symbol, s.order.symbol
y, g, W, mu = s.y.symbol, s.g.symbol, s.W.symbol, s.mu.symbol
gamma, shift, eps = s.gamma.symbol, s.shift.symbol, s.eps.symbol

#: The inputs of a layer, one example of the batch per column.
BATCH = s.X.within(columns=B)
X = BATCH.symbol
POSITIVE_SCALE = s.gamma.within(low=0, typical=(0.1, 5))

ONES = OneMatrix(B, 1)


def centred(batch: sp.MatrixExpr) -> sp.MatrixExpr:
    """``batch`` less its mean."""
    return batch - mean(batch) * ONES


def normalised(batch: sp.MatrixExpr, added: sp.Expr = sp.S.Zero) -> sp.MatrixExpr:
    """Batch norm of ``batch``, with ``added`` (eps) in the variance; no scale, no shift."""
    return centred(batch) / sp.sqrt(variance(batch) + added)


#: Of the outputs y of one unit: mean, variance, what batch norm divides by, what it gives.
MEAN, VARIANCE = mean(y), variance(y)
DIVISOR = sp.sqrt(VARIANCE + eps)
OUTPUT, STANDARDISED = normalised(y, eps), normalised(y)

# Letters of the derivations
one = sp.MatrixSymbol("1", B, 1)
yhat = sp.MatrixSymbol("yhat", B, 1)
h = sp.MatrixSymbol("h", B, 1)  # any direction
centre = sp.Symbol("mu", real=True)
sigma = sp.Symbol("sigma", positive=True)
divisor = sp.Symbol("s", positive=True)  # sqrt(sigma^2 + eps)
x = sp.Symbol("x", real=True)  # place along a line
NUMBER, NOUGHT = sp.Identity(1), sp.ZeroMatrix(1, 1)

COUNT = {one.T * one: B * NUMBER}
STANDARD = {**COUNT, one.T * yhat: NOUGHT, yhat.T * one: NOUGHT, yhat.T * yhat: B * NUMBER}
#: y in letters: batch norm undone.
UNDONE = centre * one + sigma * yhat
#: The projector that takes the mean off, and the one that takes off yhat as well.
CENTRING = sp.Identity(B) - one * one.T / B
PROJECTOR = CENTRING - yhat * yhat.T / B
