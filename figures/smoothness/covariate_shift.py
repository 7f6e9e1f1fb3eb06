"""Internal covariate shift is measured as the difference of a layer's gradient before and after the
layers below have taken their step. Left: a net has two linear layers. The line is the closed form
for the second layer, and dashed grey is its slope at rate zero. Points are gradients by complex
steps. The first layer has no layer below it and exactly no shift. Middle: a net has three tanh
layers with random weights. Lines of slope 1 go through the first points. The first layer again has
no shift, and the shift of later layers is of the order of the rate. Right: a single layer has no
shift at any rate, however rough its loss is. The line is the largest change of the slope, lam +
height freq^2. Points are the steepest change that was seen, and crosses are the shift."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.smoothness.shift import covariate_shift_of, linear_net, problem
from theory import smoothness

SOURCE = cite("rethinking", "their definition of ICS", "a network with just one layer")
SHOWS = (smoothness.covariate_shift, smoothness.covariate_shift_rate, smoothness.one_layer)

RATES = np.geomspace(0.01, 1, 9)
FREQS = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
VALLEY = {"lam": 1.0, "height": 0.5}


def data(scale: Scale) -> dict:
    """Shifts of a linear net and of a tanh net over the rate, and the shift of a single layer."""
    rng = np.random.default_rng(0)
    X, Y, weights = problem(rng, 3, 8, 2)
    weights = [each / 2 for each in weights]
    linear = linear_net(X, Y)
    two = [np.linalg.norm(covariate_shift_of(linear, weights, 1, rate)) for rate in RATES]
    inputs, targets = rng.normal(size=(2, 6)), rng.normal(size=6)
    layers = [rng.normal(size=(3, 2)), rng.normal(size=(3, 3)), rng.normal(size=(1, 3))]

    def tanh_net(weights: list[np.ndarray]) -> complex:
        activations = inputs
        for layer in weights:
            activations = np.tanh(layer @ activations)
        return sum((activations[0] - targets) ** 2) / 12

    deep = [
        [np.linalg.norm(covariate_shift_of(tanh_net, layers, k, rate)) for rate in RATES]
        for k in range(3)
    ]
    x = np.linspace(-3, 3, 4001)
    steepest = [np.abs(1 + 0.5 * f**2 * np.cos(f * x)).max() for f in FREQS]
    alone = []
    for freq in FREQS:

        def one(weights: list[np.ndarray], freq: float = freq) -> complex:
            return sum(weights[0] ** 2 / 2 + (1 - np.cos(freq * weights[0])) / 2)

        alone.append(np.linalg.norm(covariate_shift_of(one, [np.array([0.7])], 0, 1.0)))
    return {
        "problem": (X, Y, weights),
        "two": np.array(two),
        "deep": np.array(deep),
        "steepest": np.array(steepest),
        "alone": np.array(alone),
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw two linear layers, three tanh layers, and one layer."""
    fig.set_size_inches(6.6, 2.6)
    two, deep, alone = fig.subplots(1, 3)
    X, Y, (below, above) = data["problem"]
    values = {"X": X, "Y": Y, "W_below": below, "W_above": above}
    fine = np.geomspace(0.008, 1.2, 60)
    shifts = [smoothness.covariate_shift(**values, eta=rate) for rate in fine]
    marks.theory(two, fine, [each["second layer"] for each in shifts])
    two.plot(
        fine, fine * smoothness.covariate_shift_rate(**values), color=marks.QUIET, ls="--", lw=1
    )
    marks.measured(two, RATES, data["two"])
    two.set(xscale="log", yscale="log", xlabel=r"rate $\eta$", ylabel="shift $|G - G'|$")
    marks.label(two, (0.05, 0.92), "second layer", marks.THEORY, xycoords="axes fraction",
                fontsize=7.5)  # fmt: skip
    first = max(each["first layer"] for each in shifts)
    marks.label(two, (0.95, 0.06), f"first layer: {first:g}", ha="right", xycoords="axes fraction",
                fontsize=7.5)  # fmt: skip
    two.set_title("two linear layers", weight="normal")

    for layer, colour, text in ((1, marks.THEORY, "second"), (2, marks.SECOND, "third")):
        shift = data["deep"][layer]
        deep.plot(fine, shift[0] * fine / RATES[0], color=colour, lw=1)
        marks.measured(deep, RATES, shift, colour=colour)
        marks.label(deep, (0.05, 0.92 - 0.09 * (layer - 1)), f"{text} layer", colour, fontsize=7.5,
                    xycoords="axes fraction")  # fmt: skip
    marks.label(deep, (0.95, 0.06), f"first layer: {data['deep'][0].max():g}", ha="right",
                xycoords="axes fraction", fontsize=7.5)  # fmt: skip
    deep.set(xscale="log", yscale="log", xlabel=r"rate $\eta$")
    deep.set_title("three tanh layers", weight="normal")
    for ax in (two, deep):
        marks.plain_ticks(ax.xaxis)

    fine = np.linspace(0.8, 6.2, 40)
    single = [smoothness.one_layer(**VALLEY, freq=f, eta=1) for f in fine]
    marks.theory(alone, fine, [each["roughness"] for each in single])
    marks.theory(alone, fine, [each["covariate shift"] for each in single], marks.SECOND)
    marks.measured(alone, FREQS, data["steepest"])
    marks.measured(alone, FREQS, data["alone"], colour=marks.SECOND, fmt="x", markersize=5)
    marks.label(alone, (1, 11), "roughness", marks.THEORY)
    marks.label(alone, (6, 1.6), "shift: 0", marks.SECOND, ha="right")
    alone.set(xlabel="freq of the bumps", xticks=(2, 4, 6))
    alone.set_title("one layer", weight="normal")
