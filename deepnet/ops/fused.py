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

The ``hot`` functions are cut like a GPU's kernels. Some are one pass over memory each. The others
compute the numbers per channel that the next pass needs: its ``factors`` (k, c). The first two
factors are scale and shift.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from deepnet.backend import array_module, on_host
from deepnet.ops.channels import channel_mean
from deepnet.ops.families import Pointwise
from deepnet.ops.hot import hot
from deepnet.ops.linear import chosen, maxima, pooled, put_back
from deepnet.ops.norm import EPS, batch_statistics, means_of_direction
from deepnet.ops.pointwise import relu
from deepnet.tape import Operation, Var

Array = Any
#: The activations that the operation takes.
ACTIVATIONS = ("relu", "softplus")
#: The statistics (mean, 1/sigma) that change nothing.
IDENTITY = (0.0, 1.0)


@dataclass(frozen=True)
class Curve:
    """An activation f with its attributes, and the maximum pool of ``size`` after it (1: none)."""

    f: Pointwise = relu
    attrs: dict[str, Any] = field(default_factory=dict)
    size: int = 1

    def pooled(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape after the pool. Raises ValueError where windows do not fit."""
        return shape if self.size == 1 else pooled(shape, self.size)

    def value(self, z: Array) -> Array:
        """f(z)."""
        return self.f.f(z, **self.attrs)

    def slope(self, z: Array) -> Array:
        """f'(z)."""
        return self.f.slope(z, self.value(z), **self.attrs)

    def second(self, z: Array) -> Array:
        """f''(z)."""
        second = self.f.second
        return z * 0 if second is None else second(z, self.value(z), **self.attrs)


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
        return means, _factors_of_direction(self.factors, means, dscale, dshift)


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
        y, out, choice = _activated(x, factors, curve=curve)
        zeros = array_module(x).zeros((5, x.shape[-1]), x.dtype)
        return out, SavedFused(y, choice, factors[:3], zeros, given is not None, curve)

    def push(
        self, saved: SavedFused, dx: Array, dscale: Array = None, dshift: Array = None
    ) -> Array:
        dx = saved.y * 0 if dx is None else dx
        _, factors = saved.along(dx, dscale, dshift)
        return _pushed(saved.y, saved.choice, dx, factors, curve=saved.curve)

    def pull(self, saved: SavedFused, g: Array, needs: Sequence[bool]) -> tuple[Array | None, ...]:
        means = still = saved.zeros[:2]
        if saved.moves(needs):
            means = _means_of_pull(saved.y, saved.choice, g, saved.factors, curve=saved.curve)
        factors = _factors_of_pull(saved.factors, still if saved.given else means)
        dx = _pulled(saved.y, saved.choice, g, factors, curve=saved.curve)
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
            means = _means_of_bend(*arrays, factors, curve=saved.curve)
        dscale = still[0] if dscale is None else dscale
        factors = _factors_of_bend(
            factors, saved.factors[2], along[1], still if saved.given else means, dscale
        )
        bent = _bent(*arrays, factors, curve=saved.curve)
        if not any(needs[1:]):
            return (bent, None, None)[: len(needs)]
        _, _, turn, to_shift, to_scale = means * saved.entries
        return (bent, turn + to_scale, to_shift)[: len(needs)]


def _of_channels(number: Any, x: Array) -> Array:
    """One number per channel of ``x``: ``number`` itself if it is an array, else repeated."""
    if getattr(number, "ndim", 0):
        return number
    return array_module(x).full(x.shape[-1], number, x.dtype)


@hot
def _factors_of_direction(factors: Array, means: Array, dscale: Array, dshift: Array) -> Array:
    """(8, c): scale, shift, the factors of dx, y and 1 in dz, and the three in dy."""
    scale, shift, inverse = factors
    mean, along = means
    dy = inverse, -inverse * along, -inverse * mean
    dz = scale * dy[0], scale * dy[1] + dscale, scale * dy[2] + dshift
    return array_module(factors).stack([scale, shift, *dz, *dy])


@hot
def _factors_of_pull(factors: Array, means: Array) -> Array:
    """(5, c): scale, shift, and the factors of G, y and 1 in the cotangent of x."""
    scale, shift, inverse = factors
    mean, along = means
    of_g = inverse * scale
    return array_module(factors).stack([scale, shift, of_g, -of_g * along, -of_g * mean])


@hot
def _factors_of_bend(
    factors: Array, inverse: Array, along: Array, means: Array, dscale: Array
) -> Array:
    """(10, c): scale, shift, the factors of dx, y and 1 in dz, and five factors.

    The five are the factors of dG, G, dx, y and 1 in the change of x's cotangent.

    ``factors`` are the factors of the direction. ``along`` is mean(y dx). With h = scale G and
    dh = scale dG + dscale G the change is, as in ``deepnet.ops.norm``,

        J dh + (dJ) h = (dh - mean(dh) - y mean(y dh + dy h)
                         - s (h - mean(h) - y mean(y h)) - dy mean(y h))/sigma
        s = mean(y dx)/sigma
    """
    scale, _, _, _, _, of_dx, of_y, constant = factors
    mean, at_y, turn, mean_dg, at_y_dg = means
    shrink, of_dy = inverse * along, scale * at_y
    y = scale * (at_y_dg + turn) + dscale * at_y - shrink * of_dy
    one = scale * mean_dg + dscale * mean - shrink * scale * mean
    rows = (
        scale,
        dscale - shrink * scale,
        -of_dy * of_dx,
        -y - of_dy * of_y,
        -one - of_dy * constant,
    )
    xp = array_module(factors)
    return xp.concatenate([factors[:5], xp.stack(rows) * inverse])


@hot
def _activated(x: Array, factors: Array, curve: Curve) -> tuple[Array, Array, Array]:
    """y, the pooled f(z), and the places of the maxima.

    ``factors`` (4, c) are scale, shift, 1/sigma and the mean.
    """
    scale, shift, inverse, mean = factors
    y = (x - mean) * inverse
    a = curve.value(scale * y + shift)
    if curve.size == 1:
        return y, a, array_module(x).empty(0, "uint8")
    return y, *maxima(a, curve.size)


@hot
def _pushed(y: Array, choice: Array, dx: Array, factors: Array, curve: Curve) -> Array:
    """f'(z) dz at the chosen places, from the factors of the direction."""
    y, dx = _picked(y, choice, curve), _picked(dx, choice, curve)
    scale, shift, of_dx, of_y, constant, *_ = factors
    return curve.slope(scale * y + shift) * (of_dx * dx + of_y * y + constant)


@hot
def _means_of_pull(y: Array, choice: Array, g: Array, factors: Array, curve: Curve) -> Array:
    """mean(G) and mean(y G), (2, c)."""
    scale, shift, *_ = factors
    y = _picked(y, choice, curve)
    G = curve.slope(scale * y + shift) * g
    return _averaged(curve, G, y * G)


@hot
def _pulled(y: Array, choice: Array, g: Array, factors: Array, curve: Curve) -> Array:
    """The cotangent of x, from the factors of pull."""
    scale, shift, of_g, of_y, constant = factors
    G = curve.slope(scale * _picked(y, choice, curve) + shift) * g
    return _put(of_g * G, choice, curve) + of_y * y + constant


@hot
def _means_of_bend(
    y: Array, choice: Array, dx: Array, g: Array, dg: Array, factors: Array, curve: Curve
) -> Array:
    """mean(G), mean(y G), mean(dy G), mean(dG) and mean(y dG), (5, c).

    ``factors`` are the factors of the direction.
    """
    y, dx = _picked(y, choice, curve), _picked(dx, choice, curve)
    G, dG = _sloped(y, dx, g, dg, factors[:5], curve)
    of_dx, of_y, constant = factors[5:]
    dy = of_dx * dx + of_y * y + constant
    return _averaged(curve, G, y * G, dy * G, dG, y * dG)


@hot
def _bent(
    y: Array, choice: Array, dx: Array, g: Array, dg: Array, factors: Array, curve: Curve
) -> Array:
    """The change of the cotangent of x, from the factors of bend."""
    there = _picked(y, choice, curve), _picked(dx, choice, curve)
    G, dG = _sloped(*there, g, dg, factors[:5], curve)
    of_dG, of_G, of_dx, of_y, constant = factors[5:]
    return _put(of_dG * dG + of_G * G, choice, curve) + of_dx * dx + of_y * y + constant


def _sloped(
    y: Array, dx: Array, g: Array, dg: Array, factors: Array, curve: Curve
) -> tuple[Array, Array]:
    """G and dG at the chosen places."""
    scale, shift, of_dx, of_y, constant = factors
    z, dz = scale * y + shift, of_dx * dx + of_y * y + constant
    slope = curve.slope(z)
    return slope * g, slope * dg + curve.second(z) * dz * g


def _picked(x: Array, choice: Array, curve: Curve) -> Array:
    return x if curve.size == 1 else chosen(x, choice, curve.size)


def _put(g: Array, choice: Array, curve: Curve) -> Array:
    return g if curve.size == 1 else put_back(g, choice, curve.size)


def _averaged(curve: Curve, *products: Array) -> Array:
    """The means over all N entries of arrays that are zero outside the chosen places."""
    means = [channel_mean(product) for product in products]
    return array_module(products[0]).stack(means) * (1 / curve.size**2)


normalise_activate_pool = NormaliseActivatePool()
