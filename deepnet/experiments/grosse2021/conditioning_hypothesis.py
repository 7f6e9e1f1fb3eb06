"""The outliers of a layer's Gauss-Newton block are counted with and without its batch norm.

This is the lecture's class project. Do uncentred activations make large eigenvalues in the next
layer's block, with the mean as eigenvector? They do: there is one outlier less than there are
classes. Does this layer's batch norm take the outliers away? It does, at equal weights. The path of
the gradient through the statistics takes them away: with statistics of equal value held constant
the outliers are back.
"""

from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet import ops
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.finding import Link
from deepnet.experiments.grosse2021.shared import protocol, second_layer
from deepnet.experiments.grosse2021.shared.block_spectrum import inputs, shifted, spectrum
from deepnet.experiments.grosse2021.shared.prepared import prepared
from deepnet.experiments.grosse2021.shared.product_errors import (
    FIRST,
    largest_error,
    shifted_error,
)
from deepnet.experiments.grosse2021.shared.second_layer import SecondLayer
from deepnet.experiments.outcome import Outcome
from deepnet.experiments.store import Arrays
from deepnet.nets.modes import Mode, NoNorm
from theory import kronecker, normalisation

VERSION = 3
SOURCE = cite("grosse2021", "ICS Conditioning Hypothesis", "Good class project to test this")
ACTIVATIONS = ("logistic", "tanh", "relu")
#: The weights: random, after some epochs without batch norm, and after some epochs with batch norm
#: in every hidden layer.
STATES = ("initial", "trained", "trained with it")
#: The modes of batch norm in the layer that is measured.
MODES: tuple[Mode, ...] = ("none", "active", "frozen", "detached", "centring")


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the protocol's configuration, with hidden layers of 64 units (tiny: 8).

    ``examples``: the number of images in the block.
    ``leading``: the number of eigenvalues.
    ``draws``: the number of draws of signs in S, in the modes that mix examples.
    ``shift``: the constant that is added to all inputs.
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
    """The block's eigenvalues for each activation, state of the weights and mode.

    "<activation>:<state>:<mode>:<quantity>": what ``block_spectrum.spectrum`` returns.
    "<activation>:<state>:<quantity>": what ``block_spectrum.inputs`` returns.
    "<activation>:<state>:mark": the number of an ``Outcome``.
    "hessian of ones:<quantity>": the spectrum with I for the Hessian in the outputs.
    "random vector:alignment": the alignments with a random vector.
    "shifted:<mode>:<quantity>": what ``block_spectrum.shifted`` returns.

    The last three are about random weights and logistic units.
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
        block = spectrum(net.mode(mode), net.a.mean(0), context, rng, mixed)
        arrays |= {f"{mode}:{name}": array for name, array in block.items()}
    return arrays


def _controls(context: Context) -> Arrays:
    net, _ = _net("logistic", "initial", context)
    rng = context.rng("controls")
    mean = net.a.mean(0)
    ones = spectrum(net.with_norm(NoNorm(), ops.mean_squared_error), mean, context, rng)
    random = spectrum(net.mode("none"), rng.standard_normal(mean.shape), context, rng)
    measured = {f"hessian of ones:{name}": array for name, array in ones.items()}
    measured["random vector:alignment"] = random["alignment"]
    return measured | shifted(net, context, rng)


def _net(activation: str, state: str, context: Context) -> tuple[SecondLayer, Outcome]:
    """The net from its second layer on, and the outcome of its training.

    The outcome is ``TRAINED`` for weights that were not trained.
    """
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
    """The number of outliers, by ``second_layer.outliers``."""
    return lambda arrays: float(second_layer.outliers(arrays[f"{which}:alignment"]))


def _most(*which: str) -> Measure:
    """The largest number of outliers of several blocks."""
    return lambda arrays: max(outliers(one)(arrays) for one in which)


def _least_alignment(which: str) -> Measure:
    """The least alignment of the eight eigenvectors with the largest eigenvalues."""
    return lambda arrays: float(arrays[f"{which}:alignment"][:FIRST].min())


def _fall(which: str) -> Measure:
    """The largest eigenvalue divided by the smallest computed one, at quick the twentieth."""

    def measure(arrays: Arrays) -> float:
        eigenvalues = arrays[f"{which}:eigenvalues"]
        return float(eigenvalues[0] / eigenvalues[-1])

    return measure


def _trace(above: str, below: str) -> Measure:
    return lambda arrays: float(arrays[f"{above}:trace"] / arrays[f"{below}:trace"])


OFF, RANDOM = "logistic:initial:none", "random vector"
#: The sentence, the link and the measure of each number without a band.
REPORTED: dict[str, tuple[str, Link, Measure]] = {
    "first_over_twentieth": (
        "The largest eigenvalue of the Gauss-Newton block without batch norm divided by the "
        "smallest computed one.",
        "log",
        _fall(OFF),
    ),
    "first_over_twentieth_active": (
        "The largest eigenvalue of the Gauss-Newton block with active batch norm divided by the "
        "smallest computed one.",
        "log",
        _fall("logistic:initial:active"),
    ),
    "trace_over_active": (
        "The trace of the Gauss-Newton block without batch norm divided by the trace with active "
        "batch norm.",
        "log",
        _trace(OFF, "logistic:initial:active"),
    ),
    "outliers_after_training": (
        "The number of leading eigenvectors that lie mostly along the inputs' mean, in the "
        "logistic net that was trained without batch norm.",
        "identity",
        outliers("logistic:trained:none"),
    ),
    "outliers_after_training_with_it": (
        "The number of leading eigenvectors that lie mostly along the inputs' mean, in the "
        "logistic net that was trained with batch norm.",
        "identity",
        outliers("logistic:trained with it:active"),
    ),
    "outliers_of_relu": (
        "The number of leading eigenvectors that lie mostly along the inputs' mean, in the ReLU "
        "net without batch norm.",
        "identity",
        outliers("relu:initial:none"),
    ),
}
#: An eigenvector lies mostly along the mean if more than half of its square does, as in
#: ``second_layer.outliers``. The bands were stated before the runs. Numbers of outliers are whole,
#: so bands end half-way between whole numbers.
OBSERVATIONS = (
    Observation(
        "conditioning_hypothesis.outliers_of_an_uncentred_layer",
        says=(
            "Eight to ten leading eigenvectors of the logistic net's Gauss-Newton block lie mostly "
            "along the mean of the layer's inputs, without batch norm."
        ),
        band=(7.5, 10.5),
        measure=outliers(OFF),
        null=outliers("logistic:initial:active"),
        about=(kronecker.outlier_count,),
    ),
    Observation(
        "conditioning_hypothesis.their_eigenvectors_are_the_mean",
        says=(
            "The first eight eigenvectors of the logistic net's Gauss-Newton block have at least "
            "0.9 of their square along the inputs' mean, without batch norm."
        ),
        link="logit",
        band=(0.9, 1),
        measure=_least_alignment(OFF),
        null=_least_alignment(RANDOM),
        about=(kronecker.uncentred,),
    ),
    Observation(
        "conditioning_hypothesis.their_eigenvalues_are_products",
        says=(
            "The first eight eigenvalues of the block without batch norm are, to 3 per cent, the "
            "inputs' second moment along the mean times the eigenvalues of K-FAC's S."
        ),
        band=(0, 0.03),
        measure=largest_error(OFF),
        null=largest_error(OFF, printed=True),
        about=(kronecker.product_eigenvalues, kronecker.top_eigenvalue),
    ),
    Observation(
        "conditioning_hypothesis.no_outliers_with_active_statistics",
        says=(
            "No leading eigenvector of the logistic net's Gauss-Newton block lies mostly along the "
            "inputs' mean, with active batch norm or with active centring."
        ),
        band=(-0.5, 0.5),
        measure=_most("logistic:initial:active", "logistic:initial:centring"),
        null=outliers(OFF),
        about=(normalisation.centring_gradient, normalisation.weight_gradient),
    ),
    Observation(
        "conditioning_hypothesis.outliers_are_back_frozen",
        says=(
            "Seven to ten leading eigenvectors of the logistic net's Gauss-Newton block lie mostly "
            "along the inputs' mean where batch norm is frozen."
        ),
        band=(6.5, 10.5),
        measure=outliers("logistic:initial:frozen"),
        null=outliers("logistic:initial:active"),
        about=(normalisation.centring_gradient,),
    ),
    Observation(
        "conditioning_hypothesis.outliers_are_back_detached",
        says=(
            "Seven to ten leading eigenvectors of the logistic net's Gauss-Newton block lie mostly "
            "along the inputs' mean where batch norm is detached."
        ),
        band=(6.5, 10.5),
        measure=outliers("logistic:initial:detached"),
        null=outliers("logistic:initial:active"),
        about=(normalisation.centring_gradient,),
    ),
    Observation(
        "conditioning_hypothesis.no_outliers_of_tanh",
        says=(
            "No leading eigenvector of the tanh net's Gauss-Newton block lies mostly along the "
            "inputs' mean, without batch norm and with batch norm in each mode."
        ),
        band=(-0.5, 0.5),
        measure=_most(*(f"tanh:initial:{mode}" for mode in MODES)),
        null=outliers(OFF),
    ),
    Observation(
        "conditioning_hypothesis.outliers_without_softmax",
        says=(
            "Ten leading eigenvectors of the block without batch norm lie mostly along the inputs' "
            "mean where the square loss replaces softmax and cross-entropy."
        ),
        band=(9.5, 10.5),
        measure=outliers("hessian of ones"),
        null=outliers(OFF),
        about=(kronecker.outlier_count,),
    ),
    Observation(
        "conditioning_hypothesis.active_does_not_see_a_shift",
        says=(
            "A constant added to the layer's inputs changes no entry of the Gauss-Newton block by "
            "more than 1e-9 of the largest entry, with active batch norm."
        ),
        exact=True,
        band=(0, 1e-9),
        measure=lambda arrays: float(arrays["shifted:active:change"]),
        null=lambda arrays: float(arrays["shifted:none:change"]),
        about=(normalisation.input_invariance, normalisation.weight_gradient),
    ),
    Observation(
        "conditioning_hypothesis.a_shift_multiplies_the_outliers",
        says=(
            "The first eight eigenvalues without batch norm are, to 3 per cent, the second moment "
            "along the mean times S's eigenvalues, after a shift of the inputs too."
        ),
        band=(0, 0.03),
        measure=shifted_error("shifted:none"),
        null=shifted_error("logistic:initial"),
        about=(kronecker.product_eigenvalues, kronecker.top_eigenvalue),
    ),
    *(
        Observation(
            f"conditioning_hypothesis.{name}", says=says, link=link, band=None, measure=measure
        )
        for name, (says, link, measure) in REPORTED.items()
    ),
)
