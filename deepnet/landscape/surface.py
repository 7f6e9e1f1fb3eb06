"""The loss on curves and surfaces through the weights (li2018, oxford2021)."""

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from companion.progress import forecast, track
from deepnet.backend import beside
from deepnet.fit import require_all
from deepnet.landscape.directions import cosine, filter_normalised, moved, one_dimensional
from deepnet.landscape.statistics import Data, Loss, with_batch, with_running
from deepnet.problem import Problem
from deepnet.training.state import State

Array = Any
Weights = dict[str, Array]
DirectionDraw = Callable[[Weights, np.random.Generator], Weights]
#: Without it the direction of seed 0 would be along weights that were drawn from seed 0.
OWN = 0x5EED


@dataclass(frozen=True)
class Surface:
    """The loss L on a square grid in a plane through the weights w.

        loss[i, j] = L(w + a[i] d1 + a[j] d2)

    ``surface`` returns it. A value beyond the range of numbers is inf or nan.

    Attributes:
        coordinates: The numbers a, (points,), without unit.
        loss: The losses, (points, points).
        centre: L(w).
        cosine: The cosine of the angle between d1 and d2.
        at_rest: The names of the weights of one dimension that both directions leave at rest.

    Reference:
        li2018, section 3

    Example:
        >>> plane = Surface(np.array([-1.0, 0.0, 1.0]), np.zeros((3, 3)), 0.0, 0.0, ())
        >>> plane.loss.shape
        (3, 3)
    """

    coordinates: np.ndarray
    loss: np.ndarray
    centre: float
    cosine: float
    at_rest: tuple[str, ...]


def curve(
    loss: Loss, weights: Weights, direction: Weights, steps: Sequence[float], title: str = "curve"
) -> np.ndarray:
    """The loss L at points of a line through the weights w.

        L(w + a d)        for each step a

    A value is exact to rounding, and inf or nan beyond the range of numbers. On a terminal the
    function shows an estimate of the time and its progress.

    Args:
        loss: L, a function of the weights, such as ``with_batch`` returns.
        weights: The point w, {name: array}.
        direction: The direction d, {name: array}.
        steps: The numbers a, without unit. Each costs one value of L.
        title: The name shown beside the progress.

    Returns:
        The losses (steps,).

    Raises:
        ValueError: The direction does not have the names and shapes of the weights.

    Reference:
        li2018, section 3
        oxford2021, section 1.2, 1D linear interpolation

    Example:
        >>> w, d = {"dense1": np.array([[1.0, 2.0]])}, {"dense1": np.array([[1.0, 0.0]])}
        >>> curve(lambda v: float((v["dense1"] ** 2).sum()), w, d, [-1.0, 0.0, 1.0]).tolist()
        [4.0, 5.0, 8.0]
    """
    return _losses(loss, [[(a, direction)] for a in steps], weights, title)


def surface(
    loss: Loss,
    weights: Weights,
    directions: tuple[Weights, Weights],
    coordinates: Sequence[float],
    title: str = "surface",
) -> Surface:
    """The loss L on a square grid in the plane of two directions through the weights w.

        loss[i, j] = L(w + a[i] d1 + a[j] d2)

    The values are exact to rounding. On a terminal the function shows an estimate of the time and
    its progress.

    Args:
        loss: L, a function of the weights, such as ``with_batch`` returns.
        weights: The point w, {name: array}.
        directions: The pair (d1, d2), each {name: array}.
        coordinates: The numbers a, without unit. p of them cost p^2 + 1 values of L.
        title: The name shown beside the progress.

    Returns:
        A ``Surface``.

    Raises:
        ValueError: A direction does not have the names and shapes of the weights.

    Reference:
        li2018, section 4
        oxford2021, section 1.2, surface plot with random directions

    Example:
        >>> w = {"dense1": np.array([[0.0, 0.0]])}
        >>> d1, d2 = {"dense1": np.array([[1.0, 0.0]])}, {"dense1": np.array([[0.0, 2.0]])}
        >>> square = surface(lambda v: float((v["dense1"] ** 2).sum()), w, (d1, d2), [0.0, 1.0])
        >>> square.loss.tolist(), square.centre, square.cosine
        ([[0.0, 4.0], [1.0, 5.0]], 0.0, 0.0)
    """
    one, other = directions
    steps = [[(a, one), (b, other)] for a in coordinates for b in coordinates]
    losses = _losses(loss, [[], *steps], weights, title)
    rest = tuple(n for n in one_dimensional(weights) if not (one[n].any() or other[n].any()))
    a, centre = np.array(coordinates, float), float(losses[0])
    return Surface(a, losses[1:].reshape(len(a), len(a)), centre, cosine(one, other), rest)


