"""The maps are filter-normalised surfaces of LeNet's loss about the trained weights, above on one
loss axis and below on its logarithm. The columns are no batch norm, batch norm whose statistics are
constants of the centre, and batch norm with the statistics of each point's batch. The titles are
the loss at the centre and at the highest point. The source finds batch norm's surface flatter. It
does not say whose statistics its surface has. With the batch's own statistics the surface is lower
at the edges. With constants the comparison depends on how far each net has been trained. A surface
is one slice at one minimum."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.oxford2021.observed.loss_surfaces import number
from deepnet.experiments.runner import Result
from figures.oxford2021.words import MODES, colours, empty, from_to, note, shared_scales, surface
from theory import smoothness

SOURCE = cite("oxford2021", "figure 2, left")
EXPERIMENT = "loss_surfaces"
SHOWS = (smoothness.filter_normalised_slice,)
LEVELS = (1, 2, 4, 8, 16, 32, 64, 128)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The surfaces of the first direction seed. The value is None for a net that did not train."""
    arrays = results[0].arrays
    surfaces: dict[str, Any] = {"at": arrays["at"], "note": note(results[0])}
    for mode in MODES:
        net = f"lenet:{mode}:joint"
        trained = bool(arrays[f"{net}:trained"])
        surfaces[mode] = arrays[f"{net}:loss"][0] if trained else None
        surfaces[f"{mode}:ends"] = [number(arrays, net, what)[0] for what in ("centre", "highest")]
    return surfaces


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw linear maps above and logarithmic maps below."""
    fig.set_size_inches(6.8, 4.4)
    axes = fig.subplots(2, 4, width_ratios=(1, 1, 1, 0.05))
    losses = [data[mode] for mode in MODES if data[mode] is not None]
    low, high = shared_scales(losses)
    scales = (Normalize(0, high), LogNorm(low, high))
    for row, (scale, words) in enumerate(zip(scales, ("loss", "loss, log scale"), strict=True)):
        drawn = None
        for column, (mode, (name, _)) in enumerate(MODES.items()):
            ax = axes[row, column]
            if data[mode] is None:
                empty(ax)
            else:
                drawn = surface(ax, data["at"], data[mode], scale, LEVELS)
            if row == 0:
                centre, highest = data[f"{mode}:ends"]
                words_of_ends = "" if np.isnan(centre) else from_to(centre, highest)
                ax.set_title(f"{name}\n{words_of_ends}", fontsize=8)
            else:
                ax.set_xlabel("first direction")
        axes[row, 0].set_ylabel("second direction")
        ticks = LEVELS if row else [level for level in LEVELS if level >= high / 10]
        colours(fig, axes[row, 3], drawn, ticks, words)
