"""The runs of ``full_batch_edge``, each with the largest curvature that is stable."""

from dataclasses import dataclass

from deepnet.nets.modes import Mode
from theory import stability


@dataclass(frozen=True)
class Setting:
    """The norm, the rate and the momentum of a run."""

    norm: Mode
    rate: float
    beta: float = 0.0

    @property
    def threshold(self) -> float:
        """The largest stable curvature, by the claims."""
        if self.beta == 0:
            return float(stability.edge_of_stability(eta=self.rate))
        return float(stability.edge_with_momentum(eta=self.rate, beta=self.beta))


SETTINGS = {
    "none, 0.1": Setting("none", 0.1),
    "none, 0.05": Setting("none", 0.05),
    "none, heavy ball": Setting("none", 0.02, 0.5),
    "batch norm, 0.15": Setting("active", 0.15),
    "batch norm, 0.05": Setting("active", 0.05),
    "batch norm, heavy ball": Setting("active", 0.02, 0.9),
}
