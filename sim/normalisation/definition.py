"""The effect of batch norm itself on batches, unit by unit."""

from collections.abc import Iterator

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Form, Rounded, at
from sim.normalisation.draws import (
    SIZES,
    Array,
    Generator,
    batch,
    batch_norm,
    layer,
    loss_of,
    spread,
)
from sim.table import simulates
from theory import normalisation


@simulates(normalisation.standardisation, unit="batch")
def standardisation(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Mean and squared length of the outputs."""
    for eps in (0.3, 0.0):
        for B in SIZES:
            y = batch(rng, B)
            out, known = batch_norm(y, eps), loss_of(y)
            yield Rounded(at("squared_length", y=y, eps=eps), np.sum(out**2), B * known)
            yield Rounded(at("mean", y=y, eps=eps), np.mean(out), known)


@simulates(normalisation.affine_invariance, unit="batch")
def affine_invariance(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Outputs before and after a scale, of either sign, and a shift."""
    for B in SIZES:
        for gamma in (1.7, -0.4):
            y, shift = batch(rng, B), rng.normal()
            moved = gamma * y + shift
            known = B * (loss_of(y) + loss_of(moved))
            yield Rounded(at(y=y, gamma=gamma, shift=shift), batch_norm(moved), known)


@simulates(normalisation.idempotence, unit="batch")
def idempotence(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Batch norm of batch norm."""
    for eps in (0.3, 0.0):
        for B in SIZES:
            y = batch(rng, B)
            twice = batch_norm(batch_norm(y, eps), eps)
            yield Rounded(at(y=y, eps=eps), twice, B * loss_of(y))


@simulates(normalisation.undoing, unit="batch")
def undoing(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The scale and shift that bring batch norm's outputs nearest to y, and the distance that is
    left."""
    for eps in (0.3, 0.0):
        for B in SIZES:
            y = batch(rng, B)
            design = np.column_stack([batch_norm(y, eps), np.ones(B)])
            (gamma, shift), *_ = np.linalg.lstsq(design, y, rcond=None)
            # the columns are orthogonal, and the condition is the ratio of their lengths
            size = np.linalg.cond(design) ** 2 * B * np.abs(y).max() * loss_of(y)
            yield Rounded(at("gamma", y=y, eps=eps), gamma, size)
            yield Rounded(at("shift", y=y, eps=eps), shift, size)

            def undone(form: Form, design: Array = design, y: Array = y, eps: float = eps) -> Array:
                nearest = form(y=y, eps=eps)
                return design @ [nearest["gamma"], nearest["shift"]]

            yield Rounded(undone, y, size)


@simulates(normalisation.frozen_folding, unit="layer")
def frozen_folding(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """New data, example by example, through the layer and through the frozen statistics."""
    for N, p, B in ((1, 1, 2), (3, 7, 5), (10, 4, 16)):
        (X, W), y = layer(rng, N, p), batch(rng, B)
        gamma, shift = rng.normal(size=2)
        for eps in (0.3, 0.0):
            values = {"X": X, "W": W, "y": y, "gamma": gamma, "shift": shift, "eps": eps}
            out = [gamma * (x @ W - y.mean()) / spread(y, eps) + shift for x in X.T]
            size = np.abs(X).T @ np.abs(W) + np.abs(y).max()
            size = abs(gamma) * size.max() / spread(y, eps) * loss_of(y) + abs(shift)
            yield Rounded(at(**values), out, size)
