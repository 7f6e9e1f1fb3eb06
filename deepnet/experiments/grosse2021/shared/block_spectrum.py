"""The spectrum of the second layer's Gauss-Newton block stands beside the spectrum of A (x) S."""

from dataclasses import replace

import numpy as np

from deepnet.curvature import Batches, kfac
from deepnet.experiments.context import Context
from deepnet.experiments.grosse2021.shared import second_layer
from deepnet.experiments.grosse2021.shared.second_layer import LAYER, SecondLayer
from deepnet.experiments.store import Arrays
from deepnet.nets.modes import Frozen, Mode
from theory import kronecker

#: The modes of batch norm in the layer that is measured.
MODES: tuple[Mode, ...] = ("none", "active", "frozen", "detached", "centring")


def inputs(a: np.ndarray) -> Arrays:
    """The mean and the covariance of the layer's inputs, and ``nu`` of both."""
    mean, covariance = a.mean(0), np.cov(a.T, bias=True)
    return {"mean": mean, "covariance": covariance, "nu": np.array(nu(mean, covariance))}


def nu(mean: np.ndarray, covariance: np.ndarray) -> float:
    """The second moment m'Am/m'm along the mean m, with A = covariance + mm'.

    By the claim it is a lower bound of A's largest eigenvalue.
    """
    return float(kronecker.top_eigenvalue(Sigma=covariance.tolist(), mu=mean.tolist())["lower"])


def spectrum(
    batches: Batches,
    mean: np.ndarray,
    context: Context,
    rng: np.random.Generator,
    mixed: bool = False,
) -> Arrays:
    """Eigenvalues of the block, their eigenvectors' shapes, and the factors A and S of K-FAC.

    "eigenvalues", "residuals" (leading,): of the block.
    "certain": whether none of these eigenvalues is missing.
    "alignment" (leading,): |V mean|^2/|mean|^2 of an eigenvector V (units, inputs).
    "shape" (leading,): the square of V's largest singular value, which is 1 for V = v m'.
    "trace": the trace of the block.
    "S" (leading,): the largest eigenvalues of S.
    "product" (leading,): the largest eigenvalues of A (x) S.

    ``mixed`` says that batch norm mixes the examples. Then S is taken from signs drawn at random,
    and A from the centred inputs.
    """
    block, config = second_layer.block(batches), context.config
    count = config["leading"]
    pairs, certain = second_layer.leading(context.checkpointed(block, batches.weights), count, rng)
    V = second_layer.matrices(pairs, len(mean))
    kind = "drawn" if mixed else "exact"
    product = kfac(batches, LAYER, kind, rng, config["draws"], centred=mixed)
    return {
        "eigenvalues": pairs.values,
        "residuals": pairs.residuals,
        "certain": np.array(certain),
        "alignment": second_layer.alignments(pairs, mean),
        "shape": np.linalg.norm(V, 2, axis=(1, 2)) ** 2,
        "trace": np.array(np.sum(block.rows**2)),
        "S": product.S.eigenpairs[0][::-1][:count],
        "product": product.eigenvalues[:count],
    }


def shifted(net: SecondLayer, context: Context, rng: np.random.Generator) -> Arrays:
    """The block after all inputs have been shifted by a constant, with batch norm and without.

    "shifted:active:change": the largest change of an entry over the largest entry, with batch norm.
    "shifted:none:change": this change without batch norm.
    "shifted:none:eigenvalues", "shifted:none:nu", "shifted:none:S": the outliers and their factors.

    Without batch norm W times the shift is subtracted from the layer's outputs, so that the
    function of the net stays. The outliers should be the products nu lambda_i(S).
    """
    shift = context.config["shift"]
    there = replace(net, a=net.a + shift)
    taken = net.weights[LAYER] @ np.full(net.a.shape[1], shift)
    undone = there.with_norm(Frozen({LAYER: (taken, np.ones_like(taken))}, eps=0.0))
    seen = spectrum(undone, there.a.mean(0), context, rng)
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
