"""The lecture's class project: do uncentred activations make large eigenvalues in the next layer's
block of the Gauss-Newton matrix, with the mean as eigenvector, and does that layer's batch norm
take them away? They do, one less than there are classes, and it does, on the same weights; it is
the path through the statistics that does it, for with the same numbers held constant they are back.
"""

from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet import ops
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.grosse2021.shared import protocol, second_layer
from deepnet.experiments.grosse2021.shared.block_spectrum import inputs, shifted, spectrum
from deepnet.experiments.grosse2021.shared.prepared import prepared
from deepnet.experiments.grosse2021.shared.second_layer import SecondLayer
from deepnet.experiments.outcome import Outcome
from deepnet.experiments.store import Arrays
from deepnet.nets.modes import Mode, NoNorm
from theory import kronecker, normalisation

VERSION = 2
SOURCE = cite("grosse2021", "ICS Conditioning Hypothesis", "Good class project to test this")
ACTIVATIONS = ("logistic", "tanh", "relu")
#: The weights are random, or trained without batch norm, or trained with it in every hidden layer.
STATES = ("initial", "trained", "trained with it")
#: The modes of batch norm in the layer that is looked at.
MODES: tuple[Mode, ...] = ("none", "active", "frozen", "detached", "centring")
FIRST = 8


def configuration(scale: Scale) -> dict[str, Any]:
    """The protocol's entries, with layers of 64 units at all scales but tiny.

    The block has ``examples`` images, and ``leading`` eigenvalues are taken. In the modes
    active and centring S is estimated from ``draws`` draws. Inputs are shifted by ``shift``.
    """
    return protocol.configuration(scale) | {
        "hidden": scale.pick([8, 8], [64, 64, 64], [64, 64, 64]),
        "epochs": 5,
        "rate": 0.1,
        "examples": scale.pick(12, 200, 2000),
        "leading": scale.pick(10, 20, 20),
        "draws": scale.pick(4, 64, 64),
        "shift": 10.0,
    }


def run(context: Context) -> Arrays:
    """The spectra of the block for all activations, states and modes.

    logistic:trained:active:...   see ``block_spectrum.spectrum``
    logistic:trained:...          see ``block_spectrum.inputs``, and the "mark" of the training
    hessian of ones:...           random logistic layers, the outputs' Hessian replaced by I
    random vector:alignment       their eigenvectors' alignment with a random vector
    shifted:...                   see ``block_spectrum.shifted``
    """
    context = prepared(context)
    arrays: Arrays = {"classes": np.array(context.data.classes)}
    for activation in ACTIVATIONS:
        for state in STATES:
            compute = partial(_modes, activation, state, context)
            measured = context.stage(f"{activation}-{state}", compute)
            arrays |= {f"{activation}:{state}:{name}": array for name, array in measured.items()}
    compute = partial(_controls, context)
    return arrays | context.stage("controls", compute)


def _modes(activation: str, state: str, context: Context) -> Arrays:
    net, outcome = _net(activation, state, context)
    arrays = {"mark": np.array(outcome)} | inputs(net.a)
    rng = context.rng("conditioning")
    for mode in MODES:
        mixed = mode in ("active", "centring")
        block = spectrum(net.mode(mode), net.a.mean(0), context.config, rng, mixed)
        arrays |= {f"{mode}:{name}": array for name, array in block.items()}
    return arrays


def _controls(context: Context) -> Arrays:
    config = context.config
    net, _ = _net("logistic", "initial", context)
    rng = context.rng("controls")
    mean = net.a.mean(0)
    ones = spectrum(net.with_norm(NoNorm(), ops.mean_squared_error), mean, config, rng)
    random = spectrum(net.mode("none"), rng.standard_normal(mean.shape), config, rng)
    measured = {f"hessian of ones:{name}": array for name, array in ones.items()}
    measured["random vector:alignment"] = random["alignment"]
    return measured | shifted(net, config, rng)


def _net(activation: str, state: str, context: Context) -> tuple[SecondLayer, Outcome]:
    """The net from its second layer on, and what became of its training, if it had any."""
    config = context.config
    recipe = protocol.dense(
        config,
        activation=activation,
        norm="active" if state == "trained with it" else "none",
        epochs=0 if state == "initial" else config["epochs"],
        rate=config["rate"],
    )
    run = protocol.stored_run(f"mlp-{recipe.norm}", recipe, context)
    net = second_layer.second_layer(recipe, run.state, context.data, config["examples"])
    return net, Outcome.TRAINED if state == "initial" else run.outcome


def outliers(which: str) -> Measure:
    """The number of outliers: see ``second_layer.outliers``."""
    return lambda arrays: float(second_layer.outliers(arrays[f"{which}:alignment"]))


def _most(*which: str) -> Measure:
    return lambda arrays: max(outliers(one)(arrays) for one in which)


def _least_alignment(which: str) -> Measure:
    """The least alignment among the eigenvectors of the eight largest eigenvalues."""
    return lambda arrays: float(arrays[f"{which}:alignment"][:FIRST].min())


