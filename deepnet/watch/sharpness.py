"""The Hessian's top eigenvalues along a training, each search from where the last one ended.

Eigenvectors turn little between steps, so that Lanczos from the last ones needs few products. A new
direction that has overtaken them must not be missed: the start has a random part too.
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
    """A hook: the ``top`` eigenvalues of the Hessian of ``problem``'s loss over the same ``data``.

    Recorded as "sharpness" (the largest), "sharpness:2", ..., with "sharpness:residual", the
    largest residual, and "sharpness:products". See ``lanczos`` for the numbers. The last vectors
    are no part of a training's state: one that is taken up again starts anew, and its values differ
    from those that it would have recorded by no more than the residuals.
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
        """The eigenpairs at ``weights``; the search starts from the last call's."""
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
