"""At finite width the mean square of a layer varies from net to net."""

from collections.abc import Iterator

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Student, at
from sim.propagation.draws import Array, Generator, relu
from sim.table import simulates
from theory import propagation


def levels(rng: Generator, width: int, depth: int, nets: int, rectified: bool) -> Array:
    """Mean squares after ``depth`` layers, from 1 at the input, one net each."""
    q = np.ones(nets)
    for _ in range(depth):
        z = rng.standard_normal((nets, width))
        z = np.sqrt(2) * relu(z) if rectified else z
        q *= np.mean(z**2, axis=1)
    return q


@simulates(propagation.mean_square_moments, unit="net")
def mean_square_moments(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Squares of the mean squares, drawn layer by layer. The mean of the mean squares is 1."""
    width, depth, nets = 16, 2, scale.pick(64, 2**18, 2**20)
    for rectified, name in ((True, "rectified"), (False, "linear")):
        q = levels(rng, width, depth, nets, rectified)
        yield Student(at(name, n=width, depth=depth), q**2)
