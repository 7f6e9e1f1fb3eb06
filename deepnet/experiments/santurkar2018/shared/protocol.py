"""The protocol of the source: its nets, their trainings, and which of them are compared.

The nets are VGG with ReLU, glorot_uniform weights and biases 0. They are trained by plain descent
at a constant rate, without momentum, decay or augmentation. The source leaves some choices open:
the net's last layers, the law of the first weights and the number of steps. Here they are entries
of the configuration.

Batch norm stands before each activation, with scale and shift. The net "none" has no batch norm, no
scale and no shift. "none_noisy" is the net "none" with noise in the places of batch norm. "l1",
"l2" and "linf" divide by the norm of the outputs before their mean is taken off. "centred_l1" etc.
divide by the norm of the deviations, so that "centred_l2" is batch norm.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from companion.errors import UsageError
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.images import require_shape
from deepnet.experiments.outcome import Outcome, by_accuracy_and_loss
from deepnet.experiments.santurkar2018.shared import noise
from deepnet.experiments.trained import Plan, Trained, at_constant_rate, stored
from deepnet.nets.initialise import initialise
from deepnet.nets.modes import Active, Noisy, NoNorm, Norm, Power
from deepnet.nets.net import Net
from deepnet.nets.vgg import vgg
from deepnet.nets.width import width_of
from deepnet.problem import Problem
from deepnet.training import SGD, State, Training, beginning, usual
from deepnet.training.train import Hook

Usual = Literal["none", "active", "noisy", "none_noisy"]
Name = Literal[Usual, "l1", "l2", "linf", "centred_l1", "centred_l2", "centred_linf"]
POWERS = {"l1": 1.0, "l2": 2.0, "linf": math.inf}


def configuration(scale: Scale) -> dict[str, Any]:
    """Sizes of net, training and images. ``full`` is the source's own.

    - ``rate`` is the main rate, at which most nets are compared.
    - ``every`` is the distance of the steps at which costly records are taken.
    - ``layers`` are the layers whose inputs are recorded. The first layer is 1.
    - ``directions`` is the number of random directions along which smoothness is recorded.
    """
    return {
        "train": scale.pick(64, 5000, 50_000),
        "test": scale.pick(32, 1000, 10_000),
        "form": scale.pick("vgg_a", "vgg_a", "vgg16"),
        "width": scale.pick("1/16", "1/8", "1"),
        "init": "glorot_uniform",
        "batch": scale.pick(32, 128, 128),
        "epochs": scale.pick(3, 10, 39),
        "rate": 0.1,
        "small_rate": 0.01,
        "every": scale.pick(6, 10, 100),
        "layers": scale.pick("2 6 10", "2 6 10", "2 9 13"),
        "directions": scale.pick(1, 1, 3),
    }


def norm(name: Name, context: Context) -> Norm:
    """The norm of the net ``name``. Raises UsageError if the name is unknown."""
    power = POWERS.get(name.removeprefix("centred_"))
    if power is not None:
        return Power(power, raw=not name.startswith("centred_"))
    modes: dict[str, Norm] = {"none": NoNorm(), "active": Active()}
    kind = {"noisy": "active", "none_noisy": "none"}.get(name, name)
    if kind not in modes:
        raise UsageError(f"no net is named {name!r}")
    plain = modes[kind]
    return Noisy(plain, noise.noise(context)) if name != kind else plain


def net_of(name: Name, config: Mapping[str, Any], classes: int = 10) -> Net:
    """The net ``name`` alone. It has scale and shift only if it has a norm."""
    affine = name not in ("none", "none_noisy")
    return vgg(config["form"], width_of(config["width"]), affine=affine, classes=classes)


def problem(name: Name, context: Context) -> Problem:
    """The loss of the net ``name`` with its norm and, where it has any, the noise of step 0."""
    require_shape(context.data, 32, 32, 3)
    return Problem(net_of(name, context.config, context.data.classes), norm(name, context))


def training(rate: float, context: Context) -> Training:
    """Plain descent at the constant ``rate``."""
    epochs, batch = context.config["epochs"], context.config["batch"]
    return at_constant_rate(rate, SGD(), epochs=epochs, batch=batch, seed=context.seed)


def weights(name: Name, context: Context) -> dict[str, np.ndarray]:
    """The initial weights of the net ``name``."""
    own = net_of(name, context.config, context.data.classes)
    return initialise(own, context.rng("weights"), context.config["init"])


def steps(context: Context) -> int:
    """The number of steps per epoch."""
    return len(context.data.x_train) // int(context.config["batch"])


def trained(
    name: Name,
    rate: float,
    context: Context,
    hooks: Sequence[Hook] = (),
    **identity: Any,
) -> Trained:
    """The net ``name`` trained at ``rate`` from the context's seed, or as far as it got.

    All nets of a seed start from equal weights and see equal batches. Epoch, rate, loss and
    accuracy of each step are recorded, and the records of ``hooks``. ``identity`` names the hooks
    and everything on which they depend. The running statistics stay as training leaves them.
    """
    own, how = problem(name, context), training(rate, context)
    start = beginning(weights(name, context), how)
    plan = Plan(problem=own, training=how, start=start, hooks=[usual, *hooks])
    entries = [*configuration(Scale.QUICK)]
    if own.norm.noisy:
        entries += noise.configuration(Scale.QUICK)
    depends = {entry: context.config[entry] for entry in entries}
    facts = {"net": name, "rate": rate, "depends": depends, "recorded": identity}
    return stored(f"santurkar-{name}", plan, context, **facts)


def outcome(state: State, context: Context) -> Outcome:
    """The outcome of the training that ended in ``state``. Only nets that trained are compared."""
    return by_accuracy_and_loss(state, context.data, training(0.0, context))
