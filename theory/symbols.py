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

# A layer
n = Parameter("n", "width: number of outputs of a layer", Integer(1, typical=(1, 50)))
mu = Parameter("mu", "mean vector of a layer's inputs", Array(N.symbol, 1))
Sigma = Parameter(
    "Sigma", "covariance matrix of a layer's inputs", Array(N.symbol, N.symbol, "definite")
)
A = Parameter("A", "second-moment matrix of a layer's inputs", Array(N.symbol, N.symbol, "psd"))
S = Parameter(
    "S",
    "second-moment matrix of the loss's derivatives in a layer's outputs",
    Array(n.symbol, n.symbol, "psd"),
)

# A unit and its batch norm
B = Parameter("B", "number of examples in a batch", Integer(2, typical=(2, 256)))
y = Parameter(
    "y", "outputs of one unit before batch norm, one an example", Array(B.symbol, 1, "varying")
)
g = Parameter("g", "gradient of the loss in the normalised outputs", Array(B.symbol, 1))
H = Parameter(
    "H", "Hessian of the loss in the normalised outputs", Array(B.symbol, B.symbol, "symmetric")
)
gamma = Parameter("gamma", "scale after normalisation", Real(typical=(-2, 2)))
shift = Parameter("shift", "shift after normalisation", Real(typical=(-2, 2)))
eps = Parameter("eps", "number added to the variance", Real(0, closed=True, typical=(0, 0.1)))
radius = Parameter("radius", "bound on the largest singular value", Real(0, typical=(0.5, 3)))


# Training, and the curvature of a net's loss
P = Parameter("P", "number of parameters of a net", Integer(1, typical=(2, 200)))
M = Parameter("M", "number of outputs of the net", Integer(1, typical=(1, 12)))
dim = Parameter("dim", "dimension of a subspace", Integer(1, typical=(1, 12)))
overlap = Parameter(
    "overlap",
    "squared length of a unit vector's part in a subspace",
    Real(0, 1, typical=(0.01, 0.99)),
)
Hess = Parameter(
    "Hess", "Hessian of the loss in a net's parameters", Array(P.symbol, P.symbol, "symmetric")
)
span = Parameter("span", "directions that are taken out, as columns", Array(P.symbol, dim.symbol))
outputs = Parameter("outputs", "outputs of a net before softmax", Array(M.symbol, 1))
target = Parameter("target", "target of each output", Array(M.symbol, 1))
velocity = Parameter(
    "velocity",
    "first derivatives of the outputs along a line in the parameters",
    Array(M.symbol, 1),
)
acceleration = Parameter(
    "acceleration",
    "second derivatives of the outputs along a line in the parameters",
    Array(M.symbol, 1),
)
W_out = Parameter("W_out", "weights of the last layer", Array(M.symbol, n.symbol))
hidden = Parameter("hidden", "inputs of the last layer", Array(n.symbol, 1))
ratio = Parameter("ratio", "quotient of two eigenvalues", Real(-1, 1, typical=(-0.95, 0.95)))
tangent = Parameter("tangent", "tangent of the angle to an eigenvector", Real(0, typical=(0.1, 5)))
third = Parameter("third", "third derivative of a loss at its minimum", Real(typical=(-2, 2)))
fourth = Parameter("fourth", "fourth derivative of a loss at its minimum", Real(typical=(-2, 2)))
a = Parameter("a", "first factor of a net of two weights", Real(typical=(-2, 2)))
b = Parameter("b", "second factor of a net of two weights", Real(typical=(-2, 2)))


def size(symbol: sp.Symbol) -> sp.Identity:
    """The identity matrix of ``symbol`` rows."""
    return sp.Identity(symbol)
