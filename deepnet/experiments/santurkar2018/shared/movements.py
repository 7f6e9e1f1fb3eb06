"""How far the recorded units of a net move from one step to the next.

The arrays are those of ``distributional_stability``: "<net>:<layer>:<side>:<moment>", and the steps
of the plateau, "<net>:plateau".
"""

from collections.abc import Sequence

import numpy as np

from deepnet.experiments.experiment import Measure
from deepnet.experiments.santurkar2018.shared.curves import NAN, counts
from deepnet.experiments.store import Arrays


def layers_of(arrays: Arrays) -> list[int]:
    """The numbers of the layers whose inputs were recorded."""
    names = [name.split(":") for name in arrays if name.endswith(":quantiles")]
    return sorted({int(number) for _, number, _ in names})


def movement(
    arrays: Arrays, name: str, layer: int, side: str, moment: str, relative: bool = False
) -> np.ndarray:
    """|moment at the next step - moment|, (steps - 1, units), of the inputs of ``layer``.

    If ``relative``, a mean's movement is divided by the unit's standard deviation at the step
    before, and a variance's movement by its variance.
    """
    prefix = f"{name}:{layer}:{side}"
    moved = np.abs(np.diff(arrays[f"{prefix}:{moment}"], axis=0))
    if relative:
        variance = arrays[f"{prefix}:variance"][:-1]
        unit = np.sqrt(variance) if moment == "mean" else variance
        moved = np.divide(moved, unit, out=np.full_like(moved, NAN), where=unit > 0)
    return moved


def typical(
    arrays: Arrays,
    name: str,
    side: str,
    moment: str,
    relative: bool = False,
    layers: Sequence[int] | None = None,
) -> float:
    """The median movement over steps, units and ``layers``, without the plateau at the start.

    All recorded layers are taken if ``layers`` is None.
    """
    begin = int(arrays[f"{name}:plateau"])
    chosen = layers_of(arrays) if layers is None else layers
    moved = [movement(arrays, name, layer, side, moment, relative)[begin:] for layer in chosen]
    return float(np.nanmedian(np.concatenate(moved)))


def movement_over_none(
    above: str,
    side: str = "after",
    moment: str = "mean",
    relative: bool = False,
    deepest: bool = False,
) -> Measure:
    """The typical movement of ``above`` divided by the typical movement of "none".

    ``deepest`` takes the last of the recorded layers alone.
    """

    def measure(arrays: Arrays) -> float:
        if not counts(arrays, above, "none"):
            return NAN
        layers = layers_of(arrays)[-1:] if deepest else None
        of_none = typical(arrays, "none", side, moment, relative, layers)
        moved = typical(arrays, above, side, moment, relative, layers)
        return moved / of_none if of_none > 0 else NAN

    return measure
