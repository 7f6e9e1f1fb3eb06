"""Hot functions compiled by numba: one pass over memory, no temporaries, no interpreter's lock.

Each stands in for the plain one of its name (see ``deepnet.ops.hot``), with the same arguments, or
returns ``NotImplemented`` for arguments that it does not serve. Block sums are added in a fixed
order.
"""

from deepnet.ops.compiled.convolution import correlate, pull_weight
from deepnet.ops.compiled.norm import (
    bend_of_normalise,
    jacobian,
    moments,
    standardised,
    times_inverse,
)
from deepnet.ops.compiled.pointwise import bend_of_pointwise, softplus_and_slope, times_slope
from deepnet.ops.compiled.pool import chosen, maxima, put_back

__all__ = [
    "bend_of_normalise",
    "bend_of_pointwise",
    "chosen",
    "correlate",
    "jacobian",
    "maxima",
    "moments",
    "pull_weight",
    "put_back",
    "softplus_and_slope",
    "standardised",
    "times_inverse",
    "times_slope",
]
