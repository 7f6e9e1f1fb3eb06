"""The Hessian's top eigenvalues along a training, each search from where the last search ended.

Eigenvectors turn little between steps, so that Lanczos from the last ones needs few products. The
start has a random part too. A new direction that has overtaken the last ones is then not missed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from deepnet.backend import to_host
from deepnet.curvature import Batches, Eigenpairs, hessian, lanczos
from deepnet.problem import Problem
from deepnet.training.train import TrainingStep

Array = Any
Weights = dict[str, Array]
#: The length of the start's random part, its part along the last eigenvectors having length one.
RANDOM = 0.1


class Sharpness:
    """A hook that records the largest eigenvalues of the Hessian of the loss along a training.

        "sharpness" = lambda_1(H(w)),    "sharpness:2" = lambda_2(H(w)), ...

    H is the Hessian of ``problem``'s mean loss over ``data``, at the weights before the step. Each
    value is within "sharpness:residual", the largest residual, of an eigenvalue.
    "sharpness:products" counts the products. The search starts from the last eigenvectors plus a
    random part of a tenth of their length.

    The last eigenvectors are no part of a training's state. A training that goes on from a stored
    state searches anew, and its values differ within the residuals.

    Args:
        problem: The net, its norm and its loss.
        data: The batches, a sequence of pairs (x, targets). They are the same at every step.
        top: How many of the largest eigenvalues.
        products: The largest number of Hessian products per call.
        tolerance: The largest residual, as a share of |value|. See ``lanczos``.
        seed: The seed of the random vectors.

    Raises:
        ValueError: The numbers do not fit each other, when the hook is called. See ``lanczos``.
        FloatingPointError: A product is not finite, when the hook is called.

    Reference:
        cohen2021

    Example:
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([1.0, 2.0]), np.array([1.0, 3.0]))
        >>> Sharpness(batches.problem, batches.data).at(batches.weights).values.round(9).tolist()
        [2.0]
    """

    def __init__(
        self,
        problem: Problem,
        data: Sequence[tuple[Array, Array]],
        top: int = 1,
        *,
        products: int = 100,
        tolerance: float = 1e-3,
        seed: int = 0,
    ) -> None:
        self.problem, self.data, self.top = problem, data, top
        self.products, self.tolerance = products, tolerance
        self._rng = np.random.default_rng(seed)
        self._last: np.ndarray | None = None

    def at(self, weights: Weights) -> Eigenpairs:
        """The eigenpairs at ``weights`` {name: array}.

        The search starts from the last call's vectors.
        """
        pairs = lanczos(
            hessian(Batches(self.problem, weights, self.data)),
            self._rng,
            self.top,
            products=self.products,
            tolerance=self.tolerance,
            start=self._start(),
        )
        self._last = to_host(pairs.vectors)
        return pairs

    def __call__(self, step: TrainingStep) -> Mapping[str, float]:
        pairs = self.at(step.before)
        names = ["sharpness", *(f"sharpness:{i}" for i in range(2, self.top + 1))]
        return {
            **dict(zip(names, pairs.values.tolist(), strict=True)),
            "sharpness:residual": float(pairs.residuals.max()),
            "sharpness:products": pairs.products,
        }

    def _start(self) -> np.ndarray | None:
        if self._last is None:
            return None
        n, k = self._last.shape
        noise = self._rng.standard_normal(n)
        return self._last.sum(1) / k**0.5 + RANDOM / np.linalg.norm(noise) * noise
