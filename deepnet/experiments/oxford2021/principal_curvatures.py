"""The bending of LeNet's surfaces is compared with the eigenvalues of the whole Hessian.

The principal curvatures of a random slice are taken at every grid point. The largest and the
smallest eigenvalue of the Hessian of the whole loss are taken at a few points. A random slice sees
hardly anything of either eigenvalue.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np

from companion.progress import track
from companion.references import cite
from companion.scale import Scale
from deepnet.curvature import Batches, hessian, lanczos
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Observation
from deepnet.experiments.oxford2021.shared import landscapes, protocol
from deepnet.experiments.oxford2021.shared.landscapes import MODES, WORDS, Mode
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import VERSION_OF_TRAINING, Trained
from deepnet.landscape import Surface, filter_normalised, moved, principal_curvatures
from deepnet.landscape.surface import OWN

VERSION = 2
SOURCE = cite("oxford2021", "section 1.2, principal curvatures")
#: The direction seed of the slice.
SEED = 0


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the landscapes' configuration, and the number of Hessian ``products`` per point.

    The points are the centre and four points halfway to the edges.
    ``lattice``: 0, or 11 for a lattice of 11 x 11 points instead.
    """
    return landscapes.configuration(scale) | {
        "products": scale.pick(3, 20, 20),
        "lattice": scale.pick(0, 0, 11),
    }


def run(context: Context) -> Arrays:
    """The curvatures of the slice and the extreme eigenvalues of the Hessian in each mode.

    ``at`` (points,): the grid in each direction.
    ``places`` (k, 2): the points at which eigenvalues are taken.
    ``<mode>:trained``: whether the net trained. A net that did not train has no other arrays.
    ``<mode>:smaller`` and ``larger`` (points - 2, points - 2): the principal curvatures of the
    slice.
    ``<mode>:lengths`` (2,): the lengths of the two directions.
    ``<mode>:largest`` and ``smallest`` (k,): the extreme eigenvalues.
    ``<mode>:residuals`` (k, 2): the residuals of both eigenvalues.
    """
    grid = np.linspace(-1, 1, context.config["points"])
    arrays: Arrays = {"at": grid, "places": grid_points(grid, context.config["lattice"])}
    for mode in MODES:
        net = protocol.net("lenet", landscapes.norm_of(mode), "joint", context)
        arrays[f"{mode}:trained"] = np.array(not net.outcome)
        if net.outcome:
            continue
        surface = landscapes.measured(net, mode, SEED, context)
        loss = landscapes.clipped(surface["loss"])
        slice_ = Surface(surface["at"], loss, float(surface["centre"]), 0.0, ())
        smaller, larger = principal_curvatures(slice_)
        arrays |= {f"{mode}:smaller": smaller, f"{mode}:larger": larger}
        pair = directions(net)
        arrays[f"{mode}:lengths"] = np.array([_length(direction) for direction in pair])
        for quantity, array in _extremes(net, mode, arrays["places"], context).items():
            arrays[f"{mode}:{quantity}"] = array
    return arrays


def grid_points(grid: np.ndarray, lattice: int) -> np.ndarray:
    """The grid points (k, 2) at which the eigenvalues of the Hessian are taken, the centre first.

    Without a ``lattice`` the four others are the outermost grid points within half the way to the
    edges.
    With a ``lattice`` the points are all points of a lattice with this many per side.

    >>> grid_points(np.linspace(-1, 1, 5), 0).tolist()
    [[0.0, 0.0], [0.5, 0.0], [-0.5, 0.0], [0.0, 0.5], [0.0, -0.5]]
    """
    if lattice:
        sides = grid[np.linspace(0, len(grid) - 1, lattice).round().astype(int)]
        all_of_them = np.array([(a, b) for a in sides for b in sides])
        return all_of_them[np.argsort(np.hypot(*all_of_them.T), kind="stable")]
    half = float(grid[grid <= 0.5].max())
    return np.array([(0, 0), (half, 0), (-half, 0), (0, half), (0, -half)], float)


