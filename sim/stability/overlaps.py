"""Chance: random vectors in subspaces, and random steps of a net's parameters."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import stats

from companion.scale import Scale
from sim.derivatives import TINY
from sim.evidence import Distributed, Evidence, Fitted, Form, Rounded, Student, at
from sim.stability.draws import SmallNet, one_hot
from sim.table import simulates
from theory import stability

Generator = np.random.Generator


def overlaps(rng: Generator, P: int, dim: int, draws: int) -> np.ndarray:
    """Squared overlaps of random vectors with a random subspace, by projecting them."""
    basis = np.linalg.qr(rng.normal(size=(P, dim)))[0]
    vectors = rng.normal(size=(draws, P))
    return np.sum((vectors @ basis) ** 2, axis=1) / np.sum(vectors**2, axis=1)


def large_overlaps(rng: Generator, P: int, dim: int, draws: int) -> np.ndarray:
    """Squared overlaps for very many parameters. Only the two squared lengths are drawn."""
    inside = rng.chisquare(dim, draws)
    return inside / (inside + rng.chisquare(P - dim, draws))


@simulates(stability.random_overlap, unit="vector")
def random_overlap(rng: Generator, scale: Scale) -> list[Evidence]:
    """The mean overlap, and the mean square about it in blocks, for random and for very long
    vectors."""
    checks: list[Evidence] = []
    blocks = scale.pick(64, 1024, 8192)
    for P, dim, draw in ((24, 10, overlaps), (5, 2, overlaps), (4_000_000, 10, large_overlaps)):
        samples = draw(rng, P, dim, 256 * blocks).reshape(blocks, 256)
        checks.append(Student(at("mean", P=P, dim=dim), np.mean(samples, axis=1)))
        squares = np.mean((samples - dim / P) ** 2, axis=1)
        checks.append(Student(at("variance", P=P, dim=dim), squares))
    return checks


@simulates(stability.overlap_tail, unit="vector")
def overlap_tail(rng: Generator, scale: Scale) -> list[Evidence]:
    """The number of random vectors that exceed a level, which is binomial."""
    draws = scale.pick(4096, 262_144, 2_097_152)
    checks: list[Evidence] = []
    for P, dim, level, draw in (
        (20, 3, 0.15, overlaps),
        (8, 5, 0.7, overlaps),
        (4_000_000, 10, 2.5e-6, large_overlaps),
    ):
        beyond = int(np.sum(draw(rng, P, dim, draws) > level))

        def law(form: Form, P: int = P, dim: int = dim, level: float = level) -> Any:
            return stats.binom(draws, form(P=P, dim=dim, overlap=level))

        checks.append(Distributed(law, beyond, draws, "binomial"))
    return checks


def perturbed(
    of_net: Generator, of_frame: Generator, N: int, width: int, M: int, B: int
) -> tuple[Callable[[np.ndarray], complex], np.ndarray, np.ndarray]:
    """The change of the mean of a net's first output when the parameters move.

    A frame of directions, as rows, and the slopes along them are returned too.
    """
    net = SmallNet(of_net.normal(size=(N, B)) + 0.5, one_hot(of_net, M, B), width)
    theta = net.start(of_net)

    def mean(theta: np.ndarray) -> complex:
        return complex(np.mean(net.outputs(theta)[0]))

    def added(step: np.ndarray) -> complex:
        return mean(theta + step) - mean(theta)

    frame = np.linalg.qr(of_frame.normal(size=(net.size, net.size)))[0]
    return added, frame, np.array([added(1j * TINY * u).imag / TINY for u in frame])


@simulates(stability.perturbation_gain, unit="net")
def perturbation_gain(rng: Generator, scale: Scale) -> list[Evidence]:
    """The mean of an output over a batch, moved along its gradient and along all directions of a
    frame.

    The frame is random, and a root mean square over it is one over random directions. At random
    nets the steps are complex. At one net in random frames they have finite length, to both sides
    along the frame. The error is proportional to this net's curvature along the gradient, which is
    not zero.
    """
    checks: list[Evidence] = []
    for N, width, M, B in ((2, 3, 2, 4), (3, 5, 3, 8)):
        drawn, frame, slopes = perturbed(rng, rng, N, width, M, B)
        g = frame.T @ slopes
        along = drawn(1j * TINY * g).imag / TINY / np.linalg.norm(g)
        gain = along / np.sqrt(np.mean(slopes**2))
        checks.append(Rounded(at(P=len(g)), gain, len(g) ** 1.5))
        one, frame, slopes = perturbed(np.random.default_rng(0), rng, N, width, M, B)
        g = frame.T @ slopes / np.linalg.norm(slopes)
        lengths = 0.5 ** np.arange(4, 14)
        gains = []
        for length in lengths:
            moved = [one(side * length * u).real for u in frame for side in (1, -1)]
            gains.append(float(one(length * g).real / np.sqrt(np.mean(np.square(moved)))))
        checks.append(Fitted(at(P=len(g)), gains, 1 / lengths, 1.0))
    return checks
