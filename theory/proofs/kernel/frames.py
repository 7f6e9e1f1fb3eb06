"""What the kernel knows of columns of length 1: frames, eigenvectors and bending directions."""

from typing import Any

import sympy as sp

from theory.functions.frames import bending, eigenvector, frame
from theory.functions.matrices import pinv
from theory.proofs.kernel.words import ONE, Polynomial


def orthonormal(kernel: Any, letter: Any) -> Polynomial:
    """Q'Q = I."""
    kernel.rules[letter.T, letter] = {ONE: sp.Integer(1)}
    return {(letter,): sp.Integer(1)}


def across(kernel: Any, x: bending) -> Polynomial:
    """X'x = 1, C'x = 0, and C^+ x = C^+ C^+' C'x = 0."""
    columns = x.args[1]
    for zero in (columns.T, pinv(columns)):
        words = kernel.polynomial(zero)
        if len(words) != 1:
            raise NotImplementedError(f"columns that are a sum: {columns}")
        ((word, _),) = words.items()
        kernel.rule((*word, x), {})
    return orthonormal(kernel, x)


READERS = ((frame, orthonormal), (eigenvector, orthonormal), (bending, across))
