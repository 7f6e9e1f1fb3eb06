"""The excess loss of descent from a random start is averaged over the bulk. The variance of the
inputs is 1. Left: gradient descent at the best rate for the whole bulk is drawn against the step,
for three numbers of examples per input. Right: gradient flow is drawn against time. Lines are
closed forms in Catalan numbers and in a Bessel function. Dots are random data, with the exact mean
over starts and 2 standard errors over draws. Late points lie above the lines where a few
eigenvalues beyond the edges hold the rest of the loss. Thin lines, for alpha = 4, are the best
factor of the bulk per step, squared for the loss, of plain descent and of the best heavy ball
(squares). The losses approach the slope of these lines. Where the numbers of examples and inputs
are equal, the bulk reaches down to zero, and the loss falls as a power of time (dotted)."""

import numpy as np
from matplotlib.figure import Figure

from companion.estimate import Estimate
from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.ensembles import gaussian
from theory import spectra

SOURCE = cite("paquette2020", "section 3")
SHOWS = (
    spectra.average_loss,
    spectra.average_loss_flow,
    spectra.average_loss_power_law,
    spectra.bulk_rate,
    spectra.bulk_heavy_ball,
)

V, START = 1.0, 1.0
ALPHAS = (1.0, 2.0, 4.0)
STEPS = 20
TIMES = np.geomspace(0.05, 300, 16)


def _momentum_factors(lam: np.ndarray, eta: float, beta: float) -> np.ndarray:
    """The factor that the heavy ball leaves of each mode, one row per step."""
    now = before = np.ones_like(lam)
    rows = [now]
    for _ in range(STEPS):
        now, before = now - eta * lam * now + beta * (now - before), now
        rows.append(now)
    return np.array(rows)


def data(scale: Scale) -> dict:
    """Mean excess losses of descent, flow and the heavy ball on random spectra."""
    rng = np.random.default_rng(0)
    N, draws = scale.pick((60, 4), (800, 12), (3000, 40))
    steps = np.arange(STEPS + 1)
    measured: dict[tuple[str, float], list[Estimate]] = {}
    for alpha in ALPHAS:
        eta = spectra.bulk_rate(alpha=alpha, v=V)["eta"]
        descents, flows, balls = [], [], []
        for _ in range(draws):
            lam = gaussian(rng, N, int(alpha * N), variance=V).eigenvalues()
            left = np.abs(1 - eta * lam[:, None]) ** steps
            descents.append((lam[:, None] * left**2).mean(axis=0))
            flows.append((lam[:, None] * np.exp(-2 * np.outer(lam, TIMES))).mean(axis=0))
            if alpha > 1:
                best = spectra.bulk_heavy_ball(alpha=alpha, v=V)
                factors = _momentum_factors(lam, best["eta"], best["beta"])
                balls.append((lam * factors**2).mean(axis=1))
        kinds = {"descent": descents, "flow": flows} | ({"ball": balls} if balls else {})
        for name, rows in kinds.items():
            losses = START**2 / 2 * np.array(rows)
            measured[name, alpha] = [Estimate.of(column) for column in losses.T]
    return {
        "measured": measured,
        "note": f"N = {N} Gaussian inputs, v = 1, start at distance 1, {draws} draws",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw descent on the left and flow on the right."""
    fig.set_size_inches(6.4, 3.3)
    left, right = fig.subplots(1, 2, sharey=True)
    steps, shown = np.arange(STEPS + 1), np.arange(0, STEPS + 1, 2)
    fine = np.geomspace(0.03, 400, 300)
    at_start = spectra.average_loss(alpha=1, v=V, eta=1, k=0, start=START)
    for alpha, colour in zip(ALPHAS, marks.RAMP[1:4], strict=True):
        best = spectra.bulk_rate(alpha=alpha, v=V)
        values = {"alpha": alpha, "v": V, "eta": best["eta"], "start": START}
        marks.theory(left, steps, [spectra.average_loss(k=k, **values) for k in steps], colour)
        marks.estimated(left, shown, data["measured"]["descent", alpha][::2], colour)
        flow = spectra.average_loss_flow(alpha=alpha, v=V, t=fine, start=START)
        marks.theory(right, fine, flow, colour)
        marks.estimated(right, TIMES, data["measured"]["flow", alpha], colour)
    late = fine[fine > 0.15]
    law = spectra.average_loss_power_law(v=V, t=late, start=START)
    marks.theory(right, late, law, "black", lw=1, ls=":")
    factors = (
        (spectra.bulk_rate(alpha=4, v=V)["rate"], marks.RAMP[3], (20.4, 7e-5)),
        (spectra.bulk_heavy_ball(alpha=4, v=V)["rate"], marks.SECOND, (13, 2e-8)),
    )
    for factor, colour, place in factors:
        marks.theory(left, steps, at_start * factor ** (2 * steps), colour, lw=0.6)
        marks.label(left, place, rf"${factor:g}^{{2k}}$", colour)
    marks.estimated(left, shown, data["measured"]["ball", 4.0][::2], marks.SECOND, fmt="s")
    places = ((20.4, 3.2e-3), (20.4, 3.5e-4), (20.4, 4.5e-7))
    for alpha, place, colour in zip(ALPHAS, places, marks.RAMP[1:4], strict=True):
        marks.label(left, place, rf"$\alpha = {alpha:.0f}$", colour)
    marks.label(left, (1, 1e-7), "heavy ball,\n" r"$\alpha = 4$", marks.SECOND)
    marks.label(right, (12, 3e-3), r"$t^{-3/2}$")
    left.set(yscale="log", xlabel="step $k$", ylabel="mean excess loss", ylim=(1e-8, 1))
    left.set(xticks=range(0, STEPS + 1, 5), xlim=(-1, 24.5))
    left.set_title("gradient descent", weight="normal")
    right.set(xscale="log", xlabel="time $t$")
    right.set_title("gradient flow", weight="normal")
