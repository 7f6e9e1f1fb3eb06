"""Experiments: stored whole or not at all, resumed to the same bits, reported as agreed."""

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from joblib import Parallel, delayed

from companion.command import Exit
from companion.errors import UsageError
from companion.progress import forecast, track
from companion.references import REFERENCES, cite
from companion.scale import Scale
from deepnet.data import textures
from deepnet.experiments import command
from deepnet.experiments.changes import changes
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Experiment, Observation, Published, experiments
from deepnet.experiments.published import line, published_rows
from deepnet.experiments.rows import KEYS, rows
from deepnet.experiments.runner import plan, run
from deepnet.experiments.store import alone, key, read, read_result, write, write_result

ROOT = Path(__file__).parents[2]
shared_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


# ----- The store -----

any_array = hnp.arrays(
    st.sampled_from(["f4", "f8", "i8", "u1", "?", "U3"]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
names = st.text("abcw:_-.0", min_size=1, max_size=6)


@shared_folder
@given(arrays=st.dictionaries(names, any_array, max_size=4))
def test_what_is_written_is_read_to_the_bit(tmp_path, arrays):
    write(tmp_path / "a.npz", arrays)
    found = read(tmp_path / "a.npz")
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        assert found[name].tobytes() == array.tobytes()
        assert found[name].shape == array.shape
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


def test_the_same_arrays_give_the_same_file(tmp_path):
    arrays = {"x": np.arange(5.0), "y": np.ones((2, 3), order="F")}
    for name in ("a", "b"):
        write(tmp_path / f"{name}.npz", arrays)
        time.sleep(0.01)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


STORED = {"x": np.arange(7.0), "n": np.array(3), "w:a": np.ones((2, 3), np.float32)}


def _file(folder):
    path = folder / "whole.npz"
    if not path.exists():
        write(path, STORED)
    return path.read_bytes()


@shared_folder
@given(data=st.data())
def test_an_altered_file_is_never_read_as_something_else(tmp_path, data):
    whole = _file(tmp_path)
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[at] ^= data.draw(st.integers(1, 255))
    (tmp_path / "changed.npz").write_bytes(changed)
    found = read(tmp_path / "changed.npz")
    if found is not None:  # a time stamp, or another byte that says nothing of the arrays
        assert found.keys() == STORED.keys()
        assert all(np.array_equal(found[name], STORED[name]) for name in STORED)


@shared_folder
@given(data=st.data())
def test_half_a_file_is_not_read(tmp_path, data):
    whole = _file(tmp_path)
    (tmp_path / "half.npz").write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    assert read(tmp_path / "half.npz") is None


def test_pickled_and_foreign_files_are_not_read(tmp_path):
    np.savez(tmp_path / "pickled.npz", x=np.array([{}], dtype=object))
    np.savez(tmp_path / "foreign.npz", x=np.arange(3))
    assert read(tmp_path / "pickled.npz") is None
    assert read(tmp_path / "foreign.npz") is None
    assert read(tmp_path / "nothing.npz") is None
    with pytest.raises(ValueError, match="pickle"):
        write(tmp_path / "pickle.npz", {"x": np.array([{}], dtype=object)})
    assert not (tmp_path / "pickle.npz").exists()


def test_a_result_is_read_only_with_its_own_facts(tmp_path):
    path, other = tmp_path / "a.npz", tmp_path / "b.npz"
    write_result(path, STORED, {"version": 1, "measured": float("inf")})
    write_result(other, STORED | {"x": np.zeros(7)}, {"version": 1})
    arrays, facts = read_result(path, {"version": 1})
    assert np.array_equal(arrays["x"], STORED["x"])
    assert facts["measured"] == "inf"
    assert read_result(path, {"version": 2}) is None
    assert read_result(path, {"unknown": 0}) is None
    shutil.copy(other, path)  # arrays of another writing
    assert read_result(path, {"version": 1}) is None
    write_result(path, STORED, {"version": 1})
    for text in ("", "{", "[1]", "\xff"):
        path.with_suffix(".json").write_bytes(text.encode("latin-1"))
        assert read_result(path, {}) is None
    path.with_suffix(".json").unlink()
    assert read_result(path, {}) is None


@given(value=st.integers(), other=st.integers())
def test_a_key_depends_on_everything_and_not_on_order(value, other):
    assert key(a=value, b=0) == key(b=0, a=value)
    assert (key(a=value, b=0) == key(a=other, b=0)) == (value == other)


# ----- Running and resuming -----


class Fake(ModuleType):
    """An experiment of three stages that counts what it computes, and can be stopped."""

    VERSION = 1
    SOURCE = cite("page2019", "nowhere")
    OBSERVATIONS = (
        Observation(
            "fake.mean", (0.0, 1.0), lambda a: float(a["mean"]), lambda a: float(a["mean"] + 2)
        ),
    )

    def __init__(self, value=0.5):
        super().__init__("fake", "A caption.")
        self.value, self.computed, self.stop = value, [], None

    def configuration(self, scale):
        return {"train": 20, "test": 10, "value": self.value}

    def run(self, config, context):
        def stage(i):
            def compute():
                if i == self.stop:
                    raise KeyboardInterrupt
                self.computed.append(i)
                rng = np.random.default_rng([context.seed, i])
                return {"x": config["value"] + rng.uniform(-0.1, 0.1, 3)}

            return context.stage(f"stage-{i}", compute)["x"]

        x = np.concatenate([stage(i) for i in range(3)])
        return {"x": x, "mean": x.mean()}


def _run(fake, out, seed=0, scale=Scale.QUICK):
    return run(Experiment("fake", fake), scale, "textures", seed, out)


def test_a_result_is_computed_once_and_says_what_made_it(tmp_path):
    fake = Fake()
    assert plan(Experiment("fake", fake), Scale.QUICK, "textures", 0, tmp_path).stored() is None
    first, second = _run(fake, tmp_path), _run(fake, tmp_path)
    assert fake.computed == [0, 1, 2]
    assert np.array_equal(first.arrays["x"], second.arrays["x"])
    facts = json.loads(first.path.with_suffix(".json").read_text())
    assert facts == second.facts
    assert facts["configuration"] == {"train": 20, "test": 10, "value": 0.5}
    assert facts["data"]["name"] == "textures"
    assert facts["data"]["quality"] == "generated"
    assert len(facts["data"]["checksum"]) == 64
    assert {"numpy", "scipy", "python", "companion"} <= facts["versions"].keys()
    assert facts["device"] == "cpu"
    assert facts["threads"]["deepnet"] >= 1
    assert facts["seconds"] > 0
    assert (facts["seed"], facts["scale"], facts["version"]) == (0, "quick", 1)
    assert list(tmp_path.rglob("*.parts")) == []


@pytest.mark.parametrize("change", ["version", "value", "seed", "data", "arrays", "facts"])
def test_another_version_or_a_spoiled_file_is_computed_again(tmp_path, change, monkeypatch):
    fake = Fake()
    path = _run(fake, tmp_path).path
    seed = 0
    if change == "version":
        fake.VERSION = 2
    elif change == "value":
        fake.value = 0.25
    elif change == "seed":
        seed = 1
    elif change == "data":
        monkeypatch.setattr(
            fake, "configuration", lambda scale: {"train": 21, "test": 10, "value": 0.5}
        )
    else:
        spoiled = path if change == "arrays" else path.with_suffix(".json")
        spoiled.write_bytes(spoiled.read_bytes()[:-20])
    _run(fake, tmp_path, seed)
    assert fake.computed == [0, 1, 2, 0, 1, 2]


@pytest.mark.parametrize("stop", [0, 1, 2])
def test_stopped_in_any_stage_it_goes_on_to_the_same_bits(tmp_path, stop):
    whole = _run(Fake(), tmp_path / "whole").path
    fake = Fake()
    fake.stop = stop
    with pytest.raises(KeyboardInterrupt):
        _run(fake, tmp_path / "stopped")
    fake.stop = None
    path = _run(fake, tmp_path / "stopped").path
    assert fake.computed == [0, 1, 2]
    assert path.read_bytes() == whole.read_bytes()


def test_a_spoiled_stage_is_computed_again(tmp_path):
    fake = Fake()
    fake.stop = 2
    with pytest.raises(KeyboardInterrupt):
        _run(fake, tmp_path)
    (part,) = tmp_path.rglob("stage-0.npz")
    part.write_bytes(part.read_bytes()[:-1])
    fake.stop = None
    _run(fake, tmp_path)
    assert fake.computed == [0, 1, 0, 2]


KILLED = """
from pathlib import Path
from companion.scale import Scale
from deepnet.experiments.experiment import experiments
from deepnet.experiments.runner import run
run(experiments()["leading_eigenvalues"], Scale.TINY, "textures", 3, Path({out!r}))
"""


def _process(out):
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    return subprocess.Popen([sys.executable, "-c", KILLED.format(out=str(out))], env=env)


@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on_to_the_same_bits(tmp_path):
    """SIGKILL as soon as one more file has appeared, until a run gets through."""
    assert _process(tmp_path / "whole").wait() == 0
    kills, known = 0, 0
    while True:
        process = _process(tmp_path / "killed")
        while process.poll() is None and _files(tmp_path / "killed") <= known:
            time.sleep(0.002)
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills, known = kills + 1, _files(tmp_path / "killed")
    assert process.returncode == 0
    assert kills >= 4
    whole, killed = (
        {p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*.npz")}
        for name in ("whole", "killed")
    )
    assert {path: whole[path] for path in whole} == {path: killed[path] for path in whole}


def _files(folder):
    return len([p for p in folder.rglob("*.npz") if not p.name.startswith(".")])


# ----- Rows and verdicts -----


@pytest.mark.parametrize(
    ("means", "verdict"),
    [
        ([0.2], "agrees"),
        ([1.2], "refuted"),
        ([0.2, 0.9], "agrees"),
        ([0.2, 1.2], "unresolved"),
        ([-0.2, 1.2], "refuted"),
        ([float("nan")], "unresolved"),
        ([-1.5], "refuted"),  # the null lies inside
    ],
)
def test_a_verdict_is_that_of_all_seeds(means, verdict):
    (observation,) = Fake.OBSERVATIONS
    assert observation.verdict([{"mean": np.array(mean)} for mean in means]) == verdict


def test_a_null_inside_the_band_refutes():
    same = Observation("c", (0, 1), lambda a: float(a["mean"]), lambda a: float(a["mean"]))
    assert same.verdict([{"mean": np.array(0.5)}]) == "refuted"


def test_what_has_no_band_is_reported_and_what_cannot_be_compared_is_left_open():
    def mean(arrays):
        return float(arrays["mean"])

    assert Observation("c", None, mean).verdict([{"mean": np.array(0.5)}]) is None
    nothing = Observation("c", (0, 1), mean, lambda _: 2.0)
    assert nothing.verdict([{"mean": np.array(0.5)}, {"mean": np.array(np.nan)}]) == "unresolved"
    with pytest.raises(ValueError, match="needs a null"):
        Observation("c", (0, 1), mean)


def test_rows_over_seeds_have_the_mean_and_its_error(tmp_path):
    fake = Fake()
    results = [_run(fake, tmp_path, seed) for seed in range(3)]
    (row,) = rows(Experiment("fake", fake), Scale.QUICK, results)
    values = [float(result.arrays["mean"]) for result in results]
    assert tuple(row) == KEYS
    assert abs(row["measured"] - np.mean(values)) < 1e-15
    assert abs(row["stderr"] - np.std(values, ddof=1) / 3**0.5) < 1e-15
    assert row["data"] == "textures (generated)"
    assert Path(row["file"]) == results[0].path.parent
    (single,) = rows(Experiment("fake", fake), Scale.TINY, results[:1])
    assert single["stderr"] is None
    assert single["verdict"] is None
    assert single["file"] == str(results[0].path)


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
        replace(_run(Fake(), tmp_path, seed), arrays={"mean": np.array(value)})
        for seed, value in enumerate(values)
    ]
    (row,) = rows(Experiment("fake", Fake()), Scale.QUICK, runs)
    assert row["measured"] == pytest.approx(measured)
    assert row["stderr"] == pytest.approx(stderr)
    if None in (measured, stderr):
        assert row["verdict"] != "agrees"
    experiment = Fake()
    experiment.PUBLISHED = (_published(theirs=0.25),)
    (beside,) = published_rows(Experiment("fake", experiment), runs)
    assert (beside["ours"], beside["stderr"]) == (row["measured"], row["stderr"])
    assert beside["inside"] == (measured in (0.3, 0.4))
    assert ("nothing to compare" in line(beside)) == (measured is None)


# ----- What is shared between experiments -----


def _context(out, seed=0, train=20, parts="a.parts"):
    return Context(textures(train, 10), seed, out / parts, out)


def test_a_measurement_is_made_once_for_all_experiments(tmp_path):
    made = []

    def compute():
        made.append(len(made))
        return {"x": np.arange(3) + len(made)}

    first = _context(tmp_path).shared("kind", compute, net="a", start=0)
    other = _context(tmp_path, parts="b.parts").shared("kind", compute, start=0, net="a")
    assert made == [0]
    assert np.array_equal(first["x"], other["x"])
    (file,) = tmp_path.rglob("*.npz")
    assert file.parent == tmp_path / "measured"  # it outlasts the stages of the run that made it
    assert file.name.startswith("kind-")


@pytest.mark.parametrize(
    ("kind", "seed", "train", "what"),
    [
        ("other", 0, 20, {"net": "a", "start": 0}),
        ("kind", 1, 20, {"net": "a", "start": 0}),
        ("kind", 0, 21, {"net": "a", "start": 0}),
        ("kind", 0, 20, {"net": "b", "start": 0}),
        ("kind", 0, 20, {"net": "a", "start": 1}),
        ("kind", 0, 20, {"net": "a"}),
    ],
)
def test_whatever_a_measurement_depends_on_makes_it_another(tmp_path, kind, seed, train, what):
    usual = _context(tmp_path)
    usual.shared("kind", lambda: {"x": np.zeros(1)}, net="a", start=0)
    found = _context(tmp_path, seed, train).shared(kind, lambda: {"x": np.ones(1)}, **what)
    assert found["x"] == 1
    assert usual.shared("kind", lambda: {"x": np.ones(1)}, net="a", start=0)["x"] == 0


def test_a_spoiled_measurement_is_made_again(tmp_path):
    context, made = _context(tmp_path), []

    def compute():
        made.append(1)
        return {"x": np.ones(2)}

    for times in (1, 2):
        assert context.shared("kind", compute)["x"].sum() == 2
        assert len(made) == times
        (file,) = tmp_path.rglob("*.npz")
        file.write_bytes(file.read_bytes()[:-3])


# ----- Changes of the configuration -----

CONFIGURATION = {"train": 20, "width": "1/8", "peak": 0.5, "augment": True}
KNOWN = [
    Experiment("one", SimpleNamespace(configuration=lambda scale: CONFIGURATION)),
    Experiment("two", SimpleNamespace(configuration=lambda scale: {"train": 50, "only": 1})),
]


@given(
    train=st.integers(),
    width=st.text(),
    peak=st.floats(allow_nan=False, allow_infinity=False),
    augment=st.booleans(),
)
def test_what_is_set_is_what_the_experiment_gets(train, width, peak, augment):
    wanted = {"train": train, "width": width, "peak": peak, "augment": augment}
    texts = [f"{k}={v if isinstance(v, str) else json.dumps(v)}" for k, v in wanted.items()]
    changed = changes(texts, KNOWN, Scale.QUICK)
    found = changed["one"]
    assert found == wanted
    assert {name: type(v) for name, v in found.items()} == {k: type(v) for k, v in wanted.items()}
    assert KNOWN[0].configuration(Scale.QUICK, found) == wanted
    assert changed["two"] == {"train": train}
    assert KNOWN[1].configuration(Scale.QUICK, changed["two"]) == {"train": train, "only": 1}


def test_a_whole_number_is_a_number_and_the_last_one_counts():
    found = changes(["peak=2", "only=3", "only=4"], KNOWN, Scale.QUICK)
    assert found == {"one": {"peak": 2.0}, "two": {"only": 4}}
    assert isinstance(found["one"]["peak"], float)
    assert changes([], KNOWN, Scale.QUICK) == {"one": {}, "two": {}}


def test_one_experiment_can_be_set_alone():
    found = changes(["train=1", "two.train=2"], KNOWN, Scale.QUICK)
    assert found == {"one": {"train": 1}, "two": {"train": 2}}
    assert changes(["two.train=2"], KNOWN, Scale.QUICK)["one"] == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("train", "--set 'train' sets nothing; give NAME=VALUE, such as width=1/4"),
        ("=5", "no entry of these configurations is named ''"),
        ("trian=5", "no entry of these configurations is named 'trian'; the nearest is 'train'"),
        ("tow.train=5", "no chosen experiment is named 'tow'; the nearest is 'two'"),
        ("two.peak=5", "no entry of these configurations is named 'peak'"),
        ("train=5.5", "--set 'train=5.5' does not fit; give a value such as 20"),
        ("two.train=5.5", "--set 'two.train=5.5' does not fit; give a value such as 50"),
        ("train=true", "--set 'train=true' does not fit; give a value such as 20"),
        ("train=", "--set 'train=' does not fit; give a value such as 20"),
        ("peak=fast", "--set 'peak=fast' does not fit; give a value such as 0.5"),
        ("peak=true", "--set 'peak=true' does not fit; give a value such as 0.5"),
        ("peak=NaN", "--set 'peak=NaN' does not fit; give a value such as 0.5"),
        ("peak=1e999", "--set 'peak=1e999' does not fit; give a value such as 0.5"),
        ("peak=1" + 400 * "0", "does not fit; give a value such as 0.5"),
        ("augment=1", "--set 'augment=1' does not fit; give a value such as true"),
    ],
)
def test_what_cannot_be_set_is_refused_in_one_line(text, says):
    with pytest.raises(UsageError) as caught:
        changes([text], KNOWN, Scale.QUICK)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


