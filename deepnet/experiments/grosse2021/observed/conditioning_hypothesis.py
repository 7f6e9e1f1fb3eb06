"""What is stated of the arrays of ``conditioning_hypothesis``: measures, nulls, observations."""

import numpy as np

from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.finding import Link
from deepnet.experiments.grosse2021.shared import second_layer
from deepnet.experiments.grosse2021.shared.block_spectrum import MODES
from deepnet.experiments.grosse2021.shared.product_errors import FIRST, largest_error, shifted_error
from deepnet.experiments.store import Arrays
from theory import kronecker, normalisation


def outliers(which: str) -> Measure:
    """The number of outliers, by ``second_layer.outliers``."""
    return lambda arrays: float(second_layer.outliers(arrays[f"{which}:alignment"]))


def _most(*which: str) -> Measure:
    """The largest number of outliers of several blocks."""
    return lambda arrays: max(outliers(one)(arrays) for one in which)


def _least_alignment(which: str) -> Measure:
    """The least alignment of the eight eigenvectors with the largest eigenvalues."""
    return lambda arrays: float(arrays[f"{which}:alignment"][:FIRST].min())


def _fall(which: str) -> Measure:
    """The largest eigenvalue divided by the smallest computed one, at quick the twentieth."""

    def measure(arrays: Arrays) -> float:
        eigenvalues = arrays[f"{which}:eigenvalues"]
        return float(eigenvalues[0] / eigenvalues[-1])

    return measure


def _trace(above: str, below: str) -> Measure:
    return lambda arrays: float(arrays[f"{above}:trace"] / arrays[f"{below}:trace"])


