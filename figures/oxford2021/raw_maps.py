"""The maps are raw surfaces of LeNet's loss, above on one loss axis and below on its logarithm.
They are drawn along Gaussian directions. Each direction is as long as the filter-normalised
direction of its draw. A raw direction moves long filters and short filters by similar lengths. The
height of its surface therefore depends on a scale of the weights that batch norm does not see."""

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.oxford2021.shared.landscapes import NUMBERS
from deepnet.experiments.runner import Result
from figures.oxford2021 import lenet_surfaces
from figures.oxford2021.words import MODES, note
from theory import smoothness

SOURCE = cite("oxford2021", "section 1.2, surface plot with random directions")
EXPERIMENT = "raw_surfaces"
SHOWS = (smoothness.raw_slice,)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The surfaces of the first direction seed. The value is None for a net that did not train."""
    arrays = results[0].arrays
    surfaces: dict[str, Any] = {"at": arrays["at"], "note": note(results[0])}
    for mode in MODES:
        trained = bool(arrays[f"{mode}:trained"])
        surfaces[mode] = arrays[f"{mode}:loss"][0] if trained else None
        columns = [NUMBERS.index(what) for what in ("centre", "highest")]
        numbers = arrays[f"{mode}:numbers"][0, columns] if trained else [float("nan")] * 2
        surfaces[f"{mode}:ends"] = list(numbers)
    return surfaces


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw raw surfaces in the layout of the filter-normalised surfaces."""
    lenet_surfaces.draw(fig, data)