def directions(net: Trained) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two directions of the slice."""
    rng = np.random.default_rng([SEED, OWN])
    weights = net.state.weights
    return filter_normalised(weights, rng), filter_normalised(weights, rng)


def _length(direction: Mapping[str, Any]) -> float:
    return float(np.sqrt(sum(float((d.astype("float64") ** 2).sum()) for d in direction.values())))


def _extremes(net: Trained, mode: Mode, points: np.ndarray, context: Context) -> Arrays:
    """The extreme eigenvalues by Lanczos at each of the ``points``.

    Each point is stored as soon as it is done.
    """
    one, other = directions(net)
    images = landscapes.data(context)
    products = context.config["products"]

    def compute(a: float, b: float) -> Arrays:
        there = moved(net.state.weights, (a, one), (b, other))
        pairs = lanczos(
            context.checkpointed(
                hessian(Batches(landscapes.problem_of(mode, net), there, images)), there
            ),
            context.rng("lanczos"),
            top=1,
            bottom=1,
            products=products,
            watch=partial(
                track, total=products, what=f"Hessian products, {mode}, {a:.2g}, {b:.2g}"
            ),
        )
        return {"values": pairs.values, "residuals": pairs.residuals}

    by_point = []
    for a, b in points.tolist():
        by_point.append(
            context.shared(
                f"extremes-{mode}",
                partial(compute, a, b),
                recipe=asdict(net.recipe),
                place=[a, b],
                directions=SEED,
                version=[VERSION_OF_TRAINING, landscapes.VERSION_OF_SURFACES],
                **{name: context.config[name] for name in ("images", "images_batch", "products")},
            )
        )
    eigenvalues = np.array([extremes["values"] for extremes in by_point])
    return {
        "largest": eigenvalues[:, 0],
        "smallest": eigenvalues[:, 1],
        "residuals": np.array([extremes["residuals"] for extremes in by_point]),
    }


def ratio(arrays: Arrays, mode: str) -> np.ndarray:
    """|smallest|/largest eigenvalue of the Hessian at each of the places, (k,)."""
    return np.abs(arrays[f"{mode}:smallest"]) / arrays[f"{mode}:largest"]


def seen(arrays: Arrays, mode: str) -> float:
    """The larger curvature of the slice at the centre divided by the largest eigenvalue there.

    The curvature is first divided by the square of the longer direction's length.
    """
    larger = arrays[f"{mode}:larger"]
    middle = len(larger) // 2
    along = larger[middle, middle] / arrays[f"{mode}:lengths"].max() ** 2
    return float(along / arrays[f"{mode}:largest"][0])


def _report(name: str, mode: Mode) -> Observation:
    number, says = MEASURES[name]

    def measure(arrays: Arrays) -> float:
        return number(arrays, mode) if arrays[f"{mode}:trained"] else float("nan")

    return Observation(
        f"principal_curvatures.{name}_{mode}",
        says=f"The {says}, {WORDS[mode]}.",
        link="log" if name.startswith("ratio") else "identity",
        band=None,
        measure=measure,
    )


def _at_centre(arrays: Arrays, mode: str) -> float:
    return float(ratio(arrays, mode)[0])


def _around(arrays: Arrays, mode: str) -> float:
    return float(np.median(ratio(arrays, mode)[1:]))


def _largest(arrays: Arrays, mode: str) -> float:
    return float(arrays[f"{mode}:largest"][0])


#: Each measure of a mode, and what it is.
MEASURES: Mapping[str, tuple[Callable[[Arrays, str], float], str]] = {
    "ratio_at_centre": (
        _at_centre,
        "size of the Hessian's smallest eigenvalue divided by its largest eigenvalue, at the "
        "centre of LeNet's surface",
    ),
    "ratio_around": (
        _around,
        "median size of the Hessian's smallest eigenvalue divided by its largest eigenvalue, "
        "around the centre of LeNet's surface",
    ),
    "largest_at_centre": (
        _largest,
        "largest eigenvalue of the Hessian at the centre of LeNet's surface",
    ),
    "seen_by_the_slice": (
        seen,
        "larger curvature of the slice per squared length divided by the Hessian's largest "
        "eigenvalue, at the centre",
    ),
}
#: No sign was stated.
OBSERVATIONS = tuple(_report(name, mode) for name in MEASURES for mode in MODES)
