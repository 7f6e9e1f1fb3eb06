"""Batch norm, activation and maximum pool as one operation, for devices whose memory is the limit.

With y = (x - m)/sigma, z = scale y + shift and a = f(z), the result is the maximum of a over
windows. Of all that is as large as x only y is kept, and of the cotangents only that of x: slopes
are computed again where they are needed, which takes less time than to fetch them. N is the number
of entries of a channel, G the pooled cotangent g times f'(z), put back at the places that the
maxima chose, and J the Jacobian of y as in ``deepnet.ops.norm``:

    push   dz = scale dy + dscale y + dshift, dy = J dx; the result is f'(z) dz at those places
    pull   x: J (scale G);  scale: N mean(y G);  shift: N mean(G)
    bend   x: J (scale dG + dscale G) + (dJ) (scale G);  scale: N mean(dy G + y dG);
           shift: N mean(dG);  with dG = f'(z) dg + f''(z) dz g at those places

Statistics that are given are constants: then J = 1/sigma, and dJ = 0.

The functions that are ``hot`` are cut as a GPU's kernels are, one pass over memory each. Their
``law`` (k, c) holds numbers a channel: scale, shift, and the factors that the function names.
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
Statistics = tuple[Array, Array]
#: The activations that the operation takes.
ACTIVATIONS = ("relu", "softplus")
#: The statistics, mean and 1/sigma, that change nothing.
IDENTITY = (0.0, 1.0)


@dataclass(frozen=True)
class Curve:
    """An activation f with its attributes, and the maximum pool of ``size`` after it (1: none)."""

    f: Pointwise = relu
    attrs: dict[str, Any] = field(default_factory=dict)
    size: int = 1

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
    """The curve of an ``activation`` and a pool; None where the operation does not take it."""
    attrs = activation.keywords if isinstance(activation, partial) else {}
    f = activation.func if isinstance(activation, partial) else activation
    if isinstance(f, Pointwise) and f.name in ACTIVATIONS:
        return Curve(f, attrs, size)
    return None


def fuses(x: Any) -> bool:
    """Whether the operation serves better than its parts: on a device, but for a tape that watches
    the parts. On the host caches hold what the parts hand on, and exponentials are dear."""
    if isinstance(x, Var):
        return not (x.tape.watches or on_host(x.value))
    return not on_host(x)


@dataclass(frozen=True)
class Kept:
    """What is kept of the primal pass, and whether statistics were given; see the module."""

    y: Array
    choice: Array
    inverse: Array
    scale: Array
    shift: Array
    given: bool
    curve: Curve

    @property
    def entries(self) -> int:
        """N."""
        return int(self.y.size // self.y.shape[-1])

    def law(self, *factors: Array) -> Array:
        """Scale, shift and the ``factors``, (2 + factors, c)."""
        return array_module(self.y).stack([self.scale, self.shift, *factors])


class NormaliseActivatePool(Operation):
    """See the module; scale and shift are 1 and 0 where they are None.

    Statistics are the batch's own, from ``moments`` where these are known already, or those
    ``given``, mean and 1/sigma of each channel; ``IDENTITY`` leaves x as it is.
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
        moments: Statistics | None = None,
        given: Statistics | None = None,
    ) -> tuple[Array, Kept]:
        if curve.size > 1:
            pooled(x.shape, curve.size)
        affine = 1.0 if scale is None else scale, 0.0 if shift is None else shift
        statistics = given or batch_statistics(x, eps, moments)
        law = array_module(x).stack([_of_channels(each, x) for each in (*affine, *statistics)])
        y, out, choice = _activated(x, law, curve=curve)
        return out, Kept(y, choice, law[3], law[0], law[1], given is not None, curve)

    def push(self, kept: Kept, dx: Array, dscale: Array = None, dshift: Array = None) -> Array:
        dx = kept.y * 0 if dx is None else dx
        to_dy = _to_dy(kept, *_means(kept, dx))
        law = kept.law(*_to_dz(kept, to_dy, dscale, dshift))
        return _pushed(kept.y, kept.choice, dx, law, curve=kept.curve)

    def pull(self, kept: Kept, g: Array, needs: Sequence[bool]) -> tuple[Array | None, ...]:
        mean, along = _means_of_pull(kept.y, kept.choice, g, kept.law(), curve=kept.curve)
        of_g = kept.inverse * kept.scale
        rest = (0 * mean, 0 * mean) if kept.given else (-of_g * along, -of_g * mean)
        dx = _pulled(kept.y, kept.choice, g, kept.law(of_g, *rest), curve=kept.curve)
        return (dx, along * kept.entries, mean * kept.entries)[: len(needs)]

    def bend(
        self,
        kept: Kept,
        dxs: tuple,
        dy: Array | None,
        g: Array,
        dg: Array | None,
        needs: Sequence[bool],
    ) -> tuple[Array | None, ...]:
        dx, dscale, dshift = (*dxs, None, None)[:3]
        if dx is dscale is dshift is None:
            return (None,) * len(needs) if dg is None else self.pull(kept, dg, needs)
        dx = kept.y * 0 if dx is None else dx
        dg = g * 0 if dg is None else dg
        mean_dx, along_dx = _means(kept, dx)
        to_dy = _to_dy(kept, mean_dx, along_dx)
        to_dz = _to_dz(kept, to_dy, dscale, dshift)
        arrays = kept.y, kept.choice, dx, g, dg
        mean, along, turn, mean_dg, along_dg = _means_of_bend(
            *arrays, kept.law(*to_dz, *to_dy), curve=kept.curve
        )
        factors = _of_bend(kept, dscale, to_dy, along_dx, (mean, along, turn, mean_dg, along_dg))
        return (
            _bent(*arrays, kept.law(*to_dz, *factors), curve=kept.curve),
            (turn + along_dg) * kept.entries,
            mean_dg * kept.entries,
        )[: len(needs)]


