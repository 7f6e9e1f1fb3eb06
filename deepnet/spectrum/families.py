"""The nets that ``python -m deepnet spectrum`` knows by name, and what their names mean."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from deepnet.nets.lenet import lenet
from deepnet.nets.net import Net
from deepnet.nets.page import page
from deepnet.nets.resnet import resnet
from deepnet.nets.vgg import Form, vgg


@dataclass(frozen=True)
class Family:
    """A net for images at every width: ``build`` takes width, activation, affine and classes.

    first       the layer whose number of filters tells the width
    last        the layer whose number of outputs is the number of classes
    activation  the activation of the net's source
    options     further arguments of ``build``: "norm" (its place), "bias" and "shortcut"
    multiple    images are squares whose side is a multiple of this number (None: 32 x 32)
    padding     the pixels of zeros around the images of each 3 x 3 or 5 x 5 convolution
    pooling     the pools, in words
    classifier  the part after the convolutions, in words, where nets of this name differ in it
    """

    build: Callable[..., Net]
    first: str
    last: str
    activation: str = "relu"
    options: tuple[str, ...] = ("norm", "bias")
    multiple: int | None = None
    padding: int = 1
    pooling: str = "maximum of 2 x 2 pixels"
    classifier: str | None = None


def _vgg(form: Form) -> Family:
    dense = "dense1 and dense2 with norm and activation, no dropout; dense3"
    return Family(partial(vgg, form), "conv1", "dense3", classifier=dense)


def _resnet(depth: int) -> Family:
    build, options = partial(resnet, depth), ("shortcut",)
    pooling = "mean of all pixels, before dense"
    return Family(build, "conv1", "dense", options=options, multiple=4, pooling=pooling)


FAMILIES = {
    "page": Family(
        page,
        "prep",
        "classifier",
        "softplus:10",
        ("norm",),
        8,
        pooling="maximum of 2 x 2 pixels, before classifier of all pixels",
    ),
    "lenet": Family(lenet, "conv1", "dense3", padding=0),
    "vgg_a": _vgg("vgg_a"),
    "vgg16": _vgg("vgg16"),
    "resnet14": _resnet(14),
    "resnet20": _resnet(20),
    "resnet32": _resnet(32),
}
#: The nets with shortcuts.
RESIDUAL = tuple(name for name, family in FAMILIES.items() if "shortcut" in family.options)
#: The nets by name; an MLP has no width, but one width per layer.
NETS = (*FAMILIES, "mlp")


def usual_activation(net: str) -> str:
    """The name of the activation that ``net`` has where none is given.

    >>> usual_activation("lenet"), usual_activation("mlp")
    ('relu', 'softplus:10')
    """
    return FAMILIES[net].activation if net in FAMILIES else "softplus:10"


def multiple_of(net: str) -> int | None:
    """``Family.multiple`` of ``net``, and None for an MLP.

    >>> multiple_of("page"), multiple_of("lenet"), multiple_of("mlp")
    (8, None, None)
    """
    return FAMILIES[net].multiple if net in FAMILIES else None
