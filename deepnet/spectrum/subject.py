"""The subject of a spectrum: a net at the reader's weights, on the reader's data."""

import hashlib
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from companion import __version__
from deepnet.nets.shortcut import Shortcut


@dataclass(frozen=True)
class Subject:
    """A net by its name, the files of its weights and its data, and how its loss is computed.

    norm        one of ``nets.NORMS``
    eps         a number >= 0 that batch norm adds to each variance
    activation  the name of the activation
    shortcut    the kind of a residual net's shortcuts (None: the kind that the weights tell)
    smoothing   a factor >= 0 of the mean over the classes of -log p, which is added to the loss
    batch       the number of examples per batch (None: all examples are one batch)
    recompute   whether to keep no batch's pass in memory
    dtype       "float32" or "float64"
    device      a name of ``deepnet.device.NAMES``
    convolution a name of ``deepnet.ops.algorithm.NAMES``
    """

    net: str
    width: Fraction
    norm: str
    eps: float
    activation: str
    shortcut: Shortcut | None
    weights: str
    data: str
    smoothing: float
    batch: int | None
    recompute: bool
    dtype: str
    device: str
    convolution: str = "auto"


def identity_of(subject: Subject) -> dict[str, np.ndarray]:
    """Everything on which products with the Hessian of ``subject`` depend: {name: text}.

    The files count by their bytes, not by their names.
    """
    settings = asdict(subject) | {"version": __version__}
    for name in ("weights", "data"):
        with Path(settings[name]).open("rb") as file:
            settings[name] = hashlib.file_digest(file, "sha256").hexdigest()
    for same in ("device", "recompute"):
        del settings[same]
    return {name: np.array(str(value)) for name, value in settings.items()}
