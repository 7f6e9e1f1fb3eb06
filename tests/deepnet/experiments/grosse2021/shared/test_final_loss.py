"""The final loss, what became of a training, and what is compared."""

from math import inf, isnan, log

import numpy as np
from scipy.special import logsumexp

from deepnet.experiments.grosse2021.shared import protocol
from deepnet.experiments.grosse2021.shared.final_loss import best, largest
from deepnet.experiments.images import whole
from deepnet.experiments.outcome import Outcome
from tests.close import rounded
from tests.deepnet.experiments.grosse2021.tiny import CONFIG, tiny_context, tiny_images


def test_the_final_loss_is_that_of_all_images_at_once():
    run = protocol.trained(protocol.dense(CONFIG, epochs=1, dtype="float64"), tiny_context())
    x, targets = whole(tiny_images(), dtype="float64")
    h = x.reshape(64, 48)
    for name in ("dense1", "dense2"):
        s = h @ run.state.weights[name].T
        h = np.maximum((s - s.mean(0)) / np.sqrt(s.var(0) + 1e-5), 0)
    z = h @ run.state.weights["dense3"].T
    assert rounded(run.loss, np.mean(logsumexp(z, axis=1) - (z * targets).sum(1)))


def test_runs_are_marked():
    trained, still, lost = (
        protocol.trained(protocol.dense(CONFIG, **changes), tiny_context())
        for changes in ({"epochs": 40}, {"rate": 1e-9}, {"norm": "none", "rate": 1e30})
    )
    assert trained.outcome is Outcome.TRAINED
    assert trained.rank == trained.loss < 0.9 * log(10)
    assert (still.outcome, still.rank) == (Outcome.DID_NOT_TRAIN, inf)
    assert (lost.outcome, lost.rank) == (Outcome.DIVERGED, inf)
    assert isnan(lost.loss)
    losses, marks = [3.0, trained.loss, 1.0], [Outcome.DID_NOT_TRAIN, 0, 0]
    assert best(losses, marks) == 1.0
    assert largest([1, 2, 3], marks) == 3
    assert isnan(best([1.0], [Outcome.DIVERGED]))
    assert isnan(largest([1.0], [Outcome.DIVERGED]))
