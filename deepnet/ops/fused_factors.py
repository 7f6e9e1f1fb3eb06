"""Numbers per channel that the passes of ``deepnet.ops.fused`` need: their ``factors`` (k, c).

The first two factors are scale and shift. The letters are those of ``deepnet.ops.fused``.
"""

from typing import Any

from deepnet.backend import array_module
from deepnet.ops.hot import hot

Array = Any


@hot
def factors_of_direction(factors: Array, means: Array, dscale: Array, dshift: Array) -> Array:
    """(8, c): scale, shift, the factors of dx, y and 1 in dz, and the three in dy."""
    scale, shift, inverse = factors
    mean, along = means
    dy = inverse, -inverse * along, -inverse * mean
    dz = scale * dy[0], scale * dy[1] + dscale, scale * dy[2] + dshift
    return array_module(factors).stack([scale, shift, *dz, *dy])


@hot
def factors_of_pull(factors: Array, means: Array) -> Array:
    """(5, c): scale, shift, and the factors of G, y and 1 in the cotangent of x."""
    scale, shift, inverse = factors
    mean, along = means
    of_g = inverse * scale
    return array_module(factors).stack([scale, shift, of_g, -of_g * along, -of_g * mean])


@hot
def factors_of_bend(
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
