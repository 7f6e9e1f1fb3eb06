"""The exact state of a training as named arrays, which can be stored and resumed.

The random numbers of an epoch are drawn from (seed, epoch). Therefore the state holds the number of
the epoch and no random state.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from deepnet.backend import beside, to_host
from deepnet.training.rule import Memory, Weights
from deepnet.vectors import from_pytorch, to_pytorch

Array = Any
Statistics = dict[str, tuple[Array, Array]]


@dataclass(frozen=True)
class State:
    """The weights after ``epoch`` whole epochs, with everything that the next epoch needs.

    memory      the memory of the rule (see ``Rule``)
    statistics  batch norm's running statistics, {layer: (mean, variance)}
    records     the numbers that the hooks recorded, {name: one number per step}
    diverged    whether the last recorded step gave inf or nan; the weights are then those before it
    """

    weights: Weights
    memory: Memory
    statistics: Statistics = field(default_factory=dict)
    records: dict[str, list[float]] = field(default_factory=dict)
    epoch: int = 0
    diverged: bool = False

    def beside(self, x: Array) -> "State":
        """This state with its arrays on the device of ``x``."""
        weights, memory = beside(x, self.weights), beside(x, self.memory)
        return replace(self, weights=weights, memory=memory, statistics=beside(x, self.statistics))

    def on_host(self) -> "State":
        """This state in NumPy arrays."""
        weights, memory = to_host(self.weights), to_host(self.memory)
        return replace(self, weights=weights, memory=memory, statistics=to_host(self.statistics))

    def to_arrays(self) -> dict[str, np.ndarray]:
        """The whole state as host arrays.

        w:<layer>                   weights in PyTorch's layout
        mean:<layer>, var:<layer>   batch norm's running statistics
        v:<name>                    the memory of the rule (SGD's velocity, by layer)
        record:<name>               the recorded numbers

        ``python -m deepnet spectrum`` reads the first two kinds.
        """
        arrays = {f"w:{name}": to_pytorch(to_host(w)) for name, w in self.weights.items()}
        arrays |= {f"v:{name}": to_pytorch(to_host(v)) for name, v in self.memory.items()}
        arrays |= {f"mean:{name}": to_host(mean) for name, (mean, _) in self.statistics.items()}
        arrays |= {f"var:{name}": to_host(var) for name, (_, var) in self.statistics.items()}
        arrays |= {f"record:{name}": np.array(column) for name, column in self.records.items()}
        return arrays | {"epoch": np.array(self.epoch), "diverged": np.array(self.diverged)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "State":
        """The state that ``to_arrays`` wrote, bit for bit, on the host."""

        def named(prefix: str) -> dict[str, np.ndarray]:
            return {k.partition(":")[2]: a for k, a in arrays.items() if k.startswith(f"{prefix}:")}

        variances = named("var")
        return cls(
            {name: from_pytorch(w) for name, w in named("w").items()},
            {name: from_pytorch(v) for name, v in named("v").items()},
            {name: (mean, variances[name]) for name, mean in named("mean").items()},
            {name: column.tolist() for name, column in named("record").items()},
            int(arrays["epoch"]),
            bool(arrays["diverged"]),
        )
