"""Hot functions on the GPU: the engine's own kernels, and cuDNN's convolutions.

Each function stands in for the plain function of its name and takes its arguments (see
``deepnet.ops.hot``). It returns ``NotImplemented`` for arguments that it does not serve.
"""

from deepnet.ops.gpu.bilinear import product
from deepnet.ops.gpu.channels import channel_mean, channel_mean_product, scaled, shifted
from deepnet.ops.gpu.convolution import correlate, pull_input, pull_weight
from deepnet.ops.gpu.descent import descended
from deepnet.ops.gpu.fused import (
    activated,
    bent,
    factors_of_bend,
    factors_of_direction,
    factors_of_pull,
    means_of_bend,
    means_of_pull,
    pulled,
    pushed,
)
from deepnet.ops.gpu.losses import bend_of_softmax, softmax
from deepnet.ops.gpu.norm import (
    bend_of_normalise,
    jacobian,
    means_of_direction,
    moments,
    standardised,
)
from deepnet.ops.gpu.pointwise import (
    bend_of_pointwise,
    relu_and_slope,
    softplus_and_slope,
    times_slope,
)
from deepnet.ops.gpu.pool import chosen, maxima, put_back

__all__ = [
    "activated",
    "bend_of_normalise",
    "bend_of_pointwise",
    "bend_of_softmax",
    "bent",
    "channel_mean",
    "channel_mean_product",
    "chosen",
    "correlate",
    "descended",
    "factors_of_bend",
    "factors_of_direction",
    "factors_of_pull",
    "jacobian",
    "maxima",
    "means_of_bend",
    "means_of_direction",
    "means_of_pull",
    "moments",
    "product",
    "pull_input",
    "pull_weight",
    "pulled",
    "pushed",
    "put_back",
    "relu_and_slope",
    "scaled",
    "shifted",
    "softmax",
    "softplus_and_slope",
    "standardised",
    "times_slope",
]
