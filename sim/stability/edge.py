"""The edge of stability: descents on small nets."""

from typing import Any

import numpy as np

from companion.scale import Scale
from sim.evidence import Banded, Evidence, at
from sim.stability.training import Nets
from sim.table import simulates
from theory import stability

Generator = np.random.Generator
#: The steps of the nets' training, and the band around the prediction, fixed before the seeds.
STEPS, WIDTH = 4000, 0.02


def median_sharpness(nets: Nets, eta: float, beta: float) -> float:
    """The median over nets of the largest curvature after training."""
    return float(np.median(nets.train(eta, beta, STEPS).sharpness()))


def at_the_edge(rng: Generator, scale: Scale, rates: list[dict[str, Any]]) -> list[Evidence]:
    """Nets that are trained at each of the rates, and, as a null, at an eighth of the rate.

    The prediction of the null is eight times as large.
    """
    checks: list[Evidence] = []
    count = scale.pick(4, 32, 128)
    for values in rates:
        nets = Nets.draw(rng, count)
        eta, beta = values["eta"], values.get("beta", 0.0)
        null = 0.125 * median_sharpness(nets, eta / 8, beta)
        sharpness = median_sharpness(nets, eta, beta)
        checks.append(Banded(at(**values), sharpness, WIDTH, null, draws=count))
    return checks


@simulates(stability.edge_of_stability, unit="net")
def edge_of_stability(rng: Generator, scale: Scale) -> list[Evidence]:
    """Median curvatures of trained nets, within two per cent of 2/eta."""
    return at_the_edge(rng, scale, [{"eta": 0.25}, {"eta": 0.4}])


@simulates(stability.edge_with_momentum, unit="net")
def edge_with_momentum(rng: Generator, scale: Scale) -> list[Evidence]:
    """Median curvatures of nets trained with the heavy ball, within two per cent."""
    return at_the_edge(rng, scale, [{"eta": 0.35, "beta": 0.5}, {"eta": 0.3, "beta": 0.2}])
