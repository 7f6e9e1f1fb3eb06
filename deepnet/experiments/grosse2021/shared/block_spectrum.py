"""The spectrum of the second layer's block of the Gauss-Newton matrix, beside that of A (x) S."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from deepnet.curvature import Batches, kfac
from deepnet.experiments.grosse2021.shared import second_layer
from deepnet.experiments.grosse2021.shared.second_layer import LAYER, SecondLayer
from deepnet.experiments.store import Arrays
from deepnet.nets.modes import Frozen
from theory import kronecker


def inputs(a: np.ndarray) -> Arrays:
    """Mean and covariance of the layer's inputs, and nu, their second moment along the mean."""
    mean, covariance = a.mean(0), np.cov(a.T, bias=True)
    return {"mean": mean, "covariance": covariance, "nu": np.array(nu(mean, covariance))}


def nu(mean: np.ndarray, covariance: np.ndarray) -> float:
    """m'Am/m'm of A = covariance + mm', which is the claim's lower bound of an eigenvalue of A."""
    return float(kronecker.top_eigenvalue(Sigma=covariance.tolist(), mu=mean.tolist())["lower"])


def spectrum(
    batches: Batches,
    mean: np.ndarray,
    config: Mapping[str, Any],
    rng: np.random.Generator,
    mixed: bool = False,
) -> Arrays:
    """The leading eigenpairs of the block, and the eigenvalues of its Kronecker product A (x) S.

    Where examples are ``mixed`` by the statistics, S is of signs drawn at random and A of the
    centred inputs.

    eigenvalues, residuals  (leading,)
    alignment               (leading,): |V mean|^2/|mean|^2 of an eigenvector V (units, inputs)
    shape                   (leading,): the square of V's largest singular value, 1 for v m'
    trace                   the trace of the block
    S                       (leading,): the largest eigenvalues of S
    product                 (leading,): the largest eigenvalues of A (x) S
    """
    block, count = second_layer.block(batches), config["leading"]
    pairs = second_layer.leading(block, count, rng)
    V = second_layer.matrices(pairs, len(mean))
    kind = "drawn" if mixed else "exact"
    product = kfac(batches, LAYER, kind, rng, config["draws"], centred=mixed)
    return {
        "eigenvalues": pairs.values,
        "residuals": pairs.residuals,
        "alignment": second_layer.alignments(pairs, mean),
        "shape": np.linalg.norm(V, 2, axis=(1, 2)) ** 2,
        "trace": np.array(np.sum(block.rows**2)),
        "S": product.S.eigenpairs[0][::-1][:count],
        "product": product.eigenvalues[:count],
    }


def shifted(net: SecondLayer, config: Mapping[str, Any], rng: np.random.Generator) -> Arrays:
    """What changes where all inputs are shifted by a constant.

    Without batch norm, W times the shift is taken off, so that the net computes the same. Its
    eigenvalues should be the products of nu and the eigenvalues of S.

    shifted:active:change, shifted:none:change                the largest change of an entry of the
                                                              block, as a share of its largest entry
    shifted:none:eigenvalues, shifted:none:S, shifted:none:nu see ``spectrum`` and ``inputs``
    """
    there = replace(net, a=net.a + config["shift"])
    taken = net.weights[LAYER] @ np.full(net.a.shape[1], config["shift"])
    undone = there.with_norm(Frozen({LAYER: (taken, np.ones_like(taken))}, eps=0.0))
    seen = spectrum(undone, there.a.mean(0), config, rng)
    return {
        "shifted:active:change": _change(net.mode("active"), there.mode("active")),
        "shifted:none:change": _change(net.mode("none"), undone),
        "shifted:none:eigenvalues": seen["eigenvalues"],
        "shifted:none:S": seen["S"],
        "shifted:none:nu": inputs(there.a)["nu"],
    }


def _change(before: Batches, after: Batches) -> np.ndarray:
    old, new = (block.rows.T @ block.rows for block in map(second_layer.block, (before, after)))
    return np.asarray(abs(new - old).max() / abs(old).max())
