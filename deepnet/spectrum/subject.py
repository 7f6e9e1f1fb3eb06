"""The subject of a spectrum: a net at the reader's weights, on the reader's data."""

import hashlib
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from companion import __version__
from deepnet import device, ops
from deepnet.backend import to_host
from deepnet.curvature import Batches
from deepnet.nets.modes import norm_named
from deepnet.nets.shortcut import Shortcut
from deepnet.problem import Problem
from deepnet.spectrum.nets import NORMS, inputs_of, net_of
from deepnet.spectrum.weights import Archive, read_data, read_statistics, read_weights


@dataclass(frozen=True)
class Subject:
    """A net by its name, the files of its weights and its data, and how its loss is computed.

    norm        one of ``NORMS``
    eps         a number >= 0 that batch norm adds to each variance
    activation  the name of the activation (None: the activation of the net's source)
    shortcut    the kind of a residual net's shortcuts (None: the kind that the weights tell)
    smoothing   a factor >= 0 of the mean over the classes of -log p, which is added to the loss
    batch       the number of examples per batch (None: all examples are one batch)
    recompute   whether to keep no batch's pass in memory
    dtype       "float32" or "float64"
    device      a name of ``deepnet.device.NAMES``
    """

    net: str
    width: Fraction
    norm: str
    eps: float
    activation: str | None
    shortcut: Shortcut | None
    weights: str
    data: str
    smoothing: float
    batch: int | None
    recompute: bool
    dtype: str
    device: str


def batches_of(subject: Subject) -> Batches:
    """The loss of ``subject`` over its data, batch by batch, at its weights.

    Raises UsageError where a file cannot be read, or where net, weights and data do not fit.
    """
    archive, (_, mode) = Archive(subject.weights), NORMS[subject.norm]
    net = net_of(
        subject.net,
        archive,
        subject.width,
        subject.norm,
        subject.activation,
        subject.shortcut,
    )
    weights = read_weights(archive, net, subject.dtype)
    statistics = read_statistics(archive, net, subject.dtype) if mode == "frozen" else {}
    data = Archive(subject.data)
    inputs, classes = inputs_of(subject.net, net, data), list(net.shapes.values())[-1][0]
    x, y = map(device.to_device(subject.device), read_data(data, inputs, classes, subject.dtype))
    targets = ops.smoothed(y, classes, subject.smoothing, x.dtype)
    size = subject.batch or len(x)
    return Batches(
        Problem(net, norm_named(mode, statistics=statistics, eps=subject.eps)),
        weights,
        [(x[i : i + size], targets[i : i + size]) for i in range(0, len(x), size)],
        keep=0 if subject.recompute else None,
    )


def labels_of(batches: Batches) -> tuple[np.ndarray, int]:
    """The labels (n,) of the examples in ``batches``, and the number of classes."""
    targets = np.concatenate([to_host(targets) for _, targets in batches.data])
    return targets.argmax(1), targets.shape[1]


def identity_of(subject: Subject) -> dict[str, np.ndarray]:
    """Everything on which products with the Hessian of ``subject`` depend: {name: text}.

    The files count by their bytes, not by their names.
    """
    settings = asdict(subject) | {"version": __version__}
    for file in ("weights", "data"):
        settings[file] = hashlib.sha256(Path(settings[file]).read_bytes()).hexdigest()
    for same in ("device", "recompute"):
        del settings[same]
    return {name: np.array(str(value)) for name, value in settings.items()}
