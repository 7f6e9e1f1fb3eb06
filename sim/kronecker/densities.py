"""Spectra of large Kronecker products: all products are counted, and many are drawn."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from companion.scale import Scale
from sim.ensembles import gaussian
from sim.evidence import Evidence, Exact, Form, Predict, Rounded, Student, at
from sim.kronecker.draws import SIZES, Array, Generator, blocks, second_moment
from sim.table import simulates
from theory import kronecker

#: Bins of eigenvalues over v: three inside the bulk, which ends at 16, and one beyond the bulk.
CUTS = (0.05, 0.3, 1.0, 3.0)
BEYOND = (24.0, 32.0)


@simulates(kronecker.product_moments, unit="pair of matrices")
def product_moments(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The mean power of the eigenvalues of the N n x N n matrix."""
    for N, n in SIZES:
        A, S = second_moment(rng, N), second_moment(rng, n)
        eigenvalues = np.linalg.eigvalsh(blocks(A, S))
        for order in (2, 1, 3, 6):
            size = order * N * n * eigenvalues[-1] ** order
            yield Rounded(at(A=A, S=S, order=order), np.mean(eigenvalues**order), size)


def shares_of_products(rng: Generator, N: int, v: float, cuts: Array) -> Array:
    """The shares of the N^2 eigenvalues between neighbouring ``cuts``."""
    first, second = (gaussian(rng, N, N, 0.0, each).eigenvalues() for each in (v, 1.0))
    below = [np.searchsorted(second, cut / first).sum() for cut in cuts]
    return np.diff(below) / N**2


def integral(low: float, high: float, v: float) -> Predict:
    """The integral over a bin of a form of lam."""
    nodes, weights = np.polynomial.legendre.leggauss(64)
    lam, weights = low + (high - low) * (nodes + 1) / 2, weights * (high - low) / 2

    def predict(form: Form) -> float:
        return float(np.sum(weights * form(lam=lam, v=v)))

    return predict


@simulates(kronecker.product_density, unit="pair of matrices")
def product_density(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The share of the eigenvalues in a bin, at N and 2N without the 1/N term, and beyond the
    bulk."""
    v, N, draws = 0.9, 200, scale.pick(64, 256, 2048)
    cuts = v * np.array(CUTS + BEYOND)
    samples = [
        2 * shares_of_products(rng, 2 * N, v, cuts) - shares_of_products(rng, N, v, cuts)
        for _ in range(draws)
    ]
    *inside, _, beyond = zip(pairwise(cuts), np.transpose(samples), strict=True)
    for (low, high), shares in inside:
        yield Student(integral(low, high, v), shares)
    (low, high), shares = beyond
    yield Exact(integral(low, high, v), shares, draws)


def mean_eigenvalues(rng: Generator, N: int, n: int, p: int, v: float, draws: int) -> Array:
    """The mean eigenvalues of products A (x) S of drawn inputs and derivatives, by their traces."""
    X, D = np.sqrt(v) * rng.normal(size=(draws, N, p)), rng.normal(size=(draws, n, p))
    A, S = (each @ each.transpose(0, 2, 1) / p for each in (X, D))
    products = np.einsum("dij,dkl->dikjl", A, S).reshape(draws, N * n, N * n)
    return np.trace(products, axis1=1, axis2=2) / (N * n)


@simulates(kronecker.product_fluctuation, unit="pair of matrices")
def product_fluctuation(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The mean eigenvalue of drawn products, and its squared distance from v.

    The draws come in parts that fit the memory.
    """
    v, parts = 0.9, scale.pick(1, 24, 128)
    for N, n, p in ((3, 2, 16), (1, 4, 6)):
        values = {"N": N, "n": n, "p": p, "v": v}
        means = np.concatenate([mean_eigenvalues(rng, N, n, p, v, 8192) for _ in range(parts)])
        yield Student(at("variance", **values), (means - v) ** 2)
        yield Student(at("mean", **values), means)
