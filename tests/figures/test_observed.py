"""What is on record of an experiment, in words: each statement, and what the record lacks."""

import pytest

from deepnet.experiments.experiment import experiments
from figures.observed import observed, recorded

RECORD = recorded()


@pytest.mark.parametrize("name", experiments())
def test_every_statement_has_its_verdict(name: str) -> None:
    told = observed(name, RECORD)
    assert [each.name for each in told.statements] == [
        each.name for each in experiments()[name].observations
    ]
    for each, observation in zip(told.statements, experiments()[name].observations, strict=True):
        assert each.verdict in (*RECORD[name].verdicts.values(), "not run")
        assert bool(each.band) == (observation.limits is not None)
        assert bool(each.restated) == (observation.stated == "after")


def test_numbers_and_runs_are_told() -> None:
    told = observed("overlaps", RECORD)
    (nine,) = [each for each in told.statements if each.name.endswith("means_hold_nine_frozen")]
    found = RECORD["overlaps"].findings[nine.name]
    assert nine.numbers.startswith(f"{found['measured']:.4g}, interval [")
    assert told.runs.startswith("6 seeds, laptop")


def test_an_experiment_without_a_record_says_so() -> None:
    told = observed("overlaps", {})
    assert told.runs == "nothing is on record"
    assert {each.verdict for each in told.statements} == {"not run"}
