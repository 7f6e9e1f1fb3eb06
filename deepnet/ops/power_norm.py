"""Batch norm with another norm, or with a part of it alone; batch norm itself is power 2.

x has channels last, mean(.) runs over all entries of a channel, C x = x - mean(x), p is the power:

    z = (x - mean(x))/s,    s^2 = n^2 + eps,    n = mean(|v|^p)^(1/p),   the largest |v| at p = inf

with v = C x, or v = x where ``raw``: santurkar2018 takes the norm of the outputs before their mean
is taken off. It is the mean that has the power, not the sum, so that a standard normal channel has
n = 0.80, 1, and about sqrt(2 ln m) for p = 1, 2 and inf; nothing is rescaled to make them equal.

``centring`` and ``scaling`` say what becomes of the mean and of s: "active" (differentiated
through), "detached" (used, but constants of the derivatives) or "off" (left out).

With u = sign(v)(|v|/n)^(p - 1), at p = inf m times the sign at the largest of m entries, r = n/s:

    ds = mean(w dx),        w = r P u           P = C, or 1 where the mean has no path into v
    dz = (A dx - z ds)/s                        A = C, or 1 where the mean has no path of its own
    dw = P(e q dv + (1 - r^2 - e) mean(u dv) u)/s,   dv = P dx,  e = p - 1,  q = (|v|/n)^(p - 2)

At p = 1 and p = inf the sign and the place of the maximum are constant almost everywhere: e = 0.
"""

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

from deepnet.backend import array_module
from deepnet.ops.channels import (
    centred,
    channel_mean,
    channel_mean_product,
    channel_means,
    scaled,
    shifted,
    with_channels,
)
from deepnet.ops.norm import EPS
from deepnet.tape import Operation

Array = Any
Part = Literal["active", "detached", "off"]


@dataclass(frozen=True)
class Kept:
    """z, 1/s, whether the mean has a path of its own; if s has one, w, u, |v|/n (``size``), r."""

    z: Array
    inverse: Array
    mean_active: bool
    w: Array = None
    u: Array = None
    size: Array = None
    r: Array = None
    power: float = 2.0
    mean_in_norm: bool = True


class PowerNormalise(Operation):
    """See the module. Raises ValueError for a power below 1, and for a batch of a single value."""

    name = "power_normalise"

    def forward(
        self,
        x: Array,
        power: float = 2.0,
        raw: bool = False,
        centring: Part = "active",
        scaling: Part = "active",
        eps: float = EPS,
    ) -> tuple[Array, Any]:
        if not power >= 1:
            raise ValueError(f"the power of a norm is {power:g}; it must be 1 or more")
        if x.size < 2 * x.shape[-1]:
            raise ValueError("batch norm over a single value: give it two examples or pixels")
        mean = channel_mean(x)
        deviations = shifted(x, -mean)
        above, v = x if centring == "off" else deviations, x if raw else deviations
        active = centring == "active"
        if scaling == "off":
            return above, Kept(above, mean * 0 + 1, active)
        n = _norm(v, power)
        inverse = (n * n + eps) ** -0.5
        z = scaled(above, inverse)
        if scaling == "detached":
            return z, Kept(z, inverse, active)
        u, size = _direction(v, n, power)
        kept = Kept(
            z, inverse, active, None, u, size, n * inverse, power,
            mean_in_norm=not raw and centring != "detached",
        )  # fmt: skip
        return z, replace(kept, w=_path(kept, scaled(u, kept.r)))

    def push(self, kept: Any, dx: Array) -> Array:
        return None if dx is None else _linear(kept, dx, kept.w, kept.z)

    def pull(self, kept: Any, g: Array, needs: Any) -> tuple[Array | None, ...]:
        return (_linear(kept, g, kept.z, kept.w),)

    def bend(
        self, kept: Any, dxs: tuple, dy: Array, g: Array, dg: Array | None, needs: Any
    ) -> tuple[Array | None, ...]:
        (dx,) = dxs
        still = None if dg is None else _linear(kept, dg, kept.z, kept.w)
        if dx is None or kept.w is None:
            return (still,)
        along_g, along_dx, turn = _of_bend([kept.z, g, kept.w, dx, dy])
        shrink = kept.inverse * along_dx

        def law(
            dw: Array, w: Array, pulled: Array,
            inverse: Array, along_g: Array, turn: Array, shrink: Array,
        ) -> Array:  # fmt: skip
            return -inverse * (dw * along_g + w * turn) - pulled * shrink

        (pulled,) = self.pull(kept, g, needs)
        vectors = (kept.inverse, along_g, turn, shrink)
        bent = with_channels(law, [_turned(kept, dx), kept.w, pulled], *vectors)
        return (bent if still is None else bent + still,)


