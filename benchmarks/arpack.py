"""The top eigenpairs by ARPACK (SciPy) on Hessian products, as PyTorch's users find them."""

from collections.abc import Callable

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigsh

from benchmarks.tasks import RESIDUAL, TOP, Result, Way, eigenvalues
from benchmarks.torch_case import Kept

Product = Callable[[np.ndarray], np.ndarray]


def arpack(product: Product, exact: Kept) -> Way:
    """The largest eigenpairs by ``product``. ARPACK stops by our criterion, a relative residual."""
    n = len(exact.problem.directions)
    start = np.random.default_rng(0).standard_normal(n).astype("float32")

    def top() -> tuple[np.ndarray, np.ndarray, int]:
        products = 0

        def counted(v: np.ndarray) -> np.ndarray:
            nonlocal products
            products += 1
            return product(v)

        operator = LinearOperator((n, n), matvec=counted, dtype="float32")
        values, vectors = eigsh(operator, TOP, which="LA", tol=RESIDUAL, v0=start)
        return values, vectors.T, products

    return Way(top, lambda eigenpairs: pairs(exact, *eigenpairs))


def pairs(exact: Kept, values: np.ndarray, vectors: np.ndarray, products: int | None) -> Result:
    """The result of a search for eigenpairs. ``vectors`` are in rows.

    The residuals are taken with ``exact`` products.
    """
    residuals = [
        np.linalg.norm(exact.times(v) - value * v) / np.linalg.norm(v)
        for value, v in zip(values, vectors, strict=True)
    ]
    return eigenvalues(values, np.array(residuals), products)
