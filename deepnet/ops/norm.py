"""Batch norm, with its mode always named.

x has channels last. mu and sigma^2 = mean((x - mu)^2) + eps are statistics of each channel over all
its entries, y = (x - mu)/sigma.

active      differentiate through the batch's statistics
ghost(b)    active in groups of b consecutive examples each
detached    the batch's statistics, taken as constants by the derivatives
frozen      given statistics (running ones: the mode eval)
"""

from typing import Any

from deepnet.backend import joined
from deepnet.ops.channels import channel_mean, channel_means, scaled, with_channels
from deepnet.ops.families import Linear
from deepnet.ops.hot import hot
from deepnet.tape import Operation

Array = Any
EPS = 1e-5


@hot
def moments(x: Array) -> tuple[Array, Array]:
    """Mean and biased variance of each channel."""
    mean = channel_mean(x)
    (variance,) = _variance([x], mean)
    return mean, variance


_variance = channel_means(lambda x, mean: (x - mean) ** 2)


class Normalise(Operation):
    """Batch norm in the modes active (``group`` 0) and ghost.

    The Jacobian of y in x is symmetric, J d = (d - mean(d) - y mean(y d))/sigma. One function
    therefore serves push and pull, and bend differentiates it. The primal pass saves (y, 1/sigma)
    per group. Means run over all entries of a channel. ``moments`` are the batch's own moments
    where they are known already.
    """

    name = "normalise"

    def forward(
        self,
        x: Array,
        eps: float = EPS,
        group: int = 0,
        moments: tuple[Array, Array] | None = None,
    ) -> tuple[Array, Any]:
        group = group or len(x)
        if len(x) % group:
            raise ValueError(f"ghost batches of {group} do not divide a batch of {len(x)}")
        groups = [x[start : start + group] for start in range(0, len(x), group)]
        parts = []
        for examples in groups:
            mean, inverse = batch_statistics(examples, eps, moments)
            parts.append((_standardised(examples, mean, inverse), inverse))
        return _joined([y for y, _ in parts]), parts

    def push(self, saved: Any, dx: Array) -> Array:
        return None if dx is None else _by_groups(_jacobian, saved, dx)

    def pull(self, saved: Any, g: Array, needs: Any) -> tuple[Array | None, ...]:
        return (_by_groups(_jacobian, saved, g),)

    def bend(
        self, saved: Any, dxs: tuple, dy: Array | None, g: Array, dg: Array | None, needs: Any
    ) -> tuple[Array | None, ...]:
        (dx,) = dxs
        if dx is None:
            return (None,) if dg is None else self.pull(saved, dg, needs)
        return (_by_groups(_bend_of_normalise, saved, g, dx, dy, g * 0 if dg is None else dg),)


def _by_groups(f: Any, saved: Any, *arrays: Array) -> Array:
    """``f(y, inverse, ...)`` for each group's examples."""
    results, start = [], 0
    for y, inverse in saved:
        group = slice(start, start + len(y))
        results.append(f(y, inverse, *(array[group] for array in arrays)))
        start = group.stop
    return _joined(results)


def _joined(groups: list[Array]) -> Array:
    return groups[0] if len(groups) == 1 else joined(groups)


def batch_statistics(
    x: Array, eps: float, known: tuple[Array, Array] | None = None
) -> tuple[Array, Array]:
    """Mean and 1/sigma of each channel, from its moments where they are ``known``.

    Raises ValueError where a channel has a single value.
    """
    if x.size < 2 * x.shape[-1]:
        raise ValueError("batch norm over a single value: give it two examples or pixels")
    mean, variance = moments(x) if known is None else known
    return mean, (variance + eps) ** -0.5


@hot
def _standardised(x: Array, mean: Array, inverse: Array) -> Array:
    return with_channels(lambda x, mean, inverse: (x - mean) * inverse, [x], mean, inverse)


_of_direction = channel_means(lambda y, d: d, lambda y, d: y * d)
_of_bend = channel_means(
    lambda y, g, dx, dy, dg: g,
    lambda y, g, dx, dy, dg: y * g,
    lambda y, g, dx, dy, dg: y * dx,
    lambda y, g, dx, dy, dg: dy * g,
    lambda y, g, dx, dy, dg: dg,
    lambda y, g, dx, dy, dg: y * dg,
)


@hot
def means_of_direction(y: Array, d: Array) -> Array:
    """mean(d) and mean(y d) of each channel, (2, c)."""
    return _of_direction([y, d])


@hot
def _jacobian(y: Array, inverse: Array, d: Array) -> Array:
    """J d = (d - mean(d) - y mean(y d))/sigma."""
    mean, along = means_of_direction(y, d)

    def entry(y: Array, d: Array, inverse: Array, mean: Array, along: Array) -> Array:
        return inverse * (d - mean - y * along)

    return with_channels(entry, [y, d], inverse, mean, along)


@hot
def _bend_of_normalise(
    y: Array, inverse: Array, g: Array, dx: Array, dy: Array, dg: Array
) -> Array:
    """J dg + (dJ) g; dJ = -(mean(y dx) J + dy mean(y .) + y mean(dy .))/sigma with dy = J dx."""
    mean_g, along_g, along_dx, turn, mean_dg, along_dg = _of_bend([y, g, dx, dy, dg])
    shrink = inverse * along_dx
    constant = shrink * mean_g - mean_dg
    along = along_dg + turn - shrink * along_g

    def entry(
        y: Array, g: Array, dy: Array, dg: Array, inverse: Array, shrink: Array, along_g: Array,
        along: Array, constant: Array,
    ) -> Array:  # fmt: skip
        return inverse * (dg - shrink * g - along_g * dy - along * y + constant)

    return with_channels(entry, [y, g, dy, dg], inverse, shrink, along_g, along, constant)


class Fixed(Linear):
    """y = (x - mean) inverse with constants.

    It is affine, so that its derivative drops the mean.
    """

    def push(self, saved: Any, dx: Array) -> Array:
        return None if dx is None else self.adjoint(dx, **saved)


def _fixed(x: Array, mean: Array, inverse: Array, **_: Any) -> Array:
    return _standardised(x, mean, inverse)


def _fixed_slope(g: Array, inverse: Array, **_: Any) -> Array:
    return scaled(g, inverse)


def _own_statistics(x: Array, eps: float = EPS) -> dict[str, Array]:
    mean, inverse = batch_statistics(x, eps)
    return {"mean": mean, "inverse": inverse}


normalise = Normalise()
normalise_fixed = Fixed("normalise_fixed", _fixed, _fixed_slope)
normalise_detached = Fixed("normalise_detached", _fixed, _fixed_slope, _own_statistics)
