"""Rules of inference about heads: a gradient, a limit, a supremum, an expectation.

A rule says whether ``left relation right`` follows, and computes that itself: nothing that a claim
hands in is taken on trust. Each has tests of its own, and refuses its own statement times 21/20.
"""

from theory.proofs.rules import (
    areas,
    calculus,
    chance,
    convexity,
    iterates,
    layers,
    limits,
    many_events,
    order,
    orthants,
    parts,
    series,
)

__all__ = [
    "areas",
    "calculus",
    "chance",
    "convexity",
    "iterates",
    "layers",
    "limits",
    "many_events",
    "order",
    "orthants",
    "parts",
    "series",
]