def _of_channels(number: Any, x: Array) -> Array:
    """A number a channel of ``x``: itself, or one for all."""
    if getattr(number, "ndim", 0):
        return number
    return array_module(x).full(x.shape[-1], number, x.dtype)


def _means(kept: Kept, dx: Array) -> Statistics:
    """mean(dx) and mean(y dx), as far as statistics move with x."""
    if kept.given:
        return 0 * kept.scale, 0 * kept.scale
    mean, along = means_of_direction(kept.y, dx)
    return mean, along


def _to_dy(kept: Kept, mean: Array, along: Array) -> tuple[Array, ...]:
    """J dx as factors of dx, of y, and a constant."""
    return kept.inverse, -kept.inverse * along, -kept.inverse * mean


def _to_dz(
    kept: Kept, to_dy: tuple[Array, ...], dscale: Array | None, dshift: Array | None
) -> tuple[Array, ...]:
    """The change of z = scale y + shift as factors of dx, of y, and a constant."""
    of_dx, of_y, constant = (kept.scale * factor for factor in to_dy)
    return (
        of_dx,
        of_y if dscale is None else of_y + dscale,
        constant if dshift is None else constant + dshift,
    )


def _of_bend(
    kept: Kept, dscale: Array | None, to_dy: tuple, along_dx: Array, means: tuple
) -> tuple[Array, ...]:
    """What ``_bent`` multiplies dG, G, dx and y by, and a constant.

    With h = scale G and dh = scale dG + dscale G it is, as in ``deepnet.ops.norm``, J dh + (dJ) h =
    (dh - mean(dh) - y mean(y dh + dy h) - s (h - mean(h) - y mean(y h)) - dy mean(y h))/sigma with
    s = mean(y dx)/sigma.
    """
    inverse, scale = kept.inverse, kept.scale
    turned = 0 * scale if dscale is None else dscale
    if kept.given:
        return inverse * scale, inverse * turned, *(0 * scale,) * 3
    mean, along, turn, mean_dg, along_dg = means
    of_dx, of_y, constant = to_dy
    shrink, of_dy = inverse * along_dx, scale * along
    at_y = scale * (along_dg + turn) + turned * along - shrink * of_dy
    at_one = scale * mean_dg + turned * mean - shrink * scale * mean
    return (
        inverse * scale,
        inverse * (turned - shrink * scale),
        -inverse * of_dy * of_dx,
        -inverse * (at_y + of_dy * of_y),
        -inverse * (at_one + of_dy * constant),
    )


