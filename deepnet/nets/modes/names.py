"""The modes by name, from which commands, recipes and benchmarks choose."""

from dataclasses import MISSING, fields
from typing import Any, Literal

from companion.command import unknown
from deepnet.nets.modes.batch import Active, Detached, Ghost
from deepnet.nets.modes.constant import Frozen, NoNorm
from deepnet.nets.modes.norm import Norm
from deepnet.nets.modes.power import Centring, DeviationDetached, MeanDetached, Power, Scaling

Mode = Literal[
    "none",
    "active",
    "detached",
    "ghost",
    "frozen",
    "power",
    "centring",
    "scaling",
    "mean_detached",
    "deviation_detached",
]
#: The class of each mode.
MODES: dict[Mode, type[Any]] = {
    "none": NoNorm,
    "active": Active,
    "detached": Detached,
    "ghost": Ghost,
    "frozen": Frozen,
    "power": Power,
    "centring": Centring,
    "scaling": Scaling,
    "mean_detached": MeanDetached,
    "deviation_detached": DeviationDetached,
}


def norm_named(mode: Mode, **options: Any) -> Norm:
    """The norm of this name, with the ``options`` that are fields of its class.

    A recipe can thus hold the options of all its modes. Raises ValueError for an unknown name, for
    an option that no mode has, and for an option that is missing.
    """
    if mode not in MODES:
        raise ValueError(unknown("mode", mode, MODES))
    for option in options:
        known = sorted({field.name for each in MODES.values() for field in fields(each)})
        if option not in known:
            raise ValueError(unknown("option of a mode", option, known))
    own = fields(MODES[mode])
    missing = [f.name for f in own if f.default is MISSING and f.name not in options]
    if missing:
        raise ValueError(f"the mode {mode} needs {', '.join(missing)}")
    norm: Norm = MODES[mode](**{f.name: options[f.name] for f in own if f.name in options})
    return norm
