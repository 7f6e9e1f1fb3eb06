"""Batch norm with another norm, or with only a part of it. Batch norm itself has the power 2.

x has channels last, mean(.) runs over all entries of a channel, C x = x - mean(x), p is the power:

    z = (x - mean(x))/s,    s^2 = n^2 + eps,    n = mean(|v|^p)^(1/p),    n = max |v| at p = inf

with v = C x, or v = x where ``raw``: santurkar2018 takes the norm of the outputs before their mean
is taken off. n has the mean of the powers, not their sum, so that a standard normal channel has
n = 0.80, 1, and about sqrt(2 ln m) for p = 1, 2 and inf. No rescaling makes them equal.

``centring`` and ``scaling`` choose the treatment of the mean and of s: "active" (differentiated
through), "detached" (used, but constants of the derivatives) or "off" (left out).

With r = n/s and u = sign(v)(|v|/n)^(p - 1) (at p = inf: u = m sign(v) at the largest of m entries,
0 elsewhere):

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
class SavedPowerNorm:
    """The arrays that the forward pass saves. The letters are defined in the module.

    inverse         1/s
    mean_active     whether derivatives go through the mean that is taken off
    w, u, r         None where s is a constant
    size            |v|/n; None where s is a constant or the laws do not need it
    mean_in_norm    whether derivatives go through the mean inside v
    """

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
    """The operation of the module.

    Raises ValueError for a power below 1, and for a single value.
    """

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
            return above, SavedPowerNorm(above, mean * 0 + 1, active)
        n = _norm(v, power)
        inverse = (n * n + eps) ** -0.5
        z = scaled(above, inverse)
        if scaling == "detached":
            return z, SavedPowerNorm(z, inverse, active)
        u, size = _direction(v, n, power)
        saved = SavedPowerNorm(
            z, inverse, active, None, u, size, n * inverse, power,
            mean_in_norm=not raw and centring != "detached",
        )  # fmt: skip
        return z, replace(saved, w=_path(saved, scaled(u, saved.r)))

    def push(self, saved: Any, dx: Array) -> Array:
        return None if dx is None else _linear(saved, dx, saved.w, saved.z)

    def pull(self, saved: Any, g: Array, needs: Any) -> tuple[Array | None, ...]:
        return (_linear(saved, g, saved.z, saved.w),)

    def bend(
        self, saved: Any, dxs: tuple, dy: Array, g: Array, dg: Array | None, needs: Any
    ) -> tuple[Array | None, ...]:
        (dx,) = dxs
        still = None if dg is None else _linear(saved, dg, saved.z, saved.w)
        if dx is None or saved.w is None:
            return (still,)
        along_g, along_dx, turn = _of_bend([saved.z, g, saved.w, dx, dy])
        shrink = saved.inverse * along_dx

        def entry(
            dw: Array, w: Array, pulled: Array,
            inverse: Array, along_g: Array, turn: Array, shrink: Array,
        ) -> Array:  # fmt: skip
            return -inverse * (dw * along_g + w * turn) - pulled * shrink

        (pulled,) = self.pull(saved, g, needs)
        vectors = (saved.inverse, along_g, turn, shrink)
        bent = with_channels(entry, [_turned(saved, dx), saved.w, pulled], *vectors)
        return (bent if still is None else bent + still,)


def statistics(
    x: Array,
    power: float = 2.0,
    raw: bool = False,
    centring: Part = "active",
    scaling: Part = "active",
    eps: float = EPS,
) -> tuple[Array, Array]:
    """The pair (mean, variance) with which frozen batch norm has an equal result at ``x``."""
    mean = channel_mean(x)
    v = x if raw else shifted(x, -mean)
    n = _norm(v, power)
    return mean * (centring != "off"), n * n if scaling != "off" else n * 0 + (1 - eps)


def _powered(size: Array, power: float) -> Array:
    """size**power, by a quick way for the powers 0, 1 and 2."""
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
    """The directions u, and |v|/n where the laws need it. A channel of zeros has u = 0."""
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


def _path(saved: SavedPowerNorm, x: Array) -> Array:
    """P x."""
    return centred(x) if saved.mean_in_norm else x


def _linear(saved: SavedPowerNorm, d: Array, inner: Array, outer: Array) -> Array:
    """(A d - outer mean(inner d))/s: push with (w, z), pull with (z, w)."""
    if saved.w is None:
        return scaled(centred(d) if saved.mean_active else d, saved.inverse)
    mean, along = _of_direction([inner, d])
    mean = mean * saved.mean_active

    def entry(d: Array, outer: Array, inverse: Array, mean: Array, along: Array) -> Array:
        return inverse * (d - mean - outer * along)

    return with_channels(entry, [d, outer], saved.inverse, mean, along)


def _turned(saved: SavedPowerNorm, dx: Array) -> Array:
    """The change of w along dx."""
    dv, e = _path(saved, dx), saved.power - 1 if saved.size is not None else 0.0
    dn = channel_mean_product(saved.u, dv)
    back = (1 - saved.r * saved.r - e) * dn
    if saved.size is None:
        return _path(saved, scaled(saved.u, back * saved.inverse))

    def entry(u: Array, size: Array, dv: Array, inverse: Array, back: Array) -> Array:
        return inverse * (e * _powered(size, saved.power - 2) * dv + back * u)

    return _path(saved, with_channels(entry, [saved.u, saved.size, dv], saved.inverse, back))


_of_direction = channel_means(lambda inner, d: d, lambda inner, d: inner * d)
_of_bend = channel_means(
    lambda z, g, w, dx, dy: z * g,
    lambda z, g, w, dx, dy: w * dx,
    lambda z, g, w, dx, dy: dy * g,
)
power_normalise = PowerNormalise()