# ----- Published numbers -----


def _published(theirs=4.0, band=(0.5, 2.0), why=""):
    return Published("mean", theirs, lambda arrays: float(arrays["mean"]), band, why)


def _compared(fake, published, out, seeds=1):
    fake.PUBLISHED = (published,)
    results = [_run(fake, out, seed) for seed in range(seeds)]
    return results, published_rows(Experiment("fake", fake), results)


def test_a_published_number_stands_beside_the_mean_over_seeds(tmp_path):
    results, (row,) = _compared(Fake(5.0), _published(why="a reason"), tmp_path, seeds=3)
    values = [float(result.arrays["mean"]) for result in results]
    assert row["ours"] == pytest.approx(np.mean(values), rel=1e-15)
    assert row["stderr"] == pytest.approx(np.std(values, ddof=1) / 3**0.5, rel=1e-12)
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
    _, (row,) = _compared(Fake(value), _published(), tmp_path)
    assert row["inside"] is inside
    assert row["stderr"] is None
    assert f" {'inside' if inside else 'outside'} [0.5, 2]" in line(row)
    assert "+-" not in line(row)


def test_an_experiment_without_published_numbers_has_no_rows(tmp_path):
    assert Experiment("fake", Fake()).published == ()
    assert published_rows(Experiment("fake", Fake()), [_run(Fake(), tmp_path)]) == []


