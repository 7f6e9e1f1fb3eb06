"""What an experiment is, and which there are.

An experiment is a module of this folder with

    VERSION                     an integer, raised when the same configuration gives other results
    SOURCE                      the passage that it redraws, checks or adds to (a citation)
    configuration(scale)        plain numbers and texts; ``train`` and ``test`` count the images
    run(config, context)        named arrays, in stages each stored as soon as it is done
    OBSERVATIONS                what is read off the arrays, with the bands stated in advance

Its docstring is its caption; the other modules of the folder have no VERSION.
"""

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from companion.references import Citation
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.store import Arrays

Measure = Callable[[Arrays], float]


@dataclass(frozen=True)
class Observation:
    """A statement measured on networks: ``measure`` of the arrays lies in ``band``.

    ``null`` measures the same where the statement's cause is missing, and must fall outside.
    """

    claim: str
    band: tuple[float, float]
    measure: Measure
    null: Measure

    def verdict(self, runs: Sequence[Arrays]) -> str:
        """``agrees`` if all runs do, ``refuted`` if none does, else ``unresolved``."""
        agree = [self._holds(self.measure(run)) and not self._holds(self.null(run)) for run in runs]
        return "agrees" if all(agree) else "unresolved" if any(agree) else "refuted"

    def _holds(self, value: float) -> bool:
        low, high = self.band
        return low <= value <= high


@dataclass(frozen=True)
class Experiment:
    """An experiment by its name."""

    name: str
    module: ModuleType

    @property
    def caption(self) -> str:
        """The module's docstring on one line."""
        return " ".join((self.module.__doc__ or "").split())

    @property
    def version(self) -> int:
        """Results of another version are not used."""
        found: int = self.module.VERSION
        return found

    @property
    def source(self) -> Citation:
        """The passage that it redraws, checks or adds to."""
        found: Citation = self.module.SOURCE
        return found

    @property
    def observations(self) -> tuple[Observation, ...]:
        """What is read off its arrays."""
        found: tuple[Observation, ...] = self.module.OBSERVATIONS
        return found

    def configuration(self, scale: Scale) -> Mapping[str, Any]:
        """What it does at ``scale``."""
        found: Mapping[str, Any] = self.module.configuration(scale)
        return found

    def run(self, config: Mapping[str, Any], context: Context) -> Arrays:
        """Its arrays, computed or taken up where an interrupted run stopped."""
        found: Arrays = self.module.run(config, context)
        return found


@cache
def experiments() -> dict[str, Experiment]:
    """All experiments by name."""
    package = import_module("deepnet.experiments")
    names = sorted(entry.name for entry in pkgutil.iter_modules(package.__path__))
    modules = {name: import_module(f"deepnet.experiments.{name}") for name in names}
    return {
        name: Experiment(name, module)
        for name, module in modules.items()
        if hasattr(module, "VERSION")
    }
