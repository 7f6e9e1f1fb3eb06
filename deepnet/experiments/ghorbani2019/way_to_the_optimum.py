"""The cosine of the gradient with the way to the optimum, along training, and how much of that way
lies in the space of the Hessian's leading eigenvectors. The optimum of a run is where it ends at
low rates, or the Newton step's. At this size the way is nearly orthogonal to the stochastic
gradient with batch norm and without, and hardly any of it lies where the gradient does; that batch
norm aligns the two is not seen."""

from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.curvature import hessian
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.ghorbani2019.shared import low_rate, measures, protocol
from deepnet.experiments.ghorbani2019.shared.comparison import (
    after_the_start,
    at_equal_loss,
    compared,
)
from deepnet.experiments.ghorbani2019.shared.measures import COUNTS, LEADING
from deepnet.experiments.ghorbani2019.shared.newton import newton_cosine
from deepnet.experiments.ghorbani2019.shared.protocol import COMPARED, NAMES, Moment
from deepnet.experiments.ghorbani2019.shared.way import at_the_end, way
from deepnet.experiments.ghorbani2019.spectral_densities import quadratures
from deepnet.experiments.store import Arrays
from theory import spectra

VERSION = 2
SOURCE = cite("ghorbani2019", "figure 12")
GRADIENTS = 10
#: Random directions whose cosines say what chance gives.
RANDOM = 50


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of the measures and of the quadrature, and two of its own.

    low_epochs  the epochs at each of the low rates at the end
    own_ends    whether the way to each record's own end is looked at too
    """
    return (
        measures.configuration(scale)
        | quadratures(scale)
        | {"low_epochs": scale.pick(1, 5, 10), "own_ends": scale.pick(True, False, True)}
    )


def run(context: Context) -> Arrays:
    """The way to the end, and the spectrum alone, of each net at each record.

    <net>:cosine and others       see ``shared.way.way``
    <net>-own:cosine and others   the same for the end of the run that goes on from each record
    <net>:newton and others       see ``_curvature``
    <net>:loss                    (records,): the loss over all training images
    <net>:end:loss, :slope        loss and gradient's length where the run ends

    Raises UsageError where images do not fit.
    """
    config = context.config
    context = protocol.prepared(context)
    arrays: Arrays = {"records": np.array(config["records"])}
    for name in NAMES:
        moments = [protocol.moment(name, epoch, context) for epoch in config["records"]]
        arrays |= _by_record(name, moments, _curvature, context)
        arrays[f"{name}:loss"] = np.array([measures.loss(moment, context) for moment in moments])
        arrays[f"{name}:fate"] = np.array(protocol.outcome(moments[0].recipe, context))
    for name in COMPARED:
        moments = [protocol.moment(name, epoch, context) for epoch in config["records"]]
        arrays |= _by_record(name, moments, partial(_way, moments[-1]), context)
        there = context.stage(f"{name}-end", partial(at_the_end, moments[-1], context))
        arrays |= {f"{name}:end:{quantity}": value for quantity, value in there.items()}
        if config["own_ends"]:
            arrays |= _by_record(f"{name}-own", moments, _own_way, context)
    return arrays


def _by_record(name: str, moments: Any, compute: Any, context: Context) -> Arrays:
    """The arrays of ``compute`` at each of the ``moments``, computed in stages."""
    kind = getattr(compute, "func", compute).__name__
    rows = [
        context.stage(
            f"{name}{kind}-{moment.epoch}", partial(compute, moment=moment, context=context)
        )
        for moment in moments
    ]
    return {f"{name}:{quantity}": np.array([row[quantity] for row in rows]) for quantity in rows[0]}


def _curvature(moment: Moment, context: Context) -> Arrays:
    """The cosines that the spectrum alone gives.

    newton       the Newton step's cosine with the gradient over the Hessian's images
    newton_half  the same from half of the steps of Lanczos
    condition    the condition number with which Kantorovich's inequality bounds the cosine
    isotropic    the gradient's cosine with an isotropic displacement, from two moments
    """
    net = protocol.net(moment, context)
    newton = newton_cosine(
        hessian(measures.batches(net, context)),
        measures.full_gradient(net, context),
        context.rng("newton"),
        context.config["steps"],
    )
    spectrum = measures.spectrum(moment, context)
    mean, square = spectrum.integral(lambda t: t).mean, spectrum.integral(np.square).mean
    return {
        "newton": np.array(newton.cosine),
        "newton_half": np.array(newton.half),
        "condition": np.array(newton.condition),
        "isotropic": np.array(isotropic(mean, square)),
    }


def isotropic(mean: float, square: float) -> float:
    """(tr H/n)/sqrt(tr H^2/n): the cosine between Hd and a random d (spectra.energy_cosine)."""
    return float(mean / np.sqrt(square))


def _way(last: Moment, moment: Moment, context: Context) -> Arrays:
    """The way from the end of the run to the weights at ``moment``."""
    return way(low_rate.end(last, context), moment, context)


def _own_way(moment: Moment, context: Context) -> Arrays:
    """The way from the end of the run that goes on from ``moment`` itself."""
    return way(low_rate.end(moment, context), moment, context)


def medians(arrays: Arrays, name: str) -> np.ndarray:
    """The median cosine of the stochastic gradients at each record after the start."""
    return np.median(after_the_start(arrays, name, "cosine"), axis=1)


def _both(measure: Any) -> np.ndarray:
    """The numbers of both nets in one array."""
    return np.concatenate([np.ravel(measure(name)) for name in COMPARED])


def _spread(arrays: Arrays) -> float:
    """The standard deviation of the cosine with a random direction, the larger net's."""
    return float(max(after_the_start(arrays, name, "chance").std() for name in COMPARED))


