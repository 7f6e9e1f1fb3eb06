"""Whether an eigenvalue may be missing among those that a figure draws. This is no figure."""

import numpy as np

from deepnet.experiments.store import Arrays


def all_certain(arrays: Arrays) -> bool:
    """Whether every search for eigenvalues ended by itself: the arrays "...:certain" say so."""
    return all(np.all(value) for name, value in arrays.items() if ":certain" in name)
