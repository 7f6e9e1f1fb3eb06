"""Curves, and gains between runs that count."""

import math
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deepnet.experiments.outcome import Outcome
from deepnet.experiments.santurkar2018.shared import protocol
from deepnet.experiments.santurkar2018.shared.curves import curves, gain, gain_by_time, plateau
from deepnet.experiments.trained import Trained
from deepnet.training import verdict
from tests.close import rounded

# ----- What counts -----


def test_what_did_not_train_is_not_compared():
    arrays = {
        "a:mark": 0,
        "b:mark": 0,
        "a:train": [0.1, 0.4, 0.8, 0.9, 1.0],
        "b:train": [0.2, 0.0, 0.3, 0.4, 0.5],
    }
    arrays = {name: np.array(value) for name, value in arrays.items()}
    assert rounded(gain("a", "b")(arrays), 0.5)
    assert rounded(gain_by_time("a")(arrays), 0.9 - 0.25, 1)
    assert math.isnan(gain_by_time("b")(arrays | {"b:mark": np.array(1)}))
    assert math.isnan(gain_by_time("a")(arrays | {"a:train": np.array([0.1, 0.2, 0.3])}))
    assert math.isnan(gain("a", "b")(arrays | {"b:mark": np.array(1)}))
    assert math.isnan(gain("a", "not made")(arrays))


# ----- Scores -----


def test_a_net_that_diverged_has_no_score_at_the_end(context):
    run = protocol.trained("none", 0.1, context)
    records = run.state.records | {"score:step": [0], "score:train": [0.1], "score:test": [0.1]}
    lost = Trained(run.problem, replace(run.state, records=records, diverged=True))
    curve = curves("lost", lost, context)
    assert Outcome(int(curve["lost:mark"])) == Outcome.DIVERGED
    assert curve["lost:train"].tolist() == curve["lost:test"].tolist() == [0.1]
    assert curve["lost:step"].tolist() == [0]


@given(st.lists(st.floats(0, 9), max_size=20))
def test_a_plateau_ends_for_good_where_the_loss_first_leaves_it(losses):
    flat = plateau(np.array(losses))
    off = [abs(loss - math.log(10)) > verdict.MARGIN for loss in losses]
    assert flat.tolist() == [not any(off[: i + 1]) for i in range(len(off))]
