"""What the kernel knows of columns of length 1: frames and eigenvectors."""

from typing import Any

import sympy as sp

from theory.functions.frames import eigenvector, frame
from theory.proofs.kernel.words import ONE, Polynomial


def orthonormal(kernel: Any, letter: Any) -> Polynomial:
    """Q'Q = I."""
    kernel.rules[letter.T, letter] = {ONE: sp.Integer(1)}
    return {(letter,): sp.Integer(1)}


READERS = ((frame, orthonormal), (eigenvector, orthonormal))
