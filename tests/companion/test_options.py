"""One complaint has one wording, whichever command it comes from."""

import math
import os
from argparse import Namespace

import pytest

from companion.command import Parser
from companion.errors import UsageError
from companion.options import add_jobs, add_json, add_scale, add_seed, at_least, between, cores
from companion.scale import Scale


def parsed(*words: str) -> Namespace:
    parser = Parser("python -m room", "What the room does.", "")
    add_scale(parser)
    add_seed(parser, "of the draws")
    add_jobs(parser)
    add_json(parser)
    return parser.parse_args(words)


def test_the_defaults() -> None:
    assert parsed() == Namespace(scale=Scale.QUICK, seed=0, jobs=cores(), json=False)


def test_what_is_given_is_taken() -> None:
    options = parsed("--full", "--seed", "7", "--jobs", "2", "--json")
    assert options == Namespace(scale=Scale.FULL, seed=7, jobs=2, json=True)
    assert parsed("--quick").scale is Scale.QUICK


def test_there_is_one_scale() -> None:
    with pytest.raises(UsageError, match="not allowed with"):
        parsed("--quick", "--full")


def test_there_is_at_least_one_core(monkeypatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert parsed().jobs == 1


@pytest.mark.parametrize(
    ("value", "least", "says"),
    [
        (-1, 0, "--size -1 is out of range; give a whole number >= 0"),
        (1, 2, "--size 1 is out of range; give a whole number >= 2"),
        (-0.5, 0.0, "--size -0.5 is out of range; give a number >= 0"),
        (math.nan, 0.0, "--size nan is out of range; give a number >= 0"),
        (math.inf, 0.0, "--size inf is out of range; give a number >= 0"),
    ],
)
def test_a_number_that_is_too_small_or_not_finite_is_refused(value, least, says) -> None:
    with pytest.raises(UsageError) as refused:
        at_least(Namespace(size=value), size=least)
    assert str(refused.value) == says


@pytest.mark.parametrize("value", [0, 1001])
def test_a_number_beyond_either_end_is_refused(value) -> None:
    with pytest.raises(UsageError) as refused:
        between(Namespace(digits=value), digits=(1, 1000))
    says = f"--digits {value} is out of range; give a whole number from 1 to 1000"
    assert str(refused.value) == says


def test_numbers_in_range_and_options_that_were_not_given_pass() -> None:
    at_least(Namespace(seed=0, jobs=1, batch=None, rest=-1), seed=0, jobs=1, batch=1)
    for digits in (None, 1, 1000):
        between(Namespace(digits=digits), digits=(1, 1000))
