"""The mutations are what they say, and they find what a check does not look at."""

import numpy as np
import pytest

from sim.check import FALSE_ALARM
from sim.evidence import Bounded, Fitted, Rounded, Student, at
from sim.spectra.draws import limit
from tests.close import rounded
from tests.sim.mutants import mutants, side_changes, value_changes
from theory import quadratic, spectra

VALUES = np.array([4.0, -1.0, 0.0, np.inf])


def survivors(claim, *evidence):
    return {each.words for each in mutants(claim, list(evidence)) if each.survives(FALSE_ALARM)}


@pytest.mark.parametrize(
    ("whole", "unit", "kind", "expected"),
    [
        (False, 4.0, "numbers", [4.2, -1.05, 0, np.inf]),
        (False, 4.0, "zeros", [4, -1, 4, np.inf]),
        (False, 4.0, "infinities", [4, -1, 0, 4]),
        (True, 1.0, "numbers", [5, 0, 0, np.inf]),
        (True, 1.0, "zeros", [4, -1, 1, np.inf]),
    ],
)
def test_a_kind_of_value_is_changed_and_no_other(whole, unit, kind, expected):
    assert rounded(value_changes(whole, unit, 1.0)[kind](VALUES), expected)


def test_nothing_is_not_a_number():
    assert np.isnan(value_changes(False, 4.0, 1.0)["nothing"](VALUES)).all()


def test_sides_move_inwards_and_outwards():
    lower, upper = (side_changes(side, False, 2.0, 1.0) for side in ("lower", "upper"))
    bound = np.array([-4.0, 0.0, 4.0])
    assert rounded(lower["tightened"](bound), [-3.8, 2.0, 4.2])
    assert rounded(lower["loosened"](bound), [-4.2, -2.0, 3.8])
    assert rounded(upper["tightened"](bound), lower["loosened"](bound))


def test_a_name_that_is_not_looked_at_is_found():
    claim, values = quadratic.regimes, {"lam": np.array([0.5, 1.0, 2.0]), "eta": 1.0}
    looks = Rounded(at("sign", **values), claim(**values)["sign"], 1.0)
    assert survivors(claim, looks) == {f"growth {kind}" for kind in ("numbers", "zeros", "nothing")}


def test_a_branch_that_is_not_looked_at_is_found():
    values = {"lam": 0.9, "alpha": 2.0, "v": 0.9}
    looks = Rounded(at(**values), spectra.semicircle(**values), 1.0)
    assert survivors(spectra.semicircle, looks) == {"branch 2"}


def test_a_letter_that_is_always_one_is_found():
    values = {"alpha": 4.0, "v": 1.0}
    observed = spectra.edges(**values)
    looks = [Rounded(at(name, **values), observed[name], 10.0) for name in observed]
    found = survivors(spectra.edges, *looks)
    letters = {f"{name} letter v {sign} 1/2" for name in observed for sign in "+-"}
    assert found == letters | {"deviation + 1/2", "deviation - 1/2"}


def test_a_deviation_that_is_not_resolved_is_found():
    values = {"alpha": 3.0, "v": 0.9}
    claim, spread = spectra.inverse_moment, np.linspace(-1, 1, 64)
    predict = limit(claim, N=32, **values)

    def found(width):
        return survivors(claim, Student(predict, predict(claim.closed_form) + width * spread))

    assert found(1e-3) == set()
    assert found(0.1) == {"deviation - 1/2"}
    known = at(None, claim.finite_size(N=32, **values), **values)  # evaluated once and for all
    assert found(1e-3) < survivors(claim, Student(known, known(claim.closed_form) + 1e-3 * spread))


def test_a_bound_that_is_idle_or_turned_round_is_found():
    claim, values = quadratic.rate_over_inputs, {"N_small": 3, "N_large": 3, "m": 1.0, "v": 0.5}

    def predict(form):
        return form(**values).get("lower"), None

    attained = claim(**values)["lower"]
    observed = [attained, 2 * attained]
    assert survivors(claim, Bounded(predict, observed, 1.0)) == set()
    assert survivors(claim, Bounded(predict, observed, 1.0, gap=0.1)) == {"lower loosened"}
    assert survivors(claim, Rounded(at("lower", **values), attained, 1.0)) == {"reversed"}


@pytest.mark.parametrize("order", [1, 2, 3])
def test_an_order_half_a_power_off_is_refuted(order):
    sizes = np.array([10.0, 20, 40, 80, 160, 320])
    values = {"lam": 1.0, "eta": 0.5, "k": 1}
    observed = quadratic.decay(**values) + sizes**-order
    assert survivors(quadratic.decay, Fitted(at(**values), observed, sizes, order)) == set()
