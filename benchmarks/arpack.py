"""The top eigenpairs as PyTorch's users find them: ARPACK, by SciPy, on Hessian products."""

from collections.abc import Callable

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigsh

from benchmarks.tasks import RESIDUAL, TOP, Result, Way, eigenvalues
from benchmarks.torch_case import Kept

Product = Callable[[np.ndarray], np.ndarray]


def arpack(product: Product, exact: Kept) -> Way:
    """The largest eigenpairs by ``product``; ARPACK's criterion is ours, a relative residual."""
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
    """What is said of eigenpairs, ``vectors`` in rows, with residuals by ``exact`` products."""
    residuals = [
        np.linalg.norm(exact.times(v) - value * v) / np.linalg.norm(v)
        for value, v in zip(values, vectors, strict=True)
    ]
    return eigenvalues(values, np.array(residuals), products)
