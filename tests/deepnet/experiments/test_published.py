"""Published numbers stand beside ours."""

import numpy as np
import pytest

from deepnet.experiments.experiment import Experiment, experiments
from deepnet.experiments.published import line, published_rows
from tests.close import rounded
from tests.deepnet.experiments.fake import Fake, compared, published, run_fake


def test_a_published_number_stands_beside_the_mean_over_seeds(tmp_path):
    results, (row,) = compared(Fake(5.0), published(why="a reason"), tmp_path, seeds=3)
    values = [float(result.arrays["mean"]) for result in results]
    assert rounded(row["ours"], np.mean(values))
    assert rounded(row["stderr"], np.std(values, ddof=1) / 3**0.5)
    assert row["ratio"] == row["ours"] / 4
    assert (row["theirs"], row["band"], row["inside"]) == (4, [0.5, 2], True)
    assert (row["scale"], row["data"]) == ("quick", "textures (generated)")
    text = line(row)
    assert "theirs 4 " in text
    assert f"ours {row['ours']:.4g} +- {row['stderr']:.2g}, ratio 1.2" in text
    assert text.endswith("inside [0.5, 2]; a reason")


@pytest.mark.parametrize(
    ("value", "inside"), [(1.8, False), (2.2, True), (7.8, True), (8.2, False), (-5.0, False)]
)
def test_it_is_inside_where_the_quotient_is(tmp_path, value, inside):
    _, (row,) = compared(Fake(value), published(), tmp_path)
    assert row["inside"] is inside
    assert row["stderr"] is None
    assert f" {'inside' if inside else 'outside'} [0.5, 2]" in line(row)
    assert "+-" not in line(row)


def test_an_experiment_without_published_numbers_has_no_rows(tmp_path):
    assert Experiment("fake", Fake()).published == ()
    assert published_rows(Experiment("fake", Fake()), [run_fake(Fake(), tmp_path)]) == []


@pytest.mark.parametrize("name", experiments())
def test_published_numbers_are_numbers_with_names_of_their_own(name):
    published = experiments()[name].published
    assert len({each.name for each in published}) == len(published)
    for each in published:
        assert np.isfinite(each.theirs)
        assert each.theirs != 0
        assert each.band[0] < 1 < each.band[1]
