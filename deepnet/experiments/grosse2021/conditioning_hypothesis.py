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
from deepnet.experiments.grosse2021.observed import conditioning_hypothesis as observed
from deepnet.experiments.grosse2021.shared import protocol, second_layer
from deepnet.experiments.grosse2021.shared.block_spectrum import MODES, inputs, shifted, spectrum
from deepnet.experiments.grosse2021.shared.prepared import prepared
from deepnet.experiments.grosse2021.shared.second_layer import SecondLayer
from deepnet.experiments.outcome import Outcome
from deepnet.experiments.store import Arrays
from deepnet.nets.modes import NoNorm

VERSION = 3
SOURCE = cite("grosse2021", "ICS Conditioning Hypothesis", "Good class project to test this")
OBSERVATIONS = observed.OBSERVATIONS
ACTIVATIONS = ("logistic", "tanh", "relu")
#: The weights: random, after some epochs without batch norm, and after some epochs with batch norm
#: in every hidden layer.
STATES = ("initial", "trained", "trained with it")


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
