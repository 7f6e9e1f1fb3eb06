"""The length of the gradient in the weights of one unit is drawn while a mean is added to all
inputs of the unit. With batch centring and with batch norm it does not change, since the inputs
enter centred. Where the mean of the outputs is held constant, as without centring, it grows with
the inputs' mean. Lines are closed forms. Points are derivatives of the loss, weight by weight.
Squares are derivatives with the mean held constant."""

from functools import partial

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.normalisation.draws import along, batch_norm, spread
from theory import normalisation

SOURCE = cite("grosse2021", "batch centering")
SHOWS = (
    normalisation.centring_gradient,
    normalisation.weight_gradient,
    normalisation.input_invariance,
)

N, B = 6, 16
MEANS = np.array([0.0, 0.5, 1, 2, 4, 8])


def data(scale: Scale) -> dict:
    """Lengths of gradients on a grid of means."""
    rng = np.random.default_rng(1)
    X, W, g = rng.normal(size=(N, B)), rng.normal(size=N), rng.normal(size=B) + 0.4
    W = 1.6 * W / spread(X.T @ W)  # so that the two lines lie apart
    losses = {
        "centring": lambda x, held: np.sum(g * (x - np.mean(x))),
        "norm": lambda x, held: np.sum(g * batch_norm(x)),
        "held": lambda x, held: np.sum(g * (x - held)),
    }
    lengths: dict[str, list[float]] = {name: [] for name in losses}
    for mean in MEANS:
        moved = X + mean
        y = moved.T @ W
        for name, loss in losses.items():
            slopes = [along(partial(loss, held=y.mean()), y, row) for row in moved]
            lengths[name].append(float(np.linalg.norm(slopes)))
    return {
        "X": X,
        "W": W,
        "g": g,
        **lengths,
        "note": f"{N} Gaussian inputs, a batch of {B}, eps = 0",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw two constants and a growing line."""
    ax = fig.subplots()
    X, W, g = data["X"], data["W"], data["g"]
    fine = np.linspace(0, MEANS[-1], 60)
    held = normalisation.centring_gradient.twins["the mean held constant"]
    lines = {
        "centring": [normalisation.centring_gradient(X=X + m, g=g) for m in fine],
        "norm": [normalisation.weight_gradient(X=X + m, W=W, g=g, gamma=1, eps=0) for m in fine],
        "held": [held(X=X + m, g=g) for m in fine],
    }
    colours = {"centring": marks.THEORY, "norm": marks.SECOND, "held": marks.QUIET}
    for name, line in lines.items():
        marks.theory(ax, fine, np.linalg.norm(line, axis=1), colours[name])
        style = {"fmt": "s", "markerfacecolor": "white"} if name == "held" else {}
        marks.measured(ax, MEANS, data[name], colour=colours[name], **style)
    marks.label(ax, (4.2, 90), "mean held constant", "#666666", ha="right")
    marks.label(ax, (5.2, 1.45 * data["centring"][0]), "batch centring", marks.THEORY)
    marks.label(ax, (5.2, 1.35 * data["norm"][0]), "batch norm", marks.SECOND)
    ax.set(xlabel="mean added to the inputs", ylabel="length of the weights' gradient")
    ax.set(yscale="log")
    marks.plain_ticks(ax.yaxis)
