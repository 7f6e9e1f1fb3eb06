"""What is stated of the arrays of ``perturbations``: measures, nulls, observations."""

import numpy as np

from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.page2019.shared import steps
from deepnet.experiments.reasons import FAR_OUTSIDE, NEVER_INSIDE
from deepnet.experiments.store import Arrays


def _share(name: str) -> Measure:
    """The share of the examples that go to the chosen class, averaged over the chosen classes.

    The step goes along the gradient and has the length at which nets are compared.
    """

    def measure(arrays: Arrays) -> float:
        ends = arrays[f"{name}:outputs_along"][:, 1]
        return float(np.mean([steps.share(end, c) for c, end in enumerate(ends)]))

    return measure


def _most_aside(name: str) -> Measure:
    """Null: the share of the examples that go to one class after a random step of this length.

    The class is the one to which most examples go.
    """

    def measure(arrays: Arrays) -> float:
        end = arrays[f"{name}:outputs_aside"][1]
        return max(steps.share(end, c) for c in range(end.shape[1]))

    return measure


def half_ways(arrays: Arrays, name: str, which: str = "along") -> np.ndarray:
    """The length at which half of the inputs go to the class, for each chosen class.

    ``which`` is "along" for the gradient and "aside" for the random direction.
    """
    shares = arrays[f"{name}:shares_{which}"]
    return np.array([steps.half_way(arrays["lengths"], by_length) for by_length in shares])


def _longer(above: str, below: str) -> Measure:
    """The mean half-way length of ``above`` divided by the mean half-way length of ``below``."""
    return lambda arrays: float(half_ways(arrays, above).mean() / half_ways(arrays, below).mean())


def _by_chance(arrays: Arrays) -> float:
    """Null: the mean half-way length of the even classes divided by the mean of the odd ones.

    The net is the frozen one, so that only chance makes a difference.
    """
    lengths = half_ways(arrays, "frozen")
    return float(lengths[::2].mean() / lengths[1::2].mean())


def _growth(name: str, done: str) -> Measure:
    """The growth of the channels' means from the second to the last normed layer, in deviations."""

    def measure(arrays: Arrays) -> float:
        means = arrays[f"{name}:{done}:means"]
        return float(means[-2] - means[1])

    return measure


EIGHT_PER_CENT = "The steps had a length of 8 % of the weights at width 1/8."
NEEDED = "Half of the inputs go at 3.7 % on textures, and at 0.9 % on CIFAR-10."
OVER_CLASSES = "Later the null was the mean share of a class after a random step."
#: - First four: "on a majority of inputs", after a step of the length at which nets are compared.
#:   The null of the statements that inputs go there is a random step, and the class to which most
#:   inputs go after this step. The null of the statements that they do not is the net without batch
#:   norm.
#: - Half-way of frozen: this length is short. The null is a random step, and the class to which
#:   half of the inputs go first.
#: - Half-way of active: at least half as long again. The null is chance.
#: - Growth: "increasingly large means", in standard deviations. The null is a random step.
OBSERVATIONS = (
    Observation(
        "perturbations.frozen_goes_to_the_class",
        says="A gradient step of the length needed to first order sends at least half of the "
        "inputs to the class of the mean output, with batch norm frozen.",
        link="logit",
        band=(0.5, 1),
        measure=_share("frozen"),
        null=_most_aside("frozen"),
        stated="after",
        was=f"{EIGHT_PER_CENT} {OVER_CLASSES}",
        why=f"{NEEDED} {NEVER_INSIDE}",
    ),
    Observation(
        "perturbations.none_goes_to_the_class",
        says="A gradient step of the length that the frozen net needs sends at least half of the "
        "inputs to the class of the mean output, without batch norm.",
        bounds=(0, 1),
        band=(0.5, 1),
        measure=_share("none"),
        null=_most_aside("none"),
        stated="after",
        was=f"{EIGHT_PER_CENT} {OVER_CLASSES}",
        why=f"{NEEDED} {NEVER_INSIDE}",
    ),
    Observation(
        "perturbations.active_does_not",
        says="A gradient step of the length that the frozen net needs sends at most half of the "
        "inputs to the class of the mean output, with batch norm active.",
        link="logit",
        band=(0, 0.5),
        measure=_share("active"),
        null=_share("none"),
        stated="after",
        was=f"{EIGHT_PER_CENT} The null was the frozen net.",
        why=NEEDED,
    ),
    Observation(
        "perturbations.frozen_after_does_not",
        says="A gradient step of the length that the frozen net needs sends at most half of the "
        "inputs to the output's class, with batch norm frozen after the activation.",
        link="logit",
        band=(0, 0.5),
        measure=_share("frozen_after"),
        null=_share("none"),
        stated="after",
        was=f"{EIGHT_PER_CENT} The null was the frozen net.",
        why=NEEDED,
    ),
    Observation(
        "perturbations.half_way_frozen",
        says="A gradient step that sends half of the inputs to the class of a mean output has "
        "0.002 to 0.1 of the weights' length, with batch norm frozen.",
        link="log",
        band=(0.002, 0.1),
        measure=lambda arrays: float(half_ways(arrays, "frozen").mean()),
        null=lambda arrays: float(half_ways(arrays, "frozen", "aside").min()),
        stated="after",
        was="The null was the mean over the classes of the half-way lengths of a random step.",
        why=(
            "The commit that states the band already tells what the trained nets need. "
            f"{FAR_OUTSIDE}"
        ),
    ),
    Observation(
        "perturbations.half_way_active_over_frozen",
        says="A gradient step that sends half of the inputs to a class is 1.5 to 100 times as "
        "long with batch norm active as with batch norm frozen.",
        link="log",
        band=(1.5, 100),
        measure=_longer("active", "frozen"),
        null=_by_chance,
        stated="after",
        was="The quotient lies in (1.5, 10).",
        why="The commit gives no reason.",
    ),
    Observation(
        "perturbations.means_grow_through_the_layers",
        says="The channels' means are larger by at least 0.2 in the last than in the second "
        "normalised layer after a gradient step, with batch norm frozen.",
        band=(0.2, 100),
        measure=_growth("frozen", "along"),
        null=_growth("frozen", "aside"),
        stated="after",
        was="The last layer's means over the first layer's lie in (5, 1000).",
        why="The growth is in standard deviations, from 0.3 and then from 0.2 on.",
    ),
)
