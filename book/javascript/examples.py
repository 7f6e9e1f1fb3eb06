"""Values at which a reader first sees a claim: ordinary numbers and small readable arrays.

A number lies about the middle of its typical range, no two of a claim at the same place. Sizes
are 2, or 3 where a claim needs them. What breaks a condition is made smaller until it holds.
``CHOSEN`` has the claims whose values are better known, and those for which this rule finds none or
finds values at which a usual mistake makes no difference.
"""

import math
from fractions import Fraction
from typing import Any

from theory import conditions
from theory.arguments import as_rational, check
from theory.claim import Claim
from theory.domain import Array, DomainError, Integer, Parameter, Real
from theory.values import value

CHOSEN: dict[str, dict[str, str]] = {
    "quadratic.max_rate": {"R": "[[2, 1], [1, 2]]"},
    "quadratic.solution_set": {
        "X": "[[2, -1], [3, 1], [1, 2]]",
        "Y": "[2, 3]",
        "W": "[2, -1, 1]",
    },
    "spectra.atom": {"alpha": "0.5"},
    "spectra.distribution": {"lam": "1.5", "alpha": "0.5", "v": "0.9"},
    "spectra.null_count": {"N": "320", "p": "200"},
    "spectra.outlier": {"N": "320", "alpha": "1.25", "m": "0.22", "v": "0.9"},
    "kronecker.product_moments": {
        "A": "[[2, 1, 0], [1, 3, 1], [0, 1, 4]]",
        "S": "[[3, 1], [1, 4]]",
        "order": "3",
    },
    "preconditioning.quasi_diagonal": {"mu": "[2, 0, 1]"},
    "preconditioning.correlation_bounds": {"Sigma": "[[2, 1, 0], [1, 3, 1], [0, 1, 4]]"},
    "normalisation.affine_invariance": {"y": "[2, 3, 4, -1]", "gamma": "-1.2", "shift": "0.9"},
    "normalisation.largest_deviation": {"B": "32"},
    "normalisation.weight_rescaling": {
        "X": "[[2, -1, 1, 3], [3, 1, -2, 4]]",
        "W": "[-2, 3]",
        "gamma": "-0.9",
        "eps": "0.055",
    },
    "smoothness.lipschitz": {
        "R": "[[2, 1], [1, 2]]",
        "V": "[1, -1]",
        "d": "[1, 2]",
        "radius": "3",
    },
    "smoothness.trap": {"lam": "2", "height": "4", "freq": "1"},
    "stability.gauss_newton_rank": {"P": "100", "B": "10", "M": "6"},
    "stability.growth_per_step": {"Hess": "[[1, 2], [2, -3]]", "eta": "0.6"},
    "stability.power_method": {"Hess": "[[1, 2], [2, -3]]"},
    "stability.sharpness_found": {"a": "2", "b": "1", "eta": "0.8"},
}
#: Where in its typical range a number lies, one letter after another.
SHARES = (0.5, 0.6, 0.45, 0.55, 0.4, 0.65)
#: Sizes of arrays; the others are 2.
SIZES = {"B": 4, "p": 3, "M": 3, "P": 3, "steps": 3}
#: Entries of arrays of any numbers, one after another.
ENTRIES = (2, -1, 1, 3, 1, -2, 4, 1, 3, -1, 2, 1)
TRIES = 12


def example(claim: Claim) -> dict[str, str]:
    """The text of each letter of a claim at first sight."""
    if claim.name in CHOSEN:
        return CHOSEN[claim.name]
    sizes = {letter: SIZES.get(letter, 2) for letter in sizes_of(claim.parameters)}
    for tries in range(TRIES):
        smaller = Fraction(1, 2**tries)
        texts = {
            each.name: written(each, place, sizes, smaller)
            for place, each in enumerate(claim.parameters)
        }
        if is_allowed(claim, texts):
            return texts
    raise LookupError(f"there is no example of {claim.name}: choose one in {__name__}")


