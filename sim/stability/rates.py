"""Learning rates on losses that are not quadratic: steps are taken, and differentiated."""

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Exact, Form, Rounded, at
from sim.stability.nets import complex_gradient, derivative, with_spectrum
from sim.table import simulates
from theory import stability

Generator = np.random.Generator


@simulates(stability.growth_per_step, unit="loss")
def growth_per_step(rng: Generator, scale: Scale) -> list[Evidence]:
    """The spectral radius of the derivative of a step, at a stationary point of a loss with cubes
    and fourth powers; and whether descent from close by comes closer or goes away."""
    checks: list[Evidence] = []
    for eigenvalues in ((3, 2, 0.5), (2, 1, -0.25), (-1, -2), (1.5,)):
        H, _ = with_spectrum(rng, eigenvalues)
        cubes, powers = rng.normal(size=len(H)), rng.uniform(size=len(H))

        def slope(d, H=H, cubes=cubes, powers=powers):  # type: ignore[no-untyped-def]
            return H @ d + cubes * d**2 / 2 + powers * d**3 / 6

        for eta in (0.2, 0.6, 0.9, 1.5):

            def step(d, slope=slope, eta=eta):  # type: ignore[no-untyped-def]
                return d - eta * slope(d)

            axes = 1e-30j * np.eye(len(H))
            jacobian = np.array([np.imag(step(axis)) / 1e-30 for axis in axes])
            radius = float(np.abs(np.linalg.eigvals(jacobian)).max())
            size = len(H) * (1 + eta * np.abs(eigenvalues).max())
            checks.append(Rounded(at(Hess=H, eta=eta), radius, size))
            start = 1e-6 * rng.normal(size=len(H))

            def grows(form: Form, H: np.ndarray = H, eta: float = eta) -> bool:
                return bool(form(Hess=H, eta=eta) > 1)

            d = start
            for _ in range(400):
                d = step(d)
                if np.linalg.norm(d) > 1e-3:
                    break
            checks.append(Exact(grows, bool(np.linalg.norm(d) > np.linalg.norm(start))))
    return checks


@simulates(stability.two_steps_at_the_largest_rate, unit="loss")
def two_steps_at_the_largest_rate(rng: Generator, scale: Scale) -> list[Evidence]:
    """The third derivative of two steps at the rate 2/lam, slopes by complex steps of the loss; and
    whether forty thousand steps come closer."""
    checks: list[Evidence] = []
    for lam, third, fourth in ((1.5, 0.9, 0.4), (2.0, 0.3, 1.7), (0.8, -1.1, -0.6), (1.0, 0.0, 2.0)):

        def loss(x, lam=lam, third=third, fourth=fourth):  # type: ignore[no-untyped-def]
            return np.sum(lam * x**2 / 2 + third * x**3 / 6 + fourth * x**4 / 24)

        def slope(x, lam=lam, third=third, fourth=fourth):  # type: ignore[no-untyped-def]
            return lam * x + third * x**2 / 2 + fourth * x**3 / 6

        here = np.array([0.3])
        values = {"lam": lam, "third": third, "fourth": fourth}
        # the slope is that of the loss
        gap = float(complex_gradient(loss, here)[0] - slope(0.3))

        def step(x, slope=slope, lam=lam):  # type: ignore[no-untyped-def]
            return x - 2 / lam * slope(x)

        found = -derivative(lambda x, step=step: step(step(x)), 3, 0.125) / 6 + gap
        size = (1 + sum(abs(each) for each in values.values()) / lam) ** 3 / 0.125**2
        checks.append(Rounded(at(**values), float(found), size))
        x = 0.01
        for _ in range(40_000):
            x = step(x)
            if abs(x) > 0.1:
                break

        def attracts(form: Form, values: dict[str, float] = values) -> bool:
            return bool(form(**values) > 0)

        checks.append(Exact(attracts, abs(x) < 0.01))
    return checks
