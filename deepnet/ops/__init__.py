"""The operations, by family. ``families`` says what an operation is."""

# pointwise
# bilinear: one trilinear form, three faces
from deepnet.ops.bilinear import channel_scale, dense
from deepnet.ops.convolution import conv

# several as one
from deepnet.ops.fused import IDENTITY, curve, fuses, normalise_activate_pool
from deepnet.ops.fused_passes import Curve

# linear
from deepnet.ops.linear import add, average_pool, centre, flatten, max_pool, scale

# losses, with their own law
from deepnet.ops.losses import mean_squared_error, smoothed, softmax_cross_entropy

# batch norm by mode
from deepnet.ops.norm import normalise, normalise_detached, normalise_fixed
from deepnet.ops.perturb import perturb
from deepnet.ops.pointwise import (
    relu,
    rsqrt,
    sigmoid,
    softplus,
    softplus_literal,
    square,
    tanh,
)
from deepnet.ops.power_norm import power_normalise
from deepnet.ops.residual import pad_channels, subsample
from deepnet.ops.shift import channel_shift

__all__ = [
    "IDENTITY",
    "Curve",
    "add",
    "average_pool",
    "centre",
    "channel_scale",
    "channel_shift",
    "conv",
    "curve",
    "dense",
    "flatten",
    "fuses",
    "max_pool",
    "mean_squared_error",
    "normalise",
    "normalise_activate_pool",
    "normalise_detached",
    "normalise_fixed",
    "pad_channels",
    "perturb",
    "power_normalise",
    "relu",
    "rsqrt",
    "scale",
    "sigmoid",
    "smoothed",
    "softmax_cross_entropy",
    "softplus",
    "softplus_literal",
    "square",
    "subsample",
    "tanh",
]