def sizes_of(parameters: tuple[Parameter, ...]) -> set[str]:
    """The letters that are sizes of arrays."""
    domains = [each.domain for each in parameters if isinstance(each.domain, Array)]
    return {str(size) for each in domains for size in (each.rows, each.columns)} - {"1"}


def is_allowed(claim: Claim, texts: dict[str, str]) -> bool:
    """Whether values lie in their domains and fulfil the conditions."""
    values = {name: as_rational(value(name, each)) for name, each in texts.items()}
    by_name = {each.name: each for each in claim.parameters}
    try:
        check(by_name, values)
        for condition in claim.conditions:
            conditions.check(condition, by_name, values)
    except DomainError:
        return False
    return True


def written(parameter: Parameter, place: int, sizes: dict[str, int], smaller: Fraction) -> str:
    """The text of a letter, the ``place``-th of its claim; ``smaller`` is a factor."""
    domain = parameter.domain
    if isinstance(domain, Array):
        return rows_of(domain, place, sizes, smaller)
    if isinstance(domain, Integer):
        return str(sizes.get(parameter.name, whole(domain, place)))
    return real(domain, place, smaller)


def whole(domain: Integer, place: int) -> int:
    """A whole number of two digits about the middle."""
    low, high = max(domain.low, domain.typical[0]), min(domain.high, domain.typical[1])
    middle = low + (high - low) * SHARES[place % len(SHARES)]
    return max(domain.low, int(float(f"{middle:.2g}")))


def real(domain: Real, place: int, smaller: Fraction) -> str:
    """A number of two digits about the middle; on both sides of 0 it is positive."""
    low, high = max(domain.low, domain.typical[0]), min(domain.high, domain.typical[1])
    low = 0 if low < 0 < high else low
    middle = low + (high - low) * SHARES[place % len(SHARES)]
    floor = domain.low if math.isfinite(domain.low) else 0
    return f"{floor + (middle - floor) * float(smaller):.2g}"


def rows_of(domain: Array, place: int, sizes: dict[str, int], smaller: Fraction) -> str:
    """An array of the domain's kind as a JSON list."""
    rows = sizes[str(domain.rows)]
    columns = 1 if domain.columns == 1 else sizes[str(domain.columns)]
    table = [[entry(domain, place, i, j, rows) for j in range(columns)] for i in range(rows)]
    if domain.kind == "any":
        table = [[each * smaller for each in row] for row in table]
    shown = [[number(each) for each in row] for row in table]
    if columns == 1 and domain.columns == 1:
        return "[" + ", ".join(row[0] for row in shown) + "]"
    return "[" + ", ".join("[" + ", ".join(row) + "]" for row in shown) + "]"


def entry(domain: Array, place: int, i: int, j: int, rows: int) -> Any:
    """An entry of an array: of a plain one from ``ENTRIES``, else as its kind asks."""
    if domain.kind == "unit":  # 3/5, 4/5; 2/3, 2/3, 1/3; 1/2 four times
        return {2: (0.6, 0.8), 3: (0.6, 0, 0.8), 4: (0.5, -0.5, 0.5, 0.5)}[rows][i]
    if domain.kind == "orthogonal":
        return {(0, 0): 0.6, (0, 1): -0.8, (1, 0): 0.8, (1, 1): 0.6}.get((i, j), int(i == j))
    if domain.kind == "diagonal":
        return (i + 2) * (i == j)
    if domain.kind in ("symmetric", "psd", "definite"):
        return 2 + (place + i) % 3 if i == j else int(abs(i - j) == 1)
    if domain.kind == "invertible":
        return 2 + (place + i) % 2 if i == j else int(j > i)
    return ENTRIES[(5 * place + 3 * i + j) % len(ENTRIES)]


def number(x: Any) -> str:
    """A number in few characters."""
    return f"{float(x):.4g}"
