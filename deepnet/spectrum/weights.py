"""The reader's own weights and data: npz files of named arrays, checked before any computation.

w:<layer>          the weight of a layer, as in PyTorch's state: (out, in, rows, columns) or
                   (out, in rows columns) for convolutions, (out, in) for dense layers
w:<layer>_bias     its bias (out,)
w:<layer>_scale    the learnable scale of its batch norm (out,)
w:<layer>_shift    the learnable shift of its batch norm (out,)
mean:<layer>       the mean of its frozen batch norm (out,)
var:<layer>        the variance of its frozen batch norm (out,)
x                  inputs as they enter the net (normalised as in training); images are
                   (n, channels, rows, columns)
y                  classes from 0, (n,) or (n, 1)

Other arrays are left alone. No pickled object is ever loaded.
"""

import math
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from companion.errors import UsageError
from deepnet.data.labels import as_vector
from deepnet.nets.net import Net
from deepnet.vectors import from_pytorch

DAMAGED = (OSError, ValueError, EOFError, MemoryError, NotImplementedError)


class Archive:
    """The arrays of the npz file at ``path``. Each array is read when it is asked for.

    Raises UsageError where the file does not exist.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = repr(str(path))
        if not Path(path).is_file():
            raise UsageError(f"there is no file {self.path}; name an .npz file")
        if not zipfile.is_zipfile(path):
            raise UsageError(f"{self.path} is not an .npz file; save named arrays by numpy.savez")
        with np.load(path, allow_pickle=False) as archive:
            self.names: list[str] = archive.files
        self._file = path

    def array(self, name: str, kinds: str = "fiu", what: str = "real numbers") -> np.ndarray:
        """The array ``name``. Raises UsageError unless its dtype has one of the ``kinds``."""
        self.require([name])
        try:
            with np.load(self._file, allow_pickle=False) as archive:
                array: np.ndarray = archive[name]
        except (*DAMAGED, zipfile.BadZipFile, zlib.error) as error:
            pickled = "bject" in str(error)
            why = "is a pickled object, which is never loaded" if pickled else "is damaged"
            raise UsageError(f"{name} of {self.path} {why}; save {what}") from error
        if array.dtype.kind not in kinds:
            raise UsageError(f"{name} of {self.path} is of type {array.dtype}; {what} are needed")
        return array

    def numbers(self, name: str, shape: Sequence[int], dtype: str) -> np.ndarray:
        """The array ``name`` in ``dtype``.

        Raises UsageError unless it is finite and has this shape.
        """
        array = self.array(name)
        if array.shape != tuple(shape):
            raise UsageError(f"{name} of {self.path} has shape {array.shape}, not {tuple(shape)}")
        with np.errstate(over="ignore"):
            array = array.astype(dtype)
        if not np.isfinite(array).all():
            raise UsageError(
                f"{name} of {self.path} has nan or inf in {dtype}; give finite numbers"
            )
        return array

    def require(self, names: Sequence[str]) -> None:
        """Raise UsageError that lists the missing arrays among ``names``."""
        missing = ", ".join(name for name in names if name not in self.names)
        if missing:
            held = ", ".join(self.names) or "nothing"
            raise UsageError(f"{self.path} has no {missing}; it has {held}")


def read_weights(archive: Archive, net: Net, dtype: str) -> dict[str, np.ndarray]:
    """The weights of ``net`` in the engine's layout. Raises UsageError where they do not fit."""
    known = [f"w:{layer}" for layer in net.shapes]
    archive.require(known)
    extra = [name for name in archive.names if name.startswith("w:") and name not in known]
    if extra:
        raise UsageError(
            f"{archive.path} has {', '.join(extra)}, but net {net.name} only {', '.join(known)}"
        )
    weights = {}
    for layer, shape in net.shapes.items():
        outside = given = shape
        if len(shape) == 4:
            outside = given = (shape[0], shape[3], shape[1], shape[2])
            flat = (shape[0], math.prod(shape[1:]))  # a dense layer of flattened maps
            given = flat if archive.array(f"w:{layer}").shape == flat else outside
        array = archive.numbers(f"w:{layer}", given, dtype)
        weights[layer] = from_pytorch(array.reshape(outside))
    return weights


def read_statistics(
    archive: Archive, net: Net, dtype: str
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """{layer: (mean, variance)} of each batch norm. Raises UsageError where they do not fit."""
    archive.require([f"{what}:{layer}" for layer in net.normed for what in ("mean", "var")])
    statistics = {}
    for layer in net.normed:
        shape = net.shapes[layer][:1]
        mean = archive.numbers(f"mean:{layer}", shape, dtype)
        variance = archive.numbers(f"var:{layer}", shape, dtype)
        if (variance < 0).any():
            raise UsageError(f"var:{layer} of {archive.path} is negative; variances are >= 0")
        statistics[layer] = (mean, variance)
    return statistics


def read_data(
    archive: Archive, inputs: Sequence[int], classes: int, dtype: str
) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and labels. Images are NHWC where ``inputs`` is (channels, rows, columns), else rows.

    Raises UsageError for data without an example, and where shapes or labels do not fit.
    """
    archive.require(["x", "y"])
    x, y = archive.array("x"), as_vector(archive.array("y", "iu", "whole numbers"))
    if len(inputs) == 1 and x.ndim > 1 and len(x):
        x = x.reshape(len(x), -1)
    if x.ndim != 1 + len(inputs) or x.shape[1:] != tuple(inputs) or len(x) == 0:
        wanted = ", ".join(map(str, inputs))
        raise UsageError(f"x of {archive.path} has shape {x.shape}, not (n, {wanted}), n >= 1")
    if y.shape != (len(x),):
        raise UsageError(f"y of {archive.path} has shape {y.shape}, not ({len(x)},) as x demands")
    if y.min() < 0 or y.max() >= classes:
        bad = y[(y < 0) | (y >= classes)][0]
        mend = "; if yours begin at 1, subtract 1" if y.min() == 1 and y.max() == classes else ""
        raise UsageError(
            f"y of {archive.path} has the label {bad}; labels are 0 to {classes - 1}{mend}"
        )
    x = archive.numbers("x", archive.array("x").shape, dtype).reshape(x.shape)
    return from_pytorch(x) if x.ndim == 4 else x, y
