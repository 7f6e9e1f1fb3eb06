"""An experiment is a module in the folder of its source, such as page2019.

It has these names:

    VERSION                     an integer, raised when a configuration gives other results
    SOURCE                      the passage that it redraws, checks or adds to (a citation)
    configuration(scale)        plain numbers and texts; ``train`` and ``test`` count the images
    run(context)                named arrays, in stages each stored as soon as it is done
    OBSERVATIONS                statements about the arrays, with bands
    PUBLISHED                   optional: numbers of the source, each with its measure

The docstring of the module is its caption. Modules that several experiments of a source share lie
in its folder ``shared`` and have no VERSION. The observations of a long experiment lie in a module
of its name in the folder ``observed``. The name of an experiment is unique, whatever its source.
"""

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from math import inf
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, Literal

from companion.references import Citation
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.finding import Band, Finding, Link, finding
from deepnet.experiments.store import Arrays

if TYPE_CHECKING:
    from theory.claim import Claim

Measure = Callable[[Arrays], float]
Comparison = Literal["quotient", "odds", "excess"]
#: The part of a number of which a quotient is taken.
COMPARISONS: Mapping[Comparison, Callable[[float], float]] = MappingProxyType(
    {
        "quotient": lambda x: x,
        "odds": lambda share: share / (1 - share) if share < 1 else inf,
        "excess": lambda x: x - 1,
    }
)
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Observation:
    """A statement measured on networks: ``measure`` of the arrays lies in ``band``.

    ``name`` is "experiment.statement", which stored verdicts and printed rows have as ``claim``.
    ``band`` is (low, high), or a function that is called when the band is needed. It is None where
    no band could be stated. The number is then reported without a verdict.
    ``measure`` returns nan without anything to compare, as where one of two nets did not train.
    ``null`` measures the statement where its cause is missing. It can fall inside the band, and
    the measure then says nothing.
    ``about`` are the claims of theory whose statement, or whose direct consequence on networks, is
    measured. It is empty where no claim states it.
    ``says`` is the statement as a sentence.
    ``link`` is the scale on which the runs are averaged: "log" for a quotient, "logit" for a share.
    ``bounds`` are the ends of what the measure can be, such as (-1, 1) for a cosine.
    ``exact`` marks an identity, or a check with an error rate of its own. It must hold in each run.
    ``stated`` says whether band, measure and null were committed before their first run.
    ``was`` is what was stated before, the oldest first, if the statement was changed since.
    ``why`` is the reason of this change, or the sign that data were seen before the statement.
    ``real`` marks a statement about photographs, which generated images do not judge.
    ``seen`` are the seeds that ran before the statement. They do not judge it either.

    Raises ValueError for a band without a null, for ``was`` without ``why``, and for a ``why``
    where the statement came before the data.
    """

    name: str
    band: Band | Callable[[], Band] | None
    measure: Measure
    null: Measure | None = None
    about: "tuple[Claim, ...]" = ()
    says: str = ""
    link: Link = "identity"
    bounds: Band = (-inf, inf)
    exact: bool = False
    stated: Literal["before", "after"] = "before"
    was: str = ""
    why: str = ""
    real: bool = False
    seen: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.band is not None and self.null is None:
            raise ValueError(f"{self.name}: a band needs a null")
        if self.was and not self.why:
            raise ValueError(f"{self.name}: a changed statement needs the reason of the change")
        if (self.stated == "after") != bool(self.why):
            raise ValueError(f"{self.name}: a statement after the data, and it alone, has a reason")

    @property
    def limits(self) -> Band | None:
        """The lower and the upper end of the band, or None."""
        return self.band() if callable(self.band) else self.band

    def finding(self, runs: Sequence[Arrays]) -> Finding:
        """Judge the arrays of ``runs``, one run per seed. See ``finding``."""
        nulls = [] if self.null is None else [self.null(run) for run in runs]
        values = [self.measure(run) for run in runs]
        band = self.limits
        found = finding(values, nulls, band, self.link, self.bounds)
        return found.exact(band) if self.exact and band else found


@dataclass(frozen=True)
class Published:
    """A number that the source published, beside ``measure`` of the arrays.

    ``theirs`` is the source's number.
    ``band`` holds what compares ours with theirs, if the source's run was a typical one.
    ``compared`` says what is compared: the quotient of the numbers, the quotient of the odds of two
    shares, or the quotient of the "excess" of two numbers over 1, as for a gap, which is never
    below 1.
    ``why`` says what else makes the two differ, where this is known.
    """

    name: str
    theirs: float
    measure: Measure
    band: Band = (0.5, 2.0)
    why: str = ""
    compared: Comparison = "quotient"

    def ratio(self, ours: float) -> float:
        """What compares ``ours`` with the source's number."""
        mine, other = (COMPARISONS[self.compared](value) for value in (ours, self.theirs))
        return mine / other if other else float("nan")


@dataclass(frozen=True)
class Experiment:
    """An experiment: its name and its module."""

    name: str
    module: ModuleType

    def __reduce__(self) -> tuple[Callable[[str, str], "Experiment"], tuple[str, str]]:
        """Pickle the name of the module, which another process imports. A module has no pickle."""
        return _imported, (self.name, self.module.__name__)

    @property
    def caption(self) -> str:
        """The module's docstring on one line."""
        return " ".join((self.module.__doc__ or "").split())

    @property
    def version(self) -> int:
        """The version of the module. Results of another version are not used."""
        return self.module.VERSION

    @property
    def source(self) -> Citation:
        """The passage that the experiment redraws, checks or adds to."""
        return self.module.SOURCE

    @property
    def observations(self) -> tuple[Observation, ...]:
        """The observations, which are read off the arrays."""
        return self.module.OBSERVATIONS

    @property
    def restated(self) -> int:
        """The number of observations that were stated or changed after data had been seen."""
        return sum(observation.stated == "after" for observation in self.observations)

    @property
    def published(self) -> tuple[Published, ...]:
        """The source's own numbers, each with its measure."""
        return getattr(self.module, "PUBLISHED", ())

    def configuration(self, scale: Scale, changes: Mapping[str, Any] = NOTHING) -> dict[str, Any]:
        """Return the configuration at ``scale``, with those ``changes`` that it has entries for."""
        usual: dict[str, Any] = self.module.configuration(scale)
        return usual | {name: value for name, value in changes.items() if name in usual}

    def run(self, context: Context) -> Arrays:
        """Return the arrays, computed or taken up where an interrupted run stopped."""
        return self.module.run(context)


def _imported(name: str, module: str) -> Experiment:
    return Experiment(name, import_module(module))


@cache
def experiments() -> dict[str, Experiment]:
    """Return all experiments by name, source by source.

    Raises KeyError where two experiments have one name.
    """
    package = import_module("deepnet.experiments")
    by_name: dict[str, Experiment] = {}
    for entry in pkgutil.walk_packages(package.__path__, "deepnet.experiments."):
        module, name = import_module(entry.name), entry.name.rpartition(".")[2]
        if hasattr(module, "VERSION"):
            if name in by_name:
                raise KeyError(f"two experiments are named {name!r}")
            by_name[name] = Experiment(name, module)
    return by_name