@pytest.mark.parametrize("name", experiments())
def test_published_numbers_are_numbers_with_names_of_their_own(name):
    published = experiments()[name].published
    assert len({each.name for each in published}) == len(published)
    for each in published:
        assert np.isfinite(each.theirs)
        assert each.theirs != 0
        assert each.band[0] < 1 < each.band[1]


# ----- The command -----


@pytest.fixture
def fake(monkeypatch):
    module = Fake()
    known = {"fake": Experiment("fake", module), "gold": Experiment("gold", Fake(5.0))}
    monkeypatch.setattr(command, "experiments", lambda: known)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)  # another process has the real experiments
    return module


def test_the_command_prints_strict_rows_and_its_code_is_the_verdict(fake, tmp_path, capsys):
    arguments = ["--out", str(tmp_path), "--json"]
    assert command.experiments_main(["fake", *arguments]) == Exit.OK
    (row,) = json.loads(capsys.readouterr().out)
    assert tuple(row) == KEYS
    assert (row["experiment"], row["claim"], row["band"]) == ("fake", "fake.mean", [0, 1])
    assert row["verdict"] == "agrees"
    assert command.experiments_main(["gold", *arguments]) == Exit.FAILED
    capsys.readouterr()
    assert command.experiments_main(["*", "--seeds", "2", *arguments]) == Exit.FAILED
    assert [row["experiment"] for row in json.loads(capsys.readouterr().out)] == ["fake", "gold"]
    assert command.experiments_main(["fake", "--out", str(tmp_path)]) == Exit.OK
    assert "fake.mean" in capsys.readouterr().out


