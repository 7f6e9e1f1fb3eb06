"""Linear nets: products of square Gaussian matrices."""

from collections.abc import Iterator

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Student, at
from sim.propagation.draws import Array, Generator
from sim.table import simulates
from theory import propagation


def products(rng: Generator, width: int, depth: int, nets: int) -> Array:
    """Products of ``depth`` matrices of entries of variance 1/width, one per net."""
    product = rng.normal(scale=width**-0.5, size=(nets, width, width))
    for _ in range(depth - 1):
        product = rng.normal(scale=width**-0.5, size=(nets, width, width)) @ product
    return product


@simulates(propagation.linear_channel_variances, unit="net")
def linear_channel_variances(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The variance, within a net, of the squared lengths of the rows of its map.

    The squared lengths are the variances of its channels over white inputs.
    """
    width = 8
    for depth, nets in ((2, scale.pick(64, 2**17, 2**19)), (4, scale.pick(64, 2**15, 2**18))):
        variances = np.sum(products(rng, width, depth, nets) ** 2, axis=2)
        yield Student(at(n=width, depth=depth), np.var(variances, axis=1, ddof=1))


@simulates(propagation.product_moments, unit="pair of nets")
def product_moments(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Traces of powers of MM' at widths n and 2n, without the 1/n term."""
    width, nets = scale.pick(24, 64, 128), scale.pick(64, 256, 2048)
    for order, depth in ((2, 3), (3, 2), (1, 2)):

        def moment(n: int, order: int = order, depth: int = depth) -> Array:
            singular = np.linalg.svdvals(products(rng, n, depth, nets))
            return np.mean(singular ** (2 * order), axis=1)

        yield Student(at(order=order, depth=depth), 2 * moment(2 * width) - moment(width))


@simulates(propagation.product_edge, unit="pair of nets")
def product_edge(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Largest singular values at widths n and 2n.

    The soft edge has a term n^(-2/3), which is removed, and a term in 1/n. As for one layer
    (ma2012), the edge is the edge of width n - 1/2.
    """
    width, gain = scale.pick(24, 64, 128), 2 ** (2 / 3)
    for depth, nets in ((2, scale.pick(64, 768, 2048)), (3, scale.pick(64, 256, 1024))):

        def top(n: int, depth: int = depth, nets: int = nets) -> Array:
            largest = np.linalg.svdvals(products(rng, n, depth, nets))[:, 0]
            return largest * (n / (n - 0.5)) ** (depth / 2)

        yield Student(at(depth=depth), (gain * top(2 * width) - top(width)) / (gain - 1))
