"""What happens in a net while it is trained: activations, units, shift, sharpness, smoothness."""

# what a layer's activations are
from deepnet.watch.activations import Activation, activations

# how far earlier layers' updates turn a layer's gradient
from deepnet.watch.covariate_shift import CovariateShift, covariate_shift

# hooks of a training
from deepnet.watch.hooks import every, of_activations, of_covariate_shift, of_smoothness
from deepnet.watch.moments import Moments, moments
from deepnet.watch.sharpness import Sharpness
from deepnet.watch.units import dead, saturated

__all__ = [
    "Activation",
    "CovariateShift",
    "Moments",
    "Sharpness",
    "activations",
    "covariate_shift",
    "dead",
    "every",
    "moments",
    "of_activations",
    "of_covariate_shift",
    "of_smoothness",
    "saturated",
]
