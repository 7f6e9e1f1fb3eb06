"""A labelled set of images, and the facts by which a result names it."""

import hashlib
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from companion.errors import UsageError
from deepnet.backend import array_module, to_host

Array = np.ndarray
PARTS = ("x_train", "y_train", "x_test", "y_test")


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images, uint8 (n, rows, columns, channels), with whole-number labels (n,) from 0.

    ``quality`` says in words where the pixels come from. It goes into every result.
    ``classes`` is the number of classes. Without it the number is one more than the largest label.
    Sets that are made of this set have its number.

    The arrays are read-only.

    Raises UsageError that names the array that does not fit.
    """

    name: str
    quality: str
    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array
    classes: int = 0

    def __post_init__(self) -> None:
        for part in ("train", "test"):
            self._check(part, getattr(self, f"x_{part}"), getattr(self, f"y_{part}"))
        if self.x_train.shape[1:] != self.x_test.shape[1:]:
            raise UsageError(
                f"{self.name}: x_train has images of shape {self.x_train.shape[1:]} and x_test of "
                f"{self.x_test.shape[1:]}; they must be equal"
            )
        for part in PARTS:
            array = getattr(self, part)
            array = array.view() if part[0] == "x" else array.astype(np.int64)
            if isinstance(array, np.ndarray):
                array.flags.writeable = False
            object.__setattr__(self, part, array)
        object.__setattr__(self, "classes", self.classes or self._counted)
        if self.classes < self._counted:
            raise UsageError(
                f"{self.name} has the label {self._counted - 1}; labels of {self.classes} classes "
                f"are 0 to {self.classes - 1}"
            )

    def _check(self, part: str, x: Array, y: Array) -> None:
        if x.ndim != 4 or x.dtype != np.uint8:
            raise UsageError(
                f"{self.name}: x_{part} is {x.dtype} of shape {x.shape}; give uint8 images as "
                "(n, rows, columns, channels)"
            )
        if y.dtype.kind not in "iu" or y.shape != x.shape[:1]:
            raise UsageError(
                f"{self.name}: y_{part} is {y.dtype} of shape {y.shape}; give {len(x)} whole "
                f"numbers, one label an image of x_{part}"
            )
        if not len(x) or y.min() < 0:
            raise UsageError(f"{self.name}: {part} needs images, and labels from 0 upwards")

    @cached_property
    def _counted(self) -> int:
        """One more than the largest label."""
        return 1 + int(max(self.y_train.max(), self.y_test.max()))

    @cached_property
    def checksum(self) -> str:
        """The sha256 of the four arrays and their shapes.

        The number of classes enters if it is not one more than the largest label.
        """
        digest = hashlib.sha256()
        for part in PARTS:
            array = np.ascontiguousarray(to_host(getattr(self, part)))
            digest.update(f"{part} {array.dtype.str} {array.shape}".encode())
            digest.update(array.data)
        if self.classes != self._counted:
            digest.update(f"classes {self.classes}".encode())
        return digest.hexdigest()

    @cached_property
    def channel_moments(self) -> tuple[Array, Array]:
        """Mean and standard deviation per channel of the training images, on the scale 0 to 1.

        They come from counts of the 256 values, so that no sum of many pixels is rounded.
        """
        images = to_host(self.x_train)
        channels = range(images.shape[-1])
        counts = [np.bincount(images[..., c].ravel(), minlength=256) for c in channels]
        share, value = np.stack(counts) / images[..., 0].size, np.arange(256) / 255
        mean = share @ value
        spread = np.sqrt((share * (value - mean[:, None]) ** 2).sum(1))
        if not spread.all():
            raise UsageError(f"{self.name}: a channel of x_train is constant; images must vary")
        return mean, spread

    def normalised(self, x: Array, dtype: Any = np.float32) -> Array:
        """(x/255 - mean)/std, with the channel mean and standard deviation of the training images.

        Raises UsageError unless ``x`` are uint8 images with the data set's number of channels.
        """
        if x.dtype != np.uint8 or x.shape[-1:] != self.x_train.shape[-1:]:
            raise UsageError(
                f"{self.name}: images to normalise are {x.dtype} of shape {x.shape}; give uint8 "
                f"images of {self.x_train.shape[-1]} channels"
            )
        xp = array_module(x)
        mean, spread = (xp.asarray(moment.astype(dtype)) for moment in self.channel_moments)
        return (x.astype(dtype) / 255 - mean) / spread

    def placed(self, to_device: Callable[[Array], Any]) -> "Dataset":
        """A copy of the data set whose images and labels are where ``to_device`` brings them."""
        self.checksum, self.channel_moments  # noqa: B018 (kept: computed on the host)
        moved = copy(self)
        for part in PARTS:
            object.__setattr__(moved, part, to_device(getattr(self, part)))
        return moved

    def sample(self, train: int, test: int, seed: int = 0) -> "Dataset":
        """``train`` and ``test`` images drawn from the ``seed``, or all where there are fewer.

        They come in a random order. The reader's images may be sorted by class, and a Hessian is
        taken over the first images.
        """
        rows = {
            part: np.random.default_rng(seed).permutation(len(images))[:size]
            for part, images, size in (("train", self.x_train, train), ("test", self.x_test, test))
        }
        chosen = {part: getattr(self, part)[rows[part[2:]]] for part in PARTS}
        return replace(self, **chosen)

    def halved(self) -> "Dataset":
        """A copy with half the rows and columns: rounded means over 2 x 2 pixels.

        Raises UsageError where the number of rows or columns is odd.
        """
        rows, columns = self.x_train.shape[1:3]
        if rows % 2 or columns % 2:
            raise UsageError(f"{self.name} has images {rows} x {columns}; both must be even")

        def half(x: Array) -> Array:
            n, _, _, channels = x.shape
            blocks = x.reshape(n, rows // 2, 2, columns // 2, 2, channels)
            return ((blocks.sum((2, 4), dtype=np.uint16) + 2) // 4).astype(np.uint8)

        return replace(self, x_train=half(self.x_train), x_test=half(self.x_test))
