"""What is stated of the arrays of ``loss_surfaces``: measures, nulls, observations."""

from collections.abc import Callable
from typing import Any

import numpy as np

from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.oxford2021.shared import protocol
from deepnet.experiments.oxford2021.shared.landscapes import MODES, NUMBERS, TERMS, WORDS, Mode
from deepnet.experiments.oxford2021.shared.protocol import NAMES, Name
from deepnet.experiments.reasons import NEVER_WITH_MEASURE
from deepnet.experiments.store import Arrays


def number(arrays: Arrays, net: str, kind: str) -> np.ndarray:
    """The number ``kind`` of the surfaces of ``net``, (seeds,), or (nan,) where it did not train.

    ``net`` is "name:mode:which".
    """
    if not arrays[f"{net}:trained"]:
        return np.array([np.nan])
    return arrays[f"{net}:numbers"][:, NUMBERS.index(kind)]


def scaled(arrays: Arrays, net: str, kind: str) -> np.ndarray:
    """The number ``kind`` divided by ln(classes) minus the loss at the centre.

    The number "highest" is first reduced by the loss at the centre.
    """
    value, centre = number(arrays, net, kind), number(arrays, net, "centre")
    above = value - centre if kind == "highest" else value
    return above / (np.log(float(arrays["classes"])) - centre)


Compare = Callable[[np.ndarray, np.ndarray], np.ndarray]


def _compared(
    pair: tuple[Mode, Mode],
    kind: str,
    worst: Callable[[np.ndarray], Any],
    name: Name = "lenet",
    compare: Compare = np.divide,
) -> Measure:
    """The number ``kind`` in the first mode of ``pair`` compared with this number in the second.

    ``compare`` is a quotient or a difference, one per direction seed.
    ``worst`` chooses among the direction seeds.
    """

    def measure(arrays: Arrays) -> float:
        one, other = (number(arrays, f"{name}:{mode}:joint", kind) for mode in pair)
        return float(worst(compare(one, other)))

    return measure


def _from_training_loss(which: str) -> Measure:
    """The largest distance of a LeNet's centre from its loss on the images ``which``."""

    def measure(arrays: Arrays) -> float:
        nets = [f"lenet:{mode}:joint" for mode in MODES]
        if not all(arrays[f"{net}:trained"] for net in nets):
            return float("nan")
        return max(
            abs(float(arrays[f"{net}:centre"] - arrays[f"{net}:{which}_loss"])) for net in nets
        )

    return measure


def _between_draws(
    pair: tuple[Mode, Mode],
    kind: str,
    worst: Callable[[np.ndarray], Any],
    compare: Compare = np.divide,
) -> Measure:
    """Null: the number ``kind`` of LeNet along one direction seed compared with the next seed's.

    Each mode of ``pair`` is compared with itself. The null is nan with a single direction seed.
    """

    def measure(arrays: Arrays) -> float:
        numbers = [number(arrays, f"lenet:{mode}:joint", kind) for mode in pair]
        compared = np.concatenate([compare(values[:-1], values[1:]) for values in numbers])
        return float(worst(compared)) if len(compared) else float("nan")

    return measure


def _reports() -> tuple[Observation, ...]:
    """Quotients of batch norm over no batch norm: medians over the direction seeds.

    No sign was stated for them.
    """
    modes: tuple[Mode, ...] = ("running", "batch")
    return tuple(
        Observation(
            f"loss_surfaces.{name}_{kind}_{mode}_over_none",
            says=f"The {TERMS[kind]} of {protocol.WORDS[name]}'s surface {WORDS[mode]} divided by "
            "this number without batch norm.",
            link="identity" if kind == "curvature" else "log",
            band=None,
            measure=_compared((mode, "none"), kind, np.median, name),
        )
        for name in NAMES
        for kind in ("highest", "steepest", "rise", "curvature")
        for mode in modes
        if (name, mode) != ("lenet", "batch") or kind in ("rise", "curvature")
    )


