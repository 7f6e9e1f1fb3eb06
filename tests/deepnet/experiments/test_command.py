"""``python -m deepnet``: rows, exit codes, what it refuses."""

import json
import os
from dataclasses import replace

import numpy as np
import pytest

from companion.command import Exit
from companion.errors import UsageError
from companion.scale import Scale
from companion.side_by_side import side_by_side
from deepnet.experiments import command, options
from deepnet.experiments.experiment import Experiment, experiments
from deepnet.experiments.rows import KEYS
from deepnet.experiments.runner import Job
from tests.deepnet.experiments.fake import Fake, published


@pytest.fixture
def fake(monkeypatch):
    module = Fake()
    known = {"fake": Experiment("fake", module), "gold": Experiment("gold", Fake(5.0))}
    monkeypatch.setattr(options, "experiments", lambda: known)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)  # another process has the real experiments
    return module


def test_the_command_prints_strict_rows_and_fails_only_where_it_is_asked_to(fake, tmp_path, capsys):
    arguments = ["--out", str(tmp_path), "--json"]
    assert command.experiments_main(["fake", "--seeds", "3", *arguments]) == Exit.OK
    (row,) = json.loads(capsys.readouterr().out)
    assert tuple(row) == KEYS
    assert (row["experiment"], row["claim"], row["band"]) == ("fake", "fake.mean", [0, 1])
    assert row["verdict"] == "agrees"
    both = ["*", "--seeds", "3", *arguments]
    assert command.experiments_main(both) == Exit.OK
    rows = json.loads(capsys.readouterr().out)
    assert [(row["experiment"], row["verdict"]) for row in rows] == [
        ("fake", "agrees"),
        ("gold", "refuted"),
    ]
    assert command.experiments_main([*both, "--strict"]) == Exit.FAILED
    assert command.experiments_main(["fake", "--seeds", "3", *arguments, "--strict"]) == Exit.OK
    capsys.readouterr()
    assert command.experiments_main(["fake", "--out", str(tmp_path)]) == Exit.OK
    assert "fake.mean" in capsys.readouterr().out


def test_a_check_of_our_own_tools_that_fails_is_a_failure(fake, tmp_path):
    gold = options.experiments()["gold"].module
    gold.OBSERVATIONS = (replace(gold.OBSERVATIONS[0], exact=True),)
    assert command.experiments_main(["gold", "--out", str(tmp_path)]) == Exit.FAILED


def test_the_data_seed_is_the_seed_unless_it_is_given(fake, tmp_path):
    plans = [
        options.parse(["fake", "--seeds", "2", *more]).jobs for more in ([], ["--data-seed", "7"])
    ]
    (first, second), (third, fourth) = plans
    assert first.data.checksum != second.data.checksum
    assert third.data.checksum == fourth.data.checksum
    assert third.data.checksum == replace(first, data_seed=7).data.checksum


def test_published_numbers_are_printed_beside_the_rows_or_alone(fake, tmp_path, capsys):
    fake.PUBLISHED = (published(theirs=0.25), published(theirs=25.0))
    arguments = ["fake", "gold", "--seeds", "2", "--out", str(tmp_path)]
    assert command.experiments_main([*arguments, "--published", "--json"]) == Exit.OK
    rows = json.loads(capsys.readouterr().out)
    assert [(row["experiment"], row["theirs"]) for row in rows] == [("fake", 0.25), ("fake", 25)]
    assert [row["inside"] for row in rows] == [True, False]
    assert all(row["stderr"] > 0 and row["published"] == "mean" for row in rows)
    assert command.experiments_main([*arguments, "--published"]) == Exit.OK
    of_fake, of_gold = capsys.readouterr().out.strip().split("\n\n")
    assert of_fake.startswith("fake.mean")
    assert sum(line.startswith("  mean ") for line in of_fake.splitlines()) == 2
    assert of_gold.startswith("gold.mean") or of_gold.startswith("fake.mean")
    assert command.experiments_main([*arguments, "--json"]) == Exit.OK
    assert [tuple(row) for row in json.loads(capsys.readouterr().out)] == [KEYS, KEYS]


def test_set_makes_another_result_and_says_so(fake, tmp_path, capsys):
    arguments = ["fake", "--out", str(tmp_path), "--json"]
    assert command.experiments_main(arguments) == Exit.OK
    (usual,) = json.loads(capsys.readouterr().out)
    assert command.experiments_main([*arguments, "--set", "value=5"]) == Exit.OK
    (changed,) = json.loads(capsys.readouterr().out)
    assert (usual["scale"], changed["scale"]) == ("quick", "quick, value=5.0")
    assert usual["file"] != changed["file"]
    assert abs(changed["measured"] - 5) < 0.1


