"""The data set that --data names: textures, cifar10, mnist, or a path of the reader's own."""

import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from companion.errors import UsageError
from companion.scale import Scale
from deepnet.data import labels
from deepnet.data.cifar10 import cifar10, read_archive, read_folder
from deepnet.data.dataset import PARTS, Dataset
from deepnet.data.mnist import mnist
from deepnet.data.textures import textures

VARIABLE = "CIFAR10"
ARCHIVES = (".tar.gz", ".tgz")


def usual(scale: Scale) -> str:
    """The data set of a ``scale`` where none is named.

    >>> usual(Scale.QUICK), usual(Scale.LAPTOP)
    ('textures', 'cifar10')
    """
    return "cifar10" if scale == Scale.LAPTOP else "textures"


def load(name: str, train: int, test: int, seed: int = 0) -> Dataset:
    """At most ``train`` and ``test`` images of the data set ``name``, drawn from the ``seed``.

    ``name`` is "textures", "cifar10", "mnist" or a path (see ``read``). For "cifar10" the
    environment's ``CIFAR10`` may name the path. Otherwise it is downloaded.
    """
    if name == "textures":
        return textures(train, test, seed)
    if name == "mnist":
        return mnist().sample(train, test, seed)
    path = _path_of(name)
    return (read(path) if path else cifar10()).sample(train, test, seed)


def doubts(name: str) -> str:
    """One line on the labels of the reader's own npz file ``name``, or an empty text.

    All labels count, before any choice among the images. The images are not read. What ``read``
    refuses is left to it. Raises UsageError where the file cannot be read.
    """
    path = None if name in ("textures", "mnist") else _path_of(name)
    if path is None or not path.is_file() or path.name.endswith(ARCHIVES):
        return ""
    train, test = (labels.as_vector(y) for y in _arrays(path, ("y_train", "y_test")).values())
    if not (_are_labels(train) and _are_labels(test)):
        return ""
    return labels.doubts(train, 1 + int(max(train.max(), test.max())))


def _are_labels(y: np.ndarray) -> bool:
    return y.ndim == 1 and len(y) > 0 and y.dtype.kind in "iu" and bool(y.min() >= 0)


def _path_of(name: str) -> Path | None:
    """The path that ``name`` or the environment gives. None: CIFAR-10 is downloaded."""
    if name != "cifar10":
        return Path(name)
    path = os.environ.get(VARIABLE)
    return Path(path) if path else None


def read(path: Path) -> Dataset:
    """The data set in a folder of CIFAR-10's binary batches, in their archive, or in an npz file.

    The npz file has x_train, y_train, x_test and y_test. Images are uint8 (n, rows, columns,
    channels). It may have ``quality``, a text that goes into the results.

    Raises UsageError that names the fault.
    """
    if path.is_dir():
        return read_folder(path)
    if not path.exists():
        raise UsageError(
            f"no data at {str(path)!r}; give textures, cifar10, mnist, a folder of CIFAR-10's "
            "binary batches, or an npz file"
        )
    if path.name.endswith(ARCHIVES):
        return read_archive(path)
    return _read_npz(path)


def _read_npz(path: Path) -> Dataset:
    arrays = _arrays(path, (*PARTS, "quality"))
    quality = str(arrays.pop("quality", "as given"))
    x_train, y_train, x_test, y_test = (arrays[part] for part in PARTS)
    y_train, y_test = labels.as_vector(y_train), labels.as_vector(y_test)
    return Dataset(path.name, quality, x_train, y_train, x_test, y_test)


def _arrays(path: Path, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Those arrays of an npz file of images that have these ``names``.

    Raises UsageError unless it is such a file, with all ``PARTS``.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            missing = [part for part in PARTS if part not in stored]
            if missing:
                raise UsageError(
                    f"{str(path)!r} lacks {', '.join(missing)}; an npz of images has "
                    f"{', '.join(PARTS)}"
                )
            return {name: stored[name] for name in names if name in stored}
    except UsageError:
        raise
    except (ValueError, OSError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise UsageError(
            f"{str(path)!r} cannot be read as an npz file: {' '.join(str(error).split())}; write "
            "it with numpy.savez, plain arrays only"
        ) from error
