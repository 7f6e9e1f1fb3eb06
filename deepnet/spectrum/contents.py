"""What the reader's files hold for a subject: its net, its weights and its data."""

from dataclasses import dataclass

import numpy as np

from deepnet import ops
from deepnet.curvature import Batches
from deepnet.device import to_device
from deepnet.nets.modes import norm_named
from deepnet.nets.net import Net
from deepnet.problem import Problem
from deepnet.spectrum.families import multiple_of
from deepnet.spectrum.nets import NORMS, net_of
from deepnet.spectrum.subject import Subject
from deepnet.spectrum.weights import (
    classes_of,
    data_of,
    is_datum,
    is_weight,
    read,
    statistics_of,
    weights_of,
)
from deepnet.vectors import from_pytorch


@dataclass(frozen=True)
class Contents:
    """The contents of the reader's files, in the engine's layout, on the host.

    net         the net to which the weights belong
    weights     {name: array}
    statistics  {layer: (mean, variance)} of each frozen batch norm
    x           inputs, (n, rows, columns, channels) or (n, inputs)
    labels      (n,), numbers among 0, ..., ``classes`` - 1
    """

    net: Net
    weights: dict[str, np.ndarray]
    statistics: dict[str, tuple[np.ndarray, np.ndarray]]
    x: np.ndarray
    labels: np.ndarray

    @property
    def classes(self) -> int:
        """The number of the net's outputs."""
        return classes_of(self.net)


def contents_of(subject: Subject) -> Contents:
    """The contents of the files of ``subject``.

    Raises UsageError where a file cannot be read, or where net, weights and data do not fit.
    """
    dtype, frozen = subject.dtype, NORMS[subject.norm][1] == "frozen"
    stored = read(subject.weights, is_weight)
    net = net_of(subject, stored)
    weights = weights_of(net, stored, dtype)
    statistics = statistics_of(net, subject.weights, dtype) if frozen else {}
    data = read(subject.data, is_datum)
    x, labels = data_of(net, data, multiple_of(subject.net), dtype)
    own = {layer: from_pytorch(weight) for layer, weight in weights.items()}
    return Contents(net, own, statistics, from_pytorch(x), labels)


def batches_of(subject: Subject, contents: Contents) -> Batches:
    """The loss of ``subject`` over its data, batch by batch, at its weights, on its device."""
    x, y = map(to_device(subject.device), (contents.x, contents.labels))
    targets = ops.smoothed(y, contents.classes, subject.smoothing, x.dtype)
    size, mode = subject.batch or len(x), NORMS[subject.norm][1]
    norm = norm_named(mode, statistics=contents.statistics, eps=subject.eps)
    return Batches(
        Problem(contents.net, norm),
        contents.weights,
        [(x[i : i + size], targets[i : i + size]) for i in range(0, len(x), size)],
        keep=0 if subject.recompute else None,
    )
