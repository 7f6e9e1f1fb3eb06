"""Which runs judge an observation, and what they say."""

from collections.abc import Sequence
from dataclasses import replace

from companion.scale import Scale
from deepnet.data.textures import GENERATED
from deepnet.experiments.experiment import Observation
from deepnet.experiments.finding import Finding
from deepnet.experiments.runner import Result


def judged(observation: Observation, results: Sequence[Result]) -> Finding:
    """The finding of an ``observation`` in ``results`` of one scale on one data set.

    - Runs whose seeds were ``seen`` before the observation was stated do not enter.
    - At ``tiny`` the verdict is "not at this scale".
    - On generated images a statement about ``real`` images is "not on textures".
    """
    entering = [each for each in results if each.facts["seed"] not in observation.seen]
    found = observation.finding([each.arrays for each in entering])
    facts = results[0].facts
    if str(facts["scale"]).startswith(Scale.TINY):
        return replace(found, verdict="not at this scale")
    if observation.real and facts["data"]["quality"] == GENERATED and observation.band is not None:
        return replace(found, verdict="not on textures")
    return found