OFF, RANDOM = "logistic:initial:none", "random vector"
#: The sentence, the link and the measure of each number without a band.
REPORTED: dict[str, tuple[str, Link, Measure]] = {
    "first_over_twentieth": (
        "The largest eigenvalue of the Gauss-Newton block without batch norm divided by the "
        "smallest computed one.",
        "log",
        _fall(OFF),
    ),
    "first_over_twentieth_active": (
        "The largest eigenvalue of the Gauss-Newton block with active batch norm divided by the "
        "smallest computed one.",
        "log",
        _fall("logistic:initial:active"),
    ),
    "trace_over_active": (
        "The trace of the Gauss-Newton block without batch norm divided by the trace with active "
        "batch norm.",
        "log",
        _trace(OFF, "logistic:initial:active"),
    ),
    "outliers_after_training": (
        "The number of leading eigenvectors that lie mostly along the inputs' mean, in the "
        "logistic net that was trained without batch norm.",
        "identity",
        outliers("logistic:trained:none"),
    ),
    "outliers_after_training_with_it": (
        "The number of leading eigenvectors that lie mostly along the inputs' mean, in the "
        "logistic net that was trained with batch norm.",
        "identity",
        outliers("logistic:trained with it:active"),
    ),
    "outliers_of_relu": (
        "The number of leading eigenvectors that lie mostly along the inputs' mean, in the ReLU "
        "net without batch norm.",
        "identity",
        outliers("relu:initial:none"),
    ),
}
#: An eigenvector lies mostly along the mean if more than half of its square does, as in
#: ``second_layer.outliers``. The bands were stated before the runs. Numbers of outliers are whole,
#: so bands end half-way between whole numbers.
OBSERVATIONS = (
    Observation(
        "conditioning_hypothesis.outliers_of_an_uncentred_layer",
        says=(
            "Eight to ten leading eigenvectors of the logistic net's Gauss-Newton block lie mostly "
            "along the mean of the layer's inputs, without batch norm."
        ),
        band=(7.5, 10.5),
        measure=outliers(OFF),
        null=outliers("logistic:initial:active"),
        about=(kronecker.outlier_count,),
    ),
    Observation(
        "conditioning_hypothesis.their_eigenvectors_are_the_mean",
        says=(
            "The first eight eigenvectors of the logistic net's Gauss-Newton block have at least "
            "0.9 of their square along the inputs' mean, without batch norm."
        ),
        link="logit",
        band=(0.9, 1),
        measure=_least_alignment(OFF),
        null=_least_alignment(RANDOM),
        about=(kronecker.uncentred,),
    ),
    Observation(
        "conditioning_hypothesis.their_eigenvalues_are_products",
        says=(
            "The first eight eigenvalues of the block without batch norm are, to 3 per cent, the "
            "inputs' second moment along the mean times the eigenvalues of K-FAC's S."
        ),
        bounds=(0, np.inf),
        band=(0, 0.03),
        measure=largest_error(OFF),
        null=largest_error(OFF, printed=True),
        about=(kronecker.product_eigenvalues, kronecker.top_eigenvalue),
    ),
    Observation(
        "conditioning_hypothesis.no_outliers_with_active_statistics",
        says=(
            "No leading eigenvector of the logistic net's Gauss-Newton block lies mostly along the "
            "inputs' mean, with active batch norm or with active centring."
        ),
        band=(-0.5, 0.5),
        measure=_most("logistic:initial:active", "logistic:initial:centring"),
        null=outliers(OFF),
        about=(normalisation.centring_gradient, normalisation.weight_gradient),
    ),
    Observation(
        "conditioning_hypothesis.outliers_are_back_frozen",
        says=(
            "Seven to ten leading eigenvectors of the logistic net's Gauss-Newton block lie mostly "
            "along the inputs' mean where batch norm is frozen."
        ),
        band=(6.5, 10.5),
        measure=outliers("logistic:initial:frozen"),
        null=outliers("logistic:initial:active"),
        about=(normalisation.centring_gradient,),
    ),
    Observation(
        "conditioning_hypothesis.outliers_are_back_detached",
        says=(
            "Seven to ten leading eigenvectors of the logistic net's Gauss-Newton block lie mostly "
            "along the inputs' mean where batch norm is detached."
        ),
        band=(6.5, 10.5),
        measure=outliers("logistic:initial:detached"),
        null=outliers("logistic:initial:active"),
        about=(normalisation.centring_gradient,),
    ),
    Observation(
        "conditioning_hypothesis.no_outliers_of_tanh",
        says=(
            "No leading eigenvector of the tanh net's Gauss-Newton block lies mostly along the "
            "inputs' mean, without batch norm and with batch norm in each mode."
        ),
        band=(-0.5, 0.5),
        measure=_most(*(f"tanh:initial:{mode}" for mode in MODES)),
        null=outliers(OFF),
    ),
    Observation(
        "conditioning_hypothesis.outliers_without_softmax",
        says=(
            "Ten leading eigenvectors of the block without batch norm lie mostly along the inputs' "
            "mean where the square loss replaces softmax and cross-entropy."
        ),
        band=(9.5, 10.5),
        measure=outliers("hessian of ones"),
        null=outliers(OFF),
        about=(kronecker.outlier_count,),
    ),
    Observation(
        "conditioning_hypothesis.active_does_not_see_a_shift",
        says=(
            "A constant added to the layer's inputs changes no entry of the Gauss-Newton block by "
            "more than 1e-9 of the largest entry, with active batch norm."
        ),
        exact=True,
        band=(0, 1e-9),
        measure=lambda arrays: float(arrays["shifted:active:change"]),
        null=lambda arrays: float(arrays["shifted:none:change"]),
        about=(normalisation.input_invariance, normalisation.weight_gradient),
    ),
    Observation(
        "conditioning_hypothesis.a_shift_multiplies_the_outliers",
        says=(
            "The first eight eigenvalues without batch norm are, to 3 per cent, the second moment "
            "along the mean times S's eigenvalues, after a shift of the inputs too."
        ),
        bounds=(0, np.inf),
        band=(0, 0.03),
        measure=shifted_error("shifted:none"),
        null=shifted_error("logistic:initial"),
        about=(kronecker.product_eigenvalues, kronecker.top_eigenvalue),
    ),
    *(
        Observation(
            f"conditioning_hypothesis.{name}", says=says, link=link, band=None, measure=measure
        )
        for name, (says, link, measure) in REPORTED.items()
    ),
)
