"""The experiments themselves."""

import json
from pathlib import Path

import numpy as np
import pytest

from companion.references import REFERENCES
from companion.scale import Scale
from deepnet.experiments.experiment import experiments
from deepnet.experiments.rows import rows
from deepnet.experiments.runner import Job
from theory import CHAPTERS as NAMES
from tools.imports import imported

CHAPTERS = {f"theory.{chapter}" for chapter in NAMES}


def claims_of(name):
    """The claims that an experiment's observations are about, each once."""
    about = (claim for each in experiments()[name].observations for claim in each.about)
    return list(dict.fromkeys(claim.name for claim in about))


def with_its_claims(name):
    """The id of an experiment's test: ``pytest -k`` finds it by a claim that it is about, too."""
    return "-".join([name, *claims_of(name)])


@pytest.mark.parametrize("name", experiments(), ids=with_its_claims)
def test_every_experiment_runs_at_tiny_and_says_where_it_comes_from(results, name):
    experiment = experiments()[name]
    assert experiment.source.key in REFERENCES
    assert experiment.caption.endswith(".")
    result = Job(experiment, Scale.TINY, "textures", 0, results).result()
    assert all(np.isfinite(array).all() for array in result.arrays.values())
    for row in rows(experiment, [result]):
        assert row["claim"].startswith(f"{name}.")
        assert row["verdict"] == "not at this scale"
        measured = row["measured"]  # None where nets that have not trained are not compared
        assert measured is None or np.isfinite(measured)
    for scale in Scale:
        json.dumps(dict(experiment.configuration(scale)), allow_nan=False)


def test_an_experiment_that_evaluates_claims_has_an_observation_about_their_chapter():
    for name, experiment in experiments().items():
        path = Path(experiment.module.__file__)
        files = [each for each in (path, path.parent / "observed" / path.name) if each.exists()]
        text = "\n".join(each.read_text(encoding="utf-8") for each in files)
        used = {each for each in imported(text, CHAPTERS) if each in CHAPTERS}
        asked = {f"theory.{claim.partition('.')[0]}" for claim in claims_of(name)}
        assert used == asked, name


def test_the_test_of_an_experiment_is_found_by_its_claims():
    assert with_its_claims("weight_decay") == (
        "weight_decay-invariance.equilibrium_angle-invariance.equilibrium_with_momentum"
    )
    assert with_its_claims("training") == "training"