def test_published_numbers_are_printed_beside_the_rows_or_alone(fake, tmp_path, capsys):
    fake.PUBLISHED = (_published(theirs=0.25), _published(theirs=25.0))
    arguments = ["fake", "gold", "--seeds", "2", "--out", str(tmp_path)]
    assert command.experiments_main([*arguments, "--published", "--json"]) == Exit.FAILED  # gold
    rows = json.loads(capsys.readouterr().out)
    assert [(row["experiment"], row["theirs"]) for row in rows] == [("fake", 0.25), ("fake", 25)]
    assert [row["inside"] for row in rows] == [True, False]
    assert all(row["stderr"] > 0 and row["published"] == "mean" for row in rows)
    assert command.experiments_main([*arguments, "--published"]) == Exit.FAILED
    first, *beside, last = filter(None, capsys.readouterr().out.splitlines())
    assert first.startswith("fake.mean")
    assert len(beside) == 2
    assert all(text.startswith("  mean ") for text in beside)
    assert last.startswith("fake.mean")
    assert command.experiments_main([*arguments, "--json"]) == Exit.FAILED
    assert [tuple(row) for row in json.loads(capsys.readouterr().out)] == [KEYS, KEYS]


def test_set_makes_another_result_and_says_so(fake, tmp_path, capsys):
    arguments = ["fake", "--out", str(tmp_path), "--json"]
    assert command.experiments_main(arguments) == Exit.OK
    (usual,) = json.loads(capsys.readouterr().out)
    assert command.experiments_main([*arguments, "--set", "value=5"]) == Exit.FAILED
    (changed,) = json.loads(capsys.readouterr().out)
    assert (usual["scale"], changed["scale"]) == ("quick", "quick, value=5.0")
    assert usual["file"] != changed["file"]
    assert abs(changed["measured"] - 5) < 0.1


