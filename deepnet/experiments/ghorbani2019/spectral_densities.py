"""The density of the Hessian's eigenvalues is estimated along training by Lanczos quadrature.

The nets are a residual net with batch norm, this net with its batch norm frozen, and the net
without. Without batch norm a few eigenvalues stand far from the rest. The experiment measures the
share of the ten largest eigenvalues in the L1 energy of the Hessian, which is the sum of the sizes
of all eigenvalues.
"""

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
from deepnet.experiments.ghorbani2019.shared.prepared import prepared
from deepnet.experiments.ghorbani2019.shared.protocol import NAMES
from deepnet.experiments.store import Arrays

VERSION = 3
SOURCE = cite("ghorbani2019", "figure 7")


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the measures' configuration, probes and steps of the quadrature, and ``kernel``.

    ``kernel``: the variance of the kernel as a share of the spectrum's range.

    At ``full`` the numbers of the quadrature and the kernel are the authors' own.
    """
    return (
        measures.configuration(scale)
        | quadratures(scale)
        | {"kernel": scale.pick(1e-4, 1e-4, 1e-5)}
    )


def quadratures(scale: Scale) -> dict[str, Any]:
    """The numbers of probes and of steps."""
    return {"probes": scale.pick(2, 2, 10), "steps": scale.pick(6, 30, 90)}


def run(context: Context) -> Arrays:
    """The quadrature, the leading eigenvalues and the training loss of each net at each record.

    "records" (records,): the epochs.
    "<net>:nodes" and so on: the quadrature with all steps and with half of the steps.
    "<net>:values" and "<net>:residuals" (records, eigenvalues): the leading eigenvalues.
    "<net>:loss" (records,), and "<net>:fate", whether the net trained.
    "<net>:energy" and so on: what ``energies`` returns.

    Raises UsageError where images do not fit.
    """
    context = prepared(context)
    arrays: Arrays = {"records": np.array(context.config["records"])}
    for name in NAMES:
        moments = protocol.moments(name, context)
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
    """The quadrature of the net ``name`` at the ``record`` with this index."""
    parts = {part: arrays[f"{name}:{part}"][record] for part in measures.QUADRATURE}
    return measures.from_arrays(parts)


def energies(arrays: Arrays, name: str) -> Arrays:
    """The energy of the spectrum and parts of the energy, (records,) each.

    ``energy``: the sum of all |eigenvalue|.
    ``energy_stderr``: its standard error over probes.
    ``energy_half``: the energy from half of the steps.
    ``share``: the sum of the ten largest eigenvalues over the energy.
    ``small``: the share of eigenvalues that are no larger in size than the tenth.
    ``semicircle``: the ten largest's share in a semicircle of equal mean and mean square.

    The ten largest are added one by one, and the rest by quadrature. A few probes see a single
    eigenvalue with more or less than its weight.
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
    """The sizes of the ``eigenvalues`` from ``low`` to ``high``, and zero for the rest."""
    return np.where((eigenvalues >= low) & (eigenvalues <= high), np.abs(eigenvalues), 0.0)


def semicircle_share(mean: float, square: float, n: int, top: int = measures.LEADING) -> float:
    """The share of the ``top`` largest eigenvalues in the sum of all sizes, in a semicircle.

    The n eigenvalues are quantiles of the semicircle with this mean and mean square.

    >>> round(semicircle_share(0.0, 1.0, 1000, top=500), 6)
    0.5
    """
    from scipy.stats import semicircular

    radius = 2 * np.sqrt(max(0.0, square - mean**2))
    eigenvalues = mean + radius * semicircular.ppf((np.arange(n) + 0.5) / n)
    return float(eigenvalues[-top:].sum() / np.abs(eigenvalues).sum())


def _share_without(arrays: Arrays) -> float:
    """The share of the ten largest without batch norm, at the record farthest from 0.3."""
    return outermost(after_the_start(arrays, "none", "share"), middle=0.3)


def _semicircle_without(arrays: Arrays) -> float:
    """Null: the ten largest's share in a semicircle of equal moments."""
    return outermost(after_the_start(arrays, "none", "semicircle"), middle=0.3)


def _above(quantity: str) -> Measure:
    """``quantity`` without batch norm minus ``quantity`` with it, the smallest over the records."""

    def measure(arrays: Arrays) -> float:
        none, active = (after_the_start(arrays, name, quantity) for name in ("none", "active"))
        return float((none - active).min())

    return compared(measure)


#: The source finds "about half" of the energy in small eigenvalues, so that half is in large ones,
#: and less with batch norm. The difference must be a hundredth at least. In a semicircle of equal
#: moments the ten largest eigenvalues hold 2 thousandths.
OBSERVATIONS = (
    Observation(
        "spectral_densities.share_of_ten_without",
        says=(
            "The ten largest eigenvalues hold 0.15 to 0.6 of the Hessian's L1 energy without batch "
            "norm, at each record after the start."
        ),
        link="logit",
        band=(0.15, 0.60),
        measure=compared(_share_without),
        null=_semicircle_without,
    ),
    Observation(
        "spectral_densities.share_of_ten_above_batch_norms",
        says=(
            "The ten largest eigenvalues' share of the L1 energy is larger by 0.01 or more without "
            "batch norm than with it, at each record after the start."
        ),
        band=(0.01, np.inf),
        measure=_above("share"),
        null=_above("semicircle"),
    ),
    Observation(
        "spectral_densities.small_share_without",
        says=(
            "The share of the L1 energy in eigenvalues no larger in size than the tenth, without "
            "batch norm, mean after the start."
        ),
        link="logit",
        band=None,
        measure=lambda arrays: float(after_the_start(arrays, "none", "small").mean()),
    ),
    Observation(
        "spectral_densities.small_share_with_batch_norm",
        says=(
            "The share of the L1 energy in eigenvalues no larger in size than the tenth, with "
            "batch norm, mean after the start."
        ),
        link="logit",
        band=None,
        measure=lambda arrays: float(after_the_start(arrays, "active", "small").mean()),
    ),
)
