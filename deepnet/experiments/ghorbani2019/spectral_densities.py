"""The density of the Hessian's eigenvalues by Lanczos quadrature, along training: of a residual net
with batch norm, of the same net with its batch norm frozen, and of the net without. Without batch
norm a few eigenvalues stand far from all others; what share of the sum of all eigenvalues' sizes,
the L1 energy of the Hessian, the ten largest hold."""

from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.curvature import Quadrature
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.ghorbani2019.shared import measures, protocol
from deepnet.experiments.ghorbani2019.shared.comparison import after_the_start, compared, outermost
from deepnet.experiments.ghorbani2019.shared.protocol import NAMES
from deepnet.experiments.store import Arrays

VERSION = 2
SOURCE = cite("ghorbani2019", "figure 7")


def configuration(scale: Scale) -> dict[str, Any]:
    """The measures', the probes and steps of the quadrature, and the variance of the kernel as a
    share of the spectrum's range; all of these ``full`` are the authors' own."""
    return (
        measures.configuration(scale)
        | quadratures(scale)
        | {"kernel": scale.pick(1e-4, 1e-4, 1e-5)}
    )


def quadratures(scale: Scale) -> dict[str, Any]:
    """Probes and steps."""
    return {"probes": scale.pick(2, 2, 10), "steps": scale.pick(6, 30, 90)}


def run(context: Context) -> Arrays:
    """By net and record: nodes and weights of the quadrature (all steps and half of them), the
    leading eigenvalues with their residuals, the training loss. Raises UsageError where images do
    not fit."""
    context = protocol.prepared(context)
    arrays: Arrays = {"records": np.array(context.config["records"])}
    for name in NAMES:
        moments = [protocol.moment(name, epoch, context) for epoch in context.config["records"]]
        spectra = [measures.to_arrays(measures.spectrum(moment, context)) for moment in moments]
        arrays |= {
            f"{name}:{quantity}": np.array([record[quantity] for record in spectra])
            for quantity in spectra[0]
        }
        pairs = [measures.eigenpairs(moment, context) for moment in moments]
        arrays |= {
            f"{name}:values": np.array([record["values"] for record in pairs]),
            f"{name}:residuals": np.array([record["residuals"] for record in pairs]),
            f"{name}:loss": np.array([measures.loss(moment, context) for moment in moments]),
            f"{name}:fate": np.array(protocol.outcome(moments[0].recipe, context)),
        }
        arrays |= {
            f"{name}:{quantity}": array for quantity, array in energies(arrays, name).items()
        }
    return arrays


def quadrature_at(arrays: Arrays, name: str, record: int) -> Quadrature:
    """The quadrature of the net ``name`` at the record of this number."""
    parts = ("nodes", "weights", "half_nodes", "half_weights", "size")
    return measures.from_arrays({part: arrays[f"{name}:{part}"][record] for part in parts})


def energies(arrays: Arrays, name: str) -> Arrays:
    """By record: ``energy`` the sum of all |eigenvalue| with ``energy_stderr`` over probes and
    ``energy_half`` from half the steps; the ``share`` of the ten largest eigenvalues, the share
    ``small`` of those no larger than the tenth, and ``semicircle``, the ten largest's share in a
    semicircle of the same mean and mean square.

    The ten largest are added one by one and only the others by quadrature: of single eigenvalues a
    few probes see more or less than their weight, by as much as that.
    """
    columns: dict[str, list[float]] = {}
    for record, values in enumerate(arrays[f"{name}:values"]):
        q = quadrature_at(arrays, name, record)
        leading, edge = values[: measures.LEADING], values[measures.LEADING - 1 :][:2].mean()
        rest = partial(_sizes, low=-np.inf, high=edge)
        others = q.integral(rest)
        energy = float(leading.sum()) + others.mean * q.size
        small = q.integral(partial(_sizes, low=-abs(leading[-1]), high=edge))
        means = q.integral(np.positive).mean, q.integral(np.square).mean
        row = {
            "energy": energy,
            "energy_stderr": others.stderr * q.size,
            "energy_half": float(leading.sum()) + float(q.half.integrals(rest).mean()) * q.size,
            "share": float(leading.sum()) / energy,
            "small": small.mean * q.size / energy,
            "semicircle": semicircle_share(*means, q.size),
        }
        for quantity, value in row.items():
            columns.setdefault(quantity, []).append(value)
    return {quantity: np.array(column) for quantity, column in columns.items()}


def _sizes(eigenvalues: np.ndarray, low: float, high: float) -> np.ndarray:
    """The sizes of the ``eigenvalues`` from ``low`` to ``high``, the others set to zero."""
    return np.where((eigenvalues >= low) & (eigenvalues <= high), np.abs(eigenvalues), 0.0)


def semicircle_share(mean: float, square: float, n: int, top: int = measures.LEADING) -> float:
    """The share of the ``top`` largest in the sum of all sizes, where the n eigenvalues are
    quantiles of the semicircle of this mean and mean square.

    >>> round(semicircle_share(0.0, 1.0, 1000, top=500), 6)
    0.5
    """
    from scipy.stats import semicircular

    radius = 2 * np.sqrt(max(0.0, square - mean**2))
    eigenvalues = mean + radius * semicircular.ppf((np.arange(n) + 0.5) / n)
    return float(eigenvalues[-top:].sum() / np.abs(eigenvalues).sum())


def _share_without(arrays: Arrays) -> float:
    return outermost(after_the_start(arrays, "none", "share"), middle=0.3)


def _semicircle_without(arrays: Arrays) -> float:
    return outermost(after_the_start(arrays, "none", "semicircle"), middle=0.3)


def _above(quantity: str) -> Measure:
    """How much more the net without batch norm has, at the record where it is least."""

    def measure(arrays: Arrays) -> float:
        none, active = (after_the_start(arrays, name, quantity) for name in ("none", "active"))
        return float((none - active).min())

    return compared(measure)


#: "About half" of the energy in small eigenvalues is half in large ones; with batch norm fewer. By
#: a hundredth at least, for a semicircle of the same moments has its ten largest's 2 thousandths.
OBSERVATIONS = (
    Observation(
        "spectral_densities.share_of_ten_without",
        band=(0.15, 0.60),
        measure=compared(_share_without),
        null=_semicircle_without,
    ),
    Observation(
        "spectral_densities.share_of_ten_above_batch_norms",
        band=(0.01, np.inf),
        measure=_above("share"),
        null=_above("semicircle"),
    ),
    Observation(
        "spectral_densities.small_share_without",
        None,
        lambda arrays: float(after_the_start(arrays, "none", "small").mean()),
    ),
    Observation(
        "spectral_densities.small_share_with_batch_norm",
        None,
        lambda arrays: float(after_the_start(arrays, "active", "small").mean()),
    ),
)
