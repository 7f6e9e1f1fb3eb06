"""The noise of the source: its laws, and what is refused."""

from dataclasses import replace

import pytest

from companion.errors import UsageError
from deepnet.experiments.santurkar2018.shared import noise


@pytest.mark.parametrize("law", ["uniform", "gaussian"])
def test_both_laws_of_the_noise_have_the_same_two_moments(context, law):
    there = noise.noise(context.changed(noise_law=law))
    scale, shift = replace(there, shift_spread=0, scale_spread=0).draw(
        "conv1", (1, 1, 1, 200_000), 0
    )
    for drawn, mean, deviation in ((shift, 0, 1 / 12**0.5), (scale, 1.125, 0.25 / 12**0.5)):
        error = deviation / 200_000**0.5
        assert abs(drawn.mean() - mean) < 6 * error
        assert abs(drawn.std() - deviation) < 6 * error


def test_an_unknown_law_is_refused(context):
    with pytest.raises(UsageError, match="no noise has the law 'cauchy'"):
        noise.noise(context.changed(noise_law="cauchy"))
