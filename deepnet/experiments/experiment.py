"""What an experiment is, and which there are.

An experiment is a module in the folder of its source, such as page2019, with

    VERSION                     an integer, raised when the same configuration gives other results
    SOURCE                      the passage that it redraws, checks or adds to (a citation)
    configuration(scale)        plain numbers and texts; ``train`` and ``test`` count the images
    run(context)                named arrays, in stages each stored as soon as it is done
    OBSERVATIONS                what is read off the arrays, with the bands stated in advance
    PUBLISHED                   optional: numbers of the source, with the same read off the arrays

Its docstring is its caption. What the experiments of a source share lies in its folder ``shared``,
whose modules have no VERSION. Every experiment has a name of its own, whatever its source.
"""

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from math import isnan
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any

from companion.references import Citation
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.store import Arrays

if TYPE_CHECKING:
    from theory.claim import Claim

Measure = Callable[[Arrays], float]
Band = tuple[float, float]
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Observation:
    """A statement measured on networks: ``measure`` of the arrays lies in ``band``.

    ``name`` is "experiment.statement", which stored verdicts and printed rows have as ``claim``.
    A band that a claim gives is a function, called when the band is asked for.

    ``null`` measures the same where the statement's cause is missing, and must fall outside. Where
    no band could be stated in advance there is none, and the number is reported without a verdict.
    A measure is nan where there is nothing to compare, as where one of two nets did not train.

    ``about`` are the claims of theory whose statement is measured, or whose direct consequence on
    networks. It is empty where no claim states what is measured.

    Raises ValueError where there is a band without a null.
    """

    name: str
    band: Band | Callable[[], Band] | None
    measure: Measure
    null: Measure | None = None
    about: "tuple[Claim, ...]" = ()

    def __post_init__(self) -> None:
        if self.band is not None and self.null is None:
            raise ValueError(f"{self.name}: a band needs a null that falls outside")

    @property
    def limits(self) -> Band | None:
        """The lower and the upper end of the band, if there is one."""
        return self.band() if callable(self.band) else self.band

    def verdict(self, runs: Sequence[Arrays]) -> str | None:
        """``agrees`` if all runs do, ``refuted`` if none does, else ``unresolved``.

        Runs with nothing to compare leave it unresolved. None without a band.
        """
        limits = self.limits
        if limits is None or self.null is None:
            return None
        values = [self.measure(run) for run in runs]
        if any(isnan(value) for value in values):
            return "unresolved"
        nulls = [self.null(run) for run in runs]
        agree = [
            _within(limits, value) and not _within(limits, null)
            for value, null in zip(values, nulls, strict=True)
        ]
        return "agrees" if all(agree) else "unresolved" if any(agree) else "refuted"


def _within(band: Band, value: float) -> bool:
    low, high = band
    return low <= value <= high


@dataclass(frozen=True)
class Published:
    """A number that the source published, beside ``measure`` of the arrays.

    ``band``: the quotient of ours and theirs lies in it if the source's run was a typical one;
    ``why`` says, where it is known, what else makes the two differ.
    """

    name: str
    theirs: float
    measure: Measure
    band: Band = (0.5, 2.0)
    why: str = ""


@dataclass(frozen=True)
class Experiment:
    """An experiment by its name."""

    name: str
    module: ModuleType

    def __reduce__(self) -> tuple[Callable[[str, str], "Experiment"], tuple[str, str]]:
        """A module has no pickle: another process imports it by its name."""
        return _imported, (self.name, self.module.__name__)

    @property
    def caption(self) -> str:
        """The module's docstring on one line."""
        return " ".join((self.module.__doc__ or "").split())

    @property
    def version(self) -> int:
        """Results of another version are not used."""
        return self.module.VERSION

    @property
    def source(self) -> Citation:
        """The passage that it redraws, checks or adds to."""
        return self.module.SOURCE

    @property
    def observations(self) -> tuple[Observation, ...]:
        """What is read off its arrays."""
        return self.module.OBSERVATIONS

    @property
    def published(self) -> tuple[Published, ...]:
        """The source's own numbers."""
        return getattr(self.module, "PUBLISHED", ())

    def configuration(self, scale: Scale, changes: Mapping[str, Any] = NOTHING) -> dict[str, Any]:
        """What it does at ``scale``, with those of the ``changes`` that it knows."""
        usual: dict[str, Any] = self.module.configuration(scale)
        return usual | {name: value for name, value in changes.items() if name in usual}

    def run(self, context: Context) -> Arrays:
        """Its arrays, computed or taken up where an interrupted run stopped."""
        return self.module.run(context)


def _imported(name: str, module: str) -> Experiment:
    return Experiment(name, import_module(module))


@cache
def experiments() -> dict[str, Experiment]:
    """All experiments by name, source by source. Raises KeyError where two have the same name."""
    package = import_module("deepnet.experiments")
    by_name: dict[str, Experiment] = {}
    for entry in pkgutil.walk_packages(package.__path__, "deepnet.experiments."):
        module, name = import_module(entry.name), entry.name.rpartition(".")[2]
        if hasattr(module, "VERSION"):
            if name in by_name:
                raise KeyError(f"two experiments are named {name!r}")
            by_name[name] = Experiment(name, module)
    return by_name
