"""Batch norm, its mode always named.

x has channels last. mu and sigma^2 = mean((x - mu)^2) + eps are statistics of each channel over all
its other entries, y = (x - mu)/sigma.

active      differentiate through the batch's statistics
ghost(b)    the same, in groups of b consecutive examples each
detached    the batch's statistics, taken as constants by the derivatives
frozen      given statistics (running ones: the mode eval)
"""

from collections.abc import Callable
from typing import Any

from deepnet.backend import array_module
from deepnet.ops.blocks import mapped, summed
from deepnet.ops.families import Linear
from deepnet.tape import Operation

Array = Any
EPS = 1e-5


def moments(x: Array) -> tuple[Array, Array]:
    """Mean and biased variance of each channel."""
    rows = x.reshape(-1, x.shape[-1])
    mean = summed(lambda x: x.sum(0), rows) / len(rows)
    return mean, summed(lambda x: ((x - mean) ** 2).sum(0), rows) / len(rows)


class Normalise(Operation):
    """Batch norm in the modes active (``group`` 0) and ghost.

    The Jacobian of y in x is symmetric, J d = (d - mean(d) - y mean(y d))/sigma, so that one
    function serves push and pull; bend differentiates it. What is kept is (y, 1/sigma) for each
    group, y as (entries, channels); means run over the entries.
    """

    name = "normalise"

    def forward(self, x: Array, eps: float = EPS, group: int = 0) -> tuple[Array, Any]:
        group = group or len(x)
        if len(x) % group:
            raise ValueError(f"ghost batches of {group} do not divide a batch of {len(x)}")
        groups = x.reshape(len(x) // group, -1, x.shape[-1])
        if groups.shape[1] < 2:
            raise ValueError("batch norm over a single value: give it two examples or pixels")
        parts = [_standardise(rows, eps) for rows in groups]
        return _joined([y for y, _ in parts], x.shape), parts

    def push(self, kept: Any, dx: Array) -> Array:
        return None if dx is None else _by_groups(_jacobian, kept, dx)

    def pull(self, kept: Any, g: Array, needs: Any) -> tuple[Array | None, ...]:
        return (_by_groups(_jacobian, kept, g),)

    def bend(
        self, kept: Any, dxs: tuple[Array | None, ...], g: Array, dg: Array | None, needs: Any
    ) -> tuple[Array | None, ...]:
        (dx,) = dxs
        if dx is None:
            return (None,) if dg is None else self.pull(kept, dg, needs)
        return (_by_groups(_bend, kept, g, dx, g * 0 if dg is None else dg),)


def _by_groups(law: Any, kept: Any, g: Array, *others: Array) -> Array:
    """``law(y, inverse, ...)`` on each group's rows (entries, channels)."""
    shape = (len(kept), -1, g.shape[-1])
    arrays = [array.reshape(shape) for array in (g, *others)]
    results = [
        law(y, inverse, *(array[i] for array in arrays)) for i, (y, inverse) in enumerate(kept)
    ]
    return _joined(results, g.shape)


def _joined(groups: list[Array], shape: tuple[int, ...]) -> Array:
    xp = array_module(groups[0])
    return (groups[0] if len(groups) == 1 else xp.concatenate(groups)).reshape(shape)


def _standardise(rows: Array, eps: float) -> tuple[Array, Array]:
    mean, variance = moments(rows)
    inverse = (variance + eps) ** -0.5
    return mapped(lambda x: (x - mean) * inverse, rows), inverse


def _means(*products: Callable[..., Array]) -> Callable[..., Array]:
    """Means over the rows of several pointwise products of the same arrays, in one pass."""

    def means(*arrays: Array) -> Array:
        xp = array_module(arrays[0])
        sums = summed(lambda *block: xp.stack([f(*block).sum(0) for f in products]), *arrays)
        return sums / len(arrays[0])

    return means


_of_direction = _means(lambda y, d: d, lambda y, d: y * d)
_of_two = _means(lambda y, a, b: a, lambda y, a, b: y * a, lambda y, a, b: b, lambda y, a, b: y * b)
_of_product = _means(lambda a, b: a * b)


def _jacobian(y: Array, inverse: Array, d: Array) -> Array:
    """J d = (d - mean(d) - y mean(y d))/sigma."""
    mean, along = _of_direction(y, d)
    return mapped(lambda y, d: inverse * (d - mean - y * along), y, d)


def _bend(y: Array, inverse: Array, g: Array, dx: Array, dg: Array) -> Array:
    """J dg + (dJ) g, dJ = -(mean(y dx) J + dy mean(y .) + y mean(dy .))/sigma with dy = J dx."""
    dy = _jacobian(y, inverse, dx)
    _, of_inverse = _of_direction(y, dx)
    mean_g, along_g, mean_dg, along_dg = _of_two(y, g, dg)
    (of_turn,) = _of_product(dy, g)

    def law(y: Array, g: Array, dg: Array, dy: Array) -> Array:
        flat = dg - mean_dg - y * (along_dg + of_turn) - dy * along_g
        return inverse * (flat - of_inverse * inverse * (g - mean_g - y * along_g))

    return mapped(law, y, g, dg, dy)


def _affine(x: Array, mean: Array, inverse: Array, **_: Any) -> Array:
    return (x - mean) * inverse


class Fixed(Linear):
    """y = (x - mean) inverse with constants: affine, so its derivative drops the mean."""

    def push(self, kept: Any, dx: Array) -> Array:
        return None if dx is None else dx * kept["inverse"]


def _times_inverse(g: Array, inverse: Array, **_: Any) -> Array:
    return g * inverse


def _own_statistics(x: Array, eps: float = EPS) -> dict[str, Array]:
    mean, variance = moments(x)
    return {"mean": mean, "inverse": (variance + eps) ** -0.5}


normalise = Normalise()
normalise_fixed = Fixed("normalise_fixed", _affine, _times_inverse)
normalise_detached = Fixed("normalise_detached", _affine, _times_inverse, _own_statistics)
