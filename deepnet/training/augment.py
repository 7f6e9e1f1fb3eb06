"""The batches of an epoch, shuffled, cropped and flipped anew for each epoch.

Random numbers are drawn on the host. Images are cut on their own device.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from deepnet.backend import array_module

Array = Any


def crop(x: Array, rng: np.random.Generator, pad: int = 4) -> Array:
    """Images (n, h, w, c) reflected outwards by ``pad`` and cut back at random places."""
    n, xp = len(x), array_module(x)
    padded = xp.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="reflect")
    top, left = (xp.asarray(start) for start in rng.integers(0, 2 * pad + 1, (2, n)))
    image, down, right, channel = padded.strides
    places = xp.lib.stride_tricks.as_strided(  # (n, top, left, h, w, c)
        padded,
        (n, 2 * pad + 1, 2 * pad + 1, *x.shape[1:]),
        (image, down, right, down, right, channel),
    )
    return places[xp.arange(n), top, left]


def flip(x: Array, rng: np.random.Generator) -> Array:
    """Each image or its mirror image, by a fair coin per image."""
    xp = array_module(x)
    mirrored = xp.asarray(rng.integers(0, 2, len(x)).astype(bool))
    return xp.where(mirrored[:, None, None, None], x[:, :, ::-1], x)


def batches(
    x: Array, y: Array, size: int, rng: np.random.Generator, augment: bool = True
) -> Iterator[tuple[Array, Array]]:
    """The images and labels of one epoch in random order, without a last short batch."""
    order = rng.permutation(len(x))
    for start in range(0, len(x) - size + 1, size):
        chosen = array_module(x).asarray(order[start : start + size])
        images = x[chosen]
        yield (flip(crop(images, rng), rng) if augment else images), y[chosen]
