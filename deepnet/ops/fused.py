"""Batch norm, activation and maximum pool as one operation, for devices whose memory is the limit.

With y = (x - m)/sigma, z = scale y + shift and a = f(z), the result is the maximum of a over
windows. Of all arrays as large as x, only y is saved. Of all cotangents as large as x, only the
cotangent of x is written. Slopes are computed again where they are needed. To compute them takes
less time than to read them from memory.

N is the number of entries per channel. G is the pooled cotangent g times f'(z), put back at the
places of the maxima. J is the Jacobian of y as in ``deepnet.ops.norm``.

    push   f'(z) dz at the places of the maxima, dz = scale dy + dscale y + dshift, dy = J dx
    pull   x: J (scale G);  scale: N mean(y G);  shift: N mean(G)
    bend   x: J (scale dG + dscale G) + (dJ) (scale G);  scale: N mean(dy G + y dG);
           shift: N mean(dG);  dG = f'(z) dg + f''(z) dz g at the places of the maxima

Given statistics are constants. Then J = 1/sigma and dJ = 0.

The work is cut like a GPU's kernels. ``fused_passes`` are one pass over memory each.
``fused_factors`` are the numbers per channel that the next pass needs: its ``factors`` (k, c). The
first two factors are scale and shift.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from deepnet.backend import array_module, on_host
from deepnet.ops.families import Pointwise
from deepnet.ops.fused_factors import factors_of_bend, factors_of_direction, factors_of_pull
from deepnet.ops.fused_passes import (
    Curve,
    activated,
    bent,
    means_of_bend,
    means_of_pull,
    pulled,
    pushed,
)
from deepnet.ops.norm import EPS, batch_statistics, means_of_direction
from deepnet.tape import Operation, Var

Array = Any
#: The activations that the operation takes.
ACTIVATIONS = ("relu", "softplus")
#: The statistics (mean, 1/sigma) that change nothing.
IDENTITY = (0.0, 1.0)


def curve(activation: Callable[..., Any] | None, size: int = 1) -> Curve | None:
    """The curve of an ``activation`` and a pool.

    None where the fused operation does not take it.
    """
    attrs = activation.keywords if isinstance(activation, partial) else {}
    f = activation.func if isinstance(activation, partial) else activation
    if isinstance(f, Pointwise) and f.name in ACTIVATIONS:
        return Curve(f, attrs, size)
    return None


def fuses(x: Any) -> bool:
    """Whether the fused operation is used in place of its parts.

    It is used on a device, unless the tape records operations one by one. It is not used on the
    host. There the cache holds the arrays that one part hands to the next, and computing
    exponentials again costs more than it saves.
    """
    if isinstance(x, Var):
        return not (x.tape.unfused or on_host(x.value))
    return not on_host(x)


@dataclass(frozen=True)
class SavedFused:
    """The arrays that the primal pass saves."""

    y: Array
    choice: Array  # the places of the maxima
    factors: Array  # scale, shift and 1/sigma, (3, c)
    zeros: Array  # (5, c)
    given: bool  # whether the statistics were given
    curve: Curve

    @property
    def entries(self) -> int:
        """The number N of entries per channel."""
        return int(self.y.size // self.y.shape[-1])

    def moves(self, needs: Sequence[bool]) -> bool:
        """Whether a derivative needs means over a channel: in its statistics, scale or shift."""
        return not self.given or any(needs[1:])

    def along(self, dx: Array, dscale: Array | None, dshift: Array | None) -> tuple[Array, Array]:
        """The means mean(dx) and mean(y dx), and the factors of dy and dz.

        The means are 0 where the statistics are given.
        """
        means = self.zeros[:2] if self.given else means_of_direction(self.y, dx)
        dscale = self.zeros[0] if dscale is None else dscale
        dshift = self.zeros[0] if dshift is None else dshift
        return means, factors_of_direction(self.factors, means, dscale, dshift)


class NormaliseActivatePool(Operation):
    """The operation of the module. Without ``scale`` and ``shift`` they are 1 and 0.

    The statistics are the batch's own, from ``moments`` where the moments are known already. If
    ``given`` is stated, they are its mean and 1/sigma per channel. ``IDENTITY`` leaves x unchanged.
    """

    name = "normalise_activate_pool"

    def forward(
        self,
        x: Array,
        scale: Array | None = None,
        shift: Array | None = None,
        *,
        curve: Curve,
        eps: float = EPS,
        moments: tuple[Array, Array] | None = None,
        given: tuple[Any, Any] | None = None,
    ) -> tuple[Array, SavedFused]:
        curve.pooled(x.shape)
        mean, inverse = given or batch_statistics(x, eps, moments)
        numbers = 1.0 if scale is None else scale, 0.0 if shift is None else shift, inverse, mean
        factors = array_module(x).stack([_of_channels(number, x) for number in numbers])
        y, out, choice = activated(x, factors, curve=curve)
        zeros = array_module(x).zeros((5, x.shape[-1]), x.dtype)
        return out, SavedFused(y, choice, factors[:3], zeros, given is not None, curve)

    def push(
        self, saved: SavedFused, dx: Array, dscale: Array = None, dshift: Array = None
    ) -> Array:
        dx = saved.y * 0 if dx is None else dx
        _, factors = saved.along(dx, dscale, dshift)
        return pushed(saved.y, saved.choice, dx, factors, curve=saved.curve)

    def pull(self, saved: SavedFused, g: Array, needs: Sequence[bool]) -> tuple[Array | None, ...]:
        means = still = saved.zeros[:2]
        if saved.moves(needs):
            means = means_of_pull(saved.y, saved.choice, g, saved.factors, curve=saved.curve)
        factors = factors_of_pull(saved.factors, still if saved.given else means)
        dx = pulled(saved.y, saved.choice, g, factors, curve=saved.curve)
        to_shift, to_scale = means * saved.entries if any(needs[1:]) else (None, None)
        return (dx, to_scale, to_shift)[: len(needs)]

    def bend(
        self,
        saved: SavedFused,
        dxs: tuple,
        dy: Array | None,
        g: Array,
        dg: Array | None,
        needs: Sequence[bool],
    ) -> tuple[Array | None, ...]:
        dx, dscale, dshift = (*dxs, None, None)[:3]
        if dx is dscale is dshift is None:
            return (None,) * len(needs) if dg is None else self.pull(saved, dg, needs)
        dx = saved.y * 0 if dx is None else dx
        arrays = saved.y, saved.choice, dx, g, g * 0 if dg is None else dg
        along, factors = saved.along(dx, dscale, dshift)
        means = still = saved.zeros
        if saved.moves(needs):
            means = means_of_bend(*arrays, factors, curve=saved.curve)
        dscale = still[0] if dscale is None else dscale
        factors = factors_of_bend(
            factors, saved.factors[2], along[1], still if saved.given else means, dscale
        )
        change = bent(*arrays, factors, curve=saved.curve)
        if not any(needs[1:]):
            return (change, None, None)[: len(needs)]
        _, _, turn, to_shift, to_scale = means * saved.entries
        return (change, turn + to_scale, to_shift)[: len(needs)]


def _of_channels(number: Any, x: Array) -> Array:
    """One number per channel of ``x``: ``number`` itself if it is an array, else repeated."""
    if getattr(number, "ndim", 0):
        return number
    return array_module(x).full(x.shape[-1], number, x.dtype)


normalise_activate_pool = NormaliseActivatePool()
