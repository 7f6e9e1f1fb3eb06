"""Output cotangents that stand for the loss's curvature, to be pulled back through a net.

H_n are the second derivatives of example n's loss in its outputs. A set of cotangents u is made so
that the sum over it of u_m u_n' is H_n for m = n. Pulled back, they give the Gauss-Newton matrix.

exact       the columns of roots R_n, R_n R_n' = H_n: for all examples at once where no example's
            outputs depend on the others, example by example where batch statistics mix them
drawn       R_n times random signs, over sqrt(draws): exact on average, whether mixed or not, like
            labels drawn from the model, which define the Fisher matrix (martens2020)
empirical   the gradient at the given labels: the empirical Fisher matrix, which is not curvature
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from companion.errors import UsageError
from deepnet.backend import array_module
from deepnet.curvature.layers import layers, output_hessians, outputs_at, slopes
from deepnet.tape import Linearised

Array = Any
Probes = Iterator[Array]


def output_roots(part: Linearised) -> Array:
    """Roots R (n, c, c) with R_n R_n' = H_n, for a loss that is convex in the outputs."""
    xp = array_module(part.outputs)
    values, vectors = xp.linalg.eigh(output_hessians(part))
    return vectors * xp.maximum(values, 0)[:, None, :] ** 0.5


def mixed(part: Linearised) -> bool:
    """Whether an example's outputs depend on other examples.

    Cotangents of every second example decide.
    """
    if len(part.outputs) == 1:
        return False
    every_second = part.outputs * 0
    every_second[::2] = 1 + array_module(every_second).arange(every_second.shape[1])
    answers = slopes(part, layers(part).values(), every_second)
    return any(bool((answer[1::2] != 0).any()) for answer in answers)


def exact(part: Linearised, rng: np.random.Generator, draws: int) -> Probes:
    """One cotangent per output, or n per output where a batch's statistics mix the n examples."""
    roots = output_roots(part)
    for columns in _alone(roots) if mixed(part) else [roots]:
        yield from columns.transpose(2, 0, 1)


def _alone(roots: Array) -> Iterator[Array]:
    for example in range(len(roots)):
        alone = roots * 0
        alone[example] = roots[example]
        yield alone


def drawn(part: Linearised, rng: np.random.Generator, draws: int) -> Probes:
    """``draws`` cotangents. Their signs are drawn on the host."""
    xp, roots = array_module(part.outputs), output_roots(part)
    for _ in range(draws):
        signs = xp.asarray(2.0 * rng.integers(0, 2, part.outputs.shape) - 1, roots.dtype)
        yield (roots @ signs[:, :, None])[:, :, 0] / draws**0.5


def empirical(part: Linearised, rng: np.random.Generator, draws: int) -> Probes:
    """One cotangent, n times the gradient in the outputs."""
    yield len(part.outputs) * part.cotangents[outputs_at(part)]


KINDS: dict[str, Callable[[Linearised, np.random.Generator, int], Probes]] = {
    "exact": exact,
    "drawn": drawn,
    "empirical": empirical,
}


def probes(
    part: Linearised, kind: str, rng: np.random.Generator | None = None, draws: int = 1
) -> Probes:
    """The cotangents of one ``kind``. ``rng`` and ``draws`` serve the kind "drawn".

    Raises UsageError for an unknown kind, and for "drawn" without ``rng`` or with less than one
    draw.
    """
    if kind not in KINDS:
        raise UsageError(f"no kind of curvature is named {kind!r}; give {', '.join(KINDS)}")
    if kind == "drawn" and (rng is None or draws < 1):
        raise UsageError(f"{draws} draws, rng {rng}: give rng, and one draw or more")
    return KINDS[kind](part, rng or np.random.default_rng(0), draws)