def test_interrupted_it_prints_the_finished_rows(fake, tmp_path, capsys):
    command.experiments()["gold"].module.stop = 1
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
    assert capsys.readouterr().out == "fake   [page2019, nowhere]\n  A caption.\n"
    assert fake.computed == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["fale"], "no experiment is named 'fale'; the nearest is 'fake'"),
        (["--source", "page"], "nearest is 'page2019'"),
        (["--device", "gpu"], "give --device cpu"),
        (["--seeds", "0"], "--seeds 0 is too small"),
        (["--seed", "-1"], "--seed -1 is too small"),
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


# ----- The experiments themselves -----


@pytest.mark.slow
@pytest.mark.parametrize("name", experiments())
def test_every_experiment_runs_at_tiny_and_says_where_it_comes_from(tmp_path, name):
    experiment = experiments()[name]
    assert experiment.source.key in REFERENCES
    assert experiment.caption.endswith(".")
    result = run(experiment, Scale.TINY, "textures", 0, tmp_path)
    assert all(np.isfinite(array).all() for array in result.arrays.values())
    for row in rows(experiment, Scale.TINY, [result]):
        assert row["claim"].startswith(f"{name}.")
        assert row["verdict"] is None
        measured = row["measured"]  # None where nets that have not trained are not compared
        assert measured is None or np.isfinite(measured)
    for scale in Scale:
        json.dumps(dict(experiment.configuration(scale)), allow_nan=False)


