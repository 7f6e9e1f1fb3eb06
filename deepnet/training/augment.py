"""The batches of an epoch: shuffled, cropped and flipped anew each time, drawn on the host."""

from collections.abc import Iterator

import numpy as np

Array = np.ndarray


def crop(x: Array, rng: np.random.Generator, pad: int = 4) -> Array:
    """Images (n, h, w, c) reflected outwards by ``pad`` and cut back at random places."""
    n, height, width, _ = x.shape
    padded = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="reflect")
    top, left = rng.integers(0, 2 * pad + 1, (2, n))
    places = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(1, 2))
    cut = places[np.arange(n), top, left]  # (n, c, h, w)
    return np.ascontiguousarray(cut.transpose(0, 2, 3, 1))


def flip(x: Array, rng: np.random.Generator) -> Array:
    """Each image or its mirror image, by a fair coin."""
    mirrored = rng.integers(0, 2, len(x)).astype(bool)
    return np.where(mirrored[:, None, None, None], x[:, :, ::-1], x)


def batches(
    x: Array, y: Array, size: int, rng: np.random.Generator, augment: bool = True
) -> Iterator[tuple[Array, Array]]:
    """The images and labels of one epoch in random order; the last short batch is dropped."""
    order = rng.permutation(len(x))
    for start in range(0, len(x) - size + 1, size):
        chosen = order[start : start + size]
        images = x[chosen]
        yield (flip(crop(images, rng), rng) if augment else images), y[chosen]
