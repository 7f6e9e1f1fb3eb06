"""What is true: every statement of the five sources as a claim with a definition and a proof.

``claims()`` lists them; ``claims()["spectra.outlier"](N=320, alpha=1.25, m=0.22, v=0.9)`` evaluates
one. The chapters are modules: ``theory.quadratic``, ``theory.spectra``; a long one is a package
with a module a section.
"""

from importlib import import_module

from theory.claim import Claim

#: Chapters in reading order.
CHAPTERS = (
    "quadratic",
    "spectra",
    "kronecker",
    "preconditioning",
    "normalisation",
    "smoothness",
    "invariance",
    "propagation",
    "stability",
)


def claims() -> dict[str, Claim]:
    """All claims by name, in the order of the chapters and of the lines in them."""
    return {
        value.name: value
        for chapter in CHAPTERS
        for value in vars(import_module(f"theory.{chapter}")).values()
        if isinstance(value, Claim) and value.chapter == chapter
    }
