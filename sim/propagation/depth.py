"""Two inputs go through many nets, the map is iterated, and classes are read at the output."""

from collections.abc import Iterator
from itertools import islice

import numpy as np
from scipy import stats

from companion.scale import Scale
from sim.evidence import Distributed, Evidence, Fitted, Form, Student, at
from sim.propagation.draws import Generator, cosines, map_by_angle, pairs, two_inputs
from sim.table import simulates
from theory import propagation

DEPTHS = (5, 2, 20)


def layers(rng: Generator, width: int, nets: int) -> dict[int, np.ndarray]:
    """Cosines between two inputs' pre-activations at ``DEPTHS``, one net each."""
    passed = enumerate(islice(two_inputs(rng, width, nets), max(DEPTHS)), 1)
    return {layer: cosines(z, w) for layer, (z, w) in passed if layer in DEPTHS}


@simulates(propagation.between_share, unit="pair of nets, of two inputs each")
def between_share(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Mean cosines at widths n and 2n, without the 1/n term."""
    width, nets = scale.pick(64, 256, 512), scale.pick(64, 512, 4096)
    narrow, wide = layers(rng, width, nets), layers(rng, 2 * width, nets)
    for depth in DEPTHS:
        yield Student(at(depth=depth), 2 * wide[depth] - narrow[depth])


@simulates(propagation.within_decay, unit="depth")
def within_decay(rng: Generator, scale: Scale) -> Evidence:
    """l^2 (1 - c_l) of the iterated map, by quadrature. The error is of order log(l)/l."""
    sizes, decays, c = 2 ** np.arange(7, 15), {}, 0.0
    for layer in range(1, sizes[-1] + 1):
        decays[layer] = layer**2 * (1 - c)
        c = map_by_angle(c)
    return Fitted(at(), [decays[size] for size in sizes.tolist()], sizes, order=1, draws=len(sizes))


@simulates(propagation.same_class, unit="draw of the output's weights")
def same_class(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """How often two or three channels have one largest channel at both inputs, which is
    binomial."""
    count = scale.pick(64, 2**16, 2**20)
    for c in (0.6, -0.3):
        u, w = pairs(rng, np.full(3, c), count)
        for classes, name in ((2, "two classes"), (3, "three classes")):
            same = np.argmax(u[:classes], axis=0) == np.argmax(w[:classes], axis=0)

            def law(form: Form, c: float = c, name: str = name) -> stats.rv_discrete:
                return stats.binom(count, form(c=c)[name])

            yield Distributed(law, int(np.sum(same)), count, "binomial")