@hot
def _activated(x: Array, law: Array, curve: Curve) -> tuple[Array, Array, Array]:
    """y, the pooled f(z), and the places of the maxima; the law has mean and 1/sigma."""
    scale, shift, mean, inverse = law
    y = (x - mean) * inverse
    a = curve.value(scale * y + shift)
    if curve.size == 1:
        return y, a, array_module(x).empty(0, "uint8")
    return y, *maxima(a, curve.size)


@hot
def _pushed(y: Array, choice: Array, dx: Array, law: Array, curve: Curve) -> Array:
    """f'(z) dz at the chosen places; the law has the factors of dz."""
    y, dx = _picked(y, choice, curve), _picked(dx, choice, curve)
    scale, shift, of_dx, of_y, constant = law
    return curve.slope(scale * y + shift) * (of_dx * dx + of_y * y + constant)


@hot
def _means_of_pull(y: Array, choice: Array, g: Array, law: Array, curve: Curve) -> Array:
    """mean(G) and mean(y G), (2, c)."""
    scale, shift = law
    y = _picked(y, choice, curve)
    return _averaged(curve, sloped := curve.slope(scale * y + shift) * g, y * sloped)


@hot
def _pulled(y: Array, choice: Array, g: Array, law: Array, curve: Curve) -> Array:
    """The cotangent of x; the law has the factors of G, of y, and a constant."""
    scale, shift, of_g, of_y, constant = law
    there = _picked(y, choice, curve)
    sloped = curve.slope(scale * there + shift) * g
    return _put(of_g * sloped, choice, curve) + of_y * y + constant


@hot
def _means_of_bend(
    y: Array, choice: Array, dx: Array, g: Array, dg: Array, law: Array, curve: Curve
) -> Array:
    """mean(G), mean(y G), mean(dy G), mean(dG), mean(y dG), (5, c); the law has the factors of dz
    and those of dy."""
    y, dx = _picked(y, choice, curve), _picked(dx, choice, curve)
    G, dG = _sloped(y, dx, g, dg, law[:5], curve)
    of_dx, of_y, constant = law[5:]
    dy = of_dx * dx + of_y * y + constant
    return _averaged(curve, G, y * G, dy * G, dG, y * dG)


@hot
def _bent(
    y: Array, choice: Array, dx: Array, g: Array, dg: Array, law: Array, curve: Curve
) -> Array:
    """The change of the cotangent of x; the law has the factors of dz, then those of dG, of G, of
    dx, of y, and a constant."""
    there = _picked(y, choice, curve), _picked(dx, choice, curve)
    G, dG = _sloped(*there, g, dg, law[:5], curve)
    of_dG, of_G, of_dx, of_y, constant = law[5:]
    return _put(of_dG * dG + of_G * G, choice, curve) + of_dx * dx + of_y * y + constant


def _sloped(y: Array, dx: Array, g: Array, dg: Array, law: Array, curve: Curve) -> Statistics:
    """G and dG at the chosen places."""
    scale, shift, of_dx, of_y, constant = law
    z, dz = scale * y + shift, of_dx * dx + of_y * y + constant
    slope = curve.slope(z)
    return slope * g, slope * dg + curve.second(z) * dz * g


def _picked(x: Array, choice: Array, curve: Curve) -> Array:
    return x if curve.size == 1 else chosen(x, choice, curve.size)


def _put(g: Array, choice: Array, curve: Curve) -> Array:
    return g if curve.size == 1 else put_back(g, choice, curve.size)


def _averaged(curve: Curve, *products: Array) -> Array:
    """Means over all N entries of what is zero but at the chosen places."""
    means = [channel_mean(product) for product in products]
    return array_module(products[0]).stack(means) * (1 / curve.size**2)


normalise_activate_pool = NormaliseActivatePool()
