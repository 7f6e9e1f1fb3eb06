"""A trained net, as the experiments of several sources pass it on."""

from dataclasses import dataclass, replace

from deepnet.problem import Problem
from deepnet.training import State, in_eval


@dataclass(frozen=True)
class Trained:
    """A net after training; its running statistics have been settled."""

    problem: Problem
    state: State

    @property
    def frozen(self) -> "Trained":
        """The same weights with batch norm, where there is one, frozen at those statistics."""
        return replace(self, problem=in_eval(self.problem, self.state.statistics))