@pytest.mark.parametrize(("n", "side", "says"), [(40, 32, "give 64"), (64, 16, "takes .32, 32, 3")])
def test_images_that_do_not_fit_are_refused_before_the_work(tmp_path, n, side, says):
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 256, (n, side, side, 3), dtype=np.uint8), np.arange(n) % 10
    np.savez(tmp_path / "mine.npz", x_train=x, y_train=y, x_test=x, y_test=y)
    experiment = experiments()["leading_eigenvalues"]
    with pytest.raises(UsageError, match=f"mine.npz.*{says}"):
        run(experiment, Scale.TINY, str(tmp_path / "mine.npz"), 0, tmp_path / "out")
    assert list((tmp_path / "out").rglob("*.npz")) == []


def _compute_alone(path, own):
    with alone(path):
        if read(path) is None:
            own.touch()
            time.sleep(0.2)
            write(path, {"a": np.ones(3)})
    return read(path)["a"].sum()


def test_of_two_processes_one_computes_what_the_other_waits_for(tmp_path):
    path, owns = tmp_path / "shared" / "a.npz", [tmp_path / "first", tmp_path / "second"]
    assert Parallel(2)(delayed(_compute_alone)(path, own) for own in owns) == [3, 3]
    assert sum(own.exists() for own in owns) == 1
    assert list(path.parent.iterdir()) == [path]