def surfaces(
    loss: Loss,
    weights: Weights,
    seeds: Iterable[int],
    coordinates: Sequence[float],
    draw: DirectionDraw = filter_normalised,
) -> dict[int, Surface]:
    """Surfaces of the loss L along several pairs of random directions, one pair per seed.

        loss[i, j] = L(w + a[i] d1 + a[j] d2),    d1, d2 drawn from the seed

    One surface is one draw. The spread between the seeds says how much it depends on its
    directions.

    Args:
        loss: L, a function of the weights, such as ``with_batch`` returns.
        weights: The point w, {name: array}.
        seeds: The seeds of the directions. They are no seeds of training: the same number gives
            other random numbers.
        coordinates: The numbers a, without unit.
        draw: The law of the directions, ``filter_normalised`` or ``raw``.

    Returns:
        {seed: its ``Surface``}.

    Reference:
        li2018, section 4

    Example:
        >>> w = {"dense1": np.array([[3.0, 4.0]])}
        >>> both = surfaces(lambda v: float((v["dense1"] ** 2).sum()), w, [0, 1], [0.0, 1.0])
        >>> {seed: float(plane.loss[0, 0]) for seed, plane in both.items()}
        {0: 25.0, 1: 25.0}
    """
    by_seed = {}
    for seed in seeds:
        rng = np.random.default_rng([seed, OWN])
        directions = draw(weights, rng), draw(weights, rng)
        by_seed[seed] = surface(
            loss, weights, directions, coordinates, f"surface, directions {seed}"
        )
    return by_seed


def interpolation(
    problem: Problem, data: Data, start: State, end: State, shares: Sequence[float]
) -> np.ndarray:
    """The loss L on the straight line from one state of training to another.

        L((1 - a) start + a end)        for each share a

    The running statistics are interpolated like the weights, and batch norm is frozen at them.
    States without running statistics have the loss in the problem's own mode. Outside 0 to 1 an
    interpolated variance may be negative, which makes the loss nan. For other statistics see
    ``curve`` along end - start.

    Args:
        problem: The net, its norm and its loss.
        data: The batches, a sequence of pairs (x, targets).
        start: The state at a = 0.
        end: The state at a = 1, with statistics where ``start`` has them.
        shares: The numbers a, without unit.

    Returns:
        The losses (shares,).

    Raises:
        ValueError: The states' weights differ in name or shape.

    Reference:
        li2018, section 3
        oxford2021, section 1.2, 1D linear interpolation

    Example:
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([1.0, 2.0]), np.array([1.0, 3.0]))
        >>> start, end = State({"dense1": np.zeros((1, 2))}, {}), State(batches.weights, {})
        >>> interpolation(batches.problem, batches.data, start, end, [0.0, 0.5, 1.0]).tolist()
        [0.0, 2.3125, 9.25]
    """
    require_all("the end", end.weights, {name: w.shape for name, w in start.weights.items()})
    losses = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for a in track(shares, len(shares), "interpolation"):
            weights = {name: _between(a, w, end.weights[name]) for name, w in start.weights.items()}
            statistics = {
                layer: (_between(a, pair[0], end.statistics[layer][0]),
                        _between(a, pair[1], end.statistics[layer][1]))
                for layer, pair in start.statistics.items()
            }  # fmt: skip
            fixed = with_running(problem, data, statistics)
            loss = fixed if statistics else with_batch(problem, data)
            losses.append(loss(weights))
    return np.array(losses)


def _between(a: float, start: Array, end: Array) -> Array:
    return ((1 - a) * start + a * beside(start, end)).astype(start.dtype)


def _losses(
    loss: Loss, points: Sequence[Sequence[tuple[float, Weights]]], weights: Weights, title: str
) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        forecast(len(points), title, lambda: loss(weights))
        return np.array([loss(moved(weights, *p)) for p in track(points, len(points), title)])
