"""The passes over memory of ``deepnet.ops.fused``, and the curve f with its pool that they take.

The letters are those of ``deepnet.ops.fused``. ``choice`` are the places of the maxima in the
pool's windows. It is empty without a pool.
"""

from dataclasses import dataclass, field
from typing import Any

from deepnet.backend import array_module
from deepnet.ops.channels import channel_mean
from deepnet.ops.families import Pointwise
from deepnet.ops.hot import hot
from deepnet.ops.linear import chosen, maxima, pooled, put_back
from deepnet.ops.pointwise import relu

Array = Any


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


@hot
def activated(x: Array, factors: Array, curve: Curve) -> tuple[Array, Array, Array]:
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
def pushed(y: Array, choice: Array, dx: Array, factors: Array, curve: Curve) -> Array:
    """f'(z) dz at the chosen places, from the factors of the direction."""
    y, dx = _picked(y, choice, curve), _picked(dx, choice, curve)
    scale, shift, of_dx, of_y, constant, *_ = factors
    return curve.slope(scale * y + shift) * (of_dx * dx + of_y * y + constant)


@hot
def means_of_pull(y: Array, choice: Array, g: Array, factors: Array, curve: Curve) -> Array:
    """mean(G) and mean(y G), (2, c)."""
    scale, shift, *_ = factors
    y = _picked(y, choice, curve)
    G = curve.slope(scale * y + shift) * g
    return _averaged(curve, G, y * G)


@hot
def pulled(y: Array, choice: Array, g: Array, factors: Array, curve: Curve) -> Array:
    """The cotangent of x, from the factors of pull."""
    scale, shift, of_g, of_y, constant = factors
    G = curve.slope(scale * _picked(y, choice, curve) + shift) * g
    return _put(of_g * G, choice, curve) + of_y * y + constant


@hot
def means_of_bend(
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
def bent(
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
