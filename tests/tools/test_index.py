"""How the index of names is made of the names of all rooms."""

from graphlib import CycleError
from typing import get_args

import pytest

import theory
from companion.index import Kind
from companion.passages import PASSAGES
from deepnet.experiments.experiment import experiments
from figures.gallery import plates
from theory.errata import errata
from tools import index
from tools.index import Name, entries, names


@pytest.fixture(scope="module")
def of_kind():
    """The entries of each kind, by name."""
    made = entries()
    return {kind: {e.name: e for e in made if e.kind == kind} for kind in get_args(Kind)}


def test_every_name_has_an_entry(of_kind):
    assert set(of_kind["claim"]) == set(of_kind["check"]) == set(theory.claims())
    assert set(of_kind["experiment"]) == set(experiments())
    assert set(of_kind["figure"]) == set(plates())
    assert set(of_kind["erratum"]) == set(errata())
    assert set(of_kind["passage"]) == {f"{key}, {p}" for key in PASSAGES for p in PASSAGES[key]}
    observations = [o.name for each in experiments().values() for o in each.observations]
    assert list(of_kind["observation"]) == observations
    assert all(entry.line for named in of_kind.values() for entry in named.values())


def test_observations_are_found_from_below_and_from_beside(of_kind):
    angle = "weight_decay.equilibrium_angle"
    assert angle in of_kind["claim"]["invariance.equilibrium_angle"].measured_by
    assert angle in of_kind["experiment"]["weight_decay"].measured_by
    assert angle in of_kind["passage"]["grosse2021, Use weight decay"].measured_by
    assert angle in of_kind["figure"]["grosse2021.weight_decay"].measured_by
    assert angle in of_kind["figure"]["invariance.equilibrium"].measured_by
    assert angle not in of_kind["claim"]["invariance.norm_growth"].measured_by
    assert of_kind["observation"][angle].measured_by == ()
    printed = "printed_bounds.bound_1_as_printed_is_violated"
    assert printed in of_kind["erratum"]["E1"].measured_by


def test_an_observation_says_its_band(of_kind):
    lines = {name: entry.line for name, entry in of_kind["observation"].items()}
    assert lines["weight_decay.equilibrium_angle"] == "equilibrium angle in [0.85, 1.15]"
    assert lines["weight_decay.angle_with_momentum"] == "angle with momentum, reported"


def test_claims_name_the_claims_below_and_above_them(of_kind):
    """By a link that uses another chain, by the words of a step, by those of a statement."""
    claims = of_kind["claim"]
    for above, below in (
        ("propagation.shortcut_correlation", "propagation.arc_cosine"),
        ("spectra.outlier", "spectra.one_outlier"),
        ("smoothness.negative_curvature", "smoothness.hessian"),
    ):
        assert below in claims[above].rests_on["claim"]
        assert above in claims[below].carries["claim"]
    for name, entry in claims.items():
        assert name not in entry.rests_on.get("claim", ())
        assert entry.measured_by == entry.carries.get("observation", ()), "not of those above it"


def test_a_circle_of_names_is_refused(monkeypatch):
    a, b = (
        Name("claim", each, "theory", "New.", [("claim", other)]) for each, other in ("ab", "ba")
    )
    monkeypatch.setattr(index, "names", lambda: [a, b])
    with pytest.raises(CycleError):
        entries()


@pytest.mark.parametrize(
    "wrong",
    [
        Name("claim", "spectra.edges", "theory", "Again."),
        Name("claim", "spectra.new", "theory", "New.", [("theorem", "none")]),
    ],
)
def test_a_name_twice_or_on_nothing_is_refused(monkeypatch, wrong):
    known = [*names(), wrong]
    monkeypatch.setattr(index, "names", lambda: known)
    with pytest.raises(KeyError):
        entries()
