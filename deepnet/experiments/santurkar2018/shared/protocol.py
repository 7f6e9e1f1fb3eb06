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
from deepnet.data import Dataset
from deepnet.experiments.context import Context
from deepnet.experiments.runs import stored_training
from deepnet.experiments.trained import Trained
from deepnet.nets.initialise import initialise
from deepnet.nets.modes import Active, Noisy, NoNorm, Norm, Power
from deepnet.nets.net import Net
from deepnet.nets.noise import Gaussian, Noise, Uniform
from deepnet.nets.vgg import vgg
from deepnet.nets.width import width_of
from deepnet.problem import Problem
from deepnet.training import SGD, State, Training, beginning, constant, usual, verdict
from deepnet.training.train import Hook

Name = Literal[
    "none",
    "active",
    "noisy",
    "none_noisy",
    "l1",
    "l2",
    "linf",
    "centred_l1",
    "centred_l2",
    "centred_linf",
]
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


def noise_configuration(scale: Scale) -> dict[str, Any]:
    """The noise of algorithm 1, whose law is "uniform".

    The law "gaussian" has equal first two moments.
    """
    return {
        "noise_law": "uniform",
        "noise_shift": 0.5,
        "noise_scale": 1.25,
        "noise_shift_spread": 0.1,
        "noise_scale_spread": 0.1,
        "noise_after_affine": True,
        "noise_redrawn": True,
    }


def noise(context: Context) -> Noise:
    """The noise of each unit's shift and scale.

    They are uniform on (-n_mu, n_mu) and (1, n_sigma), or normal. Raises UsageError for another
    law.
    """
    config = context.config
    law, shift, scale = (config[f"noise_{entry}"] for entry in ("law", "shift", "scale"))
    laws: dict[str, tuple[Uniform | Gaussian, Uniform | Gaussian]] = {
        "uniform": (Uniform(-shift, shift), Uniform(1, scale)),
        "gaussian": (
            Gaussian(0, shift / 3**0.5),
            Gaussian((1 + scale) / 2, (scale - 1) / 12**0.5),
        ),
    }
    if law not in laws:
        raise UsageError(f"no noise has the law {law!r}; give one of {', '.join(laws)}")
    return Noise(
        seed=context.seed,
        shift=laws[law][0],
        scale=laws[law][1],
        shift_spread=config["noise_shift_spread"],
        scale_spread=config["noise_scale_spread"],
        after_affine=config["noise_after_affine"],
        redrawn=config["noise_redrawn"],
    )


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
    return Noisy(plain, noise(context)) if name != kind else plain


def net(name: Name, config: Mapping[str, Any], classes: int = 10) -> Net:
    """The net ``name``. It has scale and shift only if it has a norm."""
    affine = name not in ("none", "none_noisy")
    return vgg(config["form"], width_of(config["width"]), affine=affine, classes=classes)


def problem(name: Name, context: Context) -> Problem:
    """The loss of the net ``name`` with its norm and, where it has any, the noise of step 0."""
    require(context.data)
    return Problem(net(name, context.config, context.data.classes), norm(name, context))


def training(rate: float, context: Context) -> Training:
    """Plain descent at the constant ``rate``."""
    return Training(
        epochs=context.config["epochs"],
        batch=context.config["batch"],
        augment=False,
        seed=context.seed,
        schedule=constant(rate),
        rule=SGD(),
    )


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
    config = context.config
    own, plan = problem(name, context), training(rate, context)
    weights = initialise(own.net, context.rng("weights"), config["init"])
    start = beginning(weights, plan)
    depends = {entry: config[entry] for entry in configuration(Scale.QUICK)}
    if own.norm.noisy:
        depends |= {entry: config[entry] for entry in noise_configuration(Scale.QUICK)}
    state = stored_training(
        f"santurkar-{name}",
        own,
        context,
        plan,
        start,
        [usual, *hooks],
        settled=False,
        net=name,
        rate=rate,
        depends=depends,
        recorded=identity,
    )
    return Trained(own, state)


def plateau(losses: np.ndarray, classes: int = 10) -> np.ndarray:
    """Whether each step lies before the first loss that is ``verdict.MARGIN`` off ln(classes).

    >>> plateau(np.array([2.31, 2.29, 2.1, 2.3]))
    array([ True,  True, False, False])
    """
    off = np.abs(np.asarray(losses) - math.log(classes)) > verdict.MARGIN
    return ~np.logical_or.accumulate(off)


def mark(state: State, context: Context) -> verdict.Mark:
    """What to write beside a run: nothing if it trained; only such runs are compared.

    It trained if its accuracy and its loss say so (``verdict.mark``, ``verdict.guesses``).
    """
    if not state.diverged and verdict.guesses(state, context.data.classes):
        return "did not train"
    return verdict.mark(state, context.data, training(0.0, context))


def require(data: Dataset) -> None:
    """Raise UsageError where the images are of another size than the nets take."""
    shape = data.x_train.shape[1:]
    if shape != (32, 32, 3):
        raise UsageError(f"{data.name} has images {shape}; the nets take (32, 32, 3)")
