"""A net of ``python -m deepnet spectrum``, built for the reader's own weights.

The names and shapes of the weights tell whether layers have biases, whether batch norm has a
learnable scale and shift, the number of classes, and the widths of an MLP. The command does not ask
for them.
"""

import itertools
import math
import re
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from companion.command import unknown
from companion.errors import UsageError
from deepnet import ops
from deepnet.nets.layer import Place
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import Mode
from deepnet.nets.net import Activation, Net
from deepnet.nets.shortcut import Shortcut
from deepnet.spectrum.families import FAMILIES, RESIDUAL
from deepnet.spectrum.subject import Subject
from deepnet.spectrum.weights import Archive

#: The command's norms: where the batch norm stands, and its mode.
NORMS: dict[str, tuple[Place, Mode]] = {
    "active": ("pre", "active"),
    "frozen": ("pre", "frozen"),
    "none": ("pre", "none"),
    "post": ("post", "active"),
    "post-frozen": ("post", "frozen"),
}
PLAIN: dict[str, Activation | None] = {
    "relu": ops.relu,
    "tanh": ops.tanh,
    "sigmoid": ops.sigmoid,
    "linear": None,
}
#: A weight that only a net with projections has.
PROJECTION = "w:stage2_block1_shortcut"


def net_of(subject: Subject, archive: Archive) -> Net:
    """The net of ``subject`` to which the weights in ``archive`` belong.

    A residual net whose shortcut is not given has projections where the archive has weights of
    them, otherwise "pool".

    Raises UsageError where the weights belong to no such net.
    """
    name, shortcut, (place, _) = subject.net, subject.shortcut, NORMS[subject.norm]
    biased = any(weight.endswith("_bias") for weight in archive.arrays)
    affine = any(weight.endswith(("_scale", "_shift")) for weight in archive.arrays)
    if shortcut is not None and name not in RESIDUAL:
        raise UsageError(f"net {name} has no --shortcut; it is for {', '.join(RESIDUAL)}")
    act = activation_of(subject.activation)
    if name == "mlp":
        return mlp(_widths(archive), act, place, biased, affine)
    if act is None:
        raise UsageError(f"net {name} has an activation; linear is for --net mlp")
    family = FAMILIES[name]
    chosen: dict[str, Any] = {"norm": place, "bias": biased}
    if name in RESIDUAL:
        chosen["shortcut"] = _shortcut(archive, shortcut)
    if "norm" not in family.options and place != "pre":
        raise UsageError(f"net {name} has its norm before the activation; no --norm {subject.norm}")
    first, last = archive.shapes([f"w:{family.first}", f"w:{family.last}"])
    net = family.build(
        width=subject.width,
        activation=act,
        affine=affine,
        classes=last[0] if last else 10,
        **{option: chosen[option] for option in family.options},
    )
    if first and first[0] != net.shapes[family.first][0]:
        own = Fraction(first[0], family.build().shapes[family.first][0])
        raise UsageError(
            f"w:{family.first} of {archive.path} has {first[0]} filters, net {name} at width "
            f"{subject.width} has {net.shapes[family.first][0]}; give --width {own}"
        )
    return net


def _shortcut(archive: Archive, given: Shortcut | None) -> Shortcut:
    """The kind of shortcut: the ``given`` one, or the one that the weights tell."""
    projects = PROJECTION in archive.arrays
    if given is None:
        return "projection" if projects else "pool"
    if projects != (given == "projection"):
        has = "has" if projects else "has no"
        other = "projection" if projects else "pool or option-a"
        raise UsageError(f"{archive.path} {has} {PROJECTION}; give --shortcut {other}")
    return given


def activation_of(text: str) -> Activation | None:
    """The activation named "relu", "tanh", "sigmoid", "linear" or "softplus:BETA[:THRESHOLD]".

    softplus(x) = log(1 + exp(beta x))/beta. With a threshold it is PyTorch's literal softplus,
    which is the identity where beta x > threshold. Raises UsageError for any other text.
    """
    name, *numbers = text.split(":")
    if name in PLAIN and not numbers:
        return PLAIN[name]
    if name not in (*PLAIN, "softplus"):
        raise UsageError(unknown("activation", name, [*PLAIN, "softplus:10", "softplus:10:2.5"]))
    try:
        values = [float(number) for number in numbers]
    except ValueError:
        values = []
    usable = name == "softplus" and all(0 < value < math.inf for value in values)
    if usable and len(values) == 1:
        return partial(ops.softplus, beta=values[0])
    if usable and len(values) == 2:
        return partial(ops.softplus_literal, beta=values[0], threshold=values[1])
    raise UsageError(f"no activation is {text!r}; give relu, softplus:10 or softplus:10:2.5")


def _widths(archive: Archive) -> Sequence[int]:
    """The widths of an MLP, inputs first."""
    dense = [name for name in archive.arrays if re.fullmatch(r"w:dense\d+", name)]
    names = [f"w:dense{i + 1}" for i in range(max(len(dense), 1))]
    shapes = archive.shapes(names)
    flat = all(len(shape) == 2 for shape in shapes)
    if not flat or any(a[0] != b[1] for a, b in itertools.pairwise(shapes)):
        raise UsageError(
            f"{archive.path} has {', '.join(names)} of shapes {', '.join(map(str, shapes))}; "
            "each must be (out, in), and in the out of the one before"
        )
    return [shapes[0][1], *(shape[0] for shape in shapes)]
