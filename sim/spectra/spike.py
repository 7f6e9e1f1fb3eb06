"""A mean pushes an eigenvalue out of the bulk, for drawn inputs."""

from collections.abc import Iterator

import numpy as np

from companion.scale import Scale
from sim.ensembles import corner, dense, gaussian
from sim.evidence import Evidence, Exact, Form, Student, at
from sim.spectra.draws import OTHER_LAWS, SKEWNESS, Generator, extrapolate, finite
from sim.table import simulates
from theory import spectra


def skewness_term(N: int, alpha: float, m: float, v: float, skewness: float) -> float:
    """The term that skewed inputs add to the mean outlier, of order N^(-1/2) at fixed t = N m^2.

    Their cubes give u'GYw, with u and w the directions of the mean, Y = (X - m 11')/sqrt p and G =
    1/(lam - YY'), the mean c = skewness v^(3/2)/(alpha sqrt(N) t^2) where lam is the outlier. By (1
    - sqrt(t) c)^2 = t lam g G, c counts as a mean with t (1 + 2 sqrt(t) c) for t.
    """
    t = N * m**2
    slope = 1 - v**2 / (alpha * t**2)  # the outlier's slope in t
    return float(2 * skewness * v**1.5 / (alpha * N * m) * slope)


@simulates(spectra.outlier, unit="pair of data matrices")
def outlier(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Largest eigenvalues at N and 2N with N m^2 kept, closer to the threshold, and for other laws.

    2 x(2N) - x(N) is free of the 1/N term. Closer to the threshold and below it there are as many
    inputs as are needed to leave no term. Below it the largest eigenvalue moves like the largest
    eigenvalue of data without a mean. For other laws ``skewness_term`` is added to the prediction.
    """
    N, alpha, m, v = 320, 1.25, 0.22, 0.9

    def largest(n: int) -> float:
        return gaussian(rng, n, round(alpha * n), m * np.sqrt(N / n), v).largest()

    values = extrapolate(largest, N, scale.pick(64, 320, 8192))
    yield Student(at(N=N, alpha=alpha, m=m, v=v), values)
    n, push, draws = 1_000_000, v / np.sqrt(4.0), scale.pick(64, 128, 1024)
    for ratio, shift in ((1.5, 0.0), (0.25, finite(spectra.edges, "upper", N=n, alpha=4.0, v=v))):
        m = np.sqrt(ratio * push / n)
        values = [corner(rng, n, 4 * n, m, v).largest() for _ in range(draws)]
        yield Student(at(None, shift, N=n, alpha=4.0, m=m, v=v), values)
    for law in OTHER_LAWS:
        N, m = 48, 0.6

        def largest_of(n: int, law: str = law, N: int = N, m: float = m) -> float:
            return float(dense(rng, n, round(alpha * n), m * np.sqrt(N / n), v, law)[-1])

        values = extrapolate(largest_of, N, scale.pick(64, 64, 1024))
        left = (np.sqrt(2) - 1) * skewness_term(N, alpha, m, v, SKEWNESS[law])
        yield Student(at(None, left, N=N, alpha=alpha, m=m, v=v), values)


#: Means around the check's threshold, from far away to within one per cent of it on both sides.
MEANS = 1e-5 * np.array([2.0, 4.8, 6.5, 6.64, 6.78, 6.9, 9.0, 20.0])


@simulates(spectra.threshold, unit="data matrix")
def threshold(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The number of means that make the largest eigenvalue clearly larger than without a mean.

    Clearly means by three in 10^5. With these numbers of inputs and examples the largest eigenvalue
    of data without a mean fluctuates by two in 10^6. A mean one per cent above the threshold lifts
    it by nine in 10^5.
    """
    v = 0.9
    for N, p in ((100_000_000, 400_000_000), (400_000_000, 100_000_000)):

        def counted(form: Form, N: int = N, p: int = p) -> int:
            return int(np.sum(form(N=N, p=p, v=v) < MEANS))

        repeats, clear = scale.pick(1, 2, 32), []
        for _ in range(repeats):
            alone, *largest = (corner(rng, N, p, m, v).largest() for m in (0.0, *MEANS))
            clear.append(int(np.sum(np.array(largest) > (1 + 3e-5) * alone)))
        yield Exact(counted, clear, draws=repeats)
