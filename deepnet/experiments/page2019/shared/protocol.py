"""The post's protocol: the nets that its panels look at, and the images that they look with."""

from collections.abc import Mapping
from typing import Any, Literal

from companion.errors import UsageError
from companion.scale import Scale
from deepnet import ops
from deepnet.curvature import Batches
from deepnet.data import Dataset
from deepnet.experiments.context import Context
from deepnet.experiments.page2019.shared.nets import Recipe, trained
from deepnet.experiments.trained import Trained
from deepnet.memory import passes

#: The nets half-way through training. In "active_after" and "frozen_after", batch norm stands after
#: the activation instead of before it. "frozen" is the net "active" with its batch norm frozen.
Name = Literal["active", "frozen", "none", "active_after", "frozen_after"]
SMOOTHING = 0.5
#: The number of batches whose passes are kept in the host's memory between products.
KEEP = 2


def configuration(scale: Scale) -> dict[str, Any]:
    """Sizes of net, training and images. ``full`` is the post's own.

    All scales stop half-way, at ``stop``, where the rate is still high. The peak rates of ``quick``
    are the post's for its smaller batch: 5.0 and 0.2 times 128/512.
    """
    return {
        "train": scale.pick(64, 5000, 50_000),
        "test": scale.pick(32, 1000, 10_000),
        "width": scale.pick("1/32", "1/8", "1"),
        "epochs": scale.pick(4, 20, 20),
        "stop": scale.pick(2, 10, 10),
        "batch": scale.pick(16, 128, 512),
        "peak_active": scale.pick(1.25, 1.25, 5.0),
        "peak_none": scale.pick(0.05, 0.05, 0.2),
        "examples": scale.pick(32, 512, 20_480),
        "examples_batch": scale.pick(16, 256, 256),
    }


def recipe(norm: Literal["active", "none"], config: Mapping[str, Any], **changes: Any) -> Recipe:
    """The post's training of the net with or without batch norm, up to the epoch ``stop``."""
    peak, epochs = config[f"peak_{norm}"], config["epochs"]
    usual: dict[str, Any] = {
        "width": config["width"],
        "schedule": ((0.0, 0.0), (epochs / 5, peak), (float(epochs), 0.0)),
        "epochs": config["stop"],
        "batch": config["batch"],
        "smoothing": SMOOTHING,
    }
    return Recipe(norm=norm, **(usual | changes))


def net(name: Name, context: Context) -> Trained:
    """The trained net ``name``."""
    kind = name.removesuffix("_after")
    place = "post" if name.endswith("_after") else "pre"
    own = recipe("none" if kind == "none" else "active", context.config, place=place)
    half_way = trained(own, context)
    return half_way.frozen if kind == "frozen" else half_way


def batches(net: Trained, context: Context, start: int = 0, keep: int = KEEP) -> Batches:
    """The loss of ``net`` over the configuration's ``examples``, training images from ``start`` on.

    They are taken as they are, in batches of ``examples_batch``. Raises UsageError where there are
    too few.
    """
    data = context.data
    examples, size = context.config["examples"], context.config["examples_batch"]
    require(data, start + examples)
    pairs = []
    for first in range(start, start + examples, size):
        rows = slice(first, first + size)
        x = data.normalised(data.x_train[rows])
        pairs.append((x, ops.smoothed(data.y_train[rows], data.classes, SMOOTHING, x.dtype)))
    return Batches(net.problem, net.state.weights, pairs, passes(data.x_train, keep))


def require(data: Dataset, images: int) -> None:
    """Raise UsageError where there are fewer training images than will be looked at."""
    if len(data.x_train) < images:
        raise UsageError(f"{data.name} has {len(data.x_train)} training images; give {images}")
