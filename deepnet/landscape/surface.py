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
    """``loss[i, j]`` at w + a[i] d1 + a[j] d2, a the ``coordinates``, and at the ``centre`` w.

    The directions d1 and d2 have this ``cosine`` and leave the weights named in ``at_rest`` alone.
    Values beyond the range of numbers are inf or nan.
    """

    coordinates: np.ndarray
    loss: np.ndarray
    centre: float
    cosine: float
    at_rest: tuple[str, ...]


def curve(
    loss: Loss, weights: Weights, direction: Weights, steps: Sequence[float], title: str = "curve"
) -> np.ndarray:
    """The loss at w + a d for each a in ``steps``; progress and a time estimate on a terminal."""
    return _losses(loss, [[(a, direction)] for a in steps], weights, title)


def surface(
    loss: Loss,
    weights: Weights,
    directions: tuple[Weights, Weights],
    coordinates: Sequence[float],
    title: str = "surface",
) -> Surface:
    """The ``loss`` on the square grid of ``coordinates`` along two directions.

    On a terminal it says how long it will take, and then shows progress.
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
    """{seed: the surface along two directions of that seed}.

    ``draw`` is ``filter_normalised`` or ``raw``. Direction seeds are no training seeds: the same
    number gives other random numbers.
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
    """The loss at (1 - a) start + a end for each a in ``shares``, running statistics too.

    States without running statistics have the loss in the problem's own mode. Outside 0 to 1 an
    interpolated variance may be negative: the loss is then nan. For the statistics of the batch, or
    re-estimated ones, see ``curve`` along end - start.

    Raises ValueError where the states' weights differ in name or shape.
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
