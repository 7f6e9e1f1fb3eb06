"""K-FAC as a rule of descent (martensgrosse2015, grossemartens2016).

The gradient g is the gradient of the mean loss plus decay times the weights w. A and S are a
layer's factors (``deepnet.curvature.kfac``). V is a layer's part of g as a k x N matrix with the
bias as last column.

    w <- w - lr (A (x) S + damping I)^-1 g       V <- S^-1 V A^-1 at damping 0

The inverse is exact, by eigenvalues. At damping 0 it is the pseudo-inverse. Weights of no layer,
such as batch norm's scale and shift, take the step -lr g.
"""

from dataclasses import dataclass

import numpy as np

from deepnet.curvature.kfac import Factor, Kronecker, factors
from deepnet.curvature.layers import layers
from deepnet.curvature.probes import probes
from deepnet.tape import Linearised
from deepnet.training.rule import Memory, Weights
from deepnet.vectors import from_vector, to_vector


@dataclass(frozen=True)
class KFAC:
    """The rule of the module. Every ``every`` steps it takes the factors of the step's batch.

    New factors enter an average with the weight 1 - ``averaging``. The first factors enter with the
    weight 1. ``kind`` and ``draws`` are arguments of ``deepnet.curvature.probes``. Random signs are
    drawn from (seed, step). The rule remembers the number of steps ("steps") and, by layer, the
    factors and their eigenpairs ("A:", "A_values:", "A_vectors:", and likewise for S).
    """

    damping: float = 0.0
    averaging: float = 0.95
    every: int = 10
    kind: str = "drawn"
    draws: int = 1
    decay: float = 0.0
    seed: int = 0

    def start(self, weights: Weights) -> Memory:
        """The memory without a step. The first step makes the factors."""
        return {"steps": np.array(0)}

    def step(
        self,
        weights: Weights,
        memory: Memory,
        gradient: Weights,
        lr: float,
        at: Linearised | None = None,
    ) -> tuple[Weights, Memory]:
        """See ``Rule``. Raises ValueError without ``at``, from which the factors are computed."""
        if at is None:
            raise ValueError("K-FAC takes its factors of a linearised loss; give it as at")
        steps = int(memory["steps"])
        after = memory | {"steps": np.array(steps + 1)}
        if steps % self.every == 0:
            after |= self._refreshed(after, at, steps)
        push = {name: gradient[name] + self.decay * w for name, w in weights.items()}
        for layer in layers(at).values():
            part = {name: push[name] for name in layer.names}
            inverse = _block(after, layer.weight, layer.bias is not None).inverse(self.damping)
            vector = inverse.multiply(to_vector(part)[:, None])[:, 0]
            shapes = {name: weights[name].shape for name in layer.names}
            push |= from_vector(vector.astype(push[layer.weight].dtype), shapes)
        return {name: w - lr * push[name] for name, w in weights.items()}, after

    def _refreshed(self, memory: Memory, at: Linearised, steps: int) -> Memory:
        """The factors with this batch's part, and their eigenpairs."""
        refreshed: Memory = {}
        known = layers(at)
        rng = np.random.default_rng([self.seed, steps])
        both = factors(at, known.values(), probes(at, self.kind, rng, self.draws))
        for layer, pair in zip(known, both, strict=True):
            for letter, new in zip("AS", pair, strict=True):
                old = memory.get(f"{letter}:{layer}", new)
                factor = Factor(self.averaging * old + (1 - self.averaging) * new)
                values, vectors = factor.eigenpairs
                refreshed |= {
                    f"{letter}:{layer}": factor.matrix,
                    f"{letter}_values:{layer}": values,
                    f"{letter}_vectors:{layer}": vectors,
                }
        return refreshed


def _block(memory: Memory, layer: str, bias: bool) -> Kronecker:
    A, S = (
        Factor(
            memory[f"{letter}:{layer}"],
            (memory[f"{letter}_values:{layer}"], memory[f"{letter}_vectors:{layer}"]),
        )
        for letter in "AS"
    )
    return Kronecker(A, S, bias)
