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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from companion.errors import UsageError
from companion.progress import say
from deepnet.data.labels import as_vector, begin_at_one
from deepnet.nets.net import Net

DAMAGED = (
    OSError,
    ValueError,
    EOFError,
    MemoryError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True)
class Archive:
    """The arrays of an npz file, as far as they have been read.

    path    the file's name in quotation marks, as messages have it
    names   the names of all arrays in the file
    arrays  the arrays that have been read, by their names
    """

    path: str
    names: Sequence[str]
    arrays: Mapping[str, np.ndarray]

    def require(self, names: Sequence[str]) -> None:
        """Raise UsageError that lists the missing arrays among ``names``."""
        missing = ", ".join(name for name in names if name not in self.names)
        if missing:
            held = ", ".join(self.names) or "nothing"
            raise UsageError(f"{self.path} has no {missing}; it has {held}")

    def shapes(self, names: Sequence[str]) -> list[tuple[int, ...]]:
        """The shapes of the arrays ``names``. Raises UsageError that lists the missing ones."""
        self.require(names)
        return [self.arrays[name].shape for name in names]

    def array(self, name: str) -> np.ndarray:
        """The array ``name``. Raises UsageError unless it has the numbers that its name demands."""
        array, (kinds, what) = self.arrays[name], _numbers(name)
        if array.dtype.kind not in kinds:
            raise UsageError(f"{name} of {self.path} is of type {array.dtype}; {what} are needed")
        return array

    def finite(self, name: str, shape: Sequence[int], dtype: str) -> np.ndarray:
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


def read(path: str, wanted: Callable[[str], bool]) -> Archive:
    """The npz file at ``path``, with the arrays whose names are ``wanted``.

    Raises UsageError where the file does not exist, is no npz file, or has a damaged array.
    """
    quoted = repr(str(path))
    if not Path(path).is_file():
        raise UsageError(f"there is no file {quoted}; name an .npz file")
    if not zipfile.is_zipfile(path):
        raise UsageError(f"{quoted} is not an .npz file; save named arrays by numpy.savez")
    arrays = {}
    with np.load(path, allow_pickle=False) as file:
        for name in filter(wanted, file.files):
            try:
                arrays[name] = file[name]
            except DAMAGED as error:
                pickled = "bject" in str(error)
                why = "is a pickled object, which is never loaded" if pickled else "is damaged"
                _, what = _numbers(name)
                raise UsageError(f"{name} of {quoted} {why}; save {what}") from error
        return Archive(quoted, file.files, arrays)


def _numbers(name: str) -> tuple[str, str]:
    """The kinds of dtype that the array ``name`` may have, as NumPy's letters and in words."""
    return ("iu", "whole numbers") if name == "y" else ("fiu", "real numbers")


def is_weight(name: str) -> bool:
    """Whether the array ``name`` is a weight."""
    return name.startswith("w:")


def is_datum(name: str) -> bool:
    """Whether the array ``name`` has inputs or labels."""
    return name in ("x", "y")


def weights_of(net: Net, archive: Archive, dtype: str) -> dict[str, np.ndarray]:
    """The weights of ``net``, convolutions as (out, in, rows, columns).

    Raises UsageError where they do not fit.
    """
    known = [f"w:{layer}" for layer in net.shapes]
    archive.require(known)
    extra = [name for name in archive.arrays if name not in known]
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
        weights[layer] = archive.finite(f"w:{layer}", given, dtype).reshape(outside)
    return weights


def statistics_of(net: Net, path: str, dtype: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """{layer: (mean, variance)} of each batch norm, read from the file at ``path``.

    Raises UsageError where they do not fit.
    """
    known = [f"{what}:{layer}" for layer in net.normed for what in ("mean", "var")]
    archive = read(path, lambda name: name in known)
    archive.require(known)
    statistics = {}
    for layer in net.normed:
        shape = net.shapes[layer][:1]
        mean = archive.finite(f"mean:{layer}", shape, dtype)
        variance = archive.finite(f"var:{layer}", shape, dtype)
        if (variance < 0).any():
            raise UsageError(f"var:{layer} of {archive.path} is negative; variances are >= 0")
        statistics[layer] = (mean, variance)
    return statistics


def classes_of(net: Net) -> int:
    """The number of outputs of ``net``."""
    return list(net.shapes.values())[-1][0]


def data_of(
    net: Net, archive: Archive, multiple: int | None, dtype: str
) -> tuple[np.ndarray, np.ndarray]:
    """Inputs, images as (n, channels, rows, columns), and labels (n,) for ``net``.

    Images are 32 x 32, or squares whose side is a multiple of ``multiple`` (None: no others). A
    line says that labels seem to begin at 1.

    Raises UsageError for data without an example, and where shapes or labels do not fit.
    """
    inputs = _inputs(net, archive.shapes(["x", "y"])[0], multiple)
    x, y, classes = archive.array("x"), as_vector(archive.array("y")), classes_of(net)
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
    x = archive.finite("x", archive.array("x").shape, dtype).reshape(x.shape)
    if begin_at_one(y, classes):
        say(
            "deepnet",
            f"no example has the label 0, and each of 1 to {classes - 1} has one; if labels begin "
            "at 1, subtract 1",
        )
    return x, y


def _inputs(net: Net, given: Sequence[int], multiple: int | None) -> Sequence[int]:
    """The shape of one input of ``net``, where the reader's inputs have the shape ``given``."""
    first = next(iter(net.shapes.values()))
    if len(first) == 2:  # a dense layer
        return first[1:]
    square = len(given) == 4 and given[2] == given[3] > 0
    fits = square and multiple is not None and given[3] % multiple == 0
    side = given[3] if fits else 32
    return 3, side, side
