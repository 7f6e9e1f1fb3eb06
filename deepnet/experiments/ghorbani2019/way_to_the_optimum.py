"""The cosine between the gradient and the way to the optimum is measured along training.

The share of this way in the space of the Hessian's leading eigenvectors is measured too. The
optimum of a run is the point where it ends at low rates, or the end of the Newton step. At this
size the way is nearly orthogonal to the stochastic gradient with batch norm and without. Hardly any
of the way lies where the gradient does. The source says that batch norm aligns the two, which is
not seen.
"""

from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.curvature import hessian
from deepnet.experiments.context import Context
from deepnet.experiments.ghorbani2019.observed import way_to_the_optimum as observed
from deepnet.experiments.ghorbani2019.shared import low_rate, measures, protocol
from deepnet.experiments.ghorbani2019.shared.newton import isotropic, newton_cosine
from deepnet.experiments.ghorbani2019.shared.prepared import prepared
from deepnet.experiments.ghorbani2019.shared.protocol import COMPARED, NAMES, Moment
from deepnet.experiments.ghorbani2019.shared.way import at_the_end, way
from deepnet.experiments.ghorbani2019.spectral_densities import quadratures
from deepnet.experiments.store import Arrays

VERSION = 3
SOURCE = cite("ghorbani2019", "figure 12")
OBSERVATIONS = observed.OBSERVATIONS


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the configuration of the measures and of the quadrature.

    ``low_epochs``: the number of epochs at each of the low rates at the end.
    ``own_ends``: whether the way from each record to its own end is measured too.
    """
    return (
        measures.configuration(scale)
        | quadratures(scale)
        | {"low_epochs": scale.pick(1, 5, 10), "own_ends": scale.pick(True, False, True)}
    )


def run(context: Context) -> Arrays:
    """The cosines and shares of each net at each record.

    "records" (records,): the epochs.
    "<net>:newton" and so on (records,): what ``_curvature`` returns.
    "<net>:loss" (records,), and "<net>:fate", whether the net trained.
    "<net>:cosine" and so on (records, ...): what ``shared.way.way`` returns for the run's end.
    "<net>-own:cosine" and so on: this for each record's own end.
    "<net>:end:loss" and "<net>:end:slope": the loss and the length of the gradient at the end.

    The ways are not measured for the frozen net. Raises UsageError where images do not fit.
    """
    config = context.config
    context = prepared(context)
    arrays: Arrays = {"records": np.array(config["records"])}
    by_net = {name: protocol.moments(name, context) for name in NAMES}
    for name, moments in by_net.items():
        arrays |= _by_record(name, moments, _curvature, context)
        arrays[f"{name}:loss"] = np.array([measures.loss(moment, context) for moment in moments])
        arrays[f"{name}:fate"] = np.array(protocol.outcome(moments[0].recipe, context))
    for name in COMPARED:
        moments = by_net[name]
        arrays |= _by_record(name, moments, partial(_way, moments[-1]), context)
        there = context.stage(f"{name}-end", partial(at_the_end, moments[-1], context))
        arrays |= {f"{name}:end:{quantity}": value for quantity, value in there.items()}
        if config["own_ends"]:
            arrays |= _by_record(f"{name}-own", moments, _own_way, context)
    return arrays


def _by_record(name: str, moments: Any, compute: Any, context: Context) -> Arrays:
    """The results of ``compute`` for each of the ``moments``, one stage per moment."""
    kind = getattr(compute, "func", compute).__name__
    rows = [
        context.stage(
            f"{name}{kind}-{moment.epoch}", partial(compute, moment=moment, context=context)
        )
        for moment in moments
    ]
    return {f"{name}:{quantity}": np.array([row[quantity] for row in rows]) for quantity in rows[0]}


def _curvature(moment: Moment, context: Context) -> Arrays:
    """Cosines of a gradient with the Newton step and with an isotropic displacement.

    The gradient and the Hessian are over the Hessian's images.

    ``newton``: the cosine of the gradient with the Newton step.
    ``newton_half``: this cosine from half of the steps.
    ``condition``: the condition number in Kantorovich's inequality.
    ``isotropic``: the cosine with an isotropic displacement, from the spectrum's first two moments.
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


def _way(last: Moment, moment: Moment, context: Context) -> Arrays:
    """The way from the end of the run to the weights at ``moment``: see ``way``."""
    return way(low_rate.end(last, context), moment, context)


def _own_way(moment: Moment, context: Context) -> Arrays:
    """The way from the end of the run that continues from ``moment``: see ``way``."""
    return way(low_rate.end(moment, context), moment, context)
