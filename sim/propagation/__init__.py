"""Checks of the chapter ``propagation`` draw random layers and nets many times.

Given the layer below, the rows of the next weights are independent, so that one layer has an exact
law. At fixed vectors h below, the pre-activations w.h are independent Gaussians of covariance 2
h.h'/N. A net of one or two inputs is drawn by this law, layer by layer, with n Gaussians (or pairs)
per layer.
"""

from sim.propagation import (
    rectified,
    initialisation,
    correlation,
    depth,
    linear,
    shortcuts,
    widths,
    shift_and_scale,
    pooling,
)
