"""Raw surfaces of LeNet's loss: along Gaussian directions, each as long as the filter-normalised
one of the same draw, on one loss axis and on its logarithm. A raw direction moves long filters and
short ones by like lengths; how high its surface is depends on a scale of the weights that batch
norm does not see."""

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
    """The surfaces of the first direction seed, None of a net that did not train."""
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
    """As the filter-normalised ones."""
    lenet_surfaces.draw(fig, data)
