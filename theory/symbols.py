"""The letters of the house: one letter, one meaning, one domain.

A claim takes its parameters from here; where it needs a smaller domain it says
``alpha.within(low=1)``. Formulas are written in ``alpha.symbol``.
"""

import sympy as sp

from theory.domain import Array, Integer, Parameter, Real

# Sizes
N = Parameter("N", "number of inputs", Integer(1, typical=(2, 400)))
p = Parameter("p", "number of examples", Integer(1, typical=(2, 800)))
N_small = Parameter(
    "N_small", "inputs of the smallest neuron", Integer(1, typical=(1, 50)), r"N_{\min}"
)
N_large = Parameter(
    "N_large", "inputs of the largest neuron", Integer(2, typical=(50, 500)), r"N_{\max}"
)
k = Parameter("k", "step", Integer(0, typical=(0, 20)))
order = Parameter("order", "order of a moment", Integer(0, typical=(0, 20)), r"\nu")

# The data
alpha = Parameter("alpha", "examples per input, p/N", Real(0, typical=(0.25, 10)))
m = Parameter("m", "mean of an input", Real(typical=(-2, 2)))
v = Parameter("v", "variance of an input", Real(0, typical=(0.25, 4)))
X = Parameter("X", "data, one example per column", Array(N.symbol, p.symbol))
Y = Parameter("Y", "targets, one per example", Array(p.symbol, 1))

# The neuron and its loss
W = Parameter("W", "weights", Array(N.symbol, 1))
R = Parameter("R", "second-moment matrix of the inputs", Array(N.symbol, N.symbol, "psd"))
U = Parameter("U", "eigenvectors of R as columns", Array(N.symbol, N.symbol, "orthogonal"))
d = Parameter("d", "displacement from a minimum, W - W*", Array(N.symbol, 1))
V = Parameter("V", "displacement from a minimum along the columns of U", Array(N.symbol, 1))
u = Parameter("u", "direction of length 1", Array(N.symbol, 1, "unit"))
lam = Parameter("lam", "eigenvalue", Real(0, typical=(0.1, 4)), r"\lambda")

