"""Ten classes of random textures with the power spectrum of natural images, without a download.

An image is Gaussian noise filtered to power |f|^-2 exp(kappa cos 2(angle f - theta)), where f is
the frequency. Its energy lies around the orientation theta or, by a fair coin, around -theta, so
that a mirror image keeps its class. The image is mixed into colours, and a share of its variance is
chroma. Class k has theta = (k mod 5) pi/8, the chroma share ``CHROMA[k // 5]``, and a tint of hue 2
pi k/10. Orientation, contrast, brightness and tint vary from image to image.

The phases are random, so that the mean of each pixel is the tint alone. A linear model can learn
nothing of the classes but this tint, which varies within a class.
"""

import numpy as np
from scipy import fft

from deepnet.data.dataset import Dataset

Array = np.ndarray
#: The quality of these images in a result.
GENERATED = "generated"
SIDE = 32
CLASSES = 10
KAPPA = 4.0
CHROMA = (0.02, 0.3)
WOBBLE = np.pi / 36  # standard deviation of an image's orientation
CONTRAST = (45.0, 0.15)  # grey levels; standard deviation of its logarithm
BRIGHTNESS = (128.0, 20.0)
TINT = (18.0, 10.0)  # grey levels along each chroma axis: of the class; of an image's own
#: Luminance, red against green, yellow against blue: orthogonal and of equal length, as rows.
COLOURS = np.array([[1, 1, 1], [1.5**0.5, -(1.5**0.5), 0], [0.5**0.5, 0.5**0.5, -(2**0.5)]])
#: Images are drawn in blocks, so that a smaller set is the beginning of a larger one.
BLOCK = 100


def textures(train: int = 5000, test: int = 1000, seed: int = 0) -> Dataset:
    """``train`` and ``test`` images. Each 100 images have the classes equally often."""
    x_train, y_train = _draw(train, seed, 0)
    x_test, y_test = _draw(test, seed, 1)
    return Dataset("textures", GENERATED, x_train, y_train, x_test, y_test, CLASSES)


def _draw(images: int, seed: int, part: int) -> tuple[Array, Array]:
    blocks = [_block(np.random.default_rng([seed, part, i])) for i in range(-(-images // BLOCK))]
    x, y = (np.concatenate(arrays)[:images] for arrays in zip(*blocks, strict=True))
    return x, y


def _block(rng: np.random.Generator) -> tuple[Array, Array]:
    labels = rng.permutation(np.arange(BLOCK) % CLASSES)
    planes = _planes(_orientations(labels, rng), rng)
    contrast = CONTRAST[0] * np.exp(rng.normal(0, CONTRAST[1], (BLOCK, 1)))
    share = np.asarray(CHROMA)[labels // 5]
    amplitude = contrast * np.sqrt(np.stack([1 - share, share / 2, share / 2], 1))
    mixing = (amplitude[:, :, None] * COLOURS).astype(np.float32)
    pixels = planes.reshape(BLOCK, 3, -1).transpose(0, 2, 1) @ mixing + _means(labels, rng)
    images = np.clip(np.rint(pixels), 0, 255).astype(np.uint8)
    return images.reshape(BLOCK, SIDE, SIDE, 3), labels


def _means(labels: Array, rng: np.random.Generator) -> Array:
    """Mean colours, (n, 1, 3)."""
    hue = 2 * np.pi * labels / CLASSES
    chroma = TINT[0] * np.stack([np.cos(hue), np.sin(hue)], 1) + rng.normal(0, TINT[1], (BLOCK, 2))
    brightness = rng.normal(*BRIGHTNESS, (BLOCK, 1))
    return (np.concatenate([brightness, chroma], 1) @ COLOURS)[:, None]


def _orientations(labels: Array, rng: np.random.Generator) -> Array:
    angle = (labels % 5) * np.pi / 8 + rng.normal(0, WOBBLE, BLOCK)
    return angle * rng.choice([-1, 1], BLOCK)


def _planes(orientation: Array, rng: np.random.Generator) -> Array:
    """Three independent textures per image, with mean 0 and variance 1, (n, 3, rows, columns)."""
    noise = rng.standard_normal((BLOCK, 3, SIDE, SIDE), dtype=np.float32)
    vertical, horizontal = np.meshgrid(
        fft.fftfreq(SIDE, 1 / SIDE), fft.rfftfreq(SIDE, 1 / SIDE), indexing="ij"
    )
    radius, angle = np.hypot(vertical, horizontal), np.arctan2(vertical, horizontal)
    radius[0, 0] = np.inf  # no constant part
    around = np.cos(2 * (angle - orientation[:, None, None]))
    gain = (np.exp(KAPPA / 2 * around) / radius).astype(np.float32)
    planes = fft.irfft2(fft.rfft2(noise) * gain[:, None], s=(SIDE, SIDE))
    return planes / planes.std((2, 3), keepdims=True)
