"""The memory of a pass as it is counted, beside the memory that Python sees allocated."""

import gc
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest

from deepnet import ops
from deepnet.footprint import footprint
from deepnet.nets.initialise import initialise
from deepnet.nets.lenet import lenet
from deepnet.nets.modes import Active, Frozen, Ghost, NoNorm, recording
from deepnet.nets.page import page
from deepnet.nets.resnet import resnet
from deepnet.problem import Problem

#: Bytes of Python's own objects: the tape's nodes, shapes and views.
OBJECTS = 100_000
#: Bytes of the filters from 8 to 16 channels, transformed: 8 numbers per weight, not counted.
FILTERS = 8 * 4 * 9 * 8 * 16
#: Bytes of the buffers of one thread's kernel, which do not grow with images or weights.
BUFFERS = 5_000_000


def problem_of(net, norm, images=48):
    weights = initialise(net, np.random.default_rng(0))
    x = np.random.default_rng(1).standard_normal((images, 32, 32, 3)).astype("float32")
    targets = ops.smoothed(np.arange(images) % 10, 10, 0.1, x.dtype)
    if norm is Frozen:
        norm, seen = recording(Active())
        Problem(net, norm).linearise(weights, x, targets)
        norm = Frozen(seen)
    return Problem(net, norm), weights, x, targets


@pytest.mark.parametrize(
    ("net", "norm", "images"),
    [
        (page(Fraction(1, 8)), Active(), 48),
        (page(Fraction(1, 8)), Frozen, 48),
        (page(Fraction(1, 8)), Ghost(16), 48),
        (page(Fraction(1, 8), norm="post", shortcuts=True), Active(), 48),
        (page(Fraction(1, 2)), NoNorm(), 24),
        (lenet(1), Active(), 96),
        (resnet(20, Fraction(1, 2)), Active(), 48),
    ],
    ids=["page", "frozen", "ghost", "post, shortcuts", "wide", "lenet", "resnet"],
)
def test_the_count_is_that_of_the_memory_and_its_peak_an_upper_bound(net, norm, images):
    problem, weights, x, targets = problem_of(net, norm, images)
    direction = {name: weight * 0 + 1 for name, weight in weights.items()}
    part = problem.linearise(weights, x, targets)
    part.hvp(direction)  # loads machine code
    footprint(part)  # fills the interpreter's own caches
    del part
    gc.collect()
    tracemalloc.start()
    try:
        part = problem.linearise(weights, x, targets)
        kept, highest_of_pass = tracemalloc.get_traced_memory()
        size = footprint(part)
        part.hvp(direction)
        later, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept - OBJECTS <= size.kept <= kept + x.nbytes
    assert later - OBJECTS - FILTERS <= size.kept + size.later <= later + x.nbytes
    assert footprint(part).later == 0
    assert max(highest_of_pass, peak) - BUFFERS <= size.peak
    assert size.peak - size.sums <= 1.1 * peak


def test_no_array_is_counted_twice():
    problem, weights, x, targets = problem_of(page(Fraction(1, 8)), Active())
    part = problem.linearise(weights, x, targets)
    size = footprint(part)
    part.tape.nodes.extend(part.tape.nodes)
    assert footprint(part).kept == size.kept
