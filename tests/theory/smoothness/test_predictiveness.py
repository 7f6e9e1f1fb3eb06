"""How far a gradient can be trusted, for every quadratic and every batch."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, rounded
from tests.theory.quadratic.problems import problems, vectors
from tests.theory.smoothness.batches import batches
from theory import smoothness
from theory.claim import Claim

rates = st.floats(0.01, 2)


@about(smoothness.gradient_predictiveness)
@given(problem=problems(), rate=rates, data=st.data())
def test_the_change_is_at_most_beta_times_the_step(claim: Claim, problem, rate, data):
    d = data.draw(vectors(len(problem.W)))
    change, step = claim(R=problem.R, d=d, eta=rate), rate * np.linalg.norm(problem.R @ d)
    size = 64 * (1 + rate) * (1 + abs(d).sum())
    assert below(change, max(problem.eigenvalues) * step, size)
    assert rounded(claim(R=problem.R, d=d, eta=2 * rate), 2 * change, 2 * size)


@about(smoothness.fall_of_the_loss)
@given(problem=problems(), data=st.data())
def test_it_is_greatest_at_the_exact_line_search_and_gone_at_twice_that(
    claim: Claim, problem, data
):
    d = data.draw(vectors(len(problem.W)))
    g = problem.R @ d
    assume(np.linalg.norm(g) > 1e-3)
    best = (g @ g) / (g @ problem.R @ g)
    size = 64 * (1 + abs(d).sum()) ** 2 * 16
    falls = [claim(R=problem.R, d=d, eta=share * best) for share in (0.9, 1.0, 1.1, 2.0)]
    assert below(falls[0], falls[1], size) and below(falls[2], falls[1], size)
    assert rounded(falls[1], best * (g @ g) / 2, size) and rounded(falls[3], 0, size)


@about(smoothness.effective_beta)
@given(problem=problems(), rate=rates, data=st.data())
def test_it_lies_between_the_eigenvalues_and_above_the_curvature(claim: Claim, problem, rate, data):
    d = data.draw(vectors(len(problem.W)))
    g = problem.R @ d
    assume(np.linalg.norm(g) > 1e-3)
    beta = claim(R=problem.R, d=d, eta=rate)
    size = 64 * (1 + abs(d).sum()) / min(1, np.linalg.norm(g))
    assert below(beta, max(problem.eigenvalues), size)
    assert below(min(problem.eigenvalues), beta, size)
    assert below((g @ problem.R @ g) / (g @ g), beta, size)


@about(smoothness.effective_beta_of_small_steps)
@given(batch=batches(smallest=3))
def test_it_is_above_the_curvature_along_the_gradient(claim: Claim, batch):
    """|Kd|/|d| >= |d'Kd|/|d|^2, and strictly: K turns part of d to the outputs."""
    values = batch.values("y", "g", "H", "gamma")
    d = batch.slope
    assume(np.linalg.norm(d) > 1e-3)
    along = smoothness.curvature_along_gradient(**values) / (d @ d)
    beta = claim(**values)
    turned = np.linalg.norm(d) / (batch.y.std() * np.sqrt(len(batch.y)))
    size = batch.size**2 / min(1, np.linalg.norm(d)) ** 3
    assert below(along**2 + turned**2, beta**2, size * (1 + beta))
