"""An estimate as a terminal shows it."""

import numpy as np

from theory.definitions.estimates import Estimate


def test_the_error_of_an_array_is_shown():
    estimate = Estimate(np.ones(2), np.array([0.25, 0.0]), np.array([0.25, 0.0]), 64, "64 draws")
    assert str(estimate) == "[1. 1.] (each +- at most 0.5; 64 draws)"
    assert str(Estimate(np.ones(2))) == "[1. 1.] (exact)"


def test_an_array_fits_a_terminal():
    shown = str(Estimate(np.random.default_rng(0).normal(size=12), bias=1e-3, how="a search"))
    assert max(map(len, shown.splitlines())) <= 80


def test_a_number_has_two_digits_of_its_error():
    assert str(Estimate(17.149838842, 0.021, 0.0, 64, "64 draws")) == "17.150 +- 0.021 (64 draws)"
    assert str(Estimate(2.0, how="a limit, cut off")) == "2 (a limit, cut off)"