EARLIER_NETS = "The sign was known from earlier nets, of losses 1.9 and 0.7 without batch norm."
EXCHANGED = "The null exchanged the two modes."
CHOSEN_TWICE = (
    "The new null was chosen twice. At first it compared one mode with itself. Chance puts such a "
    "null into its band in up to one of six runs, and put two of the four there on seed 0, at 0.88 "
    "and 0.77. Both modes are there by chance in one of 36 runs, if they are independent."
)
#: These observations are about LeNet at the joint rate. Each measure is the least favourable value
#: of all direction seeds. The null compares surfaces of one mode along consecutive direction seeds,
#: for both modes. It lies in the band only if the numbers of both modes rise from seed to seed, or
#: fall for the last two statements. With three independent draws per mode, chance does this in one
#: of 36 cases.
#:
#: Four more statements stood here at first: that the surface with the centre's constants is 1.5
#: times as high as the surface without batch norm, that it is twice as steep, and that both modes
#: rise more and bend more near the centre. They were made from nets of which the one without batch
#: norm had learnt little (losses of 1.9 and 0.7), and they were wrongly put. A surface grows as the
#: loss at its centre falls: threefold along the training of the LeNet without batch norm
#: (``surfaces_by_loss``). Where both nets fit, as they do on textures, all four signs are the other
#: way round. They are reported without a sign. What can be stated of the constants compares them
#: with the batch's own statistics, at equal weights.
OBSERVATIONS = (
    Observation(
        "loss_surfaces.centre_is_the_training_loss",
        says="The loss at the centre of each surface of LeNet is the loss of its images by another "
        "pass, up to 1e-6.",
        exact=True,
        band=(0, 1e-6),
        measure=_from_training_loss("training"),
        null=_from_training_loss("other"),
    ),
    Observation(
        "loss_surfaces.highest_batch_over_none",
        says="The highest loss of LeNet's surface is at most as large with active batch norm as "
        "without batch norm, for each direction seed.",
        link="log",
        band=(0, 1),
        measure=_compared(("batch", "none"), "highest", np.max),
        null=_between_draws(("batch", "none"), "highest", np.max),
        stated="after",
        was=EXCHANGED,
        why=f"{EARLIER_NETS} {NEVER_WITH_MEASURE} {CHOSEN_TWICE}",
    ),
    Observation(
        "loss_surfaces.steepest_batch_over_none",
        says="The steepest slope of LeNet's surface is at most 0.8 times as large with active "
        "batch norm as without batch norm, for each direction seed.",
        link="log",
        band=(0, 0.8),
        measure=_compared(("batch", "none"), "steepest", np.max),
        null=_between_draws(("batch", "none"), "steepest", np.max),
        stated="after",
        was=EXCHANGED,
        why=f"{EARLIER_NETS} {NEVER_WITH_MEASURE} {CHOSEN_TWICE}",
    ),
    Observation(
        "loss_surfaces.highest_running_over_batch",
        says="The highest loss of LeNet's surface is at least as large with frozen batch norm as "
        "with active batch norm, for each direction seed.",
        link="log",
        band=(1, np.inf),
        measure=_compared(("running", "batch"), "highest", np.min),
        null=_between_draws(("running", "batch"), "highest", np.min),
        stated="after",
        was=(
            "The surface with the centre's constants is 1.5 times as high as without batch norm. "
            f"{EXCHANGED}"
        ),
        why=(
            "Where both nets fit, as they do on textures, the sign is the other way round. "
            f"{NEVER_WITH_MEASURE} {CHOSEN_TWICE}"
        ),
    ),
    Observation(
        "loss_surfaces.negative_curvature_batch_less_none",
        says="The share of LeNet's surface with negative curvature is larger with active batch "
        "norm than without batch norm, for each direction seed.",
        bounds=(-1, 1),
        band=(1e-9, 1),
        measure=_compared(("batch", "none"), "negative", np.min, compare=np.subtract),
        null=_between_draws(("batch", "none"), "negative", np.min, np.subtract),
        stated="after",
        was=EXCHANGED,
        why=f"{EARLIER_NETS} {NEVER_WITH_MEASURE} {CHOSEN_TWICE}",
    ),
    *_reports(),
)
