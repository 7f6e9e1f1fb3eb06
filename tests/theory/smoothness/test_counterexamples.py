"""The counterexamples of the errata, found again by search: none is smaller.

Each search goes through whole numbers in the order of the batch, then of the sum of their sizes.
"""

from itertools import product

import numpy as np
import pytest

from tests.close import below, rounded
from tests.theory.smoothness.batches import Batch
from theory.errata import smoothness as errata

TWO_OR_THREE = [each for B in (2, 3) for each in product((-1, 0, 1), repeat=B)]


def smallest(candidates, fails):
    """The size of the smallest candidate (a tuple of vectors) for which ``fails``."""
    size = None
    for vectors in candidates:
        here = len(vectors[0]), sum(abs(entry) for vector in vectors for entry in vector)
        if (size is None or here < size) and fails(*map(np.array, vectors)):
            size = here
    return size


def unit(y, g, H=None, gamma=1.0):
    B = len(y)
    return Batch(y * 1.0, g * 1.0, np.zeros((B, B)) if H is None else H * 1.0, gamma)


def pairs(values=TWO_OR_THREE):
    return ((y, g) for y in values for g in values if len(y) == len(g) and len(set(y)) > 1)


def test_of_the_printed_bound_on_the_gradient():
    def fails(y, g):
        batch = unit(y, g)
        printed = g @ g - g.sum() ** 2 / len(g) - (g @ batch.hat) ** 2 / np.sqrt(len(g))
        size = g @ g / batch.y.var()
        return not below(batch.slope @ batch.slope, printed / batch.y.var(), size)

    assert smallest(pairs(), fails) == (2, 2)  # y = (1, 0), g = (1, 0)
    assert errata.E1.printed_value() < errata.E1.right_value()


def test_of_the_plain_gradient_in_the_bound_on_the_curvature():
    def triples():
        for B in (2, 3):
            small = list(product((-1, 0, 1), repeat=B))
            for y in product(range(-2, 3), repeat=B):
                if np.std(y) >= 1:  # gamma = 1 <= sigma
                    yield from ((y, g, h) for g in small for h in small)

    def fails(y, g, h):
        batch = unit(y, g, np.outer(h, h))
        # the second terms are the same
        return not below((h @ batch.slope) ** 2, (h @ g) ** 2, (h @ h) * (g @ g))

    found = errata.SEMIDEFINITE
    entries = (*found["y"], *found["g"], 1)  # H = hh' with h = e_2
    assert smallest(triples(), fails) == (3, sum(map(abs, entries)))
    (claim, *_) = errata.E7.claims
    plain = claim.twins["printed: with the plain gradient in the first term"]
    assert claim(**found) > plain(**found)


def test_of_the_same_where_the_hessian_preserves_all_norms():
    """H = I: what stands in the first term is |g|^2 for |d|^2, less where d is the longer one."""

    def fails(y, g):
        batch = unit(y, g)
        return batch.slope @ batch.slope > g @ g + 1e-9

    larger = [each for B in (2, 3) for each in product(range(-2, 3), repeat=B)]
    here = errata.ISOTROPIC
    entries = sum(map(abs, (*here["y"], *here["g"])))
    assert smallest(pairs(larger), fails)[0] == 3 == len(here["y"])
    assert smallest(pairs(larger), fails)[1] <= entries
    assert errata.E7.right_value() > errata.E7.printed_value()


def test_of_the_bound_on_the_curvature_in_the_weights():
    """A linear loss with <g,yhat> = 0 that has a gradient at all."""

    def fails(y, g):
        batch = unit(y, g)
        return rounded(g @ batch.hat, 0, len(g)) and not rounded(batch.slope, 0, len(g))

    assert smallest(pairs(), fails) == (3, sum(map(abs, (*errata.Y, *errata.LAST))))
    assert errata.E6.right_value() > errata.E6.printed_value() == 0


def test_of_the_sign_that_a_way_to_the_minimum_does_not_give():
    def fails(y, target):
        hat = unit(y, target).hat
        # the product with the slope z - Y, at z = yhat
        return not below(0, (hat - target) @ hat, hat @ hat + target @ target)

    larger = [each for B in (2, 3) for each in product(range(-2, 3), repeat=B)]
    assert smallest(pairs(larger), fails)[0] == 2
    assert errata.E9.right_value() == -errata.E9.printed_value() < 0


@pytest.mark.parametrize("name", ["E1", "E2", "E3", "E5", "E6", "E7", "E9", "E37"])
def test_the_two_values_differ(name):
    record = getattr(errata, name)
    assert record.kind == "counterexample"
    assert not rounded(record.printed_value(), record.right_value(), 1)


def test_the_claimed_maximum_is_missed_by_exactly_a_quarter():
    """K = e_1 e_1', d at an angle phi to e_1: ((1 + |cos|)/2)^2 against cos^2, furthest at 90."""
    gaps = []
    for phi in np.linspace(0, np.pi / 2, 7):
        d = (np.cos(phi), np.sin(phi))
        (claim, *_) = errata.E5.claims
        printed = claim.twins["printed: radius^4 d'Kd"](u=(1, 0), g=d, radius=1)
        gaps.append(claim(u=(1, 0), g=d, radius=1) - printed)
    assert rounded(gaps[0], 0, 1) and rounded(gaps[-1], 1 / 4, 1)
    assert max(gaps) < 1 / 3
