"""Numbers read off a surface: its height, slope and curvature, by central differences."""

from dataclasses import dataclass

import numpy as np

from deepnet.landscape.surface import Surface


@dataclass(frozen=True)
class Terrain:
    """Numbers that describe the losses on the grid of a surface."""

    centre: float
    highest: float
    rise: float  # the highest loss within the radius 1/2, less the centre's
    steepest: float  # the largest slope
    curvature: float  # the larger principal curvature at the centre
    negative: float  # the share of the inner points whose smaller principal curvature is negative


def principal_curvatures(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """The smaller and the larger eigenvalue of the surface's 2 x 2 Hessian at its inner points.

    Each (points - 2, points - 2), by second differences on the evenly spaced grid; they are
    curvatures of the slice, not of the loss. Raises ValueError unless there are three even steps.
    """
    z, step = surface.loss, _step(surface)
    xx = (z[2:, 1:-1] - 2 * z[1:-1, 1:-1] + z[:-2, 1:-1]) / step**2
    yy = (z[1:-1, 2:] - 2 * z[1:-1, 1:-1] + z[1:-1, :-2]) / step**2
    xy = (z[2:, 2:] - z[2:, :-2] - z[:-2, 2:] + z[:-2, :-2]) / (4 * step**2)
    middle, apart = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
    return middle - apart, middle + apart


def terrain(surface: Surface) -> Terrain:
    """The numbers of a surface over an odd grid about its centre.

    Raises ValueError where the grid has no centre or is not even.
    """
    smaller, larger = principal_curvatures(surface)
    middle = len(surface.coordinates) // 2
    if (
        abs(surface.coordinates[middle]) > 1e-9 * _step(surface)
        or len(surface.coordinates) % 2 == 0
    ):
        raise ValueError("a terrain needs an odd grid with its middle at 0")
    a, b = np.meshgrid(surface.coordinates, surface.coordinates, indexing="ij")
    near = a**2 + b**2 <= 0.25
    slopes = np.gradient(surface.loss, _step(surface))
    return Terrain(
        surface.centre,
        float(surface.loss.max()),
        float(surface.loss[near].max() - surface.centre),
        float(np.hypot(*slopes).max()),
        float(larger[middle - 1, middle - 1]),
        float((smaller < 0).mean()),
    )


def _step(surface: Surface) -> float:
    steps = np.diff(surface.coordinates)
    if len(steps) < 2 or not steps[0] > 0 or np.abs(steps - steps[0]).max() > 1e-9 * steps[0]:
        raise ValueError("curvatures need an even grid of three or more increasing steps")
    return float(steps[0])
