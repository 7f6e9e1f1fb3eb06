"""What is random in a unit of a wide layer of batch norm."""

from typing import Any

import sympy as sp

from companion.references import cite
from theory.functions.columns import diagonal, inner, standardised, variance
from theory.functions.constants import ones
from theory.functions.heads_of_chance import E
from theory.functions.stated import each, gradient_growth
from theory.laws import Entries, gaussian_column
from theory.proofs.uses import Statement, theorem


@theorem(cite("yang2019", "gradient explosion"))
def wide_layers_of_batch_norm(
    activation: Any,
    letter: Any,
    weights: Any,
    outputs: Any,
    arriving: Any,
    above: Any,
    below: Any,
    axis: Any,
) -> Statement:
    """In a wide net the outputs of a unit over the batch are Gaussian, and the gradients that
    arrive at it are independent of the outputs: batch norm over B examples makes the deviations of
    all layers' outputs have covariances that are multiples of C = I - 11'/B.

    With weights of variance a/width the outputs are a column of covariance a C, but for the factor
    w^(1/2), w = E (u'phi(BN(y_below)))^2 for any unit u orthogonal to 1; the gradients that arrive
    have a times the covariance of those ``above``, a multiple of C, and go through the activation
    and the projector of batch norm, over the deviation.
    """
    size = outputs.shape[0]
    one = ones(size, 1)
    centring = sp.Identity(size) - one * one.T / size
    hat = standardised(outputs, 0)
    passed = gated(sp.diff(activation, letter), letter, hat, arriving)
    kept = passed - inner(one, passed) / size * one - inner(hat, passed) / size * hat
    below_it = applied(activation, letter, standardised(below, 0))
    single, nothing = sp.Identity(1), sp.ZeroMatrix(size, 1)
    return Statement(
        gradient_growth(activation, letter, size),
        E(inner(kept, kept) / variance(outputs))
        / (E(inner(above, above)) * E(inner(axis, below_it) ** 2)),
        equal=((inner(axis, axis), sp.Integer(1)), (inner(one, axis), sp.Integer(0))),
        positive=(weights, size - 3),
        laws=(
            (outputs, gaussian_column(weights * centring)),
            (arriving, Entries(nothing, weights * centring, single, gaussian=False)),
            (above, Entries(nothing, centring, single, gaussian=False)),
            (below, gaussian_column(sp.Identity(size))),
        ),
    )


def applied(value: Any, letter: Any, column: Any) -> Any:
    """A function of every entry of a column: a multiple of it, where the function is one."""
    factor = sp.diff(value, letter)
    if not factor.has(letter) and value == factor * letter:
        return factor * column
    return each(value, letter, column)


def gated(slope: Any, letter: Any, at: Any, column: Any) -> Any:
    """A column, each entry times a slope at the same entry of another."""
    return diagonal(each(slope, letter, at)) * column if slope.has(letter) else slope * column
