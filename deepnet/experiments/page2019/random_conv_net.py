"""Without batch norm, the outputs of the post's random conv net are constants that the channels
choose: on noise, and less so on images. The net is measured before training, channel by channel.
Batch norm takes the channels' means away in between. It does not take away the means that ReLU and
max-pooling bring to the classifier.
"""

from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.finding import Band
from deepnet.experiments.images import require
from deepnet.experiments.page2019.shared.random_layers import CONV_LAYERS, Mode, conv
from deepnet.experiments.reasons import NEVER_INSIDE
from deepnet.experiments.store import Arrays
from theory import normalisation, propagation

VERSION = 2
SOURCE = cite(
    "page2019", "What about a real network? (hist_conv_rand, hist_conv_real, hist_bn_real)"
)
#: Inputs and norm of each run, in the post's order. The inputs "again" are other noise.
RUNS: dict[str, tuple[str, Mode]] = {
    "noise": ("noise", "none"),
    "images": ("images", "none"),
    "normed": ("images", "active"),
    "again": ("again", "none"),
}
#: The layers whose inputs come from ReLU, and from no pool.
UNPOOLED = ("layer1", "layer2", "layer3")


def configuration(scale: Scale) -> dict[str, Any]:
    """Net and images. ``full`` is the post's except for the number of the classifier's outputs."""
    return {
        "train": scale.pick(64, 5000, 50_000),
        "test": scale.pick(32, 1000, 10_000),
        "width": scale.pick("1/16", "1/4", "1"),
        "outputs": scale.pick(64, 256, 512),
        "images": scale.pick(8, 256, 512),
    }


def run(context: Context) -> Arrays:
    """``random_layers.conv`` for each of RUNS. Its arrays are named "<run>:<quantity>".

    Raises UsageError if there are too few images.
    """
    images = inputs(context)
    arrays: Arrays = {}
    for name, (kind, norm) in RUNS.items():
        measured = context.stage(name, partial(conv, images[kind], context, norm))
        arrays |= {f"{name}:{quantity}": array for quantity, array in measured.items()}
    return arrays


def inputs(context: Context) -> dict[str, np.ndarray]:
    """Three kinds of inputs: normalised images, Gaussian noise, and noise again.

    The images are the first training images. The noise is standard normal, with the images' shape.
    """
    require(context.data, context.config["images"])
    images = context.data.normalised(context.data.x_train[: context.config["images"]])
    rng = context.rng("noise")
    noise, again = rng.standard_normal((2, *images.shape), dtype=np.float32)
    return {"images": images, "noise": noise, "again": again}


def _outputs(name: str) -> Measure:
    """The share of the channels' means in the mean square of the classifier's outputs."""
    return lambda arrays: float(arrays[f"{name}:share"][-1])


def _left_over(above: str, below: str) -> Measure:
    """The variance within the channels of the run ``above`` over the variance within ``below``.

    The variance within the channels is taken at the classifier's outputs, as a share of their mean
    square. It is 1 minus the share of the channels' means.
    """
    return lambda arrays: (1 - _outputs(above)(arrays)) / (1 - _outputs(below)(arrays))


def _largest_between(name: str) -> Measure:
    """The largest share of the channels' means in the seven layers of the net that have a norm."""
    return lambda arrays: float(arrays[f"{name}:share"][:-1].max())


def _unpooled(arrays: Arrays) -> float:
    """Null: the largest share of the means in the layers UNPOOLED of the net with batch norm.

    It is the share before their own batch norm.
    """
    before = arrays["normed:share_before"]
    return float(max(before[CONV_LAYERS.index(layer)] for layer in UNPOOLED))


def _half_way() -> Band:
    """The band from half-way between a dense net's share of the means and 1, up to 1."""
    return (1 + float(propagation.between_share(depth=len(CONV_LAYERS)))) / 2, 1.0


def _twice_that_of_relu() -> Band:
    """The band from twice the share of the means that ReLU alone leaves the classifier, up to 1."""
    return 2 * float(propagation.classifier_share()["after ReLU"]), 1.0


NO_MEANS = "The null was the largest share of the means just after a batch norm."
#: - Collapse on noise: "even more rapidly". The share of the means is at least half-way from its
#:   value in layer 8 of a dense net to 1. The null is the share with batch norm, which has the
#:   means of the last ReLU and of the last pool alone.
#: - Less on images: at least a tenth more is left. Other noise, the null, leaves an equal part up
#:   to a few per cent.
#: - Milder with batch norm: "somewhat milder, but by no means absent". At least a tenth more is
#:   left.
#: - Means reach the classifier: their share is at least twice the 1/pi of ReLU alone, since pooling
#:   raises means too (propagation.classifier_share). The null are layers whose inputs come from
#:   ReLU, and from no pool.
OBSERVATIONS = (
    Observation(
        "random_conv_net.collapse_on_noise",
        says="The means' share of the outputs' mean square on noise is at least half-way from the "
        "share in an equally deep dense net to 1, without batch norm.",
        link="logit",
        band=_half_way,
        measure=_outputs("noise"),
        null=_outputs("normed"),
        stated="after",
        was=NO_MEANS,
        why=NEVER_INSIDE,
        about=(propagation.between_share,),
    ),
    Observation(
        "random_conv_net.less_on_images",
        says="The outputs' variance within channels, as a share of their mean square, is 1.1 to "
        "100 times as large on images as on noise, without batch norm.",
        link="log",
        band=(1.1, 100),
        measure=_left_over("images", "noise"),
        null=_left_over("again", "noise"),
    ),
    Observation(
        "random_conv_net.no_means_in_between",
        says="The channels' means hold at most 0.05 of the mean square after each batch norm of "
        "the untrained net, on images.",
        exact=True,
        band=(-0.05, 0.05),
        measure=_largest_between("normed"),
        null=_largest_between("images"),
        about=(normalisation.standardisation,),
    ),
    Observation(
        "random_conv_net.milder_with_batch_norm",
        says="The outputs' variance within channels, as a share of their mean square, is 1.1 to "
        "20 times as large on images with batch norm as without batch norm.",
        link="log",
        band=(1.1, 20),
        measure=_left_over("normed", "images"),
        null=_left_over("again", "noise"),
    ),
    Observation(
        "random_conv_net.means_reach_the_classifier",
        says="The means' share of the outputs' mean square is at least twice the share that ReLU "
        "alone would leave the classifier, on images with batch norm.",
        link="logit",
        band=_twice_that_of_relu,
        measure=_outputs("normed"),
        null=_unpooled,
        stated="after",
        was=NO_MEANS,
        why=NEVER_INSIDE,
        about=(propagation.classifier_share,),
    ),
)
