"""The table of the sim room: each claim with the simulation that checks it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module

import numpy as np

import theory
from companion.scale import Scale
from sim.evidence import Evidence
from theory.claim import Claim

Observe = Callable[[np.random.Generator, Scale], "Evidence | Iterable[Evidence]"]


@dataclass(frozen=True)
class Simulation:
    """The function that observes a claim, and the independent unit of its draws."""

    observe: Observe
    unit: str


SIMULATIONS: dict[Claim, Simulation] = {}


def simulates(claim: Claim, unit: str) -> Callable[[Observe], Observe]:
    """Enter the decorated function as ``claim``'s check. ``unit`` is drawn independently.

    The function takes a random generator and a scale. It returns one or several pieces of evidence.
    The first piece is the headline that the row shows. Raises ValueError for a second check.
    """

    def enter(observe: Observe) -> Observe:
        if claim in SIMULATIONS:
            raise ValueError(f"{claim.name} has two simulations; keep one")
        SIMULATIONS[claim] = Simulation(observe, unit)
        return observe

    return enter


def simulations() -> dict[Claim, Simulation]:
    """The full table, after every chapter is imported."""
    for chapter in theory.CHAPTERS:
        import_module(f"sim.{chapter}")
    return SIMULATIONS
