"""The maps are filter-normalised surfaces of VGG-16's loss on a logarithmic scale. The rates are
the source's rate and the largest rate at which VGG-16 trains with batch norm and without. The
surface of a net that does not train would be almost flat, and is not drawn. The title of a map is
the loss at its centre and at its highest point."""

from collections.abc import Sequence
from typing import Any

from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.oxford2021.observed.loss_surfaces import number
from deepnet.experiments.runner import Result
from figures.oxford2021.words import MODES, colours, empty, from_to, note, shared_scales, surface
from theory import smoothness

SOURCE = cite("oxford2021", "figure 2, right")
EXPERIMENT = "loss_surfaces"
SHOWS = (smoothness.filter_normalised_slice,)
LEVELS = (0.1, 1, 10, 100, 1000, 10_000, 100_000)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """{which rate: {mode: the loss}} and the two rates.

    The value is None for a net that did not train.
    """
    arrays = results[0].arrays
    surfaces: dict[str, Any] = {"at": arrays["at"], "note": note(results[0])}
    for which in ("source", "joint"):
        surfaces[which] = {}
        for mode in MODES:
            net = f"vgg16:{mode}:{which}"
            trained = bool(arrays[f"{net}:trained"])
            ends = [number(arrays, net, what)[0] for what in ("centre", "highest")]
            surfaces[which][mode] = (arrays[f"{net}:loss"][0], ends) if trained else None
        surfaces[f"{which}:rate"] = float(arrays[f"vgg16:rate:{which}"])
    return surfaces


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw one row per rate, one column per mode, and one colour axis."""
    fig.set_size_inches(6.8, 4.6)
    axes = fig.subplots(2, 4, width_ratios=(1, 1, 1, 0.05))
    whole = [data[which][mode] for which in ("source", "joint") for mode in MODES]
    scale = LogNorm(*shared_scales([each[0] for each in whole if each]))
    for row, which in enumerate(("source", "joint")):
        drawn = None
        for column, (mode, (name, _)) in enumerate(MODES.items()):
            ax, there = axes[row, column], data[which][mode]
            words = name if row == 0 else ""
            if there is None:
                empty(ax)
                ax.set_title(words, fontsize=8)
            else:
                loss, ends = there
                drawn = surface(ax, data["at"], loss, scale, LEVELS)
                ax.set_title(f"{words}\n{from_to(*ends)}".strip(), fontsize=8)
            if row == 1:
                ax.set_xlabel("first direction")
        axes[row, 0].set_ylabel(f"rate {data[f'{which}:rate']:g}\nsecond direction")
        colours(fig, axes[row, 3], drawn, LEVELS, "loss, log scale")
