"""Pictures of a loss: along lines, on surfaces, and how far its gradient can be trusted."""

# where to look
from deepnet.landscape.directions import filter_normalised, moved, one_dimensional, raw

# loss and gradient along a line
from deepnet.landscape.line import Line, line
from deepnet.landscape.smoothness import Smoothness, smoothness

# the loss under batch statistics of a stated kind
from deepnet.landscape.statistics import (
    estimated,
    with_batch,
    with_frozen,
    with_reestimated,
    with_running,
)

# the loss alone, on curves and surfaces
from deepnet.landscape.surface import Surface, curve, interpolation, surface, surfaces
from deepnet.landscape.terrain import Terrain, principal_curvatures, terrain

__all__ = [
    "Line",
    "Smoothness",
    "Surface",
    "Terrain",
    "curve",
    "estimated",
    "filter_normalised",
    "interpolation",
    "line",
    "moved",
    "one_dimensional",
    "principal_curvatures",
    "raw",
    "smoothness",
    "surface",
    "surfaces",
    "terrain",
    "with_batch",
    "with_frozen",
    "with_reestimated",
    "with_running",
]
