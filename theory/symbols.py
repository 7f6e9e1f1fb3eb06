"""The letters of the house: one letter, one meaning, one domain.

A claim takes its parameters from here; where it needs a smaller domain it says
``alpha.within(low=1)``. Formulas are written in ``alpha.symbol``.
"""

import sympy as sp

from theory.domain import Array, Integer, Parameter, Real

# Sizes
N = Parameter("N", "number of inputs", Integer(1, typical=(2, 400)))
p = Parameter("p", "number of examples", Integer(1, typical=(2, 800)))
N_small = Parameter("N_small", "inputs of the smallest neuron", Integer(1, typical=(1, 50)))
N_large = Parameter("N_large", "inputs of the largest neuron", Integer(2, typical=(50, 500)))
k = Parameter("k", "step, or order of a moment", Integer(0, typical=(0, 20)))

# The data
alpha = Parameter("alpha", "examples per input, p/N", Real(0, typical=(0.25, 10)))
m = Parameter("m", "mean of an input", Real(typical=(-2, 2)))
v = Parameter("v", "variance of an input", Real(0, typical=(0.25, 4)))
X = Parameter("X", "data, one example a column", Array(N.symbol, p.symbol))
Y = Parameter("Y", "targets, one an example", Array(p.symbol, 1))

# The neuron and its loss
W = Parameter("W", "weights", Array(N.symbol, 1))
R = Parameter("R", "second-moment matrix of the inputs", Array(N.symbol, N.symbol, "psd"))
U = Parameter("U", "eigenvectors of R as columns", Array(N.symbol, N.symbol, "orthogonal"))
d = Parameter("d", "displacement from a minimum, W - W*", Array(N.symbol, 1))
V = Parameter("V", "displacement from a minimum along the columns of U", Array(N.symbol, 1))
u = Parameter("u", "direction of length 1", Array(N.symbol, 1, "unit"))
lam = Parameter("lam", "eigenvalue", Real(0, typical=(0.1, 4)))

# Descent
eta = Parameter("eta", "learning rate", Real(0, typical=(0.05, 1)))
beta = Parameter("beta", "momentum", Real(0, 1, typical=(0.1, 0.95)))
left = Parameter("left", "fraction of the distance that is left", Real(0, 1, typical=(0.001, 0.5)))
t = Parameter("t", "time of gradient flow", Real(0, typical=(0.1, 10)))
start = Parameter(
    "start", "root mean square distance of the start from the minimum", Real(0, typical=(0.5, 2))
)


def size(symbol: sp.Symbol) -> sp.Identity:
    """The identity matrix of ``symbol`` rows."""
    return sp.Identity(symbol)
