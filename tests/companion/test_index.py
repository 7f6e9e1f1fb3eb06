"""The index of names, as it is read."""

from companion.index import Entry, experiments_about, find, index


def test_an_entry_is_found_by_its_kind_and_name():
    claim, check = (find(kind, "invariance.equilibrium_angle") for kind in ("claim", "check"))
    assert (claim.room, check.room) == ("theory", "sim")
    assert check.rests_on == {"claim": ("invariance.equilibrium_angle",)}
    assert "weight_decay.equilibrium_angle" in claim.carries["observation"]
    assert claim.measured_by == check.measured_by == claim.carries["observation"]


def test_a_name_that_is_not_entered_has_no_neighbours():
    assert find("claim", "spectra.new") == Entry("claim", "spectra.new", "", "", {}, {}, ())


def test_experiments_about_several_claims_are_named_once():
    names = ["invariance.equilibrium_angle", "invariance.equilibrium_with_momentum"]
    assert experiments_about(names) == ("weight_decay",)
    assert experiments_about(["quadratic.form"]) == ()


def test_what_an_entry_rests_on_carries_it():
    for (kind, name), entry in index().items():
        for below, names in entry.rests_on.items():
            assert all(name in index()[below, each].carries[kind] for each in names), name
        for above, names in entry.carries.items():
            assert all(name in index()[above, each].rests_on[kind] for each in names), name
