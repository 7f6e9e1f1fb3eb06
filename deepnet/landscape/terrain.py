"""Numbers read off a surface: its height, slope and curvature, by central differences."""

from dataclasses import dataclass

import numpy as np

from deepnet.landscape.surface import Surface


@dataclass(frozen=True)
class Terrain:
    """Numbers that describe the losses L on the grid of a surface.

    ``terrain`` returns it. Coordinates have no unit, so that all numbers but ``negative`` have the
    unit of the loss.

    Attributes:
        centre: The loss at the centre.
        highest: The highest loss on the grid.
        rise: The highest loss within the radius 1/2, minus the loss at the centre.
        steepest: The largest length of the slope on the grid.
        curvature: The larger principal curvature at the centre.
        negative: The share of the inner points whose smaller principal curvature is negative.

    Reference:
        oxford2021, section 1.2, principal curvatures

    Example:
        >>> Terrain(1.0, 3.0, 0.5, 4.0, 4.0, 0.0).rise
        0.5
    """

    centre: float
    highest: float
    rise: float
    steepest: float
    curvature: float
    negative: float


def principal_curvatures(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """The two eigenvalues of the 2 x 2 Hessian of a surface, at its inner points.

        L_aa ~ (L(a+h, b) - 2 L(a, b) + L(a-h, b))/h^2
        L_ab ~ (L(a+h, b+h) - L(a+h, b-h) - L(a-h, b+h) + L(a-h, b-h))/(4 h^2)

    The error of a second difference is of order h^2 for a smooth loss, for example h^2 L_aaaa/12 in
    L_aa. The surface is a slice of the loss. Where the directions are orthonormal, its principal
    curvatures lie between the extreme eigenvalues of the loss's Hessian.

    Args:
        surface: The losses on an evenly spaced grid of three or more points per side.

    Returns:
        The smaller and the larger curvature, each (points - 2, points - 2), in the unit of the
        loss.

    Raises:
        ValueError: The grid is not even, does not increase or has fewer than three points.

    Reference:
        oxford2021, section 1.2, principal curvatures
        li2018

    Example:
        >>> a = np.array([-1.0, 0.0, 1.0])
        >>> bowl = Surface(a, a[:, None] ** 2 + 2 * a[None, :] ** 2, 0.0, 0.0, ())
        >>> smaller, larger = principal_curvatures(bowl)
        >>> smaller.tolist(), larger.tolist()
        ([[2.0]], [[4.0]])
    """
    z, step = surface.loss, _step(surface)
    xx = (z[2:, 1:-1] - 2 * z[1:-1, 1:-1] + z[:-2, 1:-1]) / step**2
    yy = (z[1:-1, 2:] - 2 * z[1:-1, 1:-1] + z[1:-1, :-2]) / step**2
    xy = (z[2:, 2:] - z[2:, :-2] - z[:-2, 2:] + z[:-2, :-2]) / (4 * step**2)
    middle, apart = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
    return middle - apart, middle + apart


def terrain(surface: Surface) -> Terrain:
    """Height, slope and curvature of a surface over an odd grid about its centre.

        slope = (L(a+h) - L(a-h))/(2h) per coordinate;    curvatures: ``principal_curvatures``

    The error of a slope is of order h^2 inside the grid and of order h at its edges. The extremes
    are taken over the points of the grid alone.

    Args:
        surface: The losses on an evenly spaced grid with an odd number of points and its middle at
            0.

    Returns:
        A ``Terrain``.

    Raises:
        ValueError: The grid is not even, or its middle is not 0.

    Reference:
        oxford2021, section 1.2, principal curvatures

    Example:
        >>> a = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
        >>> bowl = Surface(a, a[:, None] ** 2 + 2 * a[None, :] ** 2, 0.0, 0.0, ())
        >>> seen = terrain(bowl)
        >>> seen.highest, seen.rise, seen.curvature, seen.negative
        (3.0, 0.5, 4.0, 0.0)
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
