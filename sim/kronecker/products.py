"""Kronecker products written out block by block."""

from collections.abc import Iterator

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Rounded, at
from sim.kronecker.draws import SIZES, Generator, blocks, second_moment
from sim.table import simulates
from theory import kronecker


@simulates(kronecker.product_eigenvalues, unit="pair of matrices")
def product_eigenvalues(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Eigenvalues of the N n x N n matrix, full or of lower rank."""
    for N, n in SIZES:
        for full in (True, False):
            A, S = second_moment(rng, N), second_moment(rng, n, full)
            eigenvalues = np.linalg.eigvalsh(blocks(A, S))
            yield Rounded(at(A=A, S=S), eigenvalues, np.trace(A) * np.trace(S))


@simulates(kronecker.matrix_product, unit="layer")
def matrix_product(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The product row by row, with the columns of the weights stacked."""
    for N, n in SIZES:
        A, S, Delta = second_moment(rng, N), second_moment(rng, n), rng.normal(size=(n, N))
        stacked = np.concatenate([Delta[:, j] for j in range(N)])
        product = [sum(row * stacked) for row in blocks(A, S)]
        size = abs(A).sum() * abs(S).sum() * abs(Delta).max()
        yield Rounded(at(A=A, S=S, Delta=Delta), product, size)


@simulates(kronecker.inverse_product, unit="layer")
def inverse_product(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The solution of the N n linear equations."""
    for N, n in SIZES:
        A, S = (second_moment(rng, size) + np.eye(size) / 2 for size in (N, n))
        Delta, matrix = rng.normal(size=(n, N)), blocks(A, S)
        stacked = np.concatenate([Delta[:, j] for j in range(N)])
        solution = np.linalg.solve(matrix, stacked)
        size = np.linalg.cond(matrix) * np.linalg.norm(solution)
        yield Rounded(at(A=A, S=S, Delta=Delta), solution, size)
