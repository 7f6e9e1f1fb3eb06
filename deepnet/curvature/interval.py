"""The interval of a mean over eigenvalues, from random directions that see them with weights.

A probe's weights w are uniform on the sphere: w_i are n squared coordinates, which have Dirichlet's
law with all parameters 1/2. The sum of w_i f_i is an estimate of mean_i f_i. It is skew where few
f_i dominate, so that an interval of Student's law misses, always on the same side.

Where f has two values only, the sum has a beta law, which is inverted here:

    f = near + (far - near) [i in S]     sum_i w_i f_i = near + (far - near) B
    B ~ Beta(s n/2, (1 - s) n/2)         s: the share of S among the n eigenvalues

The mean of B over P probes has the mean s and 1/P of the variance of B. The beta law of mean s and
a + b = P (n + 2)/2 - 1 has both. For one probe it is exact. Every other f is replaced by the two
values and the share that have its mean, variance and third moment over the eigenvalues. The values
are the nodes of the Gauss rule with two nodes. They lie within the range of f, so that a share has
no negative end. This is an approximation. It is worst for two probes of a trace to which single
eigenvalues of both signs contribute most: the interval then contains the trace in 92 per cent.
"""

from collections.abc import Callable, Sequence

import numpy as np

Array = np.ndarray
#: The chance that the interval of a mean does not contain it.
MISSED = 0.05
#: Each halves the interval of length 1 in which an end of the interval of a share is searched.
HALVINGS = 50


def interval(
    rules: Sequence[tuple[Array, Array]], f: Callable[[Array], Array], mean: Array, size: int
) -> tuple[Array, Array]:
    """The ends of the 95 % interval of mean_i f_i over ``size`` eigenvalues.

    ``rules`` are each probe's nodes and weights, and the weights have the sum 1. ``f`` maps nodes
    (steps,) to (steps, ...). ``mean`` (...) is the estimate, the mean over the probes.
    """
    lowest = np.min([f(nodes).min(0) for nodes, _ in rules], axis=0)
    highest = np.max([f(nodes).max(0) for nodes, _ in rules], axis=0)
    unit = np.maximum(highest - mean, mean - lowest)
    unit = np.where(unit > 0, unit, 1.0)

    def moment(k: int) -> Array:
        terms = [np.tensordot(weights, ((f(t) - mean) / unit) ** k, 1) for t, weights in rules]
        return np.mean(terms, axis=0)

    second, third = moment(2), moment(3)
    cube = second**1.5
    skew = np.divide(third, cube, out=np.zeros_like(cube), where=cube > 0)
    side, root = np.where(skew < 0, -1.0, 1.0), np.sqrt(4 + skew**2)
    share = 2 / (root * (root + np.abs(skew)))  # of the value that fewer eigenvalues have
    spread = side * unit * np.sqrt(np.where(cube > 0, second, 0))
    far = np.clip(mean + spread * np.sqrt((1 - share) / share), lowest, highest)
    near = np.clip(mean - spread * np.sqrt(share / (1 - share)), lowest, highest)
    ends = [near + (far - near) * end for end in shares(share, len(rules), size)]
    return np.minimum(*ends), np.maximum(*ends)


def shares(seen: Array, probes: int, size: int) -> tuple[Array, Array]:
    """The ends of the 95 % interval of a share of ``size`` eigenvalues.

    ``seen`` is the mean over the ``probes`` of the weight of this share. Where the share is the low
    end, a larger mean has a chance of 2.5 %. Where it is the high end, a smaller mean has. ``seen``
    lies between the ends. The ends alone would leave it out where it is a small part of one
    eigenvalue.
    """
    from scipy.special import betainc

    total = probes * (size + 2) / 2 - 1
    ends = []
    for chance in (1 - MISSED / 2, MISSED / 2):
        low, high = np.zeros_like(seen), np.ones_like(seen)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            above = betainc(middle * total, (1 - middle) * total, seen) > chance
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        ends.append((low + high) / 2)
    return np.minimum(ends[0], seen), np.maximum(ends[1], seen)
