"""The post's protocol: the nets that its panels look at, and the images that they look with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from companion.scale import Scale
from deepnet.curvature import Batches
from deepnet.experiments import images
from deepnet.experiments.context import Context
from deepnet.experiments.page2019.shared.nets import Recipe, trained
from deepnet.experiments.trained import KEEP, Trained

#: The nets half-way through training. In "active_after" and "frozen_after", batch norm stands after
#: the activation instead of before it. "frozen" is the net "active" with its batch norm frozen.
Name = Literal["active", "frozen", "none", "active_after", "frozen_after"]
SMOOTHING = 0.5
#: The nets that most panels compare.
NETS: tuple[Name, ...] = ("active", "frozen", "none")


@dataclass(frozen=True)
class HalfWay:
    """A net of the protocol half-way through its training.

    ``name``: the net's name, by which measurements of the net are stored.
    ``net``: the trained net.
    ``context``: the context of the training. Its images are looked at.
    """

    name: Name
    net: Trained
    context: Context

    def batches(self, start: int = 0, keep: int = KEEP) -> Batches:
        """The loss over the images from ``start`` on (see the function ``batches``)."""
        return batches(self.net, self.context, start, keep)


def configuration(scale: Scale) -> dict[str, Any]:
    """Sizes of net, training and images. ``full`` is the post's own.

    All scales stop half-way, at ``stop``, where the rate is still high. The peak rates of ``quick``
    are the post's for its smaller batch: 5.0 and 0.2 times 128/512.
    """
    return {
        "train": scale.pick(64, 5000, 50_000, laptop=10_000),
        "test": scale.pick(32, 1000, 10_000),
        "width": scale.pick("1/32", "1/8", "1", laptop="1/4"),
        "epochs": scale.pick(4, 20, 20),
        "stop": scale.pick(2, 10, 10),
        "batch": scale.pick(16, 128, 512),
        "peak_active": scale.pick(1.25, 1.25, 5.0),
        "peak_none": scale.pick(0.05, 0.05, 0.2),
        "examples": scale.pick(32, 512, 20_480, laptop=256),
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


def half_way(names: Iterable[Name], context: Context) -> dict[Name, HalfWay]:
    """The trained nets by their ``names``."""
    return {name: HalfWay(name, net(name, context), context) for name in names}


def net(name: Name, context: Context) -> Trained:
    """The trained net ``name``."""
    kind = name.removesuffix("_after")
    place = "post" if name.endswith("_after") else "pre"
    norm: Literal["active", "none"] = "none" if kind == "none" else "active"
    own = recipe(norm, context.config, place=place)
    net = trained(own, context)
    return net.frozen if kind == "frozen" else net


def batches(net: Trained, context: Context, start: int = 0, keep: int = KEEP) -> Batches:
    """The loss of ``net`` over the configuration's ``examples``, training images from ``start`` on.

    They are taken as they are, in batches of ``examples_batch``. Raises UsageError where there are
    too few.
    """
    examples, size = context.config["examples"], context.config["examples_batch"]
    parts = images.in_batches(context.data, examples, size, start, SMOOTHING)
    return net.batches(parts, keep)
