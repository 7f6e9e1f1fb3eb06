"""Rules of descent that treat the layers before a batch norm otherwise."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deepnet.experiments.grosse2021.shared.rules import GrowingRates, OwnRates
from deepnet.training import SGD
from tests.close import rounded

seeds = st.integers(0, 2**32 - 1)


@given(seed=seeds)
def test_only_the_layers_named_are_decayed_and_rescheduled(seed):
    rng = np.random.default_rng(seed)
    weights = {name: rng.standard_normal(3) for name in "ab"}
    gradient = {name: rng.standard_normal(3) for name in "ab"}
    rules = {
        "a": SGD(momentum=0.5, decay=0.3),
        "b": SGD(momentum=0.5),
    }
    ours, here = GrowingRates(layers=["a"], beta=0.5, decay=0.3), weights
    memory = ours.start(weights)
    theirs = {name: rule.start(weights) for name, rule in rules.items()}
    there = dict.fromkeys(rules, weights)
    for _ in range(3):
        here, memory = ours.step(here, memory, gradient, 0.1)
        for name, rule in rules.items():
            there[name], theirs[name] = rule.step(there[name], theirs[name], gradient, 0.1)
    for name in rules:
        assert rounded(here[name], there[name][name])


def test_a_rate_of_its_own():
    weights, gradient = {"a": np.ones(2), "b": np.ones(2)}, {"a": np.ones(2), "b": np.ones(2)}
    rule = OwnRates({"a": 4.0})
    moved, _ = rule.step(weights, rule.start(weights), gradient, 0.1)
    assert rounded(moved["a"], 0.6)
    assert rounded(moved["b"], 0.9)