def errors(arrays: Arrays, which: str, factor: float) -> np.ndarray:
    """eigenvalue/(``factor`` lambda_i(S)) - 1 of the eight largest."""
    eigenvalues, S = (arrays[f"{which}:{name}"][:FIRST] for name in ("eigenvalues", "S"))
    return np.asarray(eigenvalues / (factor * S) - 1)


def _largest_error(which: str, printed: bool = False) -> Measure:
    """The largest error in size, by the covariance at hand or by the ``printed`` nu = |m|^2 + 1."""

    def measure(arrays: Arrays) -> float:
        net_and_state = which.rpartition(":")[0]
        printed_nu = 1 + np.sum(arrays[f"{net_and_state}:mean"] ** 2) if printed else 0
        factor = printed_nu if printed else arrays[f"{net_and_state}:nu"]
        return float(abs(errors(arrays, which, float(factor))).max())

    return measure


def _shifted_error(which: str) -> Measure:
    """The largest error of shifted inputs, by the nu of the inputs ``which``."""
    return lambda arrays: float(
        abs(errors(arrays, "shifted:none", float(arrays[f"{which}:nu"]))).max()
    )


def _fall(which: str) -> Measure:
    """The largest eigenvalue over the twentieth."""

    def measure(arrays: Arrays) -> float:
        eigenvalues = arrays[f"{which}:eigenvalues"]
        return float(eigenvalues[0] / eigenvalues[-1])

    return measure


def _trace(above: str, below: str) -> Measure:
    return lambda arrays: float(arrays[f"{above}:trace"] / arrays[f"{below}:trace"])


OFF, RANDOM = "logistic:initial:none", "random vector"
#: Without a band.
REPORTED = {
    "first_over_twentieth": _fall(OFF),
    "first_over_twentieth_active": _fall("logistic:initial:active"),
    "trace_over_active": _trace(OFF, "logistic:initial:active"),
    "outliers_after_training": outliers("logistic:trained:none"),
    "outliers_after_training_with_it": outliers("logistic:trained with it:active"),
    "outliers_of_relu": outliers("relu:initial:none"),
}
#: Stated before the runs. Counts of outliers, so bands end half-way between whole numbers.
OBSERVATIONS = (
    Observation(
        "conditioning_hypothesis.outliers_of_an_uncentred_layer",
        band=(7.5, 10.5),
        measure=outliers(OFF),
        null=outliers("logistic:initial:active"),
        about=(kronecker.outlier_count,),
    ),
    Observation(
        "conditioning_hypothesis.their_eigenvectors_are_the_mean",
        band=(0.9, 1),
        measure=_least_alignment(OFF),
        null=_least_alignment(RANDOM),
        about=(kronecker.uncentred,),
    ),
    Observation(
        "conditioning_hypothesis.their_eigenvalues_are_products",
        band=(0, 0.03),
        measure=_largest_error(OFF),
        null=_largest_error(OFF, printed=True),
        about=(kronecker.product_eigenvalues, kronecker.top_eigenvalue),
    ),
    Observation(
        "conditioning_hypothesis.no_outliers_with_active_statistics",
        band=(-0.5, 0.5),
        measure=_most("logistic:initial:active", "logistic:initial:centring"),
        null=outliers(OFF),
        about=(normalisation.centring_gradient, normalisation.weight_gradient),
    ),
    Observation(
        "conditioning_hypothesis.outliers_are_back_frozen",
        band=(6.5, 10.5),
        measure=outliers("logistic:initial:frozen"),
        null=outliers("logistic:initial:active"),
        about=(normalisation.centring_gradient,),
    ),
    Observation(
        "conditioning_hypothesis.outliers_are_back_detached",
        band=(6.5, 10.5),
        measure=outliers("logistic:initial:detached"),
        null=outliers("logistic:initial:active"),
        about=(normalisation.centring_gradient,),
    ),
    Observation(
        "conditioning_hypothesis.no_outliers_of_tanh",
        band=(-0.5, 0.5),
        measure=_most(*(f"tanh:initial:{mode}" for mode in MODES)),
        null=outliers(OFF),
    ),
    Observation(
        "conditioning_hypothesis.outliers_without_softmax",
        band=(9.5, 10.5),
        measure=outliers("hessian of ones"),
        null=outliers(OFF),
        about=(kronecker.outlier_count,),
    ),
    Observation(
        "conditioning_hypothesis.active_does_not_see_a_shift",
        band=(0, 1e-9),
        measure=lambda arrays: float(arrays["shifted:active:change"]),
        null=lambda arrays: float(arrays["shifted:none:change"]),
        about=(normalisation.input_invariance, normalisation.weight_gradient),
    ),
    Observation(
        "conditioning_hypothesis.a_shift_multiplies_the_outliers",
        band=(0, 0.03),
        measure=_shifted_error("shifted:none"),
        null=_shifted_error("logistic:initial"),
        about=(kronecker.product_eigenvalues, kronecker.top_eigenvalue),
    ),
    *(
        Observation(f"conditioning_hypothesis.{name}", None, measure)
        for name, measure in REPORTED.items()
    ),
)
