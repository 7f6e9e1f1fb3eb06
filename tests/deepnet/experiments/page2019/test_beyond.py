"""What the experiments beyond the post measure: the edge of stability, and drifts."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.scale import Scale
from deepnet.data import textures
from deepnet.experiments.context import Context
from deepnet.experiments.page2019 import after_freezing
from deepnet.experiments.page2019.shared import protocol
from deepnet.experiments.page2019.stability_ledger import RULES, bracket, predicted
from deepnet.nets.modes import recording
from tests.close import rounded


@given(
    edge=st.floats(0.01, 100),
    octaves=st.integers(0, 8),
    halvings=st.integers(0, 4),
)
def test_the_bracket_holds_the_edge(edge, octaves, halvings):
    good, bad = bracket(lambda times: times > edge, octaves, halvings)
    assert good <= edge
    assert bad > edge or (np.isinf(bad) and edge >= 2**octaves)
    if good > 0 and np.isfinite(bad):
        assert rounded(np.log2(bad / good), 2.0**-halvings)
    else:
        assert good > 0 or edge < 0.5


@given(eigenvalue=st.floats(1e-3, 1e3))
def test_each_rule_stays_below_its_predicted_rate_and_leaves_above(eigenvalue):
    """Descent of x^2 eigenvalue/2, by hand, at five per cent below and above."""
    for name, rate in predicted(eigenvalue).items():
        rule = replace(RULES[name], decay=0.0)
        for times, stays in ((0.95, True), (1.05, False)):
            weights, memory = {"x": np.ones(1)}, rule.start({"x": np.ones(1)})
            for _ in range(500):
                slope = {"x": eigenvalue * weights["x"]}
                weights, memory = rule.step(weights, memory, slope, times * rate)
                if not 1e-100 < abs(weights["x"][0]) < 1e100:
                    break
            assert (abs(weights["x"][0]) < 1) == stays
    assert all(np.isinf(rate) for rate in predicted(-eigenvalue).values())


@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
def test_the_own_rate_is_the_schedules_where_it_stops(share):
    config = protocol.configuration(Scale.FULL)
    config["stop"] = round(share * config["epochs"])
    knots = protocol.recipe("active", config).schedule
    epochs, rates = zip(*knots, strict=True)
    assert rounded(after_freezing.own_rate(config), np.interp(config["stop"], epochs, rates))


def test_where_batch_norm_was_frozen_nothing_has_drifted_yet(tmp_path: Path):
    """With its own statistics over one batch the frozen net's means stand where they were."""
    config = after_freezing.configuration(Scale.TINY)
    context = Context(config, textures(config["train"], config["test"]), 0, tmp_path, tmp_path)
    net = protocol.net("active", context)
    x = context.data.normalised(context.data.x_train[: config["examples"]])
    norm, seen = recording(net.problem.norm)
    net.problem.with_norm(norm).outputs(net.state.weights, x)
    here = replace(net, state=replace(net.state, statistics=seen)).frozen
    assert after_freezing._drift(here, here.state, context) < 1e-9
    moved = {name: (mean + np.sqrt(var), var) for name, (mean, var) in seen.items()}
    then = replace(here.state, statistics=moved)
    assert 0.5 < after_freezing._drift(here, then, context) < 10  # a deviation and more
