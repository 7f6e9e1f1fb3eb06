"""Checks of the chapter ``propagation``: random layers and nets drawn many times.

Given the layer below, the rows of the next weights are independent, so one layer has an exact law:
at fixed vectors h below, the pre-activations w.h are independent Gaussians of covariance
2 h.h'/N. A net of one or two inputs is drawn by it layer by layer, n Gaussians (or pairs) each.
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
