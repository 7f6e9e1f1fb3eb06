"""What the experiments' observations say, and on which scale."""

import re
from math import inf, isnan

import pytest

from companion.scale import Scale
from deepnet.experiments.experiment import experiments
from deepnet.experiments.runner import Job

#: The numbers that each link takes to its scale. Their ends may go to infinity.
DOMAINS = {"identity": (-inf, inf), "log": (0, inf), "logit": (0, 1)}
#: The numbers of a source that each comparison is made for. The ends are left out.
COMPARED = {"quotient": (-inf, inf), "odds": (0, 1), "excess": (1, inf)}
SENTENCE = re.compile(r"[A-Z](?:(?![.!?;]\s).)*\.")
each_experiment = pytest.mark.parametrize("name", experiments())


@each_experiment
def test_every_observation_says_one_short_sentence_of_its_own(name):
    said = {each.name: each.says for each in experiments()[name].observations}
    for observation, says in said.items():
        assert SENTENCE.fullmatch(says), (observation, says)
        assert len(says) <= 160, (observation, len(says))
    assert len(set(said.values())) == len(said)


@each_experiment
def test_the_band_of_an_observation_lies_where_its_link_is_defined(name):
    for each in experiments()[name].observations:
        if each.limits is not None:
            low, high = each.limits
            least, most = DOMAINS[each.link]
            assert least <= low <= high <= most, (each.name, each.link, each.limits)


@each_experiment
def test_measure_and_null_of_an_observation_lie_where_its_link_is_defined(results, name):
    experiment = experiments()[name]
    arrays = Job(experiment, Scale.TINY, "textures", 0, results).result().arrays
    for each in experiment.observations:
        least, most = DOMAINS[each.link]
        for measure in filter(None, (each.measure, each.null)):
            value = measure(arrays)
            assert isnan(value) or least <= value <= most, (each.name, each.link, value)


@each_experiment
def test_a_published_number_is_one_that_its_comparison_is_made_for(name):
    for each in experiments()[name].published:
        least, most = COMPARED[each.compared]
        assert least < each.theirs < most, (each.name, each.compared, each.theirs)
