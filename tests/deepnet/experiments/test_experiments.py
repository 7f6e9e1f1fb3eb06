"""The experiments themselves."""

import json

import numpy as np
import pytest

from companion.references import REFERENCES
from companion.scale import Scale
from deepnet.experiments.experiment import experiments
from deepnet.experiments.rows import rows
from deepnet.experiments.runner import Job


@pytest.mark.parametrize("name", experiments())
def test_every_experiment_runs_at_tiny_and_says_where_it_comes_from(results, name):
    experiment = experiments()[name]
    assert experiment.source.key in REFERENCES
    assert experiment.caption.endswith(".")
    result = Job(experiment, Scale.TINY, "textures", 0, results).result()
    assert all(np.isfinite(array).all() for array in result.arrays.values())
    for row in rows(experiment, Scale.TINY, [result]):
        assert row["claim"].startswith(f"{name}.")
        assert row["verdict"] is None
        measured = row["measured"]  # None where nets that have not trained are not compared
        assert measured is None or np.isfinite(measured)
    for scale in Scale:
        json.dumps(dict(experiment.configuration(scale)), allow_nan=False)
