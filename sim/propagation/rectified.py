"""One unit: quadrature of the definitions, and rectified Gaussians that are drawn."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Form, Rounded, Student, at
from sim.propagation.draws import TAIL, Generator, pdf, quadrature, relu
from sim.table import simulates
from theory import propagation

SETTINGS = ((0.7, 0.9), (-0.4, 1.5), (0.0, 1.0), (2.0, 0.3))


def moment(power: int, m: Any, s: Any) -> Any:
    """The mean of relu(x)^power. Complex m or s give its derivatives."""
    top = np.real(m) + TAIL * np.real(s)
    return quadrature(lambda x: x**power * pdf((x - m) / s) / s, 0.0, top, 160)


@simulates(propagation.rectified_moments, unit="Gaussian number")
def rectified_moments(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Numbers that are drawn and rectified, and the integrals of the definition at several
    means."""
    m, v = SETTINGS[0]
    drawn = relu(m + np.sqrt(v) * rng.standard_normal(scale.pick(64, 2**18, 2**22)))
    yield Student(at("mean", m=m, v=v), drawn)
    yield Student(at("mean square", m=m, v=v), drawn**2)
    for power, name in ((1, "mean"), (2, "mean square")):
        observed = [moment(power, m, np.sqrt(v)) for m, v in SETTINGS]

        def predict(form: Form, name: str = name) -> list[float]:
            return [form(m=m, v=v)[name] for m, v in SETTINGS]

        yield Rounded(predict, observed, magnitude=max(m**2 + v for m, v in SETTINGS))


@simulates(propagation.rectified_mean_slopes, unit="mean and variance")
def rectified_mean_slopes(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Derivatives of the integral by the complex step."""
    step = 1e-30
    for name, (dm, ds) in (("in the mean", (1j, 0)), ("in the deviation", (0, 1j))):
        observed = [
            np.imag(moment(1, m + dm * step, np.sqrt(v) + ds * step)) / step for m, v in SETTINGS
        ]

        def predict(form: Form, name: str = name) -> list[float]:
            return [form(m=m, v=v)[name] for m, v in SETTINGS]

        # terms of the size of x^2/s^2 times the density are added
        size = max(1 + (m**2 + v) / v for m, v in SETTINGS)
        yield Rounded(predict, observed, magnitude=size)