# Descent
eta = Parameter("eta", "learning rate", Real(0, typical=(0.05, 1)))
beta = Parameter("beta", "momentum", Real(0, 1, typical=(0.1, 0.95)))
left = Parameter(
    "left",
    "fraction of the first distance to the minimum that is left",
    Real(0, 1, typical=(0.001, 0.5)),
    r"\varphi",
)
t = Parameter("t", "time of gradient flow", Real(0, typical=(0.1, 10)))
start = Parameter(
    "start",
    "root mean square distance of the start from the minimum",
    Real(0, typical=(0.5, 2)),
    "r_0",
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
M = Parameter("M", "number of outputs of the net", Integer(1, typical=(1, 12)))
D = Parameter(
    "D",
    "derivatives of the loss in a layer's outputs, one example per column",
    Array(n.symbol, p.symbol),
)
J = Parameter(
    "J", "derivatives of the net's outputs in a layer's outputs", Array(M.symbol, n.symbol)
)
Delta = Parameter(
    "Delta", "displacement of a layer's weights, one row per output", Array(n.symbol, N.symbol)
)
Wl = Parameter("Wl", "weights of a layer, one row per unit", Array(n.symbol, N.symbol), r"W_{\ell}")
bl = Parameter("bl", "biases of a layer", Array(n.symbol, 1), r"b_{\ell}")
L = Parameter("L", "factor of the covariance, Sigma = LL'", Array(N.symbol, N.symbol, "invertible"))
turn = Parameter(
    "turn",
    "rotation or reflection of a layer's inputs",
    Array(N.symbol, N.symbol, "orthogonal"),
    r"\Omega",
)
mu0 = Parameter("mu0", "mean vector that a standardisation assumes", Array(N.symbol, 1), r"\mu_0")
T = Parameter("T", "linear map of a layer's inputs", Array(N.symbol, N.symbol, "invertible"))
offset = Parameter("offset", "vector added to a layer's inputs", Array(N.symbol, 1), r"\tau")
Q = Parameter("Q", "linear map of a layer's outputs", Array(n.symbol, n.symbol, "invertible"))

# A unit and its batch norm
B = Parameter("B", "number of examples in a batch", Integer(2, typical=(2, 256)))
y = Parameter(
    "y", "outputs of one unit before batch norm, one per example", Array(B.symbol, 1, "varying")
)
g = Parameter("g", "gradient of the loss in the normalised outputs", Array(B.symbol, 1))
H = Parameter(
    "H", "Hessian of the loss in the normalised outputs", Array(B.symbol, B.symbol, "symmetric")
)
gamma = Parameter("gamma", "scale after normalisation", Real(typical=(-2, 2)))
shift = Parameter("shift", "shift after normalisation", Real(typical=(-2, 2)), r"\delta")
eps = Parameter(
    "eps", "number added to the variance", Real(0, closed=True, typical=(0, 0.1)), r"\varepsilon"
)
factors = Parameter(
    "factors",
    "factors that multiply the inputs of a layer, one per input",
    Array(N.symbol, 1),
    r"\psi",
)
z = Parameter("z", "value of a normalised output", Real(typical=(-2, 2)))
radius = Parameter(
    "radius", "bound on the largest singular value", Real(0, typical=(0.5, 3)), r"\sigma_{\max}"
)

# Two layers, and a valley with bumps
W_below = Parameter("W_below", "weights of the layer below", Array(n.symbol, N.symbol), "W_1")
W_above = Parameter("W_above", "weights of the layer above, one output", Array(n.symbol, 1), "W_2")
x = Parameter("x", "place along a line", Real(typical=(-3, 3)))
height = Parameter("height", "half the height of a bump", Real(0, typical=(0.1, 2)), "h")
freq = Parameter("freq", "bumps per length of 2 pi", Real(0, typical=(0.5, 8)), r"\omega")
window = Parameter(
    "window", "half the length over which is averaged", Real(0, typical=(0.05, 2)), "w"
)

# Depth
depth = Parameter("depth", "number of layers", Integer(1, typical=(1, 50)), r"\ell")
c = Parameter("c", "correlation of a unit's values at two inputs", Real(-1, 1, True, (-1, 1)))
q = Parameter("q", "mean square of a layer's outputs", Real(0, typical=(0.25, 4)))

# Training
norm = Parameter(
    "norm", "length of the weights", Real(0, typical=(0.3, 3)), r"\left\lVert W \right\rVert"
)
G = Parameter(
    "G", "length of the gradient where the weights have length 1", Real(0, typical=(0.2, 3))
)
decay = Parameter("decay", "weight decay", Real(0, typical=(0.001, 0.2)), r"\zeta")
damping = Parameter(
    "damping", "number added to the Fisher matrix", Real(0, typical=(0.001, 1)), r"\xi"
)
degree = Parameter("degree", "degree of homogeneity", Real(typical=(-2, 3)), r"\kappa")
slope = Parameter(
    "slope",
    "gradient of f at u, where the loss is f(W/|W|) and W = norm u",
    Array(N.symbol, 1),
    r"\nabla f",
)
bend = Parameter(
    "bend",
    "Hessian of f at u, where the loss is f(W/|W|)",
    Array(N.symbol, N.symbol, "symmetric"),
    r"\nabla^{2} f",
)
steps = Parameter("steps", "number of steps", Integer(1, typical=(1, 100)), "K")
lengths = Parameter(
    "lengths", "lengths of gradients, or of buffers", Array(steps.symbol, 1), r"\Gamma"
)

# The curvature of a net's loss
P = Parameter("P", "number of parameters of a net", Integer(1, typical=(2, 200)))
dim = Parameter("dim", "dimension of a subspace", Integer(1, typical=(1, 12)), "r")
overlap = Parameter(
    "overlap",
    "squared length of a unit vector's part in a subspace",
    Real(0, 1, typical=(0.01, 0.99)),
    r"\chi",
)
Hess = Parameter(
    "Hess",
    "Hessian of the loss in a net's parameters",
    Array(P.symbol, P.symbol, "symmetric"),
    r"\mathcal{H}",
)
span = Parameter(
    "span", "directions that are taken out, as columns", Array(P.symbol, dim.symbol), r"\Xi"
)
outputs = Parameter("outputs", "outputs of a net before softmax", Array(M.symbol, 1), "f")
target = Parameter("target", "target of each output", Array(M.symbol, 1), r"\bar{y}")
velocity = Parameter(
    "velocity",
    "first derivatives of the outputs along a line in the parameters",
    Array(M.symbol, 1),
    r"\dot{f}",
)
acceleration = Parameter(
    "acceleration",
    "second derivatives of the outputs along a line in the parameters",
    Array(M.symbol, 1),
    r"\ddot{f}",
)
W_out = Parameter(
    "W_out", "weights of the last layer", Array(M.symbol, n.symbol), r"W_{\text{out}}"
)
hidden = Parameter("hidden", "inputs of the last layer", Array(n.symbol, 1), r"h_{\text{out}}")
ratio = Parameter(
    "ratio", "quotient of two eigenvalues", Real(-1, 1, typical=(-0.95, 0.95)), r"\rho"
)
tangent = Parameter(
    "tangent", "tangent of the angle to an eigenvector", Real(0, typical=(0.1, 5)), r"\tan \theta"
)
third = Parameter(
    "third", "third derivative of a loss at its minimum", Real(typical=(-2, 2)), "J_3"
)
fourth = Parameter(
    "fourth", "fourth derivative of a loss at its minimum", Real(typical=(-2, 2)), "J_4"
)
a = Parameter("a", "first factor of a net of two weights", Real(typical=(-2, 2)))
b = Parameter("b", "second factor of a net of two weights", Real(typical=(-2, 2)))


def size(symbol: sp.Symbol) -> sp.Identity:
    """The identity matrix of ``symbol`` rows."""
    return sp.Identity(symbol)
