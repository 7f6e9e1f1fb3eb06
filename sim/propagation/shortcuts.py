"""Shortcuts: one layer of two inputs, and products of square Gaussian matrices plus 1."""

from collections.abc import Iterator

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Form, Rounded, Student, at
from sim.propagation.draws import Array, Generator, map_by_angle, pairs, relu
from sim.propagation.initialisation import rows
from sim.propagation.linear import products
from sim.table import simulates
from theory import propagation


@simulates(propagation.shortcut_correlation, unit="unit of a layer")
def shortcut_correlation(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Products of sums, of mean square 2, at two inputs, and the map by quadrature."""
    c, inputs, count = 0.3, 3, scale.pick(64, 2**18, 2**21)
    first, second = pairs(rng, np.full(inputs, c), count)
    w = rows(rng, count, inputs).T
    one, other = (h[0] + np.sum(w * relu(h), axis=0) for h in (first, second))
    yield Student(at(c=c), one * other / 2)
    correlations = np.array([-0.8, -0.3, 0.0, 0.5, 0.8])
    observed = [(each + map_by_angle(each)) / 2 for each in correlations]
    yield Rounded(at(c=correlations), observed, magnitude=1.0)


def maps(rng: Generator, width: int, branches: Array, nets: int) -> Array:
    """Maps of linear nets with shortcuts from the second layer on, one per net.

    The weights of the branches have the variances ``branches``/width.
    """
    product = rng.normal(scale=width**-0.5, size=(nets, width, width))
    for variance in branches:
        product = (
            product + rng.normal(scale=(variance / width) ** 0.5, size=product.shape) @ product
        )
    return product


@simulates(propagation.shortcut_stretches, unit="pair of nets")
def shortcut_stretches(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Variances of squared singular values over their squared mean, at widths n and 2n.

    The term of order 1/n is removed.
    """
    width, nets = scale.pick(24, 64, 128), scale.pick(64, 256, 2048)
    for depth in (2, 5):
        layers = np.arange(1, depth)
        for kind, branches in (
            ("without shortcuts", None),
            ("with shortcuts", np.ones(depth - 1)),
            ("with batch norm on the branch", 1 / layers),
        ):

            def spread(n: int, branches: Array | None = branches, depth: int = depth) -> Array:
                if branches is None:
                    M = products(rng, n, depth, nets)
                else:
                    M = maps(rng, n, branches, nets)
                squares = np.linalg.svdvals(M) ** 2
                return np.asarray(squares.var(axis=1) / squares.mean(axis=1) ** 2)

            def predict(form: Form, kind: str = kind, depth: int = depth) -> float:
                return float(form(depth=depth)[kind])

            yield Student(predict, 2 * spread(2 * width) - spread(width))