def test_labels_from_one_are_said_in_one_line(fake, tmp_path, capsys):
    rng = np.random.default_rng(0)
    images, y = rng.integers(0, 256, (40, 8, 8, 3), dtype=np.uint8), np.arange(40) % 10
    lines = []
    for lowest in (0, 1):
        own = tmp_path / f"from_{lowest}.npz"
        arrays = {"x_train": images, "y_train": y + lowest, "x_test": images, "y_test": y + lowest}
        np.savez(own, **arrays)
        arguments = ["fake", "--data", str(own), "--seeds", "2", "--out", str(tmp_path / "out")]
        assert command.experiments_main(arguments) == Exit.OK
        lines.append(capsys.readouterr().err)
    assert lines == [
        "",
        "deepnet: no training image has the label 0; the nets get 11 outputs; if labels begin at "
        "1, subtract 1\n",
    ]


def test_interrupted_it_prints_the_finished_rows(fake, tmp_path, capsys):
    options.experiments()["gold"].module.stop = 1
    code = command.experiments_main(["--out", str(tmp_path), "--json"])
    assert code == Exit.INTERRUPTED
    captured = capsys.readouterr()
    assert [row["experiment"] for row in json.loads(captured.out)] == ["fake"]
    assert "goes on" in captured.err


def test_list_and_source_choose_without_running(fake, capsys):
    assert command.experiments_main(["--list", "--json", "--source", "page2019"]) == Exit.OK
    listed = json.loads(capsys.readouterr().out)
    assert [row["experiment"] for row in listed] == ["fake", "gold"]
    assert all(row["measured"] is row["file"] is row["verdict"] is None for row in listed)
    assert command.experiments_main(["fake", "--list"]) == Exit.OK
    title, caption, *told = capsys.readouterr().out.splitlines()
    assert (title, caption) == ("fake   [page2019, Power method]", "  A caption.")
    assert told[0].startswith("  the passage [page2019, Power method]: holds in part. ")
    assert fake.computed == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["fale"], "no experiment is named 'fale'; the nearest is 'fake'"),
        (["--source", "page"], "nearest is 'page2019'"),
        (["--device", "gpu"], "give --device cpu"),
        (["--seeds", "0"], "--seeds 0 is out of range; give a whole number >= 1"),
        (["--seed", "-1"], "--seed -1 is out of range; give a whole number >= 0"),
        (["--data", "/nowhere"], "no data at '/nowhere'"),
        (["--scale", "tiny"], "see python -m deepnet --help"),
        (["--set", "value"], "give NAME=VALUE"),
        (["--set", "valeu=1"], "the nearest is 'value'"),
        (["--set", "gold.value=big"], "give a value such as 5"),
    ],
)
def test_bad_usage_is_one_line(fake, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=says) as caught:
        command.experiments_main(arguments)
    assert "\n" not in str(caught.value)
    assert fake.computed == []


def test_an_unwritable_folder_is_refused_before_the_work(fake, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot write"):
        command.experiments_main(["--out", str(tmp_path / "file" / "results")])
    assert fake.computed == []


def test_a_user_s_own_files_in_the_folder_of_results_stay(fake, tmp_path):
    for name in ("probe", ".probe", "fake.npz"):
        (tmp_path / name).write_text("the user's")
    (tmp_path / "folder" / "probe").mkdir(parents=True)
    for out in (tmp_path, tmp_path / "folder"):
        assert command.experiments_main(["fake", "--out", str(out)]) == Exit.OK
    for name in ("probe", ".probe", "fake.npz"):
        assert (tmp_path / name).read_text() == "the user's"
    assert (tmp_path / "folder" / "probe").is_dir()


def test_a_process_a_core_at_quick_scale_and_one_at_full(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert options.parse([]).processes == 6
    assert options.parse(["--full"]).processes == 1
    assert options.parse(["--full", "--jobs", "3"]).processes == 3


@pytest.mark.landing
def test_many_processes_give_the_same_results(tmp_path):
    chosen, results = experiments()["leading_eigenvalues"], []
    for processes in (1, 2):
        out = tmp_path / str(processes)
        jobs = [(Job(chosen, Scale.TINY, "textures", seed, out),) for seed in (0, 1)]
        results.append(list(side_by_side(Job.result, jobs, processes)))
    for single, together in zip(*results, strict=True):
        assert single.facts["seed"] == together.facts["seed"]
        assert single.facts["configuration"] == together.facts["configuration"]
        assert single.arrays.keys() == together.arrays.keys()
        first, same = (run.arrays["active:training_loss"][0] for run in (single, together))
        assert abs(first - same) < 64 * np.finfo("f4").eps * first  # threads may round otherwise
    assert (
        results[0][0].arrays["active:training_loss"][0]
        != (results[0][1].arrays["active:training_loss"][0])
    )