def _largest(arrays: Arrays) -> float:
    return float(np.abs(_both(lambda name: medians(arrays, name))).max())


def _over_chance(arrays: Arrays) -> float:
    """The smallest median cosine in standard deviations of chance."""
    return float(_both(lambda name: medians(arrays, name)).min()) / _spread(arrays)


def _chance(arrays: Arrays) -> float:
    """The same for random directions: the mean size of their cosines."""
    sizes = _both(lambda name: np.abs(after_the_start(arrays, name, "chance")))
    return float(sizes.mean()) / _spread(arrays)


def _way_share(arrays: Arrays) -> float:
    rank = COUNTS.index(LEADING)
    return float(_both(lambda name: after_the_start(arrays, name, "way_shares")[:, rank]).max())


def _gradient_share(arrays: Arrays) -> float:
    """The smallest median share of the stochastic gradients in the same space."""
    rank = COUNTS.index(LEADING)
    shares = _both(lambda name: np.median(after_the_start(arrays, name, "shares")[:, rank], -1))
    return float(shares.min())


def _contrast(quantity: str) -> Measure:
    """Batch norm minus none, mean over records after the start."""

    def measure(arrays: Arrays) -> float:
        active, none = (after_the_start(arrays, name, quantity) for name in COMPARED)
        rows = [
            np.median(column, axis=1) if column.ndim == 2 else column for column in (active, none)
        ]
        return float((rows[0] - rows[1]).mean())

    return compared(measure)


def _contrast_at_equal_loss(arrays: Arrays) -> float:
    losses = [after_the_start(arrays, name, "loss") for name in COMPARED]
    common, active, none = at_equal_loss(losses, [medians(arrays, name) for name in COMPARED])
    return float((active - none).mean()) if len(common) else float("nan")


def _curved(name: str) -> Measure:
    """At the last record d'Hd over twice the excess loss, which it is where the loss is quadratic:
    the sum lambda (w - w*)^2 that has been printed for the L1 energy."""
    return lambda arrays: float(arrays[f"{name}:curved"][-1] / arrays[f"{name}:excess"][-1])


def _well_conditioned(arrays: Arrays) -> float:
    """What a well-conditioned loss would give: inputs of mean zero, two examples per input."""
    return float(spectra.energy_cosine(alpha=2))


#: The gradient is nearly orthogonal to the way, with batch norm and without, and not quite. That
#: batch norm aligns them is asked, without a verdict.
OBSERVATIONS = (
    Observation(
        "way_to_the_optimum.cosine_is_small",
        band=(0.0, 0.15),
        measure=compared(_largest),
        null=_well_conditioned,
        about=(spectra.energy_cosine,),
    ),
    Observation(
        "way_to_the_optimum.cosine_over_chance",
        band=(2.0, np.inf),
        measure=compared(_over_chance),
        null=_chance,
    ),
    Observation(
        "way_to_the_optimum.share_of_the_way",
        band=(0.0, 0.05),
        measure=compared(_way_share),
        null=_gradient_share,
    ),
    Observation("way_to_the_optimum.aligned_by_batch_norm", None, _contrast("cosine")),
    Observation("way_to_the_optimum.aligned_by_batch_norm_raw", None, _contrast("raw")),
    Observation(
        "way_to_the_optimum.aligned_by_batch_norm_at_equal_loss",
        None,
        compared(_contrast_at_equal_loss),
    ),
    Observation("way_to_the_optimum.newton_aligned_by_batch_norm", None, _contrast("newton")),
    *(
        Observation(f"way_to_the_optimum.curvature_over_excess_{name}", None, _curved(name))
        for name in COMPARED
    ),
    Observation(
        "way_to_the_optimum.aligned_by_batch_norm_before_training",
        None,
        lambda arrays: float(
            np.median(arrays["active:cosine"][0]) - np.median(arrays["none:cosine"][0])
        ),
    ),
)
