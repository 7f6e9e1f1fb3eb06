"""Hot functions compiled by numba: one pass over memory, no temporaries, no interpreter's lock.

Each function stands in for the plain function of its name and takes its arguments (see
``deepnet.ops.hot``). It returns ``NotImplemented`` for arguments that it does not serve. Block sums
are added in a fixed order.
"""

from deepnet.ops.compiled.channels import channel_mean, channel_mean_product, scaled, shifted
from deepnet.ops.compiled.convolution import correlate, pull_input, pull_weight
from deepnet.ops.compiled.norm import (
    bend_of_normalise,
    jacobian,
    moments,
    standardised,
)
from deepnet.ops.compiled.pointwise import (
    bend_of_pointwise,
    relu_and_slope,
    softplus_and_slope,
    times_slope,
)
from deepnet.ops.compiled.pool import chosen, maxima, put_back
from deepnet.ops.compiled.winograd import (
    summed_convolve,
    summed_pull_input,
    summed_pull_weight,
)

__all__ = [
    "bend_of_normalise",
    "bend_of_pointwise",
    "channel_mean",
    "channel_mean_product",
    "chosen",
    "correlate",
    "jacobian",
    "maxima",
    "moments",
    "pull_input",
    "pull_weight",
    "put_back",
    "relu_and_slope",
    "scaled",
    "shifted",
    "softplus_and_slope",
    "standardised",
    "summed_convolve",
    "summed_pull_input",
    "summed_pull_weight",
    "times_slope",
]
