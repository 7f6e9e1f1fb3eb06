"""Each measuring tool is used once, on a small net with batch norm and on one without.

Training multiplies rounding errors. The net is therefore trained and measured in float64. The
printed digits then agree on all processors of one family, compiled or not.
"""

import numpy as np

from deepnet import Problem, ops
from deepnet.curvature import (
    Batches,
    Integral,
    batch_gradients,
    dominant_shares,
    hessian,
    lanczos,
    quadrature,
    trace,
)
from deepnet.data import textures
from deepnet.landscape import curve, filter_normalised, smoothness, with_batch, with_running
from deepnet.nets.initialise import initialise
from deepnet.nets.modes import norm_named
from deepnet.nets.page import page
from deepnet.training import SGD, Training, beginning, settle, train, triangle
from deepnet.watch import Sharpness, activations, covariate_shift, every, moments

IMAGES, SIDE = textures(500, 100), (-1.0, 0.0, 1.0)


def measure(norm: str, peak: float) -> dict[str, str]:
    """Train a net and measure everything on it."""
    rng, problem = np.random.default_rng(0), Problem(page(1 / 32), norm_named(norm))
    rule = SGD(momentum=0.9, nesterov=True)
    how = Training(epochs=2, batch=50, schedule=triangle(peak, 1, 6), rule=rule)
    x = IMAGES.normalised(IMAGES.x_train[:50], np.dtype(float))
    batch = [(x, ops.smoothed(IMAGES.y_train[:50], IMAGES.classes, 0.0, x.dtype))]
    sharpness = every(10, 10, Sharpness(problem, batch, products=15), "sharpness")
    start = beginning(initialise(problem.net, rng, dtype="float64"), how)
    *_, state = train(problem, IMAGES, how, start, [sharpness])
    weights, along = state.weights, state.records["sharpness"]

    at = Batches(problem, weights, batch)
    density, signs = quadrature(hessian(at), rng, 4, 20), trace(hessian(at), rng, 8)
    whole = density.integral(lambda eigenvalue: eigenvalue)
    negative = density.integral(lambda eigenvalue: -np.minimum(eigenvalue, 0))
    pairs = lanczos(hessian(at), rng, 5, products=40)
    shares = dominant_shares(batch_gradients(problem, weights, batch), pairs.vectors, (1, 5))

    step = at.problem.linearise(weights, *batch[0]).grad()
    after = {name: w - 0.1 * step[name] for name, w in weights.items()}
    shift = covariate_shift(problem, weights, after, *batch[0])
    smooth = smoothness(problem, weights, (0.1, 0.4), batch)
    seen = moments(activations(problem, weights, x)["layer3"].after)

    direction = filter_normalised(weights, np.random.default_rng(1))
    running = with_running(problem, batch, settle(problem, IMAGES, how, state))
    own, size = with_batch(problem, batch), density.size
    return {
        "trace, by quadrature": _trace(whole, size),
        "trace, by random signs": f"{signs.mean:.1f} +- {signs.stderr:.1f}",
        "its negative part": f"{size * negative.mean:.2f}",
        "sharpness along training": " ".join(f"{value:.2f}" for value in along),
        "gradient in top 1 and 5": " ".join(f"{share:.2f}" for share in shares.mean),
        "covariate shift, 3 layers": " ".join(f"{value:.2f}" for value in shift.relative[:3]),
        "loss variation, beta": f"{smooth.variation:.2f} {smooth.effective_beta:.2f}",
        "layer3's largest |mean|/sd": f"{np.abs(seen.mean / np.sqrt(seen.variance)).max():.2f}",
        "curve, batch statistics": _three(curve(own, weights, direction, SIDE)),
        "curve, running statistics": _three(curve(running, weights, direction, SIDE)),
    }


def _trace(whole: Integral, size: int) -> str:
    mean, low, high = (size * value for value in (whole.mean, whole.low, whole.high))
    return f"{mean:.1f} ({low:.1f} to {high:.1f})"


def _three(losses: np.ndarray) -> str:
    return " ".join(f"{loss:.2f}" for loss in losses)


with_norm, without = measure("active", 1.0), measure("none", 0.1)
print(f"{'':28}{'batch norm':26}none")
for name, text in with_norm.items():
    print(f"{name:28}{text:26}{without[name]}")