def statistics(
    x: Array,
    power: float = 2.0,
    raw: bool = False,
    centring: Part = "active",
    scaling: Part = "active",
    eps: float = EPS,
) -> tuple[Array, Array]:
    """(mean, variance) with which batch norm, frozen, computes the same from ``x``."""
    mean = channel_mean(x)
    v = x if raw else shifted(x, -mean)
    n = _norm(v, power)
    return mean * (centring != "off"), n * n if scaling != "off" else n * 0 + (1 - eps)


def _powered(size: Array, power: float) -> Array:
    """size**power, quick where that is a product or less."""
    if power == 0:
        return size * 0 + 1
    if power == 1:
        return size
    return size * size if power == 2 else size**power


def _norm(v: Array, power: float) -> Array:
    """The norm n of each channel."""
    if math.isinf(power):
        return abs(v).reshape(-1, v.shape[-1]).max(0)
    (mean,) = channel_means(lambda v: _powered(abs(v), power))([v])
    return mean ** (1 / power)


def _direction(v: Array, n: Array, power: float) -> tuple[Array, Array | None]:
    """The directions u and, where the laws need it, |v|/n; a channel of zeros has u = 0."""
    xp = array_module(v)
    if math.isinf(power):
        rows = v.reshape(-1, v.shape[-1])
        place, channel = abs(rows).argmax(0), xp.arange(v.shape[-1])
        u = xp.zeros_like(rows)
        u[place, channel] = xp.sign(rows[place, channel]) * len(rows)
        return u.reshape(v.shape), None
    size = with_channels(lambda v, n: abs(v) / xp.maximum(n, xp.finfo(v.dtype).tiny), [v], n)
    u = xp.sign(v) * _powered(size, power - 1)
    return u, None if power == 1 else size


def _path(kept: Kept, x: Array) -> Array:
    """P x."""
    return centred(x) if kept.mean_in_norm else x


def _linear(kept: Kept, d: Array, inner: Array, outer: Array) -> Array:
    """(A d - outer mean(inner d))/s: push with (w, z), pull with (z, w)."""
    if kept.w is None:
        return scaled(centred(d) if kept.mean_active else d, kept.inverse)
    mean, along = _of_direction([inner, d])
    mean = mean * kept.mean_active

    def law(d: Array, outer: Array, inverse: Array, mean: Array, along: Array) -> Array:
        return inverse * (d - mean - outer * along)

    return with_channels(law, [d, outer], kept.inverse, mean, along)


def _turned(kept: Kept, dx: Array) -> Array:
    """The change of w along dx."""
    dv, e = _path(kept, dx), kept.power - 1 if kept.size is not None else 0.0
    dn = channel_mean_product(kept.u, dv)
    back = (1 - kept.r * kept.r - e) * dn
    if kept.size is None:
        return _path(kept, scaled(kept.u, back * kept.inverse))

    def law(u: Array, size: Array, dv: Array, inverse: Array, back: Array) -> Array:
        return inverse * (e * _powered(size, kept.power - 2) * dv + back * u)

    return _path(kept, with_channels(law, [kept.u, kept.size, dv], kept.inverse, back))


_of_direction = channel_means(lambda inner, d: d, lambda inner, d: inner * d)
_of_bend = channel_means(
    lambda z, g, w, dx, dy: z * g,
    lambda z, g, w, dx, dy: w * dx,
    lambda z, g, w, dx, dy: dy * g,
)
power_normalise = PowerNormalise()