def test_a_failure_lets_the_next_one_in(tmp_path):
    with pytest.raises(KeyError), alone(tmp_path / "a.npz"):
        raise KeyError
    assert _compute_alone(tmp_path / "a.npz", tmp_path / "own") == 3


def test_a_process_a_core_at_quick_scale_and_one_at_full(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert command._parse([]).jobs == 6
    assert command._parse(["--full"]).jobs == 1
    assert command._parse(["--full", "--jobs", "3"]).jobs == 3


def test_other_processes_show_no_progress(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: object())
    assert list(track(range(3), 3, "counting")) == [0, 1, 2]
    forecast(3, "counting", lambda: 1)
    assert capsys.readouterr().err == ""


@pytest.mark.slow
def test_many_processes_give_the_same_results(tmp_path):
    tasks = [("leading_eigenvalues", seed) for seed in (0, 1)]
    found = []
    for jobs in (1, 2):
        options = SimpleNamespace(
            device="cpu", scale=Scale.TINY, data="textures", out=tmp_path / str(jobs), jobs=jobs
        )
        found.append(list(command._results(tasks, options, {"leading_eigenvalues": {}})))
    for single, together in zip(*found, strict=True):
        assert single.facts["seed"] == together.facts["seed"]
        assert single.facts["configuration"] == together.facts["configuration"]
        assert single.arrays.keys() == together.arrays.keys()
        first, same = (run.arrays["active:training_loss"][0] for run in (single, together))
        assert abs(first - same) < 64 * np.finfo("f4").eps * first  # threads may round otherwise
    assert (
        found[0][0].arrays["active:training_loss"][0]
        != (found[0][1].arrays["active:training_loss"][0])
    )
