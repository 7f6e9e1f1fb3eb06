"""Rows and verdicts over seeds."""

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from companion.passages import PASSAGES
from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.experiment import Experiment, Observation
from deepnet.experiments.published import line, published_rows
from deepnet.experiments.record import Recorded
from deepnet.experiments.rows import KEYS, rows
from deepnet.experiments.words import listed, where, words
from tests.close import rounded
from tests.deepnet.experiments.fake import Fake, published, run_fake
from theory import invariance


def test_an_observation_judges_its_measure_by_its_band_and_its_null():
    (observation,) = Fake.OBSERVATIONS
    runs = [{"mean": np.array(mean)} for mean in (0.4, 0.5, 0.6)]
    found = observation.finding(runs)
    assert (found.verdict, found.inside, found.seeds) == ("agrees", 1, 3)
    assert rounded((found.measured, found.null), (0.5, 2.5))
    reported = replace(observation, band=None, null=None).finding(runs)
    assert reported.verdict == "reported"
    with pytest.raises(ValueError, match="needs a null"):
        Observation("c", (0, 1), observation.measure)


def test_a_row_names_the_claims_that_it_is_about():
    (observation,) = Fake.OBSERVATIONS
    angle = replace(observation, about=(invariance.equilibrium_angle,))
    fake = Fake()
    fake.OBSERVATIONS = (observation, angle)
    plain, about = rows(Experiment("fake", fake), [])
    assert plain["about"] == []
    assert about["about"] == ["invariance.equilibrium_angle"]


def test_rows_over_seeds_have_the_mean_and_its_error(tmp_path):
    fake = Fake()
    results = [run_fake(fake, tmp_path, seed) for seed in range(3)]
    (row,) = rows(Experiment("fake", fake), results)
    values = [float(result.arrays["mean"]) for result in results]
    assert tuple(row) == KEYS
    assert rounded(row["measured"], np.mean(values))
    assert rounded(row["stderr"], np.std(values, ddof=1) / 3**0.5)
    assert row["data"] == "textures (generated)"
    assert Path(row["file"]) == results[0].path.parent
    assert row["interval"][0] < row["measured"] < row["interval"][1]
    assert (row["seeds"], row["compared"], row["verdict"]) == (3, 3, "agrees")
    judged = PASSAGES["page2019"]["Power method"]
    told = {"passage": "page2019, Power method", **asdict(judged)}
    assert row["passages"] == [told]
    tiny = run_fake(fake, tmp_path / "tiny", scale=Scale.TINY)
    (single,) = rows(Experiment("fake", fake), [tiny])
    assert single["stderr"] is single["interval"] is None
    assert single["verdict"] == "not at this scale"
    assert single["file"] == str(tiny.path)


def test_generated_images_do_not_judge_a_statement_about_photographs(tmp_path):
    fake = Fake()
    (about,) = Fake.OBSERVATIONS
    fake.OBSERVATIONS = (replace(about, real=True), replace(about, real=True, band=None))
    results = [run_fake(fake, tmp_path, seed) for seed in range(3)]
    banded, reported = rows(Experiment("fake", fake), results)
    assert (banded["verdict"], reported["verdict"]) == ("not on textures", "reported")
    assert rounded(banded["measured"], np.mean([float(each.arrays["mean"]) for each in results]))
    taken = {"name": "mine.npz", "quality": "as given", "checksum": ""}
    photographs = [replace(each, facts=each.facts | {"data": taken}) for each in results]
    assert rows(Experiment("fake", fake), photographs)[0]["verdict"] == "agrees"


def test_seeds_that_were_seen_before_the_statement_do_not_judge_it(tmp_path):
    fake = Fake()
    (about,) = Fake.OBSERVATIONS
    fake.OBSERVATIONS = (replace(about, seen=(0, 1, 2)),)
    results = [run_fake(fake, tmp_path, seed) for seed in range(6)]
    (row,) = rows(Experiment("fake", fake), results)
    assert row["seeds"] == 3
    assert rounded(row["measured"], np.mean([float(each.arrays["mean"]) for each in results[3:]]))
    (row,) = rows(Experiment("fake", fake), results[:3])
    assert (row["verdict"], row["measured"]) == ("unresolved", None)
    assert "no seed from 0 to 2 judges it: they were seen before it was stated" in words(row)


@pytest.mark.parametrize(
    ("values", "measured", "stderr"),
    [
        ([0.2, np.nan, 0.4], 0.3, 0.1),
        ([np.nan, 0.4, np.nan], 0.4, None),
        ([np.nan, np.nan], None, None),
        ([np.inf, 1.0], np.inf, None),
    ],
)
def test_a_seed_with_nothing_to_compare_has_no_part_in_the_mean(tmp_path, values, measured, stderr):
    runs = [
        replace(run_fake(Fake(), tmp_path, seed), arrays={"mean": np.array(value)})
        for seed, value in enumerate(values)
    ]
    (row,) = rows(Experiment("fake", Fake()), runs)
    for number, expected in ((row["measured"], measured), (row["stderr"], stderr)):
        assert number is None if expected is None else rounded(number, expected)
    if None in (measured, stderr):
        assert row["verdict"] != "agrees"
    experiment = Fake()
    experiment.PUBLISHED = (published(theirs=0.25),)
    (beside,) = published_rows(Experiment("fake", experiment), runs)
    assert (beside["ours"], beside["stderr"]) == (row["measured"], row["stderr"])
    assert beside["inside"] == (measured in (0.3, 0.4))
    assert ("nothing to compare" in line(beside)) == (measured is None)


