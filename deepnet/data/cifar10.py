"""CIFAR-10 as its authors publish it: binary batches, in an archive or unpacked (krizhevsky2009).

A record is 3073 bytes: the label, then 32 x 32 pixels of red, of green and of blue.
"""

import gzip
import io
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from companion.errors import UsageError
from deepnet.data.dataset import Dataset
from deepnet.data.download import cache, download

Array = np.ndarray
URL = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
HASH = "md5:c32a1d4ab5d03f1284b67883e8d87530"
FOLDER = "cifar-10-batches-bin"
TRAIN = tuple(f"data_batch_{i}.bin" for i in range(1, 6))
TEST = "test_batch.bin"
RECORDS = 10_000
CLASSES = 10
RECORD_BYTES = 1 + 3 * 32 * 32
INSTEAD = "set CIFAR10 to a folder of the official binary batches, or to an npz file"


def cifar10(folder: Path | None = None, url: str = URL, known_hash: str = HASH) -> Dataset:
    """The data set of the official archive, which is downloaded into ``folder`` at the first call.

    Without ``folder`` it is the user's cache.
    """
    archive = download(url, known_hash, cache() if folder is None else folder, INSTEAD)
    return read_archive(archive)


def read_archive(path: Path) -> Dataset:
    """The data set in an archive like the file at ``URL``, without unpacking it on disk.

    It is unpacked in memory up to its end, where gzip's checksum stands. Raises UsageError where it
    is not a whole archive of six whole batches.
    """
    try:
        with gzip.open(path) as stream:
            whole = io.BytesIO(stream.read())
        with tarfile.open(fileobj=whole, mode="r:") as archive:

            def read(name: str) -> bytes:
                member = archive.extractfile(f"{FOLDER}/{name}")
                if member is None:
                    raise KeyError(f"{name} is not a file in it")
                return member.read()

            return _assemble("cifar10", "official binary archive", read)
    except (tarfile.TarError, zlib.error, EOFError, KeyError, OSError) as error:
        reason = str(error).strip("'\"")
        raise UsageError(
            f"{str(path)!r} cannot be read as CIFAR-10's archive: {reason}; remove it and fetch "
            f"{URL} again"
        ) from error


def read_folder(path: Path) -> Dataset:
    """The data set in a folder of the six binary batches.

    Raises UsageError that names a file that is missing or has a wrong size.
    """

    def read(name: str) -> bytes:
        try:
            return (path / name).read_bytes()
        except OSError as error:
            raise UsageError(
                f"{str(path / name)!r} cannot be read: {error.strerror}; the folder must hold "
                f"{TRAIN[0]} to {TRAIN[-1]} and {TEST}"
            ) from error

    return _assemble("cifar10", "official binary batches", read)


def _assemble(name: str, quality: str, read: Callable[[str], bytes]) -> Dataset:
    parts = [_decode(batch, read(batch)) for batch in TRAIN]
    x_train, y_train = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return Dataset(name, quality, x_train, y_train, *_decode(TEST, read(TEST)), CLASSES)


def _decode(name: str, data: bytes) -> tuple[Array, Array]:
    if len(data) != RECORDS * RECORD_BYTES:
        raise UsageError(
            f"{name} has {len(data)} bytes; a whole batch has {RECORDS} records of {RECORD_BYTES}"
        )
    records = np.frombuffer(data, np.uint8).reshape(RECORDS, RECORD_BYTES)
    labels = records[:, 0]
    if labels.max() >= CLASSES:
        raise UsageError(f"{name} has the label {labels.max()}; CIFAR-10's are 0 to 9")
    images = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return np.ascontiguousarray(images), labels
