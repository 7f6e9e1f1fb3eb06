"""A theorem on wide random nets: their channels become Gaussian."""

from typing import Any

import sympy as sp

from companion.references import cite
from theory.functions.heads_of_chance import E
from theory.functions.heads_of_nets import channel, repeated
from theory.proofs.kernel.ranges import homogeneous
from theory.proofs.uses import Statement, theorem

c, x, y = sp.symbols("c x y", real=True)
first_input, second_input = sp.symbols("x_1 x_2")


def correlation_map(activation: sp.Lambda) -> sp.Lambda:
    """The mean product of two activations over their mean square, for standard Gaussians x and
    c x + sqrt(1 - c^2) y."""
    density = sp.exp(-(x**2 + y**2) / 2) / (2 * sp.pi)
    plane = ((x, -sp.oo, sp.oo), (y, -sp.oo, sp.oo))
    other = activation(c * x + sp.sqrt(1 - c**2) * y)
    product = sp.Integral(activation(x) * other * density, *plane)
    square = sp.Integral(activation(x) ** 2 * density, *plane)
    return sp.Lambda(c, product / square)


@theorem(cite("lee2018", "eqs. (4), (5)"))
def correlations_in_wide_nets(activation: Any, layer: Any, width: Any) -> Statement:
    """In a wide net whose activation takes positive factors out, a f(t) = f(a t), the correlation
    of a channel at two inputs is 0 in layer 1, and what the map of the activation makes of the
    one below in later layers."""
    first, second = (
        channel(activation, layer, width, each) for each in (first_input, second_input)
    )
    factor, t = sp.Symbol("a", positive=True), sp.Symbol("t", real=True)
    return Statement(
        sp.Limit(E(first * second) / E(first**2), width, sp.oo),
        repeated(correlation_map(activation), sp.Integer(0), layer),
        equal=((homogeneous(activation(factor * t)), factor * activation(t)),),
        positive=(layer,),
    )