def test_a_row_has_what_is_on_record_over_more_seeds(tmp_path):
    fake = Fake()
    experiment = Experiment("fake", fake)
    found = {"fake.mean": {"verdict": "agrees", "measured": 0.4}}
    record = {"fake": Recorded(0, 3, "quick", "textures (generated)", found)}
    (row,) = rows(experiment, [run_fake(fake, tmp_path)], record)
    assert row["verdict"] == "unresolved"
    assert row["record"]["verdict"] == "agrees"
    assert row["record"]["before"]
    (alone,) = rows(experiment, [run_fake(fake, tmp_path)])
    assert alone["record"] is None


@pytest.mark.parametrize("seeds", [1, 3])
def test_a_row_in_words_says_statement_numbers_and_record_in_80_columns(tmp_path, seeds):
    fake = Fake()
    says = "The mean of nine numbers lies between 0 and 1, as it does for all seeds of this test."
    fake.OBSERVATIONS = (replace(Fake.OBSERVATIONS[0], says=says),)
    found = {"fake.mean": {"verdict": "agrees"}}
    record = {"fake": Recorded(0, 3, "quick", "textures (generated)", found)}
    runs = [run_fake(fake, tmp_path, seed) for seed in range(seeds)]
    (row,) = rows(Experiment("fake", fake), runs, record)
    text = words(row)
    assert all(len(line) <= 80 for line in text.splitlines())
    assert all(line.count("[") == line.count("]") for line in text.splitlines())
    assert text.isascii()
    told = " ".join(text.split())
    for part in (
        says,
        f"{seeds} of {seeds} runs in the band [0, 1]",
        "null 2.",
        "on record: agrees",
    ):
        assert part in told
    assert ("--seeds 3" in told) == (seeds == 1)
    assert ("interval [" in told) == (seeds == 3)
    assert f"{seeds} seed" in where(row)
    (empty,) = rows(Experiment("fake", fake), [], record)
    assert "not run" in words(empty)


def test_a_row_says_what_its_verdict_rests_on(tmp_path):
    fake, plain = Fake(), Fake.OBSERVATIONS[0]
    inside = replace(plain, null=plain.measure)
    fake.OBSERVATIONS = (plain, inside, replace(plain, exact=True))
    told = rows(Experiment("fake", fake), [run_fake(fake, tmp_path)])
    said = [" ".join(words(row).split()) for row in told]
    assert [row["verdict"] for row in told] == ["unresolved", "uninformative", "agrees"]
    assert [" lies in the band too" in each for each in said] == [False, True, False]
    assert ["must hold in each run" in each for each in said] == [False, False, True]


def test_a_row_says_what_was_restated(tmp_path):
    fake, seen = Fake(), "The mean of one run lay above 1."
    plain = Fake.OBSERVATIONS[0]
    after = replace(plain, stated="after", why=seen)
    fake.OBSERVATIONS = (plain, after, replace(after, was="The mean is below 1."))
    told = rows(Experiment("fake", fake), [run_fake(fake, tmp_path)])
    assert [row["stated"] for row in told] == ["before", "after", "after"]
    assert [row["was"] for row in told] == [None, None, "The mean is below 1."]
    assert "stated" not in words(told[0])
    assert f"stated after data were seen: {seen}" in " ".join(words(told[1]).split())
    text = " ".join(words(told[2]).split())
    assert f"restated; it was: The mean is below 1. Why: {seen}" in text
    assert Experiment("fake", fake).restated == 2


def test_an_experiment_is_listed_with_its_passages_as_judged_and_its_checks_on_record():
    fake = Fake()
    fake.SOURCE = cite("page2019", "Power method", "beyond the post")
    plain = Fake.OBSERVATIONS[0]
    names = ("mean", "second", "third")
    fake.OBSERVATIONS = tuple(replace(plain, name=f"fake.{name}") for name in names)
    experiment = Experiment("fake", fake)
    verdicts = dict(zip(names, ("agrees", "refuted", "agrees"), strict=True))
    found = {f"fake.{name}": {"verdict": verdict} for name, verdict in verdicts.items()}
    record = {"fake": Recorded(1, 3, "quick", "textures (generated)", found)}
    text = listed(experiment, rows(experiment, [], record))
    assert all(len(line) <= 80 for line in text.splitlines())
    told = " ".join(text.split())
    for passage in fake.SOURCE.passages:
        judged = PASSAGES["page2019"][passage]
        assert f"[page2019, {passage}]: {judged.verdict}. {judged.reason}" in told
    assert "checks on record: agrees 2, refuted 1 (3 seeds, quick, textures" in told
    unknown = listed(experiment, rows(experiment, []))
    assert "on record" not in unknown
