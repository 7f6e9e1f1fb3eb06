"""The curvature along a step, against the second derivative of the loss on the line."""

from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial import Polynomial

from deepnet import ops
from deepnet.curvature import Batches
from deepnet.experiments.grosse2021.shared.step_curvature import along
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import NoNorm
from deepnet.problem import Problem
from tests.close import rounded

PLACES = np.linspace(0, 1, 5)
#: The second derivative at an end is (35, -104, 114, -56, 11)/12 of five values at distance 1/4,
#: over 1/16. The sum of these numbers' sizes, by which rounding grows.
WEIGHTS = 320 / 12 * 16


@given(seed=st.integers(0, 2**32 - 1), length=st.sampled_from([0.01, 1.0, 10.0]))
def test_it_is_the_largest_second_derivative_on_the_segment(seed, length):
    """The square loss of two linear layers is a polynomial of degree four on any line."""
    rng = np.random.default_rng(seed)
    problem = Problem(mlp((3, 4, 2)), NoNorm(), ops.mean_squared_error)
    whole = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    before, d = (
        {name: rng.normal(size=shape) for name, shape in problem.net.shapes.items()}
        for _ in range(2)
    )
    points = [{name: w + t * length * d[name] for name, w in before.items()} for t in PLACES]
    losses = [Batches(problem, point, [whole]).loss() for point in points]
    bends = Polynomial.fit(PLACES, losses, 4).deriv(2)(np.array([0, 0.5, 1]))
    squared = length**2 * sum(np.sum(w**2) for w in d.values())
    measured = along(problem, whole, SimpleNamespace(before=before, after=points[-1]))
    assert rounded(
        measured["along"], bends.max() / squared, condition=WEIGHTS * max(losses) / abs(bends.max())
    )
